import { describe, expect, it } from "vitest";
import type { ResultFile, Task } from "../../../core/task.ts";
import type { TaskView } from "../../../tasks/gateway.ts";
import { newTaskId, toEvent, toWireResult } from "./wire.ts";

const CREATED = 1_757_165_031_742;

const TASK = {
  id: "f6aec953-2e81-4e8b-938e-2ceab54d6df9",
  dialect: "highwayapi",
  model: "some-model",
  provider: "some-provider",
  state: "pending",
  input: { prompt: "not to be shown", seed: null },
  createdAt: CREATED,
  startedAt: null,
  finishedAt: null,
  estimate: 45,
  error: null,
  notes: [],
  billing: { state: "held", amount: 1 },
  test: null,
  memo: { type: "SOME_TYPE", webhook: null },
} as unknown as Task;

const RESULT = {
  file: { meta: { seed: 42 } } as unknown as ResultFile,
  url: "https://never.example/shown",
  extras: {},
  linkFor: (ms: number) => `https://here.example/v.mp4?lives=${ms}`,
};

const view = (task: Partial<Task>, more: Partial<TaskView> = {}): TaskView => ({
  ...{ task: { ...TASK, ...task }, page: null, at: CREATED, progress: 0, seconds: 5, canCancel: true },
  ...{ results: [], queuePosition: null, keptUntil: null, ...more },
});

it("a task that waits has all its arrays, texts where nothing is known, and what is expected of it", () => {
  expect(toWireResult(view({}, { at: CREATED + 5_100 }))).toEqual({
    extra: {
      seed: "",
      debug_info: {
        request_info: "",
        submit_time_ms: "1757165031742",
        execute_time_ms: "",
        complete_time_ms: "",
      },
    },
    task: {
      task_id: TASK.id,
      status: "TASK_STATUS_QUEUED",
      reason: "",
      task_type: "SOME_TYPE",
      eta: 40,
      progress_percent: 0,
    },
    images: [],
    videos: [],
    audios: [],
  });
});

it("what takes longer than expected has an eta of 0, never less", () => {
  expect(
    toWireResult(view({ state: "processing" }, { at: CREATED + 99_000, progress: 80 })).task,
  ).toMatchObject({
    status: "TASK_STATUS_PROCESSING",
    eta: 0,
    progress_percent: 80,
  });
});

describe("a task that is done", () => {
  const finishedAt = CREATED + 60_000;
  const done = (more: Partial<TaskView>, task: Partial<Task> = {}) =>
    toWireResult(
      view(
        { state: "completed", startedAt: CREATED + 1, finishedAt, ...task },
        { progress: 100, results: [RESULT], ...more },
      ),
    );

  it.each([
    [30 * 86_400_000, 3600],
    [3_601_000, 3600],
    [3_600_999, 3599],
    [61_500, 60],
    [500, 0],
    [-5_000, 0],
  ])("and is kept for %i ms more has a link of %i s, and no second that is not true", (left, seconds) => {
    const [video] = done({ at: finishedAt, keptUntil: finishedAt + left }).videos;
    expect(video).toEqual({
      video_url: `https://here.example/v.mp4?lives=${(seconds + 1) * 1000}`,
      video_url_ttl: String(seconds),
      video_type: "mp4",
    });
  });

  it("tells the seed that was used, before the one that was asked", () => {
    expect(done({}, { input: { seed: 7 } }).extra.seed).toBe("42");
    expect(done({ results: [] }, { input: { seed: 7 } }).extra.seed).toBe("7");
    expect(done({}).task).toMatchObject({ status: "TASK_STATUS_SUCCEED", eta: 0, progress_percent: 100 });
  });

  it("tells what does not show", () => {
    const notes = [{ field: "cfg_scale", message: "No such scale." }];
    expect(done({}, { notes }).extra.notes).toEqual(notes);
    expect(done({}).extra).not.toHaveProperty("notes");
  });
});

describe("a task that failed", () => {
  const failed = (task: Partial<Task>, more: Partial<TaskView> = {}) =>
    toWireResult(
      view({ state: "failed", error: { code: "provider_failed", message: "It broke." }, ...task }, more),
    );

  it("has no video, its last progress, and a reason in front of the sentence", () => {
    const { task, videos, extra } = failed({}, { progress: 57 });
    expect([task.status, task.reason, task.progress_percent, videos]).toEqual([
      "TASK_STATUS_FAILED",
      "TASK_FAILED: It broke.",
      57,
      [],
    ]);
    expect(extra.error).toEqual({
      reason: "TASK_FAILED",
      message: "It broke.",
      retryable: true,
      billed: false,
    });
  });

  it("says where nobody knows whether the provider was paid", () => {
    const { extra } = failed({ billing: { state: "unknown", amount: 0 } });
    expect(extra.error).toMatchObject({ billed: "unknown" });
  });

  it("stays failed where a video came too late, which is told apart", () => {
    const { videos, extra } = failed({}, { results: [RESULT] });
    expect([videos, extra.late_videos?.length]).toEqual([[], 1]);
  });

  it("because it was cancelled is one that failed: there is no other word", () => {
    const error = { code: "cancelled", message: "The task was cancelled." } as const;
    expect(failed({ state: "cancelled", error }).task).toMatchObject({
      status: "TASK_STATUS_FAILED",
      reason: "TASK_FAILED: The task was cancelled.",
    });
  });
});

it("an event has the very answer of a read, the webhook and the test in it", () => {
  const webhook = { url: "https://example.com/hook", test_mode: { enabled: true } };
  const told = view({ test: {}, memo: { type: "SOME_TYPE", webhook } });
  expect(toEvent(told)).toEqual({ event_type: "ASYNC_TASK_RESULT", payload: toWireResult(told) });
  expect(toWireResult(told).extra).toMatchObject({ webhook, test: true });
});

it("an id is a UUID, and no two are the same", () => {
  const ids = Array.from({ length: 100 }, newTaskId);
  expect(new Set(ids).size).toBe(100);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

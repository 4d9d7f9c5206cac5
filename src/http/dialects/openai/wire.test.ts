import type { VideoDeleteResponse, Video as WireOfClient } from "openai/resources/videos";
import { describe, expect, it } from "vitest";
import { timeOf } from "../../../core/ids.ts";
import type { ResultFile, Task } from "../../../core/task.ts";
import type { ResultView, TaskView } from "../../../tasks/gateway.ts";
import { newVideoId, toEvent, toVideo, toVideoPage, type WireVideo } from "./wire.ts";

const CREATED = 1_757_165_031_742;
const TASK: Task = {
  ...{ id: "video_0mf7ox3wu000000000000", dialect: "openai", keyId: "key_1", model: "m", provider: "p" },
  ...{ state: "pending", input: { prompt: "A fox" }, asked: ["prompt"], createdAt: CREATED, startedAt: null },
  ...{ finishedAt: null, progress: 0, estimate: 45, error: null, notes: [], callbackUrl: null, test: null },
  ...{
    billing: { state: "held", amount: 225_000 },
    memo: { size: "1280x720", said: { duration: "seconds" } },
    version: 1,
  },
};

const view = (task: Partial<Task> = {}, more: Partial<TaskView> = {}): TaskView => ({
  task: { ...TASK, ...task },
  ...{ page: null, at: CREATED },
  ...{ progress: 0, seconds: 5, canCancel: true, results: [], queuePosition: null, keptUntil: null },
  ...more,
});

const result = (facts: Partial<ResultFile["facts"]> = {}): ResultView =>
  ({ file: { facts: { width: 1280, height: 720, seconds: 5, ...facts } }, extras: {} }) as ResultView;

const completed = (facts: Partial<ResultFile["facts"]> = {}, task: Partial<Task> = {}): WireVideo =>
  toVideo(
    view(
      { state: "completed", finishedAt: CREATED + 9_999, ...task },
      { progress: 100, results: [result(facts)], keptUntil: CREATED + 86_400_000 },
    ),
  );

// What we answer is what the client's types say, and more; only its sizes are those of two models.
const typed: Omit<WireOfClient, "size"> = toVideo(view());
({ id: "", deleted: true, object: "video.deleted" }) satisfies VideoDeleteResponse;

describe("a video", () => {
  it("is as it was asked until it is there", () => {
    expect(typed).toEqual({
      ...{ id: TASK.id, object: "video", model: "m", status: "queued", progress: 0 },
      ...{ created_at: 1_757_165_031, completed_at: null, expires_at: null, size: "1280x720", seconds: "5" },
      ...{ prompt: "A fox", remixed_from_video_id: null, error: null, notes: [] },
      billing: { state: "held", credits: 22.5 },
    });
  });

  it("is as it was measured once it is there", () => {
    expect(completed()).toMatchObject({
      ...{ status: "completed", progress: 100, size: "1280x720", seconds: "5", notes: [] },
      ...{ completed_at: 1_757_165_041, expires_at: 1_757_251_431 },
    });
    expect(completed({ seconds: 5.0417 })).toMatchObject({ seconds: "5.04" });
    expect(completed({ seconds: 5.01 })).toMatchObject({ seconds: "5" });
  });

  it("has no length that is no number where its model is not known any more", () => {
    const gone = { seconds: Number.NaN };
    expect(toVideo(view({}, gone)).seconds).toBe("");
    expect(toVideo(view({}, { ...gone, results: [result({ seconds: 5.5 })] })).seconds).toBe("5.5");
  });

  it("of another size than was asked says so, once", () => {
    const square = { width: 720, height: 720 };
    expect(completed(square)).toMatchObject({
      size: "720x720",
      notes: [{ field: "size", message: expect.stringMatching(/1280x720 was asked.*720x720/) }],
    });
    const notes = [{ field: "resolution", message: "1280x720 was asked (720p), the result has 720x720." }];
    expect(completed(square, { notes }).notes).toEqual(notes);
    expect(completed(square, { memo: { size: "720p", said: {} } }).notes).toEqual([]);
  });

  it.each([
    ["pending", "queued"],
    ["processing", "in_progress"],
    ["failed", "failed"],
    ["cancelled", "failed"],
  ] as const)("that is %s is %s", (state, status) => {
    expect(toVideo(view({ state })).status).toBe(status);
  });

  it("that failed or was cancelled says why, in the client's names, and what came of it after all", () => {
    const failed = toVideo(
      view(
        {
          state: "failed",
          error: { code: "provider_refused", message: '"duration" is too long', field: "duration" },
        },
        { results: [result()] },
      ),
    );
    expect(failed.error).toEqual({
      ...{ code: "provider_refused", message: '"seconds" is too long', param: "seconds" },
      ...{ retryable: false, billed: false },
    });
    expect([failed.status, failed.completed_at]).toEqual(["failed", null]);
    expect(failed.notes).toEqual([{ field: "status", message: expect.stringContaining("came after all") }]);
    const error = { code: "cancelled", message: "Cancelled." } as const;
    const cancelled = toVideo(view({ state: "cancelled", error, billing: { state: "unknown", amount: 0 } }));
    expect(cancelled).toMatchObject({
      status: "failed",
      error: { code: "request_cancelled", billed: "unknown" },
    });
  });

  it("is told to a webhook as an event", () => {
    const event = { object: "event", data: { id: TASK.id, object: "video" } };
    expect(toEvent(view({ state: "completed", finishedAt: CREATED + 5000 }))).toMatchObject({
      ...{ ...event, type: "video.completed", created_at: 1_757_165_036 },
    });
    expect(toEvent(view({ state: "cancelled" }))).toMatchObject({ ...event, type: "video.failed" });
  });

  it("stands in a page with the ids of its ends", () => {
    const other = view({ id: "video_b" });
    const page = toVideoPage({ views: [view(), other], next: "video_b" });
    expect(page).toMatchObject({ object: "list", first_id: TASK.id, last_id: "video_b", has_more: true });
    expect(toVideoPage({ views: [], next: null })).toEqual({
      ...{ object: "list", data: [], first_id: null, last_id: null, has_more: false },
    });
  });
});

it("ids are random, and sort by the millisecond", () => {
  const ids = [1, 2, 35, 36, 1000].map((ms) => newVideoId(CREATED + ms));
  expect(ids.toSorted()).toEqual(ids);
  expect(ids.map(timeOf)).toEqual([1, 2, 35, 36, 1000].map((ms) => CREATED + ms));
  expect(new Set(Array.from({ length: 100 }, () => newVideoId(CREATED))).size).toBe(100);
});

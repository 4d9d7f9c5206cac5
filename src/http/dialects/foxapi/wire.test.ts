import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ResultFile, type Task, type TaskState, TERMINAL } from "../../../core/task.ts";
import type { TaskView } from "../../../tasks/gateway.ts";
import { newTaskId, newUploadId, toWireFile, toWireTask } from "./wire.ts";

const CREATED = 1_757_165_031_742;

const TASK: Task = {
  id: "task-unified-1757165031-km000000",
  dialect: "foxapi",
  keyId: "key_1",
  model: "some-model",
  state: "pending",
  input: { prompt: "not to be shown" },
  asked: ["prompt"],
  createdAt: CREATED,
  startedAt: null,
  finishedAt: null,
  progress: 0,
  estimate: 45,
  error: null,
  notes: [],
};

const FILE: ResultFile = {
  id: "res_1",
  role: "result",
  keyId: "key_1",
  taskId: TASK.id,
  name: "a.mp4",
  contentType: "video/mp4",
  bytes: 204_800,
  sha256: "ab".repeat(32),
  facts: {
    kind: "clip",
    type: "mp4",
    width: 1280,
    height: 720,
    seconds: 5,
    fps: 24,
    sound: true,
    bytes: 204_800,
  },
  meta: { seed: 42 },
  createdAt: CREATED,
  expiresAt: null,
};

const URL_OF_FILE = "http://127.0.0.1:8710/files/res_1/a.mp4?expires=1&signature=x";

function view(task: Partial<Task>, more: Partial<TaskView> = {}): TaskView {
  return { task: { ...TASK, ...task }, progress: 0, seconds: 5, canCancel: true, results: [], ...more };
}

describe("task ids", () => {
  const moment = fc.integer({ min: 1_000_000_000_000, max: 9_999_999_990_000 });

  it("have the documented form, with the second of their creation", () => {
    fc.assert(
      fc.property(moment, (now) => {
        const id = newTaskId(now);
        expect(id).toMatch(/^task-unified-\d{10}-[a-z0-9]{8}$/);
        expect(id.split("-")[2]).toBe(String(Math.floor(now / 1000)));
      }),
    );
  });

  it("sort by time to the millisecond", () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 5000 }), (now, later) => {
        expect(newTaskId(now) < newTaskId(now + later)).toBe(true);
      }),
    );
  });

  it("of one millisecond are not alike", () => {
    expect(new Set(Array.from({ length: 5000 }, () => newTaskId(CREATED))).size).toBe(5000);
  });

  it("of uploads are ids that a file store takes", () => {
    expect(newUploadId(CREATED)).toMatch(/^file-1757165031-[a-z0-9]+$/);
    expect(newUploadId(CREATED)).toMatch(/^[a-z0-9_-]{16,64}$/);
  });
});

/** Contract 1.4, the state table. */
describe("each state", () => {
  it("pending: at 0 percent, no results, no error, can be cancelled", () => {
    expect(toWireTask(view({}))).toEqual({
      id: TASK.id,
      object: "video.generation.task",
      type: "video",
      model: "some-model",
      status: "pending",
      progress: 0,
      created: 1_757_165_031,
      results: null,
      error: null,
      usage: { credits_reserved: 0, user_group: "default" },
      task_info: { can_cancel: true, estimated_time: 45, video_duration: 5 },
    });
  });

  it("processing: its percent, no results, no error", () => {
    const task = toWireTask(view({ state: "processing", startedAt: CREATED }, { progress: 57 }));
    expect(task).toMatchObject({ status: "processing", progress: 57, results: null, error: null });
  });

  it("completed: 100 percent, its results, no error, cannot be cancelled", () => {
    const results = [{ file: FILE, url: URL_OF_FILE }];
    const notes = [{ field: "style", message: "It does not show." }];
    const done = view({ state: "completed", notes }, { progress: 100, canCancel: false, results });
    expect(toWireTask(done)).toMatchObject({
      status: "completed",
      progress: 100,
      error: null,
      task_info: { can_cancel: false },
      results: [
        {
          url: URL_OF_FILE,
          content_type: "video/mp4",
          width: 1280,
          height: 720,
          duration: 5,
          fps: 24,
          audio: true,
          size: 204_800,
          sha256: FILE.sha256,
          seed: 42,
          notes,
        },
      ],
    });
  });

  it("failed: its last percent, no results, and the error in this dialect's code", () => {
    const error = {
      code: "input_unreadable",
      message: "image_url: no picture.",
      field: "image_url",
    } as const;
    const task = toWireTask(view({ state: "failed", error }, { progress: 57, canCancel: false }));
    expect(task).toMatchObject({
      status: "failed",
      progress: 57,
      results: null,
      error: { code: "image_processing_error", message: error.message, type: "task_error" },
      task_info: { can_cancel: false },
    });
  });

  it("cancelled: there is no such status; it failed with request_cancelled", () => {
    const error = { code: "cancelled", message: "Cancelled by its owner." } as const;
    const task = toWireTask(view({ state: "cancelled", error }, { progress: 12, canCancel: false }));
    expect(task).toMatchObject({
      status: "failed",
      progress: 12,
      results: null,
      error: { code: "request_cancelled", type: "task_error" },
    });
  });

  it.each<TaskState>(["pending", "processing", ...TERMINAL])(
    "%s survives JSON with every documented key",
    (state) => {
      const error =
        state === "failed" || state === "cancelled" ? ({ code: "bug", message: "m" } as const) : null;
      const wire = toWireTask(view({ state, error }));
      expect(JSON.parse(JSON.stringify(wire))).toEqual(wire);
      const keys = [
        "id",
        "object",
        "type",
        "model",
        "status",
        "progress",
        "created",
        "results",
        "error",
        "usage",
      ];
      expect(Object.keys(wire)).toEqual([...keys, "task_info"]);
      expect(JSON.stringify(wire), "an input may be private").not.toContain("not to be shown");
    },
  );
});

describe("a result", () => {
  it("is never overwritten by what a provider told about it", () => {
    const meta = { url: "http://provider.example/a.mp4", width: 1, sha256: "theirs", seed: 42 };
    const results = [{ file: { ...FILE, meta }, url: URL_OF_FILE }];
    const [result] = toWireTask(view({ state: "completed" }, { results })).results ?? [];
    expect(result).toMatchObject({ url: URL_OF_FILE, width: 1280, sha256: FILE.sha256, seed: 42 });
  });
});

describe("an upload", () => {
  it("has the five documented keys, in bytes and Unix seconds", () => {
    const file = { ...FILE, id: "file-1757165031-a1b2c3", name: "photo.png", contentType: "image/png" };
    expect(toWireFile({ file: { ...file, expiresAt: CREATED + 72 * 3_600_000 }, url: URL_OF_FILE })).toEqual({
      id: "file-1757165031-a1b2c3",
      filename: "photo.png",
      url: URL_OF_FILE,
      size: 204_800,
      created: 1_757_165_031,
      content_type: "image/png",
      expires: 1_757_165_031 + 72 * 3600,
    });
  });
});

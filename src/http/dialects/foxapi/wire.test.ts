import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ResultFile, type TaskState, TERMINAL } from "../../../core/task.ts";
import type { ResultView } from "../../../tasks/gateway.ts";
import { CREATED, TASK, view } from "./testing/views.ts";
import { newTaskId, toWireFile, toWirePage, toWireProgress, toWireTask } from "./wire.ts";

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

function resultView(file: ResultFile, extras: ResultView["extras"] = {}): ResultView {
  return { file, url: URL_OF_FILE, extras, linkFor: () => URL_OF_FILE };
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
      usage: { credits_reserved: 0, user_group: "default", billing_rule: "per_second", billing: "free" },
      task_info: { can_cancel: true, estimated_time: 45, video_duration: 5 },
    });
  });

  it("processing: its percent, no results, no error", () => {
    const task = toWireTask(view({ state: "processing", startedAt: CREATED }, { progress: 57 }));
    expect(task).toMatchObject({ status: "processing", progress: 57, results: null, error: null });
  });

  it("completed: 100 percent, its results, no error, cannot be cancelled", () => {
    const results = [resultView(FILE)];
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
      error: {
        code: "image_processing_error",
        message: error.message,
        type: "task_error",
        field: "image_url",
        retryable: false,
        billed: false,
      },
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
    const results = [resultView({ ...FILE, meta })];
    const [result] = toWireTask(view({ state: "completed" }, { results })).results ?? [];
    expect(result).toMatchObject({ url: URL_OF_FILE, width: 1280, sha256: FILE.sha256, seed: 42 });
  });
});

describe("what comes with a result", () => {
  const [poster, preview] = ["https://api.example/files/p", "https://api.example/files/v"];

  it("is linked under its own name, and what could not be made is missing", () => {
    const results = [
      resultView(FILE, { poster: { file: FILE, url: poster }, preview: { file: FILE, url: preview } }),
    ];
    const [result] = toWireTask(view({ state: "completed" }, { results })).results ?? [];
    expect(result).toMatchObject({ poster_url: poster, preview_url: preview });
    expect(JSON.parse(JSON.stringify(result))).not.toHaveProperty("contact_sheet_url");
  });

  it("is never a link of a provider's", () => {
    const meta = {
      poster_url: "http://provider.example/p.jpg",
      preview_url: "http://provider.example/p.mp4",
    };
    const results = [resultView({ ...FILE, meta }, { preview: { file: FILE, url: preview } })];
    const [result] = toWireTask(view({ state: "completed" }, { results })).results ?? [];
    expect(JSON.stringify(result)).not.toContain("provider.example");
    expect(result?.preview_url).toBe(preview);
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

describe("results that came late", () => {
  const results = [resultView(FILE)];
  const error = { code: "deadline_exceeded", message: "It was not ready in time." } as const;

  it("stand beside the failure, which stays one", () => {
    const task = toWireTask(view({ state: "failed", error }, { results }));
    expect(task).toMatchObject({ status: "failed", results: null, error: { code: "generation_timeout" } });
    expect(task.late_results).toMatchObject([{ url: URL_OF_FILE, sha256: FILE.sha256 }]);
  });

  it("are not spoken of where there are none, or where they were in time", () => {
    expect(toWireTask(view({ state: "failed", error }))).not.toHaveProperty("late_results");
    expect(toWireTask(view({ state: "completed" }, { results }))).not.toHaveProperty("late_results");
  });
});

describe("the queue", () => {
  it("tells a waiting task its place, and no other", () => {
    expect(toWireTask(view({}, { queuePosition: 3 })).task_info).toMatchObject({ queue_position: 3 });
    expect(toWireTask(view({})).task_info).not.toHaveProperty("queue_position");
  });

  it("progress says the few things that change", () => {
    const running = view({ state: "processing" }, { progress: 42 });
    expect(toWireProgress(running)).toEqual({ id: TASK.id, status: "processing", progress: 42 });
    expect(toWireProgress(view({}, { queuePosition: 2 }))).toMatchObject({ queue_position: 2, progress: 0 });
  });
});

describe("a page", () => {
  it("says where the next one begins, or that there is none", () => {
    expect(toWirePage({ views: [view({})], next: "task-2" })).toMatchObject({
      object: "list",
      data: [{ id: TASK.id }],
      has_more: true,
      next: "task-2",
    });
    expect(toWirePage({ views: [], next: null })).toEqual({
      object: "list",
      data: [],
      has_more: false,
      next: null,
    });
  });
});

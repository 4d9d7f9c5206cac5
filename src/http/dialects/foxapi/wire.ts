/** The shapes of contract 1.3, 1.4 and 1.10, and how our records become them. */
import { randomBase36 } from "../../../core/ids.ts";
import type { CatalogModel } from "../../../core/model.ts";
import type { Task } from "../../../core/task.ts";
import type { ResultView, TaskView, UploadView } from "../../../tasks/gateway.ts";
import { taskErrorCode } from "./errors.ts";

type WireStatus = "pending" | "processing" | "completed" | "failed";

interface WireResult {
  readonly url: string;
  readonly content_type: string;
  readonly width: number;
  readonly height: number;
  /** Seconds, measured. */
  readonly duration: number;
  readonly fps: number | null;
  readonly audio: boolean;
  readonly size: number;
  readonly sha256: string;
  /** What was asked and does not show, or shows otherwise. */
  readonly notes: readonly { readonly field: string; readonly message: string }[];
  readonly [fact: string]: unknown;
}

export interface WireTask {
  readonly id: string;
  readonly object: "video.generation.task";
  readonly type: "video";
  readonly model: string;
  readonly status: WireStatus;
  readonly progress: number;
  /** Unix seconds. */
  readonly created: number;
  readonly results: readonly WireResult[] | null;
  readonly error: { readonly code: string; readonly message: string; readonly type: "task_error" } | null;
  readonly usage: { readonly credits_reserved: number; readonly user_group: string };
  readonly task_info: {
    readonly can_cancel: boolean;
    /** Seconds from creation to the end, as expected at creation. */
    readonly estimated_time: number;
    /** Seconds asked for. */
    readonly video_duration: number;
  };
}

/** `task-unified-<unix seconds>-<8 of a-z0-9>`: the first two of the eight are the millisecond, so that ids sort by time. */
export function newTaskId(now: number): string {
  const millisecond = (now % 1000).toString(36).padStart(2, "0");
  return `task-unified-${Math.floor(now / 1000)}-${millisecond}${randomBase36(6)}`;
}

export function newUploadId(now: number): string {
  return `file-${Math.floor(now / 1000)}-${randomBase36(10)}`;
}

/** The four states of this dialect: a cancelled task is one that failed with `request_cancelled`. */
function wireStatus(state: Task["state"]): WireStatus {
  return state === "cancelled" ? "failed" : state;
}

export function toWireTask({ task, progress, seconds, canCancel, results }: TaskView): WireTask {
  return {
    id: task.id,
    object: "video.generation.task",
    type: "video",
    model: task.model,
    status: wireStatus(task.state),
    progress,
    created: Math.floor(task.createdAt / 1000),
    results: task.state === "completed" ? results.map((one) => toWireResult(one, task)) : null,
    error: task.error && { ...task.error, code: taskErrorCode(task.error.code), type: "task_error" },
    // Nothing that is served so far costs anything.
    usage: { credits_reserved: 0, user_group: "default" },
    task_info: { can_cancel: canCancel, estimated_time: task.estimate, video_duration: seconds },
  };
}

function toWireResult({ file, url }: ResultView, task: Task): WireResult {
  return {
    ...file.meta,
    url,
    content_type: file.contentType,
    width: file.facts.width,
    height: file.facts.height,
    duration: file.facts.seconds,
    fps: file.facts.fps,
    audio: file.facts.sound,
    size: file.bytes,
    sha256: file.sha256,
    notes: task.notes,
  };
}

export function toWireFile({ file, url }: UploadView): object {
  return {
    id: file.id,
    filename: file.name,
    url,
    size: file.bytes,
    created: Math.floor(file.createdAt / 1000),
    content_type: file.contentType,
    expires: Math.floor((file.expiresAt ?? 0) / 1000),
  };
}

export function toWireModel(model: CatalogModel): object {
  return {
    id: model.id,
    object: "model",
    owned_by: model.vendor,
    name: model.name,
    supported_endpoint_types: ["video-generation"],
    parameters: model.input,
    rules: model.rules.map((rule) => rule.say),
  };
}

/** The shapes of contract 2.2 and 2.4, and how our records become them. */
import { randomUUID } from "node:crypto";
import { ERRORS } from "../../../core/errors.ts";
import type { JsonObject } from "../../../core/json.ts";
import { isTerminal, type Note, type TaskState } from "../../../core/task.ts";
import type { ResultView, TaskView } from "../../../tasks/gateway.ts";
import { type Reason, taskReason } from "./errors.ts";

type WireStatus =
  | "TASK_STATUS_QUEUED"
  | "TASK_STATUS_PROCESSING"
  | "TASK_STATUS_SUCCEED"
  | "TASK_STATUS_FAILED";

interface WireVideo {
  readonly video_url: string;
  /** Seconds that the link lives at least, as text. */
  readonly video_url_ttl: string;
  readonly video_type: "mp4";
}

interface WireResult {
  readonly extra: {
    /** The one that was used, or asked for; "" where it is not known. */
    readonly seed: string;
    /** Milliseconds since 1970; "" for what has not happened. */
    readonly debug_info: {
      readonly request_info: string;
      readonly submit_time_ms: string;
      readonly execute_time_ms: string;
      readonly complete_time_ms: string;
    };
    readonly webhook?: JsonObject;
    /** Ours: what was asked and does not show, or shows otherwise. */
    readonly notes?: readonly Note[];
    /** Ours: what a program needs to know of a failure. */
    readonly error?: WireFailure;
    /** Ours: what came of a failed task after all; it stays failed and is not charged. */
    readonly late_videos?: readonly WireVideo[];
    /** Ours: nobody was paid for it, it is no model's output. */
    readonly test?: true;
  };
  readonly task: {
    readonly task_id: string;
    readonly status: WireStatus;
    readonly reason: string;
    readonly task_type: string;
    /** Seconds to the end, as expected at creation; 0 once it is over. */
    readonly eta: number;
    readonly progress_percent: number;
  };
  readonly images: readonly [];
  readonly videos: readonly WireVideo[];
  readonly audios: readonly [];
}

interface WireFailure {
  readonly reason: Reason;
  readonly message: string;
  readonly field?: string;
  readonly retryable: boolean;
  /** "unknown": the provider may have done the work, and charged the operator. */
  readonly billed: false | "unknown";
}

export const DIALECT = "highwayapi";

/** Most that a link to a video lives. */
const LINK_SECONDS = 3_600;

/** What is kept with a task, to be shown again. */
interface Memo {
  readonly type: string;
  readonly webhook: JsonObject | null;
}

export function newTaskId(): string {
  return randomUUID();
}

const STATUSES: Readonly<Record<TaskState, WireStatus>> = {
  pending: "TASK_STATUS_QUEUED",
  processing: "TASK_STATUS_PROCESSING",
  completed: "TASK_STATUS_SUCCEED",
  failed: "TASK_STATUS_FAILED",
  cancelled: "TASK_STATUS_FAILED",
};

export function toWireResult(view: TaskView): WireResult {
  const { task, progress, at, results } = view;
  const { type, webhook } = task.memo as unknown as Memo;
  const videos = results.map((one) => toWireVideo(one, view));
  const completed = task.state === "completed";
  const failure = failureOf(view);
  return {
    extra: {
      seed: seedOf(view),
      debug_info: {
        request_info: "",
        submit_time_ms: String(task.createdAt),
        execute_time_ms: String(task.startedAt ?? ""),
        complete_time_ms: String(task.finishedAt ?? ""),
      },
      ...(webhook === null ? {} : { webhook }),
      ...(task.notes.length === 0 ? {} : { notes: task.notes }),
      ...(failure ? { error: failure } : {}),
      ...(completed || videos.length === 0 ? {} : { late_videos: videos }),
      ...(task.test === null ? {} : { test: true }),
    },
    task: {
      task_id: task.id,
      status: STATUSES[task.state],
      reason: failure ? `${failure.reason}: ${failure.message}` : "",
      task_type: type,
      eta: isTerminal(task.state) ? 0 : Math.max(0, Math.ceil((task.createdAt - at) / 1000 + task.estimate)),
      progress_percent: progress,
    },
    images: [],
    videos: completed ? videos : [],
    audios: [],
  };
}

/** What a webhook is sent. */
export function toEvent(view: TaskView): object {
  return { event_type: "ASYNC_TASK_RESULT", payload: toWireResult(view) };
}

/** Links carry whole seconds, rounded down: one second more in the link keeps what is said of it true. */
function toWireVideo({ linkFor }: ResultView, { at, keptUntil }: TaskView): WireVideo {
  const left = keptUntil === null ? LINK_SECONDS : Math.floor((keptUntil - at) / 1000) - 1;
  const seconds = Math.max(0, Math.min(LINK_SECONDS, left));
  return { video_url: linkFor((seconds + 1) * 1000), video_url_ttl: String(seconds), video_type: "mp4" };
}

function seedOf({ task, results }: TaskView): string {
  return String(results[0]?.file.meta.seed ?? task.input.seed ?? "");
}

function failureOf({ task, page }: TaskView): WireFailure | undefined {
  const { error, billing } = task;
  if (!error) return undefined;
  const { code, message, field } = error;
  return {
    reason: taskReason(error, page),
    message,
    ...(field === undefined ? {} : { field }),
    retryable: ERRORS[code].retry,
    billed: billing.state === "unknown" ? "unknown" : false,
  };
}

/** The shapes of this dialect (openai 7.55.0, `resources/videos.d.ts`), and how our records become them. */
import { ERRORS } from "../../../core/errors.ts";
import { newId } from "../../../core/ids.ts";
import type { JsonObject } from "../../../core/json.ts";
import { toCredits } from "../../../core/money.ts";
import type { Billing, Note, Task, TaskError } from "../../../core/task.ts";
import type { ResultView, TaskPage, TaskView } from "../../../tasks/gateway.ts";
import { taskErrorCode } from "./errors.ts";
import { fieldSaid, type Said, sentenceSaid } from "./words.ts";

type WireStatus = "queued" | "in_progress" | "completed" | "failed";

export interface WireVideo {
  readonly id: string;
  readonly object: "video";
  /** The model that really works, whatever name the request had for it. */
  readonly model: string;
  readonly status: WireStatus;
  readonly progress: number;
  /** Unix seconds, as all times here. */
  readonly created_at: number;
  readonly completed_at: number | null;
  /** Until when it is kept, with its files; null while it runs. */
  readonly expires_at: number | null;
  /** As asked until it is completed, and then as measured. */
  readonly size: string;
  readonly seconds: string;
  readonly prompt: string | null;
  readonly remixed_from_video_id: string | null;
  readonly error: WireVideoError | null;
  /** What was asked and does not show, or shows otherwise. */
  readonly notes: readonly Note[];
  readonly billing: {
    readonly state: Billing["state"];
    /** One is a US cent: held, or charged once it is charged, else 0. */
    readonly credits: number;
  };
}

interface WireVideoError {
  readonly code: string;
  readonly message: string;
  readonly param: string | null;
  readonly retryable: boolean;
  /** "unknown": the provider may have done the work, and charged the operator; the client is not charged. */
  readonly billed: false | "unknown";
}

export const DIALECT = "openai";

/** `video_`, the time it was made, and chance: ids sort by time, and are no provider's. */
export function newVideoId(now: number): string {
  return newId("video", now);
}

/** What is kept with a task to be shown again. */
export interface Memo {
  /** Pixels as asked, or as they will be; a resolution's name where that is not known. */
  readonly size: string;
  readonly said: Said;
  readonly remixedFrom?: string;
}

export function toMemo({ size, said, remixedFrom }: Memo): JsonObject {
  return { size, said, ...(remixedFrom === undefined ? {} : { remixedFrom }) };
}

export function memoOf({ memo }: Pick<Task, "memo">): Memo {
  return memo as unknown as Memo;
}

const seconds = (ms: number): number => Math.floor(ms / 1000);

export function toVideo(view: TaskView): WireVideo {
  const { task, progress, keptUntil } = view;
  const { remixedFrom = null, said } = memoOf(task);
  const { prompt } = task.input;
  const completed = task.state === "completed";
  return {
    id: task.id,
    object: "video",
    model: task.model,
    status: wireStatus(task.state),
    progress,
    created_at: seconds(task.createdAt),
    completed_at: completed && task.finishedAt !== null ? seconds(task.finishedAt) : null,
    expires_at: keptUntil === null ? null : seconds(keptUntil),
    size: sizeOf(view),
    seconds: lengthOf(view),
    prompt: typeof prompt === "string" ? prompt : null,
    remixed_from_video_id: remixedFrom,
    error: task.error && toWireError(task.error, task.billing, said),
    notes: notesOf(view),
    billing: { state: task.billing.state, credits: toCredits(task.billing.amount) },
  };
}

export function wireStatus(state: Task["state"]): WireStatus {
  if (state === "pending") return "queued";
  if (state === "processing") return "in_progress";
  return state === "cancelled" ? "failed" : state;
}

function toWireError({ code, message, field }: TaskError, billing: Billing, said: Said): WireVideoError {
  return {
    code: taskErrorCode(code),
    message: sentenceSaid(said, message),
    param: field === undefined ? null : fieldSaid(said, field),
    retryable: ERRORS[code].retry,
    billed: billing.state === "unknown" ? "unknown" : false,
  };
}

/** The video of a completed task, and what came of a failed one after all: that one stays failed, and is not charged. */
export function videoOf({ results }: TaskView): ResultView | undefined {
  return results[0];
}

function sizeOf(view: TaskView): string {
  const facts = videoOf(view)?.file.facts;
  return facts ? `${facts.width}x${facts.height}` : memoOf(view.task).size;
}

/** Half a frame at 24 fps: less is rounding. */
const TOLERANCE = 1 / 48;

function lengthOf(view: TaskView): string {
  const measured = videoOf(view)?.file.facts.seconds;
  const asked = Number.isNaN(view.seconds) ? "" : String(view.seconds);
  if (measured === undefined || Math.abs(measured - view.seconds) <= TOLERANCE) return asked;
  return String(Number(measured.toFixed(2)));
}

const LATE: Note = {
  field: "status",
  message:
    "The video came after all, later than it could be waited for: its content can be had. It is not charged.",
};

function notesOf(view: TaskView): readonly Note[] {
  const { size, said } = memoOf(view.task);
  const notes = view.task.notes.map(({ field, message }) => ({
    field: fieldSaid(said, field),
    message: sentenceSaid(said, message),
  }));
  if (view.task.state !== "completed" && videoOf(view)) return [...notes, LATE];
  const made = sizeOf(view);
  // Where the shape was that of a picture, nobody else knows that pixels were asked.
  const silent =
    /^\d+x\d+$/.test(size) && made !== size && !notes.some(({ message }) => message.includes(made));
  if (!silent) return notes;
  const message = `${size} was asked; the video has the shape of what it started from, ${made}.`;
  return [...notes, { field: "size", message }];
}

export function toVideoPage({ views, next }: TaskPage): object {
  const data = views.map(toVideo);
  return {
    object: "list",
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: next !== null,
  };
}

/** What a webhook is sent: an event as the hosted original's, with the whole video as its data. */
export function toEvent(view: TaskView): object {
  const video = toVideo(view);
  const { finishedAt, createdAt } = view.task;
  return {
    id: `evt_${video.id}`,
    object: "event",
    created_at: seconds(finishedAt ?? createdAt),
    type: video.status === "completed" ? "video.completed" : "video.failed",
    data: video,
  };
}

/** The shapes of contract 1.3, 1.4, 1.8 and 1.10, and how our records become them. */
import { ERRORS } from "../../../core/errors.ts";
import { randomBase36 } from "../../../core/ids.ts";
import type { CatalogModel } from "../../../core/model.ts";
import { available, type Balance, toCredits } from "../../../core/money.ts";
import { type Billing, EXTRAS, type Task, type TaskError } from "../../../core/task.ts";
import type { Balances, Quote, ResultView, TaskPage, TaskView, UploadView } from "../../../tasks/gateway.ts";
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
  /** Small files that come with it, of our making; one that could not be made is missing. */
  readonly poster_url?: string | undefined;
  readonly poster_webp_url?: string | undefined;
  readonly contact_sheet_url?: string | undefined;
  readonly preview_url?: string | undefined;
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
  readonly error: WireTaskError | null;
  /** What came of a failed task after all, later than it could wait; it stays failed and is not charged. */
  readonly late_results?: readonly WireResult[];
  readonly usage: {
    /** The hold, or the final charge once it is charged; 0 once it is released. */
    readonly credits_reserved: number;
    readonly user_group: string;
    readonly billing_rule: typeof BILLING_RULE;
    readonly billing: Billing["state"];
  };
  readonly task_info: {
    readonly can_cancel: boolean;
    /** Seconds from creation to the end, as expected at creation. */
    readonly estimated_time: number;
    /** Seconds asked for. */
    readonly video_duration: number;
    /** 1 is next; only while it waits. */
    readonly queue_position?: number;
    /** Made with a test key: free, by our own renderer. */
    readonly test?: true;
  };
}

interface WireTaskError {
  readonly code: string;
  readonly message: string;
  readonly type: "task_error";
  readonly field?: string;
  readonly retryable: boolean;
  /** A failed task is never charged; "unknown": the provider may have done the work, and charged the operator. */
  readonly billed: false | "unknown";
}

export const DIALECT = "foxapi";

const BILLING_RULE = "per_second";

/** `task-unified-<unix seconds>-<8 of a-z0-9>`: the first two of the eight are the millisecond, so that ids sort by time. */
export function newTaskId(now: number): string {
  const millisecond = (now % 1000).toString(36).padStart(2, "0");
  return `task-unified-${Math.floor(now / 1000)}-${millisecond}${randomBase36(6)}`;
}

/** The four states of this dialect: a cancelled task is one that failed with `request_cancelled`. */
function wireStatus(state: Task["state"]): WireStatus {
  return state === "cancelled" ? "failed" : state;
}

export function toWireTask(view: TaskView): WireTask {
  const { task, progress, seconds, canCancel, results, queuePosition } = view;
  const files = results.map((one) => toWireResult(one, task));
  const completed = task.state === "completed";
  return {
    id: task.id,
    object: "video.generation.task",
    type: "video",
    model: task.model,
    status: wireStatus(task.state),
    progress,
    created: Math.floor(task.createdAt / 1000),
    results: completed ? files : null,
    error: task.error && toWireError(task.error, task.billing),
    ...(completed || files.length === 0 ? {} : { late_results: files }),
    usage: {
      credits_reserved: toCredits(task.billing.amount),
      user_group: "default",
      billing_rule: BILLING_RULE,
      billing: task.billing.state,
    },
    task_info: {
      can_cancel: canCancel,
      estimated_time: task.estimate,
      video_duration: seconds,
      ...(queuePosition === null ? {} : { queue_position: queuePosition }),
      ...(task.test === null ? {} : { test: true }),
    },
  };
}

function toWireError(error: TaskError, billing: Billing): WireTaskError {
  return {
    ...error,
    code: taskErrorCode(error.code),
    type: "task_error",
    retryable: ERRORS[error.code].retry,
    billed: billing.state === "unknown" ? "unknown" : false,
  };
}

/** What changes between two states of a task. */
export function toWireProgress({ task, progress, queuePosition }: TaskView): object {
  return {
    id: task.id,
    status: wireStatus(task.state),
    progress,
    ...(queuePosition === null ? {} : { queue_position: queuePosition }),
  };
}

export function toWirePage({ views, next }: TaskPage): object {
  return { object: "list", data: views.map(toWireTask), has_more: next !== null, next };
}

export function toWireQuote({ model, input, provider, amount, estimate }: Quote): object {
  return {
    object: "video.generation.quote",
    model: model.id,
    input,
    route: { provider },
    price: { credits: toCredits(amount), usd: amount / 1e6, billing_rule: BILLING_RULE },
    estimated_time: estimate,
    valid: true,
  };
}

/** `token` is the key, `user` its account. */
export function toWireCredits({ key, account }: Balances): object {
  return { success: true, message: "", data: { token: toCreditsOf(key), user: toCreditsOf(account) } };
}

/** Where nothing limits it, nothing remains: 0, because clients expect a number, and the flag that says so. */
function toCreditsOf(balance: Balance): object {
  const rest = available(balance);
  return {
    remaining_credits: toCredits(rest ?? 0),
    unlimited_credits: rest === null,
    used_credits: toCredits(balance.spent),
    held_credits: toCredits(balance.held),
  };
}

function toWireResult({ file, url, extras }: ResultView, task: Task): WireResult {
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
    // The missing ones, too: a provider may have called something so.
    ...Object.fromEntries(EXTRAS.map((name) => [`${name}_url`, extras[name]?.url])),
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

/** `available`: somebody is open here who can do some of its work; else a create is refused at once. */
export function toWireModel(model: CatalogModel, available: boolean): object {
  return {
    id: model.id,
    object: "model",
    owned_by: model.vendor,
    name: model.name,
    supported_endpoint_types: ["video-generation"],
    available,
    parameters: model.input,
    rules: model.rules.map((rule) => rule.say),
  };
}

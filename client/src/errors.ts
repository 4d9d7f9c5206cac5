/** What a call may reject with, besides the reason of the signal that you aborted it by. */
import type { FailedTask, Problem } from "./types.ts";

export interface ApiErrorFacts {
  readonly status: number;
  readonly code: string;
  readonly type: string;
  readonly message: string;
  readonly problems?: readonly Problem[];
  readonly retryable: boolean;
  readonly requestId?: string | undefined;
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/** A request that the server refused, or that got no answer (`status` 0). */
export class ReelayApiError extends Error {
  override readonly name = "ReelayApiError";
  /** HTTP; 0 where no answer came. */
  readonly status: number;
  /** The server's own; of ours there are `connection_failed`, `timeout`, `redirected` and `not_reelay`. */
  readonly code: string;
  readonly type: string;
  /** Everything that is wrong with the request, field by field. */
  readonly problems: readonly Problem[];
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** "unknown": the answer to a create was lost. Create again with `idempotencyKey` and you pay once, whatever happened. */
  readonly billed: false | "unknown" = false;
  readonly requestId: string | undefined;
  /** Seconds. */
  readonly retryAfter: number | undefined;
  /** Of a create: the key that all its tries had. */
  readonly idempotencyKey: string | undefined;

  constructor(facts: ApiErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.status = facts.status;
    this.code = facts.code;
    this.type = facts.type;
    this.problems = facts.problems ?? [];
    this.retryable = facts.retryable;
    this.requestId = facts.requestId;
    this.retryAfter = facts.retryAfter;
  }
}

/** The task that was waited for has failed or was cancelled. */
export class TaskFailed extends Error {
  override readonly name = "TaskFailed";
  readonly task: FailedTask;
  readonly code: string;
  /** Whether the same request, as a new task, may succeed. */
  readonly retryable: boolean;
  readonly billed: false | "unknown";

  constructor(task: FailedTask) {
    super(`${task.id} failed: ${task.error.code}: ${task.error.message}`);
    this.task = task;
    this.code = task.error.code;
    this.retryable = task.error.retryable;
    this.billed = task.error.billed;
  }
}

/** What a server answered other than 2xx. `body` is its text, which a proxy may have written. */
export function apiError(response: Response, body: string, what: string): ReelayApiError {
  const { status, headers } = response;
  const error = readEnvelope(body);
  const mayPass = status === 408 || status === 429 || status >= 500;
  return new ReelayApiError({
    status,
    code: asText(error.code) ?? `http_${status}`,
    type: asText(error.type) ?? "unknown",
    message: asText(error.message) ?? `${what} was answered with ${status} and no word of why.`,
    problems: Array.isArray(error.problems) ? (error.problems as Problem[]) : [],
    retryable: typeof error.retryable === "boolean" ? error.retryable : mayPass,
    requestId: headers.get("x-request-id") ?? undefined,
    retryAfter: readRetryAfter(headers.get("retry-after")),
  });
}

function readEnvelope(body: string): Record<string, unknown> {
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    return typeof error === "object" && error !== null ? (error as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Seconds, or the time of day that some proxies send. */
function readRetryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}

/**
 * What a call to a provider means where its answer does not say: the rules that cost money when one provider gets
 * them wrong, kept once for all of them.
 */
import { type ErrorCode, ReelayError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { Progress, Submitted } from "../core/provider.ts";
import type { Answer, Called } from "./upstream-call.ts";

/** Before a submit that the provider surely did not take is sent once more, where it does not say itself. */
const AGAIN_MS = 1_000;

/**
 * A submit's outcome; `read` judges an answer that came. Without one: nothing left means refused and may be sent again;
 * a byte that left means unknown. Rejects with the signal's reason where it was stopped before anything left.
 */
export function toSubmitted(
  called: Called,
  signal: AbortSignal,
  read: (answer: Answer) => Submitted,
): Submitted {
  if ("answer" in called) return read(called.answer);
  const { sent, why, cause } = called.lost;
  if (sent) return { unknown: `The request had left when ${why}.` };
  if (signal.aborted) throw signal.reason;
  const error = new ReelayError("provider_failed", `The provider could not be reached: ${why}.`, { cause });
  return { refused: error, again: { afterMs: AGAIN_MS } };
}

/** Surely not taken, and there is no use in asking the same again. */
export function refuse(code: ErrorCode, message: string): Submitted {
  return { refused: new ReelayError(code, message), again: false };
}

/** Surely not taken for now: too busy, or too many at once. */
export function refuseForNow(message: string, afterMs: number = AGAIN_MS): Submitted {
  const error = new ReelayError("provider_busy", message, { retryAfter: afterMs / 1000 });
  return { refused: error, again: { afterMs } };
}

/** An answer that does not say whether the work was taken: a proxy's page, a 500, a success without an id. */
export function unsaid(status: number): Submitted {
  return { unknown: `The provider answered ${status}, which does not say whether it took the work.` };
}

/**
 * The answer to a question about work that exists: a success, or one of the statuses in `also`, which the provider uses
 * to say something about the work. All else throws, with Retry-After in the error, because it says nothing about it.
 */
export function answered(called: Called, also: readonly number[] = []): Answer {
  if ("lost" in called) {
    const { why, cause } = called.lost;
    throw new ReelayError("provider_failed", `The provider could not be asked: ${why}.`, { cause });
  }
  const { answer } = called;
  const { status, body, retryAfterMs } = answer;
  if (also.includes(status)) return answer;
  if (status >= 200 && status < 300 && body !== null) return answer;
  throw unanswered(status, retryAfterMs);
}

/**
 * The answer to a free question that shows whether the provider is there and takes our key. Its no to the key is an error:
 * in words alone `reelay doctor` would call it well.
 */
export function pinged(called: Called, also: readonly number[] = []): Answer {
  const answer = answered(called, [401, 403, ...also]);
  const { status } = answer;
  if (status !== 401 && status !== 403) return answer;
  throw new ReelayError(
    "provider_account",
    `The provider does not accept this server's key (HTTP ${status}).`,
  );
}

/** The error for a status that says nothing about the work. */
export function unanswered(status: number, retryAfterMs?: number): ReelayError {
  const code: ErrorCode = status === 429 || status === 503 ? "provider_busy" : "provider_failed";
  const details = retryAfterMs === undefined ? {} : { retryAfter: retryAfterMs / 1000 };
  return new ReelayError(code, `The provider answered a question about its work with ${status}.`, details);
}

export function failed(code: ErrorCode, message: string): Progress {
  return { state: "failed", error: new ReelayError(code, message) };
}

export function done(url: string, meta: Readonly<Record<string, Json>> = {}): Progress {
  return { state: "done", output: { from: { url }, meta, ignored: {} } };
}

/** 1 to 99, whole. */
export function percent(value: number): number {
  return Math.min(99, Math.max(1, Math.floor(value)));
}

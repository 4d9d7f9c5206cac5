/**
 * What fal's answers mean (fal docs: queue, errors, request-errors; read 2026-11-20). Errors have two shapes: a model's
 * own, a list under `detail` whose items have a `type`, and fal's, a sentence under `detail` with an `error_type` beside
 * it. There is no failed status: failed work is COMPLETED, and its result has the HTTP status that the model answered.
 */
import type { ErrorCode } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { Progress, Submitted } from "../core/provider.ts";
import { done, failed, refuse, refuseForNow, unanswered, unsaid } from "./upstream-answer.ts";
import { type Say, textAt, valueAt } from "./upstream-body.ts";
import type { Answer } from "./upstream-call.ts";

/** By the `type` of a model's error, or fal's `error_type`. All others are a model's words for a wrong parameter. */
const CODES: ReadonlyMap<string, ErrorCode> = new Map([
  ["content_policy_violation", "content_refused"],
  ["image_too_small", "input_out_of_limits"],
  ["image_too_large", "input_out_of_limits"],
  ["file_too_large", "input_out_of_limits"],
  ["audio_duration_too_long", "input_out_of_limits"],
  ["audio_duration_too_short", "input_out_of_limits"],
  ["video_duration_too_long", "input_out_of_limits"],
  ["video_duration_too_short", "input_out_of_limits"],
  ["file_download_error", "input_unreadable"],
  ["image_load_error", "input_unreadable"],
  ["face_detection_error", "input_unreadable"],
  ["unsupported_image_format", "input_unreadable"],
  ["unsupported_audio_format", "input_unreadable"],
  ["unsupported_video_format", "input_unreadable"],
  ["generation_timeout", "deadline_exceeded"],
  ["request_timeout", "deadline_exceeded"],
  ["startup_timeout", "deadline_exceeded"],
  ["no_media_generated", "no_content"],
  ["downstream_service_error", "provider_busy"],
  ["downstream_service_unavailable", "provider_busy"],
  ["runner_scheduling_failure", "provider_busy"],
  ["runner_connection_timeout", "provider_busy"],
  ["runner_disconnected", "provider_busy"],
  ["runner_connection_refused", "provider_busy"],
  ["runner_connection_error", "provider_busy"],
  ["runner_incomplete_response", "provider_busy"],
  ["runner_server_error", "provider_failed"],
  ["internal_server_error", "provider_failed"],
  ["internal_error", "provider_failed"],
  // Nobody of ours asked for it, or the task would have ended: to the client it is the provider's failure.
  ["client_cancelled", "provider_failed"],
  ["client_disconnected", "provider_failed"],
  ["bad_request", "provider_refused"],
]);

/** Answers to a question about work that are about our account or the moment, never about the work. */
const SAYS_NOTHING: readonly number[] = [401, 402, 403, 408, 425, 429];

function errorsOf(body: Json): readonly Json[] {
  const detail = valueAt(body, "detail");
  return Array.isArray(detail) ? (detail as Json[]).filter((one) => textAt(one, "type") !== undefined) : [];
}

function codeOf(body: Json): ErrorCode | undefined {
  const types = [...errorsOf(body).map((one) => textAt(one, "type")), textAt(body, "error_type")];
  return types.map((type) => CODES.get(type ?? "")).find((code) => code !== undefined);
}

/** fal's own words, those of a model's errors with the field that each is about. */
export function wordsOf(body: Json): string | undefined {
  const errors = errorsOf(body).map((one) => {
    const loc = valueAt(one, "loc");
    const place = Array.isArray(loc) ? loc.slice(1).join(".") : "";
    return `${place === "" ? "" : `${place}: `}${textAt(one, "msg") ?? ""}`;
  });
  return errors.length > 0 ? errors.join("; ") : (textAt(body, "detail") ?? textAt(body, "error"));
}

/** Statuses that mean "not accepted", without the provider's words: they are about our account, not about the request. */
const REFUSED: Readonly<Record<number, readonly [code: ErrorCode, sentence: string]>> = {
  401: [
    "provider_account",
    "The provider did not accept this server's key; its operator has to set a right one.",
  ],
  402: [
    "provider_balance",
    "This server's account with the provider has no credit left; its operator has to add some.",
  ],
  403: ["provider_account", "This server's account with the provider may not use this model."],
  404: ["provider_account", "The provider does not know this model."],
};

/**
 * An account without credit is no 402 at fal but "User is locked. Reason: Exhausted balance. Top up your balance ...",
 * or "Reason: TOP_UP." (fal-ai/fal issues 1112, 1147 and 1163, read 2026-11-20).
 */
const NO_CREDIT = /exhausted balance|top[ _]up/i;

export interface Reading {
  readonly say: Say;
  readonly toTicket: (body: Json) => JsonObject | undefined;
}

export function readSubmitted({ status, body, retryAfterMs }: Answer, { say, toTicket }: Reading): Submitted {
  if (status >= 200 && status < 300) {
    const ticket = toTicket(body);
    return ticket ? { accepted: ticket } : unsaid(status);
  }
  if (status === 429)
    return refuseForNow("The provider takes no more work at present (HTTP 429).", retryAfterMs);
  if (status === 400 || status === 413 || status === 422) {
    return refuse(codeOf(body) ?? "provider_refused", `The provider refused the request${say(body)}.`);
  }
  const known = REFUSED[status === 403 && NO_CREDIT.test(wordsOf(body) ?? "") ? 402 : status];
  // 503 too: its documentation has it for trouble with the work as well as before it.
  return known ? refuse(...known) : unsaid(status);
}

function lost(): Progress {
  return failed("provider_lost", "The provider no longer has this work.");
}

/** An answer of fal's own: a proxy's 404 is a page. */
function speaksFal(body: Json): boolean {
  return textAt(body, "detail") !== undefined || textAt(body, "status") !== undefined;
}

/** What the status of a request says; how COMPLETED work ended, the result has to say where this does not. */
export function toProgress({ status, body }: Answer, say: Say): Progress | "ask for the result" {
  if (status === 404) {
    if (!speaksFal(body)) throw unanswered(status);
    return lost();
  }
  // IN_QUEUE, IN_PROGRESS, which has no percent, or a word that came into use after this was written.
  if (textAt(body, "status") !== "COMPLETED") return { state: "pending" };
  const code = hasFailed(body) ? codeOf(body) : undefined;
  return code === undefined ? "ask for the result" : gaveUp(code, say(body));
}

function hasFailed(status: Json): boolean {
  return (valueAt(status, "error") ?? valueAt(status, "error_type") ?? null) !== null;
}

function gaveUp(code: ErrorCode, words: string): Progress {
  return failed(code, `The provider gave up on this video${words}.`);
}

/**
 * The result of COMPLETED work. A model's own error ends it with any HTTP status, because no proxy makes up a list of
 * typed errors; a 5xx without one ends it only where the status of the request had told of an error before.
 */
export function toEnd({ status, body, retryAfterMs }: Answer, told: Json, say: Say): Progress {
  if (status >= 200 && status < 300) {
    const end = toDone(body);
    if (end) return end;
    // Paid for and made: asking again costs nothing, giving up would lose it.
    if (!hasFailed(told)) throw new Error("The provider reports success and names no file.");
  }
  if (SAYS_NOTHING.includes(status)) throw unanswered(status, retryAfterMs);
  if (status === 400 && /still in progress/i.test(textAt(body, "detail") ?? "")) return { state: "pending" };
  const code = codeOf(body);
  if (errorsOf(body).length > 0 || status === 422) {
    return gaveUp(code ?? (status < 500 ? "provider_refused" : "provider_failed"), say(body));
  }
  if (code !== undefined && (status < 500 || hasFailed(told))) return gaveUp(code, say(body));
  if (hasFailed(told)) return gaveUp("provider_failed", say(told));
  if (status === 404 && speaksFal(body)) return lost();
  throw unanswered(status, retryAfterMs);
}

function toDone(body: Json): Progress | undefined {
  const url = textAt(body, "video", "url") ?? "";
  if (url === "") return undefined;
  const meta: Record<string, Json> = {};
  const seed = valueAt(body, "seed");
  // One with more digits than a number holds is text by now.
  if (typeof seed === "number" || typeof seed === "string") meta.seed = seed;
  const prompt = textAt(body, "actual_prompt");
  if (prompt !== undefined) meta.actual_prompt = prompt;
  return done(url, meta);
}

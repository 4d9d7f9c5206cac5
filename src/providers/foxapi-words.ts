/** What answers of the FoxAPI dialect mean (served-dialects, section 1.4 and 1.5): of FoxAPI, of AihubMax, and of a Reelay. */
import type { ErrorCode } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { Progress, Submitted } from "../core/provider.ts";
import { failed, percent, refuse, refuseForNow, unanswered, unsaid } from "./upstream-answer.ts";
import { type Say, textAt, valueAt } from "./upstream-body.ts";
import type { Answer } from "./upstream-call.ts";

/** `error.code`, of refused requests and of failed tasks. */
const CODES: ReadonlyMap<string, ErrorCode> = new Map(
  Object.entries({
    content_policy_violation: "content_refused",
    generation_failed: "provider_failed",
    generation_failed_no_content: "no_content",
    generation_timeout: "deadline_exceeded",
    image_dimension_mismatch: "input_out_of_limits",
    image_processing_error: "input_unreadable",
    invalid_file_type: "input_type_rejected",
    invalid_image_url: "input_unreadable",
    invalid_param: "provider_refused",
    invalid_parameters: "provider_refused",
    model_not_found: "provider_account",
    model_not_supported: "provider_account",
    model_not_support_capability: "provider_refused",
    model_rule_violation: "provider_refused",
    model_unavailable: "provider_busy",
    no_available_model: "provider_account",
    quota_exceeded: "provider_balance",
    rate_limited: "provider_busy",
    // Nobody of ours asked for it, or the task would have ended: to the client it is the provider's failure.
    request_cancelled: "provider_failed",
    resource_exhausted: "provider_busy",
    resource_not_found: "provider_lost",
    service_error: "provider_failed",
    service_unavailable: "provider_busy",
    unknown_error: "provider_failed",
    unsupported_advanced_options: "provider_refused",
    unsupported_content_type: "provider_refused",
    upstream_error: "provider_failed",
    // A Reelay's own: it does not know whether its provider was paid. It charges nobody for a failed task, so we do know.
    upstream_outcome_unknown: "provider_failed",
  } as const),
);

/** Statuses that the contract has as refusals of a create; those of 422 are told apart by their code. */
const STATUSES: Readonly<Record<number, ErrorCode>> = {
  400: "provider_refused",
  401: "provider_account",
  402: "provider_balance",
  403: "provider_account",
  // Nothing is sent to a task that could be unknown: the base URL leads to something else.
  404: "provider_account",
  413: "provider_refused",
  422: "provider_refused",
};

/** Where the operator has to act the provider's words are left out: they speak to somebody else. */
const OPERATOR: Readonly<Partial<Record<ErrorCode, string>>> = {
  provider_account:
    "The provider refuses this server's key, or does not know the model; this server's operator has to look at the key and the URL",
  provider_balance: "This server's account with the provider is used up; its operator has to add credit",
};

export function toSubmittedBy(reelay: boolean, say: Say): (answer: Answer) => Submitted {
  return ({ status, body, retryAfterMs }) => {
    if (status >= 200 && status < 300) {
      const ticket = toTicket(body);
      return ticket ? { accepted: ticket } : unsaid(status);
    }
    const code = textAt(body, "error", "code") ?? "";
    const type = textAt(body, "error", "type");
    if (status === 429)
      return refuseForNow("The provider takes no more work at present (HTTP 429).", retryAfterMs);
    // This attempt's own name has been used: an earlier submit of it arrived, and this one differs in something.
    if (code === "idempotency_mismatch")
      return { unknown: "The provider has work of this attempt, from another request." };
    if (code === "no_compatible_channel" || (status === 422 && type === "service_unavailable_error")) {
      // "No usable upstream right now, the parameters are fine"; of a Reelay: no provider is set up there for the model.
      if (reelay)
        return refuse(
          "provider_account",
          "That server has no provider for this model; its operator has to add one.",
        );
      return refuseForNow("The provider has no upstream for this model at present.", retryAfterMs);
    }
    // FoxAPI's own clients never send a create again after a 5xx, for fear of paying twice. A Reelay says this before it
    // makes a task, and never after.
    if (reelay && status === 503 && type === "service_unavailable_error" && code === "service_unavailable") {
      return refuseForNow("The provider takes no more work at present (HTTP 503).", retryAfterMs);
    }
    const plain = STATUSES[status];
    if (plain === undefined) return unsaid(status);
    const meant = status === 422 ? (CODES.get(code) ?? plain) : plain;
    return refuse(meant, `${OPERATOR[meant] ?? `The provider refused the request${say(body)}`}.`);
  };
}

/** The id and nothing else: what is asked about it, is asked of our own base URL. */
export function toTicket(body: Json): JsonObject | undefined {
  const id = textAt(body, "id");
  return id === undefined || id === "" ? undefined : { id };
}

export function toProgress({ status, body, retryAfterMs }: Answer, say: Say): Progress {
  if (status === 404) {
    // Only the provider's own word is an end; a proxy may answer 404, too.
    if (textAt(body, "error", "type") !== "not_found") throw unanswered(404, retryAfterMs);
    return failed("provider_lost", "The provider no longer knows this task.");
  }
  const word = textAt(body, "status");
  // The oldest pages have `cancelled` as a status of its own.
  if (word === "failed" || word === "cancelled") {
    const code = CODES.get(textAt(body, "error", "code") ?? "") ?? "provider_failed";
    return failed(code, `${OPERATOR[code] ?? `The provider gave up on this video${say(body)}`}.`);
  }
  if (word === "completed") {
    const result = (valueAt(body, "results") as readonly Json[] | null | undefined)?.[0] ?? null;
    const url = textAt(result, "url");
    // FoxAPI sometimes says `completed` a few seconds before it has the results (served-dialects 1.4): the work goes on.
    if (url !== undefined) return toDone(url, result);
  }
  const progress = valueAt(body, "progress");
  const goesOn = word === "processing" || word === "completed";
  if (goesOn && typeof progress === "number") return { state: "processing", progress: percent(progress) };
  return { state: "pending" };
}

/** What differs from the request in length and size is measured again here. */
const MEASURED = ["duration", "resolution"];

function toDone(url: string, result: Json): Progress {
  const seed = valueAt(result, "seed");
  const meta = typeof seed === "number" ? { seed } : {};
  // A Reelay's: what was asked and does not show.
  const notes = valueAt(result, "notes");
  const ignored = (Array.isArray(notes) ? (notes as Json[]) : []).flatMap((note) => {
    const field = textAt(note, "field");
    const message = textAt(note, "message");
    return field === undefined || message === undefined || MEASURED.includes(field)
      ? []
      : [[field, message] as const];
  });
  return { state: "done", output: { from: { url }, meta, ignored: Object.fromEntries(ignored) } };
}

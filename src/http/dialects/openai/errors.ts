/** Our errors in this dialect's words: the envelope and the statuses that its clients make classes of. */
import { ERRORS, type ErrorCode, ReelayError } from "../../../core/errors.ts";
import type { ErrorAnswer, Spelling } from "../../dialect.ts";

interface Rendered {
  readonly status: number;
  readonly type: string;
  readonly code: string;
}

const invalid = (code: string): Rendered => ({ status: 400, type: "invalid_request_error", code });
const missing = (code: string): Rendered => ({ status: 404, type: "invalid_request_error", code });
const broken = (code: string): Rendered => ({ status: 503, type: "server_error", code });

/** A request that fails at once. */
const REQUEST: Readonly<Record<ErrorCode, Rendered>> = {
  malformed_request: invalid("malformed_request"),
  // 409 would be sent again by itself.
  idempotency_mismatch: { status: 422, type: "invalid_request_error", code: "idempotency_mismatch" },
  unauthenticated: { status: 401, type: "authentication_error", code: "invalid_api_key" },
  // 429 is what the hosted original said, and what its clients look for.
  insufficient_credits: { status: 429, type: "insufficient_quota", code: "insufficient_quota" },
  storage_full: { status: 403, type: "permission_error", code: "storage_full" },
  not_found: missing("not_found"),
  task_not_found: missing("video_not_found"),
  task_not_cancellable: { status: 409, type: "invalid_request_error", code: "video_not_cancellable" },
  link_refused: invalid("invalid_url"),
  link_expired: invalid("invalid_url"),
  file_too_large: invalid("file_too_large"),
  invalid_parameters: invalid("invalid_value"),
  unsupported_parameters: invalid("unsupported"),
  unknown_model: invalid("model_not_found"),
  no_route: invalid("no_provider"),
  input_url_rejected: invalid("invalid_url"),
  input_type_rejected: invalid("invalid_file_type"),
  input_out_of_limits: invalid("invalid_file_dimensions"),
  input_unreadable: invalid("invalid_file"),
  rate_limited: { status: 429, type: "rate_limit_error", code: "rate_limit_exceeded" },
  overloaded: broken("server_overloaded"),
  cancelled: invalid("request_cancelled"),
  content_refused: invalid("moderation_blocked"),
  provider_refused: broken("provider_error"),
  provider_busy: broken("server_overloaded"),
  provider_failed: broken("provider_error"),
  provider_account: broken("provider_error"),
  provider_balance: broken("provider_error"),
  provider_lost: broken("provider_error"),
  no_content: broken("provider_error"),
  deadline_exceeded: broken("timeout"),
  outcome_unknown: broken("outcome_unknown"),
  bug: { status: 500, type: "server_error", code: "server_error" },
};

/** A task that fails later. */
const TASK: Readonly<Record<ErrorCode, string>> = {
  malformed_request: "invalid_value",
  idempotency_mismatch: "invalid_value",
  unauthenticated: "server_error",
  insufficient_credits: "insufficient_quota",
  storage_full: "server_error",
  not_found: "invalid_url",
  task_not_found: "invalid_url",
  task_not_cancellable: "server_error",
  link_refused: "invalid_url",
  link_expired: "invalid_url",
  file_too_large: "file_too_large",
  invalid_parameters: "invalid_value",
  unsupported_parameters: "unsupported",
  unknown_model: "model_not_found",
  no_route: "no_provider",
  input_url_rejected: "invalid_url",
  input_type_rejected: "invalid_file_type",
  input_out_of_limits: "invalid_file_dimensions",
  input_unreadable: "invalid_file",
  rate_limited: "rate_limit_exceeded",
  overloaded: "server_overloaded",
  cancelled: "request_cancelled",
  content_refused: "moderation_blocked",
  provider_refused: "provider_refused",
  provider_busy: "server_overloaded",
  provider_failed: "video_generation_failed",
  provider_account: "provider_error",
  provider_balance: "provider_error",
  provider_lost: "provider_error",
  no_content: "no_content",
  deadline_exceeded: "timeout",
  outcome_unknown: "outcome_unknown",
  bug: "server_error",
};

/** Both tables, for the documents. */
export function spell(error: ErrorCode): Spelling {
  const { status, code } = REQUEST[error];
  return { answer: `${status} ${code}`, task: TASK[error] };
}

export function taskErrorCode(code: ErrorCode): string {
  return TASK[code];
}

/** What its client sends again by itself, a POST as well, unless it is told not to (openai 7.55.0, `shouldRetry`). */
function isSentAgain(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

export const NO_RETRY = { "x-should-retry": "false" } as const;

/** The envelope, and beside it what a client needs to do better: all problems, whether to retry, what it cost. */
export function renderError(error: ReelayError): ErrorAnswer {
  const { status, type, code } = REQUEST[error.code];
  const again = ERRORS[error.code].retry;
  return {
    status,
    headers: isSentAgain(status) && !again ? NO_RETRY : {},
    body: {
      error: {
        message: error.message,
        type,
        param: error.problems[0]?.field ?? null,
        code,
        ...(error.problems.length > 0 ? { problems: error.problems } : {}),
        retryable: again,
        billed: false,
      },
    },
  };
}

/** One wrong field. */
export function invalidField(
  field: string,
  message: string,
  received?: unknown,
  allowed?: unknown,
): ReelayError {
  const more = {
    ...(received === undefined ? {} : { received }),
    ...(allowed === undefined ? {} : { allowed }),
  };
  return new ReelayError("invalid_parameters", message, { problems: [{ field, message, ...more }] });
}

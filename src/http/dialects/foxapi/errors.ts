/** Our errors in this dialect's words: contract 1.5, with the resolutions F19 and F20. */
import type { ErrorCode, ReelayError } from "../../../core/errors.ts";
import type { ErrorAnswer, Spelling } from "../../dialect.ts";

interface Rendered {
  readonly status: number;
  readonly type: string;
  readonly code: string;
}

const invalid = (code: string): Rendered => ({ status: 422, type: "invalid_request_error", code });
const unavailable = (code: string): Rendered => ({ status: 503, type: "service_unavailable_error", code });

/** A request that fails at once. */
const REQUEST: Readonly<Record<ErrorCode, Rendered>> = {
  malformed_request: { status: 400, type: "invalid_request_error", code: "malformed_request" },
  unauthenticated: { status: 401, type: "authentication_error", code: "invalid_api_key" },
  idempotency_mismatch: invalid("idempotency_mismatch"),
  insufficient_credits: { status: 402, type: "insufficient_quota", code: "insufficient_quota" },
  storage_full: { status: 403, type: "permission_error", code: "storage_full" },
  not_found: { status: 404, type: "not_found", code: "not_found" },
  task_not_found: { status: 404, type: "not_found", code: "task_not_found" },
  task_not_cancellable: { status: 409, type: "invalid_request_error", code: "task_not_cancellable" },
  link_refused: invalid("invalid_image_url"),
  link_expired: invalid("invalid_image_url"),
  file_too_large: { status: 413, type: "file_too_large_error", code: "file_too_large" },
  invalid_parameters: invalid("invalid_parameters"),
  unsupported_parameters: invalid("unsupported_advanced_options"),
  unknown_model: invalid("model_not_found"),
  no_route: invalid("no_compatible_channel"),
  input_url_rejected: invalid("invalid_image_url"),
  input_type_rejected: invalid("invalid_file_type"),
  input_out_of_limits: invalid("image_dimension_mismatch"),
  input_unreadable: invalid("image_processing_error"),
  rate_limited: { status: 429, type: "rate_limit_error", code: "rate_limit_exceeded" },
  overloaded: unavailable("service_unavailable"),
  cancelled: invalid("request_cancelled"),
  content_refused: invalid("content_policy_violation"),
  provider_refused: unavailable("service_error"),
  provider_busy: unavailable("service_unavailable"),
  provider_failed: unavailable("service_error"),
  provider_account: unavailable("service_unavailable"),
  provider_balance: unavailable("service_unavailable"),
  provider_lost: unavailable("service_error"),
  no_content: unavailable("service_error"),
  deadline_exceeded: unavailable("generation_timeout"),
  outcome_unknown: unavailable("service_error"),
  bug: { status: 500, type: "server_error", code: "server_error" },
};

/** A task that fails later: the codes of contract 1.5, second table. */
const TASK: Readonly<Partial<Record<ErrorCode, string>>> = {
  invalid_parameters: "invalid_parameters",
  unsupported_parameters: "invalid_parameters",
  link_refused: "image_processing_error",
  link_expired: "image_processing_error",
  input_url_rejected: "image_processing_error",
  input_type_rejected: "image_processing_error",
  input_unreadable: "image_processing_error",
  file_too_large: "image_processing_error",
  input_out_of_limits: "image_dimension_mismatch",
  cancelled: "request_cancelled",
  content_refused: "content_policy_violation",
  insufficient_credits: "quota_exceeded",
  provider_refused: "service_error",
  provider_busy: "resource_exhausted",
  provider_failed: "service_error",
  provider_account: "service_unavailable",
  provider_balance: "quota_exceeded",
  provider_lost: "resource_not_found",
  no_content: "generation_failed_no_content",
  deadline_exceeded: "generation_timeout",
  overloaded: "resource_exhausted",
  no_route: "service_unavailable",
  outcome_unknown: "upstream_outcome_unknown",
  bug: "service_error",
};

export function taskErrorCode(code: ErrorCode): string {
  return TASK[code] ?? "unknown_error";
}

/** Both tables, for the documents. */
export function spell(error: ErrorCode): Spelling {
  const { status, code } = REQUEST[error];
  return { answer: `${status} ${code}`, task: TASK[error] ?? null };
}

/** The documented envelope, and beside it what a client needs to do better: fields, whether to retry, what it cost. */
export function renderError(error: ReelayError, requestId: string): ErrorAnswer {
  const { status, type, code } = REQUEST[error.code];
  return {
    status,
    body: {
      error: {
        message: `${error.message} (request_id: ${requestId})`,
        type,
        code,
        ...(error.problems.length > 0 ? { problems: error.problems } : {}),
        ...(code === "unsupported_advanced_options"
          ? { [code]: error.problems.map((one) => one.field) }
          : {}),
        retryable: error.retry,
        billed: false,
      },
    },
  };
}

/**
 * Every way a request or a task can go wrong, once. A dialect renders these in its own shape and status;
 * it cannot add to them.
 *
 * `fault` says who has to act: the caller (change the request), the operator (a key, a disk, a setting),
 * the provider (its service), or us (a bug). `retry` says whether the same request may succeed later.
 */
export const ERRORS = {
  malformed_request: { fault: "caller", retry: false },
  idempotency_mismatch: { fault: "caller", retry: false },
  unauthenticated: { fault: "caller", retry: false },
  insufficient_credits: { fault: "caller", retry: false },
  storage_full: { fault: "caller", retry: false },
  not_found: { fault: "caller", retry: false },
  task_not_found: { fault: "caller", retry: false },
  task_not_cancellable: { fault: "caller", retry: false },
  link_refused: { fault: "caller", retry: false },
  link_expired: { fault: "caller", retry: false },
  file_too_large: { fault: "caller", retry: false },
  invalid_parameters: { fault: "caller", retry: false },
  unsupported_parameters: { fault: "caller", retry: false },
  unknown_model: { fault: "caller", retry: false },
  no_route: { fault: "operator", retry: false },
  input_url_rejected: { fault: "caller", retry: false },
  input_type_rejected: { fault: "caller", retry: false },
  input_out_of_limits: { fault: "caller", retry: false },
  input_unreadable: { fault: "caller", retry: false },
  rate_limited: { fault: "caller", retry: true },
  overloaded: { fault: "operator", retry: true },
  cancelled: { fault: "caller", retry: false },
  provider_refused: { fault: "provider", retry: false },
  provider_busy: { fault: "provider", retry: true },
  provider_account: { fault: "operator", retry: true },
  provider_balance: { fault: "operator", retry: true },
  provider_lost: { fault: "provider", retry: true },
  content_refused: { fault: "caller", retry: false },
  provider_failed: { fault: "provider", retry: true },
  no_content: { fault: "provider", retry: true },
  deadline_exceeded: { fault: "provider", retry: true },
  outcome_unknown: { fault: "provider", retry: false },
  bug: { fault: "us", retry: true },
} as const satisfies Record<string, { fault: "caller" | "operator" | "provider" | "us"; retry: boolean }>;

export type ErrorCode = keyof typeof ERRORS;

/** One thing wrong with one field: what came, and what would be right. */
export interface Problem {
  readonly field: string;
  /** A whole sentence for a person. */
  readonly message: string;
  readonly received?: unknown;
  readonly allowed?: unknown;
  /** Of a file that is of the right type: which of its measures is out of limits. */
  readonly limit?: "bytes" | "side" | "ratio" | "seconds";
}

export interface ErrorDetails {
  readonly problems?: readonly Problem[];
  /** Seconds after which a retry makes sense. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** The only error that may reach a client; anything else is shown as `bug` and logged. */
export class ReelayError extends Error {
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "ReelayError";
    this.code = code;
    this.problems = details.problems ?? [];
    this.retryAfter = details.retryAfter;
  }

  get retry(): boolean {
    return ERRORS[this.code].retry;
  }
}

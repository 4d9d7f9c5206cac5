/** Our errors in this dialect's words: contract 2.3, the table of its 24 reasons, and one that is seen elsewhere. */
import { ERRORS, type ErrorCode, type Problem, ReelayError } from "../../../core/errors.ts";
import type { Page } from "../../../core/model.ts";
import type { TaskError } from "../../../core/task.ts";
import type { RenderError, Spelling } from "../../dialect.ts";

/** With the statuses of the table, except that a missing and a wrong key are 401: clients look for that. */
const STATUSES = {
  INVALID_REQUEST_BODY: 400,
  IMAGE_FILE_EXCEEDS_MAX_SIZE: 400,
  INVALID_IMAGE_FORMAT: 400,
  IMAGE_EXCEEDS_MAX_RESOLUTION: 400,
  INVALID_IMAGE_SIZE: 400,
  IMAGE_NO_FACE_DETECTED: 400,
  INVALID_CUSTOM_OUTPUT_PATH: 400,
  ILLEGAL_PROMPT: 400,
  ILLEGAL_IMAGE_CONTENT: 400,
  INVALID_AUDIO_FILE: 400,
  MISSING_API_KEY: 401,
  BILLING_BALANCE_NOT_ENOUGH: 400,
  INVALID_API_KEY: 401,
  BILLING_AUTH_FAILED: 403,
  FEATURE_NOT_ALLOWED: 403,
  API_NOT_ALLOWED: 403,
  NEED_REAL_NAME_VERIFY: 403,
  API_NOT_FOUND: 404,
  TASK_NOT_FOUND: 404,
  RATE_LIMIT_EXCEEDED: 429,
  BILLING_FAILED: 500,
  CREATE_TASK_FAILED: 500,
  GET_RESULT_FAILED: 500,
  TASK_FAILED: 500,
  SERVICE_NOT_AVAILABLE: 503,
} as const;

export type Reason = keyof typeof STATUSES;
export const REASON_NAMES: readonly string[] = Object.keys(STATUSES);

/** What it is about, where the page of the request is known: the same code has one reason for a picture and another for a sound. */
interface About {
  readonly code: ErrorCode;
  readonly problem?: Pick<Problem, "field" | "limit" | "received" | "allowed"> | undefined;
  readonly page: Page | null;
}

/** An error of a request whose page is known. */
export class PageError extends ReelayError {
  readonly page: Page;

  constructor(error: ReelayError, page: Page) {
    const { retryAfter, problems, cause } = error;
    super(error.code, error.message, {
      problems,
      cause,
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
    this.page = page;
  }
}

const BODY = (): Reason => "INVALID_REQUEST_BODY";
/** What breaks on our side or the provider's is named by what was being done; the endpoint knows. */
const OWN = (): undefined => undefined;

const REASONS: Readonly<Record<ErrorCode, (about: About) => Reason | undefined>> = {
  malformed_request: BODY,
  idempotency_mismatch: BODY,
  // Who sent none is told apart by what was received.
  unauthenticated: ({ problem }) => (problem?.received === null ? "MISSING_API_KEY" : "INVALID_API_KEY"),
  insufficient_credits: () => "BILLING_BALANCE_NOT_ENOUGH",
  storage_full: () => "FEATURE_NOT_ALLOWED",
  not_found: () => "API_NOT_FOUND",
  task_not_found: () => "TASK_NOT_FOUND",
  task_not_cancellable: BODY,
  link_refused: BODY,
  link_expired: BODY,
  file_too_large: (about) => ofFile(about, "IMAGE_FILE_EXCEEDS_MAX_SIZE"),
  invalid_parameters: BODY,
  unsupported_parameters: BODY,
  unknown_model: () => "API_NOT_FOUND",
  no_route: () => "SERVICE_NOT_AVAILABLE",
  input_url_rejected: BODY,
  input_type_rejected: (about) => ofFile(about, "INVALID_IMAGE_FORMAT"),
  input_out_of_limits: (about) => ofFile(about, measureReason(about)),
  input_unreadable: (about) => ofFile(about, "INVALID_IMAGE_FORMAT"),
  rate_limited: () => "RATE_LIMIT_EXCEEDED",
  overloaded: () => "SERVICE_NOT_AVAILABLE",
  cancelled: OWN,
  content_refused: (about) => (kindOf(about) === "picture" ? "ILLEGAL_IMAGE_CONTENT" : "ILLEGAL_PROMPT"),
  provider_refused: OWN,
  provider_busy: OWN,
  provider_failed: OWN,
  provider_account: OWN,
  provider_balance: OWN,
  provider_lost: OWN,
  no_content: OWN,
  deadline_exceeded: OWN,
  outcome_unknown: OWN,
  bug: OWN,
};

function kindOf({ problem, page }: About): string | undefined {
  const field =
    problem && page && Object.hasOwn(page.input, problem.field) ? page.input[problem.field] : undefined;
  return field?.kind;
}

/** There are reasons for pictures and one for sounds, and none for clips. */
function ofFile(about: About, picture: Reason): Reason {
  const kind = kindOf(about);
  if (kind === "sound") return "INVALID_AUDIO_FILE";
  return kind === "picture" ? picture : "INVALID_REQUEST_BODY";
}

function measureReason({ problem }: About): Reason {
  if (problem?.limit === "bytes") return "IMAGE_FILE_EXCEEDS_MAX_SIZE";
  const { width = 0, height = 0 } = (problem?.received ?? {}) as { width?: number; height?: number };
  const { max = Number.POSITIVE_INFINITY } = (problem?.allowed ?? {}) as { max?: number };
  const large = problem?.limit === "side" && Math.max(width, height) > max;
  return large ? "IMAGE_EXCEEDS_MAX_RESOLUTION" : "INVALID_IMAGE_SIZE";
}

/** Why a task failed, by one of the names above. */
export function taskReason({ code, field }: TaskError, page: Page | null): Reason {
  const reason = REASONS[code]({ code, page, problem: field === undefined ? undefined : { field } });
  const ofRequests = reason === undefined || STATUSES[reason] > 400;
  return ofRequests ? "TASK_FAILED" : reason;
}

/** Without its page: where a picture has another reason than a text, both. */
export function spell(code: ErrorCode): Spelling {
  const picture: Page["input"] = {
    image: { kind: "picture", about: "", limits: { types: [], maxBytes: 0 } },
  };
  const abouts = [
    null,
    { path: "", type: "", source: "", input: picture, rules: [], send: {}, unsent: {}, example: {} },
  ];
  const reasons = abouts.map(
    (page) => REASONS[code]({ code, page, problem: { field: "image" } }) ?? "CREATE_TASK_FAILED",
  );
  const tasks = abouts.map((page) => taskReason({ code, message: "", field: "image" }, page));
  const answers = reasons.map((reason) => `${STATUSES[reason]} ${reason}`);
  return { answer: [...new Set(answers)].join(", "), task: [...new Set(tasks)].join(", ") };
}

/** `own`: what the endpoint calls a failure that is not the caller's. `statuses`: those that the operator has set. */
export function openErrors(own: Reason, statuses: ReadonlyMap<string, number>): RenderError {
  return (error, requestId) => {
    const page = error instanceof PageError ? error.page : null;
    const reason = REASONS[error.code]({ code: error.code, problem: error.problems[0], page }) ?? own;
    const status = statuses.get(reason) ?? STATUSES[reason];
    const body = { code: status, reason, message: error.message, metadata: metadataOf(error, requestId) };
    return { status, body };
  };
}

/** Texts, all of them. `details` is where clients of the family look for a sentence; `received` and `allowed` are of the first field. */
function metadataOf(error: ReelayError, requestId: string): Readonly<Record<string, string>> {
  const { problems } = error;
  const [first] = problems;
  return {
    details: error.message,
    ...(first ? { field: first.field } : {}),
    ...(problems.length > 1 ? { fields: problems.map(({ field }) => field).join(", ") } : {}),
    ...(first?.received === undefined ? {} : { received: asText(first.received) }),
    ...(first?.allowed === undefined ? {} : { allowed: asText(first.allowed) }),
    retryable: String(ERRORS[error.code].retry),
    billed: "false",
    request_id: requestId,
  };
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(asText).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

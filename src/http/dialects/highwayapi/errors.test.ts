import { describe, expect, it } from "vitest";
import { ERRORS, type ErrorCode, type Problem, ReelayError } from "../../../core/errors.ts";
import { clip, type Page, picture, sound, text } from "../../../core/model.ts";
import { openErrors, PageError, taskReason } from "./errors.ts";

/** Contract 2.3, written out: every reason that it names, its status, and one more that is seen elsewhere. */
const TABLE: Readonly<Record<string, number>> = {
  INVALID_REQUEST_BODY: 400,
  IMAGE_FILE_EXCEEDS_MAX_SIZE: 400,
  INVALID_IMAGE_FORMAT: 400,
  IMAGE_EXCEEDS_MAX_RESOLUTION: 400,
  INVALID_IMAGE_SIZE: 400,
  ILLEGAL_PROMPT: 400,
  ILLEGAL_IMAGE_CONTENT: 400,
  INVALID_AUDIO_FILE: 400,
  BILLING_BALANCE_NOT_ENOUGH: 400,
  MISSING_API_KEY: 401,
  INVALID_API_KEY: 401,
  FEATURE_NOT_ALLOWED: 403,
  API_NOT_FOUND: 404,
  TASK_NOT_FOUND: 404,
  RATE_LIMIT_EXCEEDED: 429,
  CREATE_TASK_FAILED: 500,
  GET_RESULT_FAILED: 500,
  SERVICE_NOT_AVAILABLE: 503,
};

const REQUEST: Readonly<Record<ErrorCode, string>> = {
  malformed_request: "INVALID_REQUEST_BODY",
  idempotency_mismatch: "INVALID_REQUEST_BODY",
  unauthenticated: "INVALID_API_KEY",
  insufficient_credits: "BILLING_BALANCE_NOT_ENOUGH",
  storage_full: "FEATURE_NOT_ALLOWED",
  not_found: "API_NOT_FOUND",
  task_not_found: "TASK_NOT_FOUND",
  task_not_cancellable: "INVALID_REQUEST_BODY",
  link_refused: "INVALID_REQUEST_BODY",
  link_expired: "INVALID_REQUEST_BODY",
  file_too_large: "INVALID_REQUEST_BODY",
  invalid_parameters: "INVALID_REQUEST_BODY",
  unsupported_parameters: "INVALID_REQUEST_BODY",
  unknown_model: "API_NOT_FOUND",
  no_route: "SERVICE_NOT_AVAILABLE",
  input_url_rejected: "INVALID_REQUEST_BODY",
  input_type_rejected: "INVALID_REQUEST_BODY",
  input_out_of_limits: "INVALID_REQUEST_BODY",
  input_unreadable: "INVALID_REQUEST_BODY",
  rate_limited: "RATE_LIMIT_EXCEEDED",
  overloaded: "SERVICE_NOT_AVAILABLE",
  cancelled: "CREATE_TASK_FAILED",
  content_refused: "ILLEGAL_PROMPT",
  provider_refused: "CREATE_TASK_FAILED",
  provider_busy: "CREATE_TASK_FAILED",
  provider_failed: "CREATE_TASK_FAILED",
  provider_account: "CREATE_TASK_FAILED",
  provider_balance: "CREATE_TASK_FAILED",
  provider_lost: "CREATE_TASK_FAILED",
  no_content: "CREATE_TASK_FAILED",
  deadline_exceeded: "CREATE_TASK_FAILED",
  outcome_unknown: "CREATE_TASK_FAILED",
  bug: "CREATE_TASK_FAILED",
};
const CODES = Object.keys(ERRORS) as ErrorCode[];

const about = "-";
const limits = { types: [], maxBytes: 1 };
const PAGE = {
  input: {
    image: picture({ about, limits }),
    first_clip_url: clip({ about, limits }),
    driving_audio_url: sound({ about, limits }),
    prompt: text({ about, max: 9 }),
  },
} as unknown as Page;

interface Rendered {
  readonly status: number;
  readonly body: { code: number; reason: string; message: string; metadata: Record<string, string> };
}

const render = (error: ReelayError, statuses: [string, number][] = []): Rendered =>
  openErrors("CREATE_TASK_FAILED", new Map(statuses))(error, "req_1") as Rendered;

const ofField = (code: ErrorCode, field: string, more: Partial<Problem> = {}): string => {
  const problems = [{ field, message: "x", ...more }];
  return render(new PageError(new ReelayError(code, "x", { problems }), PAGE)).body.reason;
};

describe("a request that fails", () => {
  it.each(Object.entries(REQUEST))("%s is told as %s, with the table's status", (code, reason) => {
    const { status, body } = render(new ReelayError(code as ErrorCode, "What was wrong."));
    expect([status, body]).toEqual([
      TABLE[reason],
      {
        code: TABLE[reason],
        reason,
        message: "What was wrong.",
        metadata: {
          details: "What was wrong.",
          retryable: String(ERRORS[code as ErrorCode].retry),
          billed: "false",
          request_id: "req_1",
        },
      },
    ]);
  });

  it("no error of ours is left without a row, and what may be retried looks like it", () => {
    expect(Object.keys(REQUEST).sort()).toEqual([...CODES].sort());
    for (const code of CODES.filter((one) => ERRORS[one].retry)) {
      expect([429, 500, 503], code).toContain(render(new ReelayError(code, "")).status);
    }
  });

  it.each<[ErrorCode, string, Partial<Problem>, string]>([
    ["input_type_rejected", "image", {}, "INVALID_IMAGE_FORMAT"],
    ["input_unreadable", "image", {}, "INVALID_IMAGE_FORMAT"],
    ["file_too_large", "image", {}, "IMAGE_FILE_EXCEEDS_MAX_SIZE"],
    ["input_out_of_limits", "image", { limit: "bytes" }, "IMAGE_FILE_EXCEEDS_MAX_SIZE"],
    ["input_out_of_limits", "image", { limit: "ratio", received: 9 }, "INVALID_IMAGE_SIZE"],
    [
      "input_out_of_limits",
      "image",
      { limit: "side", received: { width: 400, height: 299 }, allowed: { min: 300, max: 900 } },
      "INVALID_IMAGE_SIZE",
    ],
    [
      "input_out_of_limits",
      "image",
      { limit: "side", received: { width: 400, height: 901 }, allowed: { min: 300, max: 900 } },
      "IMAGE_EXCEEDS_MAX_RESOLUTION",
    ],
    ["content_refused", "image", {}, "ILLEGAL_IMAGE_CONTENT"],
    ["content_refused", "prompt", {}, "ILLEGAL_PROMPT"],
    ["input_type_rejected", "driving_audio_url", {}, "INVALID_AUDIO_FILE"],
    ["input_out_of_limits", "driving_audio_url", { limit: "seconds" }, "INVALID_AUDIO_FILE"],
    ["file_too_large", "driving_audio_url", {}, "INVALID_AUDIO_FILE"],
    ["input_out_of_limits", "first_clip_url", { limit: "side" }, "INVALID_REQUEST_BODY"],
    ["input_url_rejected", "image", {}, "INVALID_REQUEST_BODY"],
    ["input_type_rejected", "constructor", {}, "INVALID_REQUEST_BODY"],
  ])("%s of %s %j is told as %s", (code, field, more, reason) => {
    expect(ofField(code, field, more)).toBe(reason);
  });

  it("a key that is missing and one that is wrong are told apart, and the operator's statuses hold", () => {
    const missing = { field: "authorization", message: "x", received: null };
    const none = new ReelayError("unauthenticated", "x", { problems: [missing] });
    expect(render(none).body.reason).toBe("MISSING_API_KEY");
    const { status, body } = render(none, [["MISSING_API_KEY", 400]]);
    expect([status, body.code]).toEqual([400, 400]);
  });

  it("metadata is text, whatever was received, and names every field", () => {
    const problems = [
      { field: "seed", message: "a", received: -1, allowed: [0, 9] },
      { field: "style", message: "b", received: null },
    ];
    const { metadata } = render(new ReelayError("invalid_parameters", "Two.", { problems })).body;
    expect(metadata).toMatchObject({ field: "seed", fields: "seed, style", received: "-1", allowed: "0, 9" });
    for (const value of Object.values(metadata)) expect(typeof value).toBe("string");
  });

  it("what is known of a page changes nothing else of an error", () => {
    const cause = new Error("inner");
    const error = new PageError(new ReelayError("rate_limited", "Wait.", { retryAfter: 7, cause }), PAGE);
    expect([error.code, error.retryAfter, error.cause]).toEqual(["rate_limited", 7, cause]);
    expect(JSON.stringify(render(error))).not.toContain("inner");
  });
});

describe("a task that failed", () => {
  it.each<[ErrorCode, string | undefined, string]>([
    ["content_refused", undefined, "ILLEGAL_PROMPT"],
    ["content_refused", "image", "ILLEGAL_IMAGE_CONTENT"],
    ["input_unreadable", "image", "INVALID_IMAGE_FORMAT"],
    ["input_out_of_limits", "image", "INVALID_IMAGE_SIZE"],
    ["file_too_large", "driving_audio_url", "INVALID_AUDIO_FILE"],
    ["input_url_rejected", "image", "INVALID_REQUEST_BODY"],
    ["provider_failed", undefined, "TASK_FAILED"],
    ["provider_busy", undefined, "TASK_FAILED"],
    ["cancelled", undefined, "TASK_FAILED"],
    ["no_route", undefined, "TASK_FAILED"],
    ["rate_limited", undefined, "TASK_FAILED"],
    ["bug", undefined, "TASK_FAILED"],
  ])("%s of %s has the reason %s", (code, field, reason) => {
    expect(taskReason({ code, message: "x", ...(field ? { field } : {}) }, PAGE)).toBe(reason);
  });

  it("has a reason of the table, whatever went wrong and whatever is known", () => {
    for (const code of CODES) {
      expect([...Object.keys(TABLE), "TASK_FAILED"]).toContain(taskReason({ code, message: "x" }, null));
    }
  });
});

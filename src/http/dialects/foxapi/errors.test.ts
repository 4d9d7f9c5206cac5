import { describe, expect, it } from "vitest";
import { ERRORS, type ErrorCode, ReelayError } from "../../../core/errors.ts";
import { renderError, taskErrorCode } from "./errors.ts";

/** Contract 1.5, written out: what a request that fails at once is answered with. */
const REQUEST: Readonly<Record<ErrorCode, readonly [status: number, type: string, code: string]>> = {
  malformed_request: [400, "invalid_request_error", "malformed_request"],
  unauthenticated: [401, "authentication_error", "invalid_api_key"],
  insufficient_credits: [402, "insufficient_quota", "insufficient_quota"],
  storage_full: [403, "permission_error", "storage_full"],
  not_found: [404, "not_found", "not_found"],
  task_not_found: [404, "not_found", "task_not_found"],
  task_not_cancellable: [409, "invalid_request_error", "task_not_cancellable"],
  file_too_large: [413, "file_too_large_error", "file_too_large"],
  invalid_parameters: [422, "invalid_request_error", "invalid_parameters"],
  idempotency_mismatch: [422, "invalid_request_error", "idempotency_mismatch"],
  unsupported_parameters: [422, "invalid_request_error", "unsupported_advanced_options"],
  unknown_model: [422, "invalid_request_error", "model_not_found"],
  no_route: [422, "invalid_request_error", "no_compatible_channel"],
  link_refused: [422, "invalid_request_error", "invalid_image_url"],
  link_expired: [422, "invalid_request_error", "invalid_image_url"],
  input_url_rejected: [422, "invalid_request_error", "invalid_image_url"],
  input_type_rejected: [422, "invalid_request_error", "invalid_file_type"],
  input_out_of_limits: [422, "invalid_request_error", "image_dimension_mismatch"],
  input_unreadable: [422, "invalid_request_error", "image_processing_error"],
  cancelled: [422, "invalid_request_error", "request_cancelled"],
  content_refused: [422, "invalid_request_error", "content_policy_violation"],
  rate_limited: [429, "rate_limit_error", "rate_limit_exceeded"],
  bug: [500, "server_error", "server_error"],
  overloaded: [503, "service_unavailable_error", "service_unavailable"],
  provider_refused: [503, "service_unavailable_error", "service_error"],
  provider_busy: [503, "service_unavailable_error", "service_unavailable"],
  provider_failed: [503, "service_unavailable_error", "service_error"],
  provider_account: [503, "service_unavailable_error", "service_unavailable"],
  provider_balance: [503, "service_unavailable_error", "service_unavailable"],
  provider_lost: [503, "service_unavailable_error", "service_error"],
  no_content: [503, "service_unavailable_error", "service_error"],
  deadline_exceeded: [503, "service_unavailable_error", "generation_timeout"],
  outcome_unknown: [503, "service_unavailable_error", "service_error"],
};

/** Contract 1.5, the codes of failed tasks; a client knows these and no others. */
const TASK_CODES = [
  "content_policy_violation",
  "invalid_parameters",
  "image_processing_error",
  "image_dimension_mismatch",
  "request_cancelled",
  "generation_failed_no_content",
  "service_error",
  "generation_timeout",
  "resource_exhausted",
  "quota_exceeded",
  "service_unavailable",
  "resource_not_found",
  "unknown_error",
];

const CODES = Object.keys(ERRORS) as ErrorCode[];

function render(error: ReelayError): { status: number; error: Record<string, unknown> } {
  const { status, body } = renderError(error, "req_1");
  return { status, ...(body as { error: Record<string, unknown> }) };
}

describe("a request that fails", () => {
  it.each(Object.entries(REQUEST))("%s is answered with %j", (code, [status, type, wireCode]) => {
    const answer = render(new ReelayError(code as ErrorCode, "What was wrong."));
    expect(answer).toEqual({
      status,
      error: {
        message: "What was wrong. (request_id: req_1)",
        type,
        code: wireCode,
        retryable: ERRORS[code as ErrorCode].retry,
        billed: false,
        ...(wireCode === "unsupported_advanced_options" ? { unsupported_advanced_options: [] } : {}),
      },
    });
  });

  it("no error of ours is left without a row", () => {
    expect(Object.keys(REQUEST).sort()).toEqual([...CODES].sort());
  });

  it("an error that may be retried is never a 422, which clients take for final", () => {
    for (const code of CODES) {
      const { status } = render(new ReelayError(code, ""));
      if (ERRORS[code].retry) expect([429, 500, 503], code).toContain(status);
    }
  });

  it("names every field that is wrong, and no advanced options where there are none", () => {
    const problems = [
      { field: "seed", message: "`seed` is -1.", received: -1, allowed: [0, 9] },
      { field: "style", message: "`style` is wrong." },
    ];
    const { error } = render(new ReelayError("invalid_parameters", "Two are wrong.", { problems }));
    expect(error.problems).toEqual(problems);
    expect(error).not.toHaveProperty("unsupported_advanced_options");
    const refused = render(new ReelayError("unsupported_parameters", "Not here.", { problems }));
    expect(refused.error.unsupported_advanced_options).toEqual(["seed", "style"]);
  });

  it("shows nothing of its cause: it may hold a path, a key or a URL", () => {
    const cause = new Error("secret-of-the-cause");
    const answer = render(new ReelayError("bug", "Reelay made a mistake.", { cause }));
    expect(JSON.stringify(answer)).not.toContain("secret-of-the-cause");
  });

  it("survives JSON, as every answer must", () => {
    for (const code of CODES) {
      const { body } = renderError(new ReelayError(code, "x"), "r");
      expect(JSON.parse(JSON.stringify(body))).toEqual(body);
    }
  });
});

describe("a task that failed", () => {
  it.each([
    ["invalid_parameters", "invalid_parameters"],
    ["unsupported_parameters", "invalid_parameters"],
    ["input_url_rejected", "image_processing_error"],
    ["input_type_rejected", "image_processing_error"],
    ["input_unreadable", "image_processing_error"],
    ["file_too_large", "image_processing_error"],
    ["input_out_of_limits", "image_dimension_mismatch"],
    ["cancelled", "request_cancelled"],
    ["content_refused", "content_policy_violation"],
    ["provider_busy", "resource_exhausted"],
    ["provider_refused", "service_error"],
    ["provider_failed", "service_error"],
    ["bug", "service_error"],
    ["deadline_exceeded", "generation_timeout"],
    ["overloaded", "resource_exhausted"],
    ["no_route", "service_unavailable"],
  ] as const)("%s is told as %s", (code, told) => {
    expect(taskErrorCode(code)).toBe(told);
  });

  it("is told by a code of the contract, whatever went wrong", () => {
    const ours = CODES.filter((code) => code !== "outcome_unknown").map((code) => [
      code,
      taskErrorCode(code),
    ]);
    expect(ours.filter(([, told]) => !TASK_CODES.includes(told ?? ""))).toEqual([]);
  });

  it("whose outcome is unknown has a code of its own: a client must not take it for a plain failure", () => {
    expect(taskErrorCode("outcome_unknown")).toBe("upstream_outcome_unknown");
  });

  it.each(["link_refused", "link_expired"] as const)("%s is a matter of its input, not unknown", (code) => {
    expect(["image_processing_error", "resource_not_found"]).toContain(taskErrorCode(code));
  });
});

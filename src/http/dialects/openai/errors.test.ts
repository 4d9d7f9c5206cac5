import { describe, expect, it } from "vitest";
import { ERRORS, type ErrorCode, ReelayError } from "../../../core/errors.ts";
import { renderError, taskErrorCode } from "./errors.ts";

/** What the client makes a class of; of anything else it has only a base class. */
const CLASSES = [400, 401, 403, 404, 409, 422, 429, 500, 503];
const STATUSES: Readonly<Partial<Record<ErrorCode, number>>> = {
  unauthenticated: 401,
  storage_full: 403,
  not_found: 404,
  task_not_found: 404,
  task_not_cancellable: 409,
  idempotency_mismatch: 422,
  insufficient_credits: 429,
  rate_limited: 429,
  bug: 500,
  overloaded: 503,
};
const CODES = Object.keys(ERRORS) as ErrorCode[];

interface Envelope {
  readonly error: Record<string, unknown>;
}

const render = (error: ReelayError) => {
  const { status, headers, body } = renderError(error);
  return { status, headers, ...(body as Envelope) };
};

describe.each(CODES)("%s", (code) => {
  const { status, headers, error } = render(new ReelayError(code, "What was wrong."));

  it("has the envelope, a status that the client knows, and what was not billed", () => {
    expect(CLASSES).toContain(status);
    const { fault } = ERRORS[code];
    expect(status).toBe(STATUSES[code] ?? (fault === "caller" || code === "no_route" ? 400 : 503));
    expect(error).toEqual({
      ...{ message: "What was wrong.", type: expect.stringMatching(/^[a-z_]+$/), param: null },
      ...{ code: expect.stringMatching(/^[a-z_]+$/), retryable: ERRORS[code].retry, billed: false },
    });
  });

  it("is sent again by the client where that may help, and only there", () => {
    const sentAgain = status === 409 || status === 429 || status >= 500;
    const stopped = (headers as Record<string, string>)["x-should-retry"] === "false";
    expect(sentAgain && !stopped).toBe(ERRORS[code].retry && sentAgain);
    expect(ERRORS[code].retry && !sentAgain, "a retry that helps is not announced").toBe(false);
  });

  it("has words for a task that fails later", () => {
    expect(taskErrorCode(code)).toMatch(/^[a-z_]+$/);
  });
});

describe("problems", () => {
  const one = { field: "seconds", message: "No.", received: 5, allowed: [4] };
  it("are all told, and the first names the parameter", () => {
    const problems = [one, { field: "size", message: "Nor this." }];
    expect(render(new ReelayError("invalid_parameters", "No. Nor this.", { problems })).error).toMatchObject({
      ...{ param: "seconds", code: "invalid_value", type: "invalid_request_error", problems },
    });
  });
});

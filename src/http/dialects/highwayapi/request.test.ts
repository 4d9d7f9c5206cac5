import type { FastifyRequest } from "fastify";
import { describe, expect, it } from "vitest";
import { readCreate, readTaskId } from "./request.ts";

const sent = (body: unknown, headers: object = {}): FastifyRequest => ({ body, headers }) as FastifyRequest;
const WEBHOOK = { url: "https://example.com/hook" };

const idempotencyOf = (body: object, path?: string): string | undefined =>
  readCreate(sent(body, { "idempotency-key": "k" }), path).idempotency?.fingerprint;

it("the catalogue gets the model's own parameters and nothing of ours", () => {
  expect(readCreate(sent({ prompt: "x", extra: { webhook: WEBHOOK } }), "short-name")).toEqual({
    path: "short-name",
    body: { prompt: "x" },
    webhook: WEBHOOK,
    callbackUrl: WEBHOOK.url,
    test: null,
    idempotency: null,
  });
});

it("a model in the body is the path's, and with a path a parameter that nobody has", () => {
  expect(readCreate(sent({ model: "short-name", prompt: "x" }))).toMatchObject({
    path: "short-name",
    body: { prompt: "x" },
  });
  expect(readCreate(sent({ model: "other" }), "short-name").body).toEqual({ model: "other" });
});

it.each([[undefined], [null], ["text"], [[{}]], [7]])("%j is no body", (body) => {
  expect(() => readCreate(sent(body), "x")).toThrow("not a JSON object");
});

it("extra without a webhook is none", () => {
  expect(readCreate(sent({ extra: {} }), "x")).toMatchObject({
    webhook: null,
    callbackUrl: null,
    test: null,
  });
});

describe("test mode", () => {
  const testOf = (test_mode: unknown) =>
    readCreate(sent({ extra: { webhook: { ...WEBHOOK, test_mode } } }), "x").test;

  it.each([
    [{ enabled: true }, {}],
    [{ enabled: true, return_task_status: "TASK_STATUS_SUCCEED" }, {}],
    [{ enabled: true, return_task_status: "TASK_STATUS_FAILED" }, { fail: "provider_failed" }],
    [{ enabled: false, return_task_status: "TASK_STATUS_FAILED" }, null],
  ])("%j is the plan %j", (mode, plan) => {
    expect(testOf(mode)).toEqual(plan);
  });

  it.each([
    [true],
    [null],
    [{}],
    [{ enabled: "true" }],
    [{ enabled: 1 }],
    [{ enabled: true, return_task_status: "SUCCEED" }],
    [{ enabled: false, return_task_status: null }],
    [{ enabled: true, return_status: "TASK_STATUS_FAILED" }],
  ])("%j is refused: taken for none, it would cost money", (mode) => {
    expect(() => testOf(mode)).toThrow(expect.objectContaining({ code: "invalid_parameters" }));
  });
});

it("a URL is refused without being repeated: it may hold a secret", () => {
  const url = "hook?token=secret";
  expect(() => readCreate(sent({ extra: { webhook: { url } } }), "x")).toThrow(/^(?!.*secret)/);
});

it("one idempotency key is for one request, in whichever of the two ways it is made", () => {
  const prints = [
    idempotencyOf({ prompt: "x" }, "a"),
    idempotencyOf({ prompt: "x" }, "b"),
    idempotencyOf({ prompt: "y" }, "a"),
    idempotencyOf({ prompt: "x", extra: { webhook: WEBHOOK } }, "a"),
  ];
  expect(new Set(prints).size).toBe(4);
  expect(idempotencyOf({ prompt: "x", model: "a" })).toBe(prints[0]);
});

it.each([{}, { task_id: "" }, { task_id: ["a", "b"] }])("a result of %j is nobody's", (query) => {
  expect(() => readTaskId({ query } as FastifyRequest)).toThrow("`task_id` once");
});

import type { FastifyRequest } from "fastify";
import { describe, expect, it } from "vitest";
import { readCreate, readList } from "./request.ts";

const sent = (
  body: unknown,
  { query = {}, headers = {} }: { query?: object; headers?: object } = {},
): FastifyRequest => ({ body, query, headers }) as FastifyRequest;

const GOOD = { model: "some-model", prompt: "x" };

function refusal(read: () => unknown): { code?: string; fields?: readonly string[] } {
  try {
    read();
  } catch (error) {
    const { code, problems } = error as { code: string; problems: { field: string }[] };
    return { code, fields: problems.map((one) => one.field) };
  }
  return {};
}

describe("a create", () => {
  it("leaves the catalogue the model's own parameters and nothing of ours", () => {
    const body = { ...GOOD, callback_url: "https://example.com/hook", dry_run: false, seed: 1 };
    expect(readCreate(sent(body))).toEqual({
      model: "some-model",
      body: { prompt: "x", seed: 1 },
      callbackUrl: "https://example.com/hook",
      idempotency: null,
      dryRun: false,
    });
  });

  it.each([[undefined], [null], ["text"], [[GOOD]], [7]])("%j is no body", (body) => {
    expect(refusal(() => readCreate(sent(body)))).toMatchObject({ code: "malformed_request" });
  });

  it.each([undefined, null, 7, {}])("a model that is %j is named as what is wrong", (model) => {
    const refused = refusal(() => readCreate(sent({ ...GOOD, model })));
    expect(refused).toEqual({ code: "invalid_parameters", fields: ["model"] });
  });
});

describe("callback_url", () => {
  it.each([
    [undefined, null],
    [null, null],
    ["https://example.com/a?b=c", "https://example.com/a?b=c"],
    [`https://example.com/${"a".repeat(2028)}`, `https://example.com/${"a".repeat(2028)}`],
  ])("%j is passed on as %j", (callback_url, url) => {
    expect(readCreate(sent({ ...GOOD, callback_url })).callbackUrl).toBe(url);
  });

  it.each([[""], ["example.com/hook"], [7], [true], [["https://example.com"]], [{ url: "https://e.com" }]])(
    "%j is refused by its name",
    (callback_url) => {
      const refused = refusal(() => readCreate(sent({ ...GOOD, callback_url })));
      expect(refused).toEqual({ code: "invalid_parameters", fields: ["callback_url"] });
    },
  );

  it("of 2049 characters is refused, and an error does not repeat it: it may hold a secret", () => {
    const callback_url = `https://example.com/${"a".repeat(2029)}`;
    expect(() => readCreate(sent({ ...GOOD, callback_url }))).toThrow(/2049 characters/);
    expect(() => readCreate(sent({ ...GOOD, callback_url: "hook?token=secret" }))).toThrow(/^(?!.*secret)/);
  });
});

describe("dry_run", () => {
  it.each([
    [true, {}, true],
    ["true", {}, true],
    [false, {}, false],
    [null, {}, false],
    [undefined, { dry_run: "true" }, true],
    [undefined, { dry_run: "1" }, true],
    [undefined, { dry_run: "false" }, false],
    [false, { dry_run: "true" }, true],
  ])("%j in the body and %j in the query is %j", (dry_run, query, dryRun) => {
    expect(readCreate(sent({ ...GOOD, dry_run }, { query })).dryRun).toBe(dryRun);
  });

  it.each([
    ["yes", {}],
    [1, {}],
    [undefined, { dry_run: "yes" }],
    [undefined, { dry_run: "" }],
    [undefined, { dry_run: ["true", "true"] }],
  ])("%j with %j is refused: taken for false, it would cost money", (dry_run, query) => {
    const refused = refusal(() => readCreate(sent({ ...GOOD, dry_run }, { query })));
    expect(refused).toEqual({ code: "invalid_parameters", fields: ["dry_run"] });
  });
});

describe("the idempotency of a create", () => {
  const print = (body: object): string | undefined =>
    readCreate(sent(body, { headers: { "idempotency-key": "k" } })).idempotency?.fingerprint;

  it("is of all that is asked, the model and the callback included", () => {
    const bodies = [
      GOOD,
      { ...GOOD, model: "another" },
      { ...GOOD, prompt: "y" },
      { ...GOOD, callback_url: "https://example.com" },
    ];
    expect(new Set(bodies.map(print)).size).toBe(4);
    expect(print({ prompt: "x", model: "some-model" })).toBe(print(GOOD));
  });

  it("takes a dry run for no other request", () => {
    expect(print({ ...GOOD, dry_run: false })).toBe(print(GOOD));
  });
});

describe("a list", () => {
  const list = (query: object): unknown => readList(sent(undefined, { query }));

  it.each([
    [{}, { limit: 20 }],
    [{ limit: "1" }, { limit: 1 }],
    [{ limit: "100" }, { limit: 100 }],
    [{ status: "pending" }, { limit: 20, states: ["pending"] }],
    [{ status: "failed" }, { limit: 20, states: ["failed", "cancelled"] }],
    [
      { model: "m", after: "task-1", status: "completed" },
      { limit: 20, states: ["completed"], model: "m", after: "task-1" },
    ],
  ])("%j asks for %j", (query, filter) => {
    expect(list(query)).toEqual(filter);
  });

  it.each([
    [{ limit: "0" }, "limit"],
    [{ limit: "101" }, "limit"],
    [{ limit: "ten" }, "limit"],
    [{ limit: "1.5" }, "limit"],
    [{ limit: "" }, "limit"],
    [{ status: "cancelled" }, "status"],
    [{ status: "constructor" }, "status"],
    [{ status: ["pending", "failed"] }, "status"],
    [{ stauts: "failed" }, "stauts"],
    [{ after: "" }, "after"],
  ])("%j is refused by the name of %s", (query, field) => {
    expect(refusal(() => list(query))).toEqual({ code: "invalid_parameters", fields: [field] });
  });
});

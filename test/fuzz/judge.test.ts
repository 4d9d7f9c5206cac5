/** Each thing that a run is to find is found. */
import { describe, expect, it } from "vitest";
import type { Contract, Operation } from "./contract.ts";
import { judge } from "./judge.ts";
import type { Sent } from "./request.ts";
import type { Got } from "./send.ts";

const operation: Operation = {
  id: "a.read",
  tag: "a",
  method: "GET",
  path: "/a",
  open: false,
  parameters: [],
  body: undefined,
  answers: {
    200: { headers: { ETag: {} }, content: { "application/json": { schema: { type: "object" } } } },
    204: {},
    404: { content: { "application/json": { schema: {} } } },
  },
};
const contract: Pick<Contract, "fault"> = {
  fault: (_schema, value) => (JSON.stringify(value) === '{"a":1}' ? undefined : "it is something else"),
};
const sent: Sent = {
  kind: "good",
  operation,
  method: "GET",
  path: "/a",
  who: "ours",
  headers: {},
  expected: "good",
};
const got: Got = {
  status: 200,
  headers: { "x-request-id": "req_1", "content-type": "application/json; charset=utf-8" },
  text: '{"a":1}',
  ms: 1,
};
const faults = (asked: Partial<Sent>, answered: Partial<Got>): string =>
  judge(contract as Contract, { ...sent, ...asked }, { ...got, ...answered }).join("; ");

describe("an answer", () => {
  it("that is as it should be has no fault", () => {
    expect(faults({}, {})).toBe("");
    expect(faults({ method: "HEAD" }, { text: "" })).toBe("");
    expect(faults({ operation: undefined, expected: "unknown" }, { status: 404, text: "x" })).toBe("");
  });

  it.each<[string, Partial<Sent>, Partial<Got>]>([
    ["does not say that it answers 409", { expected: "any" }, { status: 409 }],
    ["it answered 500", { operation: undefined, expected: "any" }, { status: 500 }],
    ["it answered 503", { expected: "any" }, { status: 503 }],
    ["was to be good", {}, { status: 404 }],
    ["was to be refused", { expected: "refused" }, {}],
    ["was to be locked", { expected: "locked" }, { status: 404 }],
    ["was to be absent", { expected: "absent" }, {}],
    ["was to be unknown", { operation: undefined, expected: "unknown" }, {}],
    ["has no X-Request-Id", {}, { headers: { "content-type": "application/json" } }],
    ["when to come again", { operation: undefined, expected: "any" }, { status: 429 }],
    ["something of the inside", {}, { text: '{"a":"at file:///x.ts:1"}' }],
    ["answers with retry-after", {}, { headers: { ...got.headers, "retry-after": "1" } }],
    ["it is text/html", {}, { headers: { ...got.headers, "content-type": "text/html" } }],
    ["its body is not as described", {}, { text: "{}" }],
    ["its body is not as described", {}, { text: '{"a":1' }],
    ["a body of 1 characters", { expected: "any" }, { status: 204, text: "x" }],
    ["HEAD has a body", { method: "HEAD" }, {}],
  ])("is told that %s", (fault, asked, answered) => {
    expect(faults(asked, answered)).toContain(fault);
  });
});

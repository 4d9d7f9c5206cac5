/** Everything that must be so of an answer, whatever was asked. */
import type { Answer, Contract, Schema } from "./contract.ts";
import type { Expected, Sent } from "./request.ts";
import type { Got } from "./send.ts";

/** What is wrong with it; empty where nothing is. */
export function judge(contract: Contract, sent: Sent, got: Got): readonly string[] {
  const { operation, expected } = sent;
  const faults = [...always(sent, got), ...asExpected(expected, got)];
  if (!operation) return faults;
  const answer = operation.answers[got.status];
  if (!answer) return [...faults, `${operation.id} does not say that it answers ${got.status}`];
  return [...faults, ...headersOf(answer, got), ...bodyOf(contract, sent, answer, got)];
}

function always({ operation }: Sent, { status, headers, text }: Got): readonly string[] {
  const faults: string[] = [];
  // What a server that drains or is full says is in the document; nothing else may fail on our side.
  if (status >= 500 && !(status === 503 && operation?.answers[503])) faults.push(`it answered ${status}`);
  if (!/^[\w.-]{1,64}$/.test(headers["x-request-id"] ?? "")) faults.push("it has no X-Request-Id");
  if ((status === 429 || status === 503) && !headers["retry-after"])
    faults.push("it does not say when to come again");
  if (INSIDE.some((word) => text.includes(word))) faults.push("it shows something of the inside");
  return faults;
}

/** Of stacks, of the database and of paths: nothing that a client is to see. */
const INSIDE = ["node:internal", "node_modules", ".ts:", "SQLITE_", "ENOENT", "Error: "];

/** A document knows what a model takes, and not who is there to make it. */
const NOBODY = "No provider that is open on this server";

function asExpected(expected: Expected, { status, text }: Got): readonly string[] {
  if (expected === "good" && status < 500 && text.includes(NOBODY)) return [];
  const is = {
    good: status >= 200 && status < 400,
    refused: status >= 400 && status < 500,
    locked: status === 401,
    absent: status === 404,
    unknown: [400, 404, 405, 501].includes(status),
    any: true,
  }[expected];
  return is ? [] : [`it answered ${status}, but was to be ${expected}`];
}

function headersOf({ headers = {} }: Answer, got: Got): readonly string[] {
  // Some are there in some cases only; what is not described must not be there at all.
  const ours = [
    "retry-after",
    "ratelimit",
    "ratelimit-policy",
    "idempotent-replayed",
    "preference-applied",
    "etag",
  ];
  const described = Object.keys(headers).map((name) => name.toLowerCase());
  return ours
    .filter((name) => got.headers[name] !== undefined && !described.includes(name))
    .map((name) => `it does not say that it answers with ${name}`);
}

function bodyOf(contract: Contract, { method }: Sent, { content }: Answer, got: Got): readonly string[] {
  if (method === "HEAD") return got.text === "" ? [] : ["an answer to HEAD has a body"];
  if (!content)
    return got.text === "" ? [] : [`it has a body of ${got.text.length} characters that is not described`];
  const type = (got.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";
  const described = content[type] ?? content["*/*"];
  if (!described) return [`it is ${type}, but described as ${Object.keys(content).join(", ")}`];
  if (type === "text/event-stream") return eventsOf(contract, described.schema, got.text);
  if (content["*/*"]) return [];
  const value = type === "application/json" ? parse(got.text) : got.text;
  const fault = contract.fault(described.schema, value);
  return fault === undefined ? [] : [`its body is not as described: ${fault}`];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The first event of a stream has a name that is described, and data of its schema. */
function eventsOf(contract: Contract, schema: Schema, text: string): readonly string[] {
  const known = (schema["x-events"] ?? {}) as Readonly<Record<string, Schema>>;
  const [first = ""] = text.split("\n\n");
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(first)?.[1] ?? "";
  const described = known[field("event")];
  // Nothing came: a client that has seen the present state waits for the next one.
  if (first === "") return [];
  if (!described) return [`an event is called "${field("event")}", which is not described`];
  const fault = contract.fault(described, parse(field("data")));
  return fault === undefined ? [] : [`an event's data is not as described: ${fault}`];
}

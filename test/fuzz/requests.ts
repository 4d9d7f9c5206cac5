/** Requests of every kind, for every operation that the document has. */
import fc from "fast-check";
import { namesMade, POINTS, type Sources, valuesOf } from "./arbitrary.ts";
import type { Contract, Operation, Parameter, Schema } from "./contract.ts";
import { brokenBodies } from "./mutate.ts";
import type { Pools } from "./pools.ts";
import { type Expected, type Sent, toPath } from "./request.ts";

export interface Makers extends Sources {
  readonly contract: Contract;
  readonly pools: Pools;
}

type Making = fc.Arbitrary<Sent>;
const JSON_TYPE = "application/json";
const ASCII = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join("");
/** What a header may carry, but nothing that makes a server wait for long. */
export const headerText: fc.Arbitrary<string> = fc
  .string({ unit: fc.constantFrom(...ASCII), maxLength: 40 })
  .map((text) => text.trim())
  .filter((text) => !/wait/i.test(text));
export const anyText: fc.Arbitrary<string> = fc.oneof(
  POINTS.filter((text) => text !== ""),
  fc.constantFrom(
    "..",
    ".",
    "%",
    "%00",
    "%2e",
    "\0",
    "__proto__",
    "constructor",
    "' or 1=1",
    "x".repeat(3_000),
    "task-unified-1-aaaaaaaa",
  ),
);

/** Operations that take JSON, and what they take. */
export function jsonSchema({ body }: Operation): Schema | undefined {
  const schema = body?.content[JSON_TYPE]?.schema;
  return schema && Object.keys(schema).length > 0 ? schema : undefined;
}

interface Filled {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Parameters that fit; those in the path lead to what is ours, or to `ids`. */
function parameters(operation: Operation, makers: Makers, ids?: fc.Arbitrary<string>): fc.Arbitrary<Filled> {
  const of = (place: Parameter["in"]): readonly Parameter[] =>
    operation.parameters.filter((one) => one.in === place);
  const textOf = (one: Parameter): fc.Arbitrary<string> => {
    const pooled = makers.pools.has(operation, one.name);
    if (one.in !== "header" && pooled)
      return ids ?? fc.nat(1_000).map((at) => makers.pools.pick(operation, one.name, at));
    if (one.in === "header") return HEADERS[one.name.toLowerCase()] ?? headerText;
    return valuesOf(one.schema, makers).map(String);
  };
  const record = (list: readonly Parameter[]): fc.Arbitrary<Record<string, string>> =>
    fc.record(Object.fromEntries(list.map((one) => [one.name, textOf(one)])), {
      requiredKeys: list.filter((one) => one.required).map((one) => one.name),
      noNullPrototype: true,
    });
  return fc
    .tuple(record(of("path")), record(of("query")), record(of("header")))
    .map(([path, query, headers]) => ({
      path: toPath(operation.path, path, query),
      headers,
    }));
}

/** Headers with a meaning of their own. */
const HEADERS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  prefer: fc.constantFrom("wait=0", "respond-async", "wait=x", "handling=lenient; foo, bar"),
  // Without bias and long: a second request under the first one's name is refused.
  "idempotency-key": fc.noBias(fc.stringMatching(/^[0-9a-f]{24}$/)),
  "last-event-id": fc.constantFrom("0", "1", "2", "4", "x", "99999999999999999999"),
  range: fc.oneof(
    fc.constantFrom(
      "bytes=0-0",
      "bytes=-1",
      "bytes=5-2",
      "bytes=99999999999-",
      "bytes=0-1,3-4",
      "bytes=",
      "bytes=-",
      "chars=0-1",
      "bytes=0-99999999999999999999",
    ),
    headerText,
  ),
};

/** As a client that has read the document would ask. */
export function good(operation: Operation, makers: Makers, expected: Expected): Making {
  const schema = jsonSchema(operation);
  const body = schema
    ? fc.tuple(valuesOf(schema, makers), fc.nat(9)).map(([value, at]) => dry(operation, value, at))
    : fc.constant(undefined);
  return fc.tuple(parameters(operation, makers), body).map(([filled, value]) => ({
    ...of(operation, "good", schema && mayFail(schema, value, makers) ? "any" : expected),
    ...filled,
    ...(value === undefined ? {} : withJson(filled, value)),
  }));
}

/** What depends on more than the request: things made before, and room for an upload that may remove no other. */
function mayFail(schema: Schema, value: unknown, { contract }: Makers): boolean {
  return namesMade(schema, value, contract) || (value as { auto_cleanup?: unknown }).auto_cleanup === false;
}

export function takesDryRun({ parameters: all }: Operation): boolean {
  return all.some(({ name }) => name === "dry_run");
}

/** Nine of ten are only asked about: each real one is work for minutes. */
function dry(operation: Operation, value: unknown, at: number): unknown {
  return takesDryRun(operation) && at > 0 && typeof value === "object" ? { ...value, dry_run: true } : value;
}

function of(operation: Operation, kind: string, expected: Expected): Omit<Sent, "path" | "headers"> {
  return {
    kind,
    operation,
    method: operation.method,
    who: expected === "good" || expected === "any" ? "ours" : "refused",
    expected,
  };
}

function withJson({ headers }: Filled, value: unknown): Pick<Sent, "headers" | "body"> {
  return { headers: { ...headers, "content-type": JSON_TYPE }, body: JSON.stringify(value) };
}

export function brokenBody(operation: Operation, schema: Schema, makers: Makers): Making {
  return fc.tuple(parameters(operation, makers), brokenBodies(schema, makers)).map(([filled, value]) => ({
    ...of(operation, "broken body", "refused"),
    ...filled,
    ...withJson(filled, value),
  }));
}

/** Types that a body of ours must not slip through, whatever they are taken for. */
const TYPES = [
  ...[
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "a/b",
    "x",
  ],
  ...[
    "application/json; charset=utf-8",
    "APPLICATION/JSON",
    "application/json;",
    "application/json ; charset=utf-16",
    "application/jsonx",
  ],
  ...[
    "application/json\tx",
    "application/json\t",
    "text/json",
    "application/merge-patch+json",
    "application/json, text/plain",
    ";",
    "",
  ],
];

/** Deeper than any stack; as text, because ours has an end, too. */
const DEEP = ["[]", '{"a":}'].map((pair) => {
  const [open = "", close = ""] = [pair.slice(0, -1), pair.slice(-1)];
  return `{"model":"x","prompt":${open.repeat(50_000)}1${close.repeat(50_000)}}`;
});

/** Bytes that are no JSON, and JSON that is not taken, under any type. */
export function brokenBytes(operation: Operation, schema: Schema | undefined, makers: Makers): Making {
  const text = schema
    ? brokenBodies(schema, makers).map((value) => JSON.stringify(value))
    : fc.constant('{"a":1');
  const bytes: fc.Arbitrary<string | Buffer> = fc.oneof(
    text,
    text.map((one) => `${one}]`),
    text.map((one) => `\ufeff${one}x`),
    fc.tuple(text, fc.nat(40)).map(([one, at]) => (schema ? `{"model":${one.slice(0, at)}` : one)),
    fc.constantFrom("{", "}", "nul", "NaN", "{'a':1}", '{"a":1,}', "\0", '{"a":"\u0001"}', '{"a":1}{"b":2}'),
    fc.constantFrom(...DEEP),
    fc.uint8Array({ minLength: 1, maxLength: 300 }).map((some) => Buffer.from([0xff, ...some])),
  );
  return fc
    .tuple(parameters(operation, makers), bytes, fc.constantFrom(...TYPES, JSON_TYPE))
    .map(([filled, body, type]) => ({
      ...of(operation, "broken bytes", schema || !operation.open ? "refused" : "any"),
      ...filled,
      headers: { ...filled.headers, ...(type === "" ? {} : { "content-type": type }) },
      body,
    }));
}

/** Query and header values that mean nothing. */
export function garbage(operation: Operation, makers: Makers): Making {
  const query = fc.dictionary(
    fc.oneof(
      fc.constantFrom(...operation.parameters.map(({ name }) => name), "x", "__proto__", "a[b]"),
      anyText,
    ),
    anyText,
    { maxKeys: 3, noNullPrototype: true },
  );
  const names = [
    "range",
    "if-none-match",
    "if-range",
    "idempotency-key",
    "last-event-id",
    "prefer",
    "x-request-id",
    "accept",
    "accept-encoding",
    "origin",
    "cookie",
    "x-forwarded-for",
    "x-http-method-override",
  ];
  const headers = fc.dictionary(fc.constantFrom(...names), headerText, { maxKeys: 4, noNullPrototype: true });
  const schema = jsonSchema(operation);
  return fc.tuple(parameters(operation, makers), query, headers).map(([filled, more, heads]) => ({
    ...of(operation, "garbage", "any"),
    who: schema ? ("refused" as const) : ("ours" as const),
    path: `${filled.path.split("?")[0]}?${new URLSearchParams(Object.entries(more).map(([name, value]) => [name.toWellFormed(), value.toWellFormed()] as [string, string]))}`,
    headers: { ...filled.headers, ...heads },
  }));
}

/** Ids that are nobody's or another key's, asked for by a stranger; and another dialect's, asked for by their owner. */
export function absent(operation: Operation, makers: Makers): Making {
  const some = (list: () => readonly string[]): fc.Arbitrary<string> =>
    fc.nat(1_000).map((at) => list()[at % list().length] ?? "none-yet");
  const strangers = fc.oneof(anyText, some(makers.pools.all));
  const owners = some(() => makers.pools.otherDialects(operation));
  const making = (ids: fc.Arbitrary<string>, who: Sent["who"]): Making =>
    parameters(operation, makers, ids).map((filled) => ({
      ...of(operation, "foreign id", "absent"),
      ...filled,
      who,
    }));
  return fc.oneof({ weight: 3, arbitrary: making(strangers, "stranger") }, making(owners, "ours"));
}

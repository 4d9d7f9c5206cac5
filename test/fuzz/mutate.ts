/** Bodies that a schema does not take, each one step away from one that it takes. */
import fc from "fast-check";
import { type Sources, valuesOf } from "./arbitrary.ts";
import type { Schema } from "./contract.ts";

type Body = Readonly<Record<string, unknown>>;

const deep = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));

/** Most of them are wrong nearly everywhere. */
const ODD: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    -0,
    2 ** 53,
    "",
    " ",
    "5",
    "null",
    "x".repeat(9_000),
    "\0",
    "a\0b",
  ],
  ...[
    "\ud800",
    "data:image/png;base64,AA",
    "//x",
    "http://",
    "http://[",
    "http://169.254.169.254/",
    "file:///etc/passwd",
  ],
  ...[[], {}, [[]], [null], [""], ["x", "x", "x", "x"], { toString: 1 }, { length: 3 }, deep(40), deep(500)],
];
const NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "",
  " ",
  "model ",
  "Prompt",
  "extra",
  "a.b",
  "x".repeat(300),
];
const WHOLE: readonly unknown[] = [null, true, 0, "", "x", [], [[]], [{}], {}, deep(500)];

export function brokenBodies(schema: Schema, sources: Sources): fc.Arbitrary<unknown> {
  const good = valuesOf(schema, sources) as fc.Arbitrary<Body>;
  const odd = fc.constantFrom(...ODD);
  const one = (body: Body): fc.Arbitrary<string> => fc.constantFrom(...Object.keys(body), "");
  const set = (body: Body, name: string, value: unknown): Body =>
    own([...Object.entries(body), [name, value]]);
  const broken = fc.oneof(
    { weight: 2, arbitrary: good.chain((body) => one(body).map((name) => without(body, name))) },
    {
      weight: 6,
      arbitrary: good.chain((body) =>
        fc.tuple(one(body), odd).map(([name, value]) => set(body, name, value)),
      ),
    },
    {
      weight: 4,
      arbitrary: good.chain((body) =>
        fc.tuple(one(body), nat()).map(([name, at]) => beside(body, name, at, schema, sources)),
      ),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(good, fc.constantFrom(...NAMES), odd)
        .map(([body, name, value]) => set(body, name, value)),
    },
    { weight: 1, arbitrary: fc.constantFrom(...WHOLE) },
  );
  // As it will arrive: -0 is 0, and a `__proto__` is a property.
  return broken
    .map((body) => JSON.parse(JSON.stringify(body)))
    .filter((body) => !sources.contract.fits(schema, body));
}

const nat = (): fc.Arbitrary<number> => fc.nat(5);

/** `__proto__` as a property like any other. */
function own(entries: readonly (readonly [string, unknown])[]): Body {
  const text = entries
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value) ?? "null"}`)
    .join(",");
  return JSON.parse(`{${text}}`);
}

function without(body: Body, name: string): Body {
  const { [name]: _, ...rest } = body;
  return rest;
}

/** Just outside of what the field takes. */
function beside(body: Body, name: string, at: number, schema: Schema, sources: Sources): Body {
  const field = fieldOf(schema, body, name, sources);
  const numbers = [field.minimum, field.maximum].filter((one) => typeof one === "number");
  const outside: unknown[] = [
    ...numbers.flatMap((one) => [one - 1, one + 1, one + 0.5, String(one)]),
    ...(typeof field.maxLength === "number" ? ["y".repeat(field.maxLength + 1)] : []),
    ...(typeof field.maxItems === "number" ? [Array(field.maxItems + 1).fill(sources.urls[0])] : []),
    ...(Array.isArray(field.enum) ? [`${field.enum[0]} `, String(field.enum[0]).toUpperCase()] : []),
    [body[name]],
  ];
  return own([...Object.entries(body), [name, outside[at % outside.length]]]);
}

function fieldOf(schema: Schema, body: Body, name: string, { contract }: Sources): Schema {
  const whole = contract.resolve(schema);
  const choices = (whole.oneOf ?? [whole]) as Schema[];
  const fitting = choices.map(contract.resolve).find((one) => contract.fits(one, body)) ?? {};
  return ((fitting.properties ?? {}) as Record<string, Schema>)[name] ?? {};
}

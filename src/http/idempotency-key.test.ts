import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fingerprint, readIdempotency } from "./idempotency-key.ts";

const keyOf = (header: string): string | undefined => readIdempotency(header, {})?.key;

describe("the header", () => {
  it("not sent is no key", () => {
    expect(readIdempotency(undefined, {})).toBeNull();
  });

  it.each([
    ["8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"],
    ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', "8e03978e-40d5-43dd-bc93-6894a57f9324"],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ['a"b', 'a"b'],
    ["a,b;c=1", "a,b;c=1"],
    ["x".repeat(255), "x".repeat(255)],
    [`"${"x".repeat(255)}"`, "x".repeat(255)],
    [`"${'\\"'.repeat(255)}"`, '"'.repeat(255)],
  ])("%s names %s", (header, key) => {
    expect(keyOf(header)).toBe(key);
  });

  it.each([
    ["", "nothing"],
    ['""', "a quoted nothing"],
    ["a b", "a space"],
    ['"a b"', "a quoted space"],
    ["one, two", "two headers, as they are joined"],
    ['"one", "two"', "two quoted ones"],
    ['"half', "a quote that does not end"],
    ['"a\\b"', "an escape that is none"],
    ["schlüssel", "letters beyond ASCII"],
    ["a\tb", "a tab"],
    ["x".repeat(256), "256 characters"],
    [`"${"x".repeat(256)}"`, "256 quoted characters"],
  ])("%j is refused: %s", (header) => {
    expect(() => keyOf(header)).toThrow(
      expect.objectContaining({
        code: "malformed_request",
        message: expect.stringMatching(/1 to 255 visible ASCII characters/),
      }),
    );
  });

  it("quoted and raw are the same key, whatever it is", () => {
    const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(fc.string({ unit: visible, minLength: 1, maxLength: 255 }), (key) => {
        fc.pre(!key.startsWith('"'));
        expect(keyOf(key)).toBe(key);
        expect(keyOf(`"${key.replace(/["\\]/g, "\\$&")}"`)).toBe(key);
      }),
    );
  });
});

describe("the fingerprint", () => {
  it("does not depend on the order of fields, at any level", () => {
    const a = JSON.parse('{"model":"m","options":{"a":1,"b":[1,{"c":2,"d":3}]}}');
    const b = JSON.parse('{"options":{"b":[1,{"d":3,"c":2}],"a":1},"model":"m"}');
    expect(fingerprint(a)).toBe(fingerprint(b));
    expect(fingerprint(a)).toMatch(/^[0-9a-f]{64}$/);
  });

  it("is another one for anything that is not the same JSON", () => {
    const texts = ['{"a":[1,2]}', '{"a":[2,1]}', '{"a":"1"}', '{"a":1}', '{"a":null}', "{}", '{"a":[12]}'];
    const more = ['{"a":{"b":1}}', '{"a":{"b":"1"}}', '{"__proto__":1}', '{"a,b":1}', '{"a":[[1],2]}'];
    const prints = [...texts, ...more].map((text) => fingerprint(JSON.parse(text)));
    expect(new Set(prints).size).toBe(prints.length);
  });

  it("agrees with a comparison of the values, for any two JSON bodies", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const [one, two] = [a, b].map((value) => JSON.parse(JSON.stringify(value)));
        expect(fingerprint(one) === fingerprint(two)).toBe(isDeepStrictEqual(one, two));
        expect(fingerprint(turned(one))).toBe(fingerprint(one));
      }),
      { numRuns: 500 },
    );
  });

  it("of a body nested a hundred thousand deep is a refusal, not the end of the stack", () => {
    const deep = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
    expect(() => fingerprint(deep)).toThrow(expect.objectContaining({ code: "malformed_request" }));
  });
});

/** The same value with the fields of every object the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, one]) => [name, turned(one)] as const);
  return Object.fromEntries(fields.reverse());
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fieldProblems } from "../../../catalog/field-problems.ts";
import type { Json } from "../../../core/json.ts";
import { type Field, flag, integer, oneOf, picture, pictures, text } from "../../../core/model.ts";
import { fieldsOf } from "./body.ts";
import { formValue } from "./form-values.ts";

const about = "";
const limits = { types: ["png"], maxBytes: 1 } as const;
const FIELDS = {
  integer: integer(-5, 2_147_483_647, { about, nullable: true }),
  flag: flag({ about, nullable: true }),
  numbers: oneOf([4, 6, 8], { about, nullable: true }),
  words: oneOf(["720p", "4k"], { about }),
  text: text({ about, max: 50, nullable: true }),
  picture: picture({ about, limits, nullable: true }),
  pictures: pictures({ about, limits, max: 3, nullable: true }),
} satisfies Record<string, Field>;

const VALID: Readonly<Record<keyof typeof FIELDS, fc.Arbitrary<Json>>> = {
  integer: fc.integer({ min: -5, max: 2_147_483_647 }),
  flag: fc.boolean(),
  numbers: fc.constantFrom(4, 6, 8),
  words: fc.constantFrom("720p", "4k"),
  text: fc.string({ maxLength: 20 }),
  picture: fc.constant("https://a.example/x.png"),
  pictures: fc.array(fc.constantFrom("https://a.example/x.png", "https://a.example/[y]"), {
    minLength: 2,
    maxLength: 3,
  }),
};
const NAMES = Object.keys(FIELDS) as (keyof typeof FIELDS)[];

describe.each(NAMES)("a form's %s", (name) => {
  const field: Field = FIELDS[name];

  it("is the value whose text it is", () => {
    fc.assert(
      fc.property(VALID[name], (value) => {
        const given = Array.isArray(value) ? value : String(value);
        expect(formValue(field, given)).toEqual(value);
        expect(fieldProblems(name, field, formValue(field, given))).toEqual([]);
      }),
    );
  });

  it("is otherwise left as it came, so that the catalogue refuses it: nothing is rounded or guessed", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[-+ ]?\d{0,3}(\.\d*)?(e\d)?[ kp]?$/)),
        (given) => {
          const value = formValue(field, given);
          if (typeof value === "number") expect(String(value)).toBe(given);
          else if (typeof value === "boolean") expect(String(value)).toBe(given);
          else if (value === null) expect(given).toBe("null");
          else if (!Array.isArray(value)) expect(value).toBe(given);
        },
      ),
    );
  });
});

it.each([
  ["05", "05"],
  ["+5", "+5"],
  ["5.0", "5.0"],
  ["-0", "-0"],
  ["9007199254740993", "9007199254740993"],
  ["9007199254740991", 9_007_199_254_740_991],
  ["12345678901234567890", "12345678901234567890"],
])("the integer %s of a form is %j", (given, value) => {
  expect(formValue(FIELDS.integer, given)).toBe(value);
});

it("null is a text to a text, and null to what may be null", () => {
  expect(NAMES.map((name) => formValue(FIELDS[name], "null"))).toEqual([
    ...[null, null, null, "null", "null", null, null],
  ]);
});

it.each([
  ["https://a.example/x", ["https://a.example/x"]],
  ['["https://a.example/x","b"]', ["https://a.example/x", "b"]],
  ["[broken", "[broken"],
])("the list %s of a form is %j", (given, value) => {
  expect(formValue(FIELDS.pictures, given)).toEqual(value);
});

describe("a form's names", () => {
  const name = fc.stringMatching(/^[a-z_]{1,12}$/);
  const flat = fc.oneof(
    fc.string(),
    fc.array(fc.string(), { minLength: 1, maxLength: 3 }),
    fc.dictionary(name, fc.string(), { minKeys: 1, maxKeys: 3 }),
  );

  it("are what the client made them of: texts, lists, and fields of a field", () => {
    fc.assert(
      fc.property(fc.dictionary(name, flat), (body) => {
        const pairs = Object.entries(body).flatMap(([field, value]): [string, string][] => {
          if (typeof value === "string") return [[field, value]];
          if (Array.isArray(value)) return value.map((one) => [`${field}[]`, one]);
          return Object.entries(value).map(([inner, one]) => [`${field}[${inner}]`, one]);
        });
        expect(fieldsOf(pairs)).toEqual({ ...body });
      }),
    );
  });

  it("that come twice are a list, and reach into no prototype", () => {
    expect(
      fieldsOf([
        ["a", "1"],
        ["a", "2"],
        ["a", "3"],
      ]),
    ).toEqual({ a: ["1", "2", "3"] });
    const hostile = fieldsOf([
      ["__proto__", "x"],
      ["a[__proto__]", "y"],
      ["constructor[prototype]", "z"],
    ]);
    expect(Object.keys(hostile)).toEqual(["__proto__", "a", "constructor"]);
    expect(({} as Record<string, unknown>).x).toBe(undefined);
  });
});

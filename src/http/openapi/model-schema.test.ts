/** What a schema takes and what `validate` takes must be the same, or the documents would lie. */
import Ajv from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, it } from "vitest";
import { loadCatalog } from "../../catalog/catalog.ts";
import { type Takes, validate } from "../../catalog/validate.ts";
import { ReelayError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import {
  type CatalogModel,
  type Field,
  integer,
  oneOf,
  pictures,
  text,
  unsupported,
} from "../../core/model.ts";
import { takesSchema } from "./model-schema.ts";

const models = [...(await loadCatalog()).models.values()];
/** Formats are remarks in 2020-12; ours says it again as a pattern. */
const ajv = new Ajv.default({ strict: false, validateFormats: false, validateSchema: false });
const RUNS = { numRuns: 2_000, seed: 20_261_121 };
const URLS = [
  "http://127.0.0.1/a.png",
  "HTTPS://media.example/b?c=d",
  `https://media.example/${"a".repeat(2018)}`,
];
const NO_URLS = [
  "",
  "a.png",
  "http://",
  "ftp://a.example/b",
  "data:image/png;base64,AA",
  "http://a b",
  `${URLS[2]}bb`,
];

/** Mostly what the field takes, sometimes just beside it, sometimes something else. */
function valuesFor(field: Field): fc.Arbitrary<unknown> {
  const url = fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...URLS) }, fc.constantFrom(...NO_URLS));
  const near = {
    text: () =>
      fc.constantFrom("", "waves", "a\0b", "𝄞".repeat("max" in field ? field.max : 1), "x".repeat(9_000)),
    choice: () => fc.constantFrom(...("values" in field ? field.values : []), "other"),
    integer: () =>
      "min" in field && field.kind === "integer"
        ? fc.integer({ min: field.min - 1, max: field.max + 1 })
        : fc.nat(),
    number: () => fc.double({ min: -0.5, max: 1.5, noNaN: true }),
    flag: () => fc.boolean(),
    pictures: () => fc.array(url, { maxLength: 3 }),
    unsupported: () => fc.constant(null),
    picture: () => url,
    clip: () => url,
    sound: () => url,
  }[field.kind]();
  const odd = fc.constantFrom<unknown>(null, true, 5, 5.5, "5", [], {}, [null], undefined);
  return fc.oneof({ weight: 20, arbitrary: near }, odd);
}

function bodyOf({ input }: Pick<CatalogModel, "input">): fc.Arbitrary<JsonObject> {
  const fields = Object.fromEntries(Object.entries(input).map(([name, field]) => [name, valuesFor(field)]));
  const known = fc.record(fields, { requiredKeys: [] });
  const strange = fc.constantFrom<object>({}, {}, {}, {}, {}, { other: 1 }, JSON.parse('{"__proto__": 1}'));
  return fc.tuple(known, strange).map(([body, more]) => JSON.parse(JSON.stringify({ ...body, ...more })));
}

function isTaken(model: Takes, body: JsonObject): boolean {
  try {
    validate(model, body);
    return true;
  } catch (error) {
    if (error instanceof ReelayError) return false;
    throw error;
  }
}

/** Counts both ways: a run in which nothing is taken shows nothing. */
function agree(model: Takes): readonly [taken: number, refused: number] {
  const fits = ajv.compile(takesSchema(model));
  const count: [number, number] = [0, 0];
  fc.assert(
    fc.property(bodyOf(model), (body) => {
      const taken = isTaken(model, body);
      count[taken ? 0 : 1]++;
      expect(fits(body), JSON.stringify(body)).toBe(taken);
    }),
    RUNS,
  );
  return count;
}

it.each(models.map((model) => [model.id, model] as const))("%s", (_id, model) => {
  const [taken, refused] = agree(model);
  // A model with many rules takes few bodies.
  expect(taken).toBeGreaterThan(5);
  expect(refused).toBeGreaterThan(20);
});

/** As dialects with names of their own present them. */
const pages = models.flatMap((model) =>
  Object.entries(model.pages ?? {}).map(([dialect, page]) => [`${dialect} ${page.path}`, page] as const),
);
it.each(pages)("%s", (_id, page) => {
  const [taken, refused] = agree({ ...page, id: page.path });
  expect(taken).toBeGreaterThan(5);
  expect(refused).toBeGreaterThan(20);
});

const base = models[0] as CatalogModel;
const made = (rules: CatalogModel["rules"]): CatalogModel => ({
  ...base,
  input: {
    word: oneOf(["a", "b", "c"], { about: "With a default.", default: "a" }),
    maybe: oneOf(["a", 2], { about: "May be null.", nullable: true }),
    filled: integer(1, 9, { about: "May be null, and is 5 then.", nullable: true, default: 5 }),
    list: pictures({
      about: "May be empty.",
      max: 2,
      nullable: true,
      limits: { types: ["png"], maxBytes: 1 },
    }),
    words: text({ about: "Words.", max: 20 }),
    said: text({
      about: "Words with a default that is too long for some.",
      max: 20,
      default: "longer",
      nullable: true,
    }),
    gone: unsupported("only another has it"),
  },
  rules,
});

/** Every kind of test, on either side of a rule, on fields with and without a default. */
const CONDITIONS: readonly CatalogModel["rules"][number]["when"][] = [
  {},
  { word: { is: ["a"] } },
  { word: { is: ["b", "c"] } },
  { maybe: { is: ["a", null] } },
  { maybe: { is: [2] } },
  { maybe: { given: true } },
  { maybe: { given: false }, word: { is: ["b"] } },
  { filled: { is: [5] } },
  { filled: { given: true } },
  { filled: { given: false } },
  { list: { given: true } },
  { list: { given: false } },
  { list: { count: 2 } },
  { list: { count: 0 } },
  { gone: { given: false } },
  { words: { given: false } },
  { said: { given: true } },
];

it("any rule means the same to both", () => {
  let taken = 0;
  for (const when of CONDITIONS) {
    for (const must of CONDITIONS.filter((one) => Object.keys(one).length > 0)) {
      const model = made([{ when, must, say: "It must be so." }]);
      const fits = ajv.compile(takesSchema(model));
      for (const body of fc.sample(bodyOf(model), { numRuns: 60, seed: RUNS.seed })) {
        const right = isTaken(model, body);
        if (right) taken++;
        expect(fits(body), `${JSON.stringify({ when, must })} ${JSON.stringify(body)}`).toBe(right);
      }
    }
  }
  expect(taken).toBeGreaterThan(500);
});

/** Values that a JSON Schema takes: as much of 2020-12 as our documents use, the rest by trying until one fits. */
import fc from "fast-check";
import type { Contract, Schema } from "./contract.ts";

export interface Sources {
  readonly contract: Pick<Contract, "resolve" | "fits">;
  /** URLs that this server takes as input. */
  readonly urls: readonly string[];
  /** A picture, for what takes bytes in base64. */
  readonly file: Buffer;
}

/** A schema that takes next to nothing is a mistake of the document; to look for ever would hide it. */
const MOST_TRIES = 20_000;

export function valuesOf(schema: Schema, sources: Sources): fc.Arbitrary<unknown> {
  const whole = sources.contract.resolve(schema);
  const made = candidates(whole, sources);
  if (!needsTrying(whole)) return made;
  let missed = 0;
  return made.filter((value) => {
    const fits = sources.contract.fits(schema, value);
    missed = fits ? 0 : missed + 1;
    if (missed > MOST_TRIES)
      throw new Error(`found nothing that fits ${JSON.stringify(schema).slice(0, 300)}`);
    return fits;
  });
}

function needsTrying(schema: Schema): boolean {
  return ["allOf", "not", "if", "oneOf"].some((keyword) => keyword in schema) && !("discriminator" in schema);
}

function candidates(schema: Schema, sources: Sources): fc.Arbitrary<unknown> {
  // Which of the two is meant shows when it is there.
  if (schema.then !== undefined && schema.else !== undefined && schema.type === undefined) {
    return fc.oneof(valuesOf(schema.then as Schema, sources), valuesOf(schema.else as Schema, sources));
  }
  if ("const" in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  for (const keyword of ["oneOf", "anyOf"]) {
    const choices = schema[keyword];
    // Of files we have a picture.
    const made = (Array.isArray(choices) ? choices : []).filter(
      (one: Schema) => one.contentMediaType === undefined || one.contentMediaType === "image/*",
    );
    if (made.length > 0) return fc.oneof(...made.map((one) => valuesOf(one, sources)));
  }
  const types = [schema.type ?? (schema.properties ? "object" : "any")].flat() as string[];
  return fc.oneof(...types.map((type) => ofType(type, schema, sources)));
}

function ofType(type: string, schema: Schema, sources: Sources): fc.Arbitrary<unknown> {
  switch (type) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer({ min: number(schema.minimum, -1_000_000), max: number(schema.maximum, 1_000_000) });
    case "number":
      return fc.double({ min: number(schema.minimum, -1e6), max: number(schema.maximum, 1e6), noNaN: true });
    case "string":
      return strings(schema, sources);
    case "array":
      return fc.array(valuesOf((schema.items ?? {}) as Schema, sources), {
        minLength: number(schema.minItems, 0),
        maxLength: number(schema.maxItems, 5),
      });
    case "object":
      return objects(schema, sources);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function number(value: unknown, fallback: number): number {
  return typeof value === "number" ? value : fallback;
}

function objects(schema: Schema, sources: Sources): fc.Arbitrary<object> {
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const fields = Object.entries(properties).map(([name, one]) => [name, valuesOf(one, sources)] as const);
  return fc.record(Object.fromEntries(fields), {
    requiredKeys: ((schema.required ?? []) as string[]).filter((name) => name in properties),
    noNullPrototype: true,
  });
}

/** Words of some languages, an emoji of several code points, and what often goes wrong in texts. */
const WORDS = [
  "",
  "waves",
  "a",
  "海の波",
  "👩‍🚀 flies",
  "\n",
  "\u2028",
  "'; --",
  "{{x}}",
  "$(x)",
  "%00",
  "</script>",
  "\u0007",
  "ﷺ",
];

const SHORT = 40;
/** Once: to make one of these takes longer than to use it a hundred times. */
const GRAPHEMES = fc.string({ unit: "grapheme", maxLength: SHORT });
export const POINTS = fc.string({ unit: "binary", maxLength: SHORT });

function strings(schema: Schema, { urls, file }: Sources): fc.Arbitrary<string> {
  if (schema.format === "uri") return fc.constantFrom(...urls);
  if (schema.contentEncoding === "base64")
    return fc.constant(`data:image/png;base64,${file.toString("base64")}`);
  const min = number(schema.minLength, 0);
  const max = number(schema.maxLength, 60);
  const fits = new RegExp(typeof schema.pattern === "string" ? schema.pattern : "", "u");
  const lengths = (text: string): boolean => {
    const length = Array.from(text).length;
    return length >= min && length <= max && fits.test(text);
  };
  const some = fc.oneof(
    fc.constantFrom(...WORDS),
    GRAPHEMES,
    POINTS,
    fc.constantFrom("x".repeat(max), "𝄞".repeat(max)),
  );
  // What hardly any text fits is made from the pattern itself.
  const usual = typeof schema.pattern !== "string" || WORDS.some(lengths);
  return usual ? some.filter(lengths) : fc.stringMatching(fits).filter(lengths);
}

/** Whether it names something that must have been made before, or that the server alone knows: `x-made` in the schema of a property of that name. */
export function namesMade(schema: Schema, value: unknown, contract: Sources["contract"]): boolean {
  const whole = contract.resolve(schema);
  const choices = ["oneOf", "anyOf"].flatMap((keyword) => (whole[keyword] ?? []) as Schema[]);
  if (choices.length > 0) {
    return choices.some((one) => contract.fits(one, value) && namesMade(one, value, contract));
  }
  if (whole["x-made"] === true) return true;
  if (typeof value !== "object" || value === null) return false;
  const properties = Object.entries((whole.properties ?? {}) as Record<string, Schema>);
  return properties.some(
    ([name, one]) => name in value && namesMade(one, (value as Record<string, unknown>)[name], contract),
  );
}

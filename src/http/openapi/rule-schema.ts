/** A rule between a model's parameters as `if` and `then`, over the body as it is sent: what is left out has its default. */
import type { Json } from "../../core/json.ts";
import type { Condition, Field, Rule, Test } from "../../core/model.ts";
import type { JsonSchema } from "./description.ts";

type Fields = Readonly<Record<string, Field>>;

/**
 * How a test shows in the body where a dialect has another name for the field: `asField` is the schema of the body for
 * the field's own name.
 */
export type Renamed = (name: string, test: Test, asField: JsonSchema) => JsonSchema;

/** Under its own name only. */
const AS_IT_IS: Renamed = (_name, _test, asField) => asField;

export function ruleSchema(rule: Rule, fields: Fields, renamed: Renamed = AS_IT_IS): JsonSchema {
  const must = conditionSchema(rule.must, fields, renamed);
  if (Object.keys(rule.when).length === 0) return { description: rule.say, ...must };
  return { description: rule.say, ...onlyWhere(conditionSchema(rule.when, fields, renamed), must) };
}

export function onlyWhere(condition: JsonSchema, must: JsonSchema, otherwise?: JsonSchema): JsonSchema {
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nobody awaits it
  return { if: condition, then: must, ...(otherwise === undefined ? {} : { else: otherwise }) };
}

/** Whether it has to be there, and as what where it is. */
interface Part {
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** Of a body in which every field of `fields` that is left out has its default. */
export function conditionSchema(
  condition: Condition,
  fields: Fields,
  renamed: Renamed = AS_IT_IS,
): JsonSchema {
  const parts = Object.entries(condition).map(([name, test]) => {
    const { required, schema } = testSchema(test, fields[name]);
    const asField = { ...(required ? { required: [name] } : {}), properties: { [name]: schema } };
    return renamed(name, test, asField);
  });
  const [only = {}] = parts;
  return parts.length === 1 ? only : { allOf: parts };
}

function testSchema(test: Test, field: Field | undefined): Part {
  const fallback = field?.default ?? null;
  const isList = field?.kind === "pictures";
  if ("is" in test) {
    const byDefault = test.is.some((value) => value === fallback);
    return { required: !byDefault, schema: { enum: byDefault ? leftOutToo(test.is) : test.is } };
  }
  if ("given" in test) return givenSchema(test.given, { hasDefault: fallback !== null, isList });
  const { count } = test;
  if (count === 0) return givenSchema(false, { hasDefault: fallback !== null, isList });
  return { required: true, schema: { type: "array", minItems: count, maxItems: count } };
}

interface Kind {
  readonly hasDefault: boolean;
  readonly isList: boolean;
}

function givenSchema(given: boolean, { hasDefault, isList }: Kind): Part {
  // It has a default, so something is always given.
  if (hasDefault) return given ? { required: false, schema: {} } : { required: true, schema: { not: {} } };
  if (given)
    return { required: true, schema: isList ? { type: "array", minItems: 1 } : { not: { type: "null" } } };
  return { required: false, schema: isList ? { type: ["array", "null"], maxItems: 0 } : { type: "null" } };
}

/** Where null counts as left out it means the default; where it does not, the field's own schema refuses it. */
function leftOutToo(values: readonly Json[]): readonly Json[] {
  return values.includes(null) ? values : [...values, null];
}

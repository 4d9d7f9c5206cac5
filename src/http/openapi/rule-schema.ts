/** A rule between a model's parameters as `if` and `then`, over the body as it is sent: what is left out has its default. */
import type { Json } from "../../core/json.ts";
import type { Condition, Field, Rule, Test } from "../../core/model.ts";
import type { JsonSchema } from "./description.ts";

type Fields = Readonly<Record<string, Field>>;

export function ruleSchema(rule: Rule, fields: Fields): JsonSchema {
  const must = conditionSchema(rule.must, fields);
  if (Object.keys(rule.when).length === 0) return { description: rule.say, ...must };
  return {
    description: rule.say,
    if: conditionSchema(rule.when, fields),
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nobody awaits it
    then: must,
  };
}

/** What has to be there, and as what; `never` where no body can be so. */
interface Part {
  readonly required: boolean;
  readonly schema: JsonSchema;
}

function conditionSchema(condition: Condition, fields: Fields): JsonSchema {
  const parts = Object.entries(condition).map(
    ([name, test]) => [name, testSchema(test, fields[name])] as const,
  );
  const required = parts.filter(([, part]) => part.required).map(([name]) => name);
  return {
    ...(required.length > 0 ? { required } : {}),
    properties: Object.fromEntries(parts.map(([name, { schema }]) => [name, schema])),
  };
}

function testSchema(test: Test, field: Field | undefined): Part {
  const fallback = field?.default ?? null;
  const isList = field?.kind === "pictures";
  if ("is" in test) {
    const byDefault = test.is.some((value) => value === fallback);
    return { required: !byDefault, schema: { enum: byDefault ? leftOutToo(test.is) : test.is } };
  }
  if ("count" in test && test.count > 0) {
    return { required: true, schema: { type: "array", minItems: test.count, maxItems: test.count } };
  }
  const given = "given" in test && test.given;
  if (given === (fallback !== null)) return given ? ANYTHING : NOTHING_OR(isList);
  return given ? SOMETHING(isList) : NEVER;
}

/** Where null counts as left out it means the default; where it does not, the field's own schema refuses it. */
function leftOutToo(values: readonly Json[]): readonly Json[] {
  return values.includes(null) ? values : [...values, null];
}

const ANYTHING: Part = { required: false, schema: {} };
/** It has a default, so something is always given. */
const NEVER: Part = { required: true, schema: { not: {} } };
const SOMETHING = (list: boolean): Part => ({
  required: true,
  schema: list ? { type: "array", minItems: 1 } : { not: { type: "null" } },
});
/** Left out, null, or an empty list. */
const NOTHING_OR = (list: boolean): Part => ({
  required: false,
  schema: list ? { type: ["array", "null"], maxItems: 0 } : { type: "null" },
});

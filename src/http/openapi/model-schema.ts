/** What a create takes for one model: its parameters and rules, and what the dialect adds to every create. */
import { exampleOf } from "../../catalog/example.ts";
import type { JsonObject } from "../../core/json.ts";
import type { CatalogModel } from "../../core/model.ts";
import type { JsonSchema } from "./description.ts";
import { fieldSchema } from "./field-schema.ts";
import { ruleSchema } from "./rule-schema.ts";

/** Nobody's: examples are to be read. */
const SAMPLES = "https://media.example";

type Takes = Pick<CatalogModel, "input" | "rules">;

/** `extra`: properties that are the dialect's own; `named`: the ones of them that must be there. */
export function takesSchema(
  { input, rules }: Takes,
  extra: Readonly<Record<string, JsonSchema>>,
  named: readonly string[] = [],
): JsonSchema {
  const fields = Object.entries(input);
  const required = fields.filter(([, field]) => field.required).map(([name]) => name);
  return {
    type: "object",
    additionalProperties: false,
    required: [...named, ...required],
    properties: {
      ...extra,
      ...Object.fromEntries(fields.map(([name, field]) => [name, fieldSchema(field)])),
    },
    ...(rules.length > 0 ? { allOf: rules.map((rule) => ruleSchema(rule, input)) } : {}),
  };
}

export function exampleBody(model: Parameters<typeof exampleOf>[0]): JsonObject {
  return exampleOf(model, SAMPLES);
}

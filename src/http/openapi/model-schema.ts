/** What a create takes for one model: its parameters and rules, and what the dialect adds to every create. */
import { exampleOf } from "../../catalog/example.ts";
import type { JsonObject } from "../../core/json.ts";
import type { CatalogModel } from "../../core/model.ts";
import type { JsonSchema } from "./description.ts";
import { fieldSchema } from "./field-schema.ts";
import { type Renamed, ruleSchema } from "./rule-schema.ts";

/** Nobody's: examples are to be read. */
const SAMPLES = "https://media.example";

type Takes = Pick<CatalogModel, "input" | "rules">;

export interface Additions {
  /** Properties that are the dialect's own. */
  readonly own?: Readonly<Record<string, JsonSchema>>;
  /** The ones of them that must be there. */
  readonly required?: readonly string[];
  /** What must hold besides the model's rules. */
  readonly also?: readonly JsonSchema[];
  /** Whether a field that the model needs may come under a name of the dialect's, which `also` then sees to. */
  readonly elsewhere?: (field: string) => boolean;
  readonly renamed?: Renamed;
}

export function takesSchema({ input, rules }: Takes, additions: Additions = {}): JsonSchema {
  const { own = {}, required = [], also = [], elsewhere = () => false, renamed } = additions;
  const fields = Object.entries(input);
  const needed = fields.filter(([name, field]) => field.required && !elsewhere(name)).map(([name]) => name);
  const all = [...also, ...rules.map((rule) => ruleSchema(rule, input, renamed))];
  return {
    type: "object",
    additionalProperties: false,
    required: [...required, ...needed],
    properties: {
      ...own,
      ...Object.fromEntries(fields.map(([name, field]) => [name, fieldSchema(field)])),
    },
    ...(all.length > 0 ? { allOf: all } : {}),
  };
}

export function exampleBody(model: Parameters<typeof exampleOf>[0]): JsonObject {
  return exampleOf(model, SAMPLES);
}

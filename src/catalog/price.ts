import type { Json, JsonObject } from "../core/json.ts";
import type { CatalogModel, Field, Model, PriceLine } from "../core/model.ts";
import { type Micros, toMicros } from "../core/money.ts";
import { allHold } from "./rules.ts";

/**
 * What `seconds` of video cost that `input` (defaults filled in) asked for, whoever makes it: a free provider's
 * work costs nothing all the same, which is the caller's to know. Rounded once, to the nearest micro.
 *
 * Throws only for a model that `checkModel` would refuse.
 */
export function priceOf(model: CatalogModel, input: JsonObject, seconds: number): Micros {
  const line = priceLine(model, input);
  if (line === undefined)
    throw new Error(`No price line of ${model.id} holds: its last one needs a "when" of {}`);
  return toMicros(line.usdPerSecond * seconds);
}

/** One choice of values for the fields that a price depends on, and the line that is its price. */
export interface PriceCase {
  readonly input: JsonObject;
  readonly line: PriceLine | undefined;
}

/** Every choice there is, in the order of the fields' values: what a price table shows. */
export function priceCases(model: Model): readonly PriceCase[] {
  const names = [...new Set(model.price.lines.flatMap((line) => Object.keys(line.when)))];
  let inputs: readonly JsonObject[] = [{}];
  for (const name of names) {
    const values = valuesOf(model.input[name]);
    inputs = inputs.flatMap((input) => values.map((value) => ({ ...input, [name]: value })));
  }
  return inputs.map((input) => ({ input, line: priceLine(model, input) }));
}

/** The values that a field of few values can have once defaults are filled in; none for any other field. */
export function valuesOf(field: Field | undefined): readonly Json[] {
  if (field?.kind !== "choice" && field?.kind !== "flag") return [];
  const values = field.kind === "choice" ? field.values : [false, true];
  return field.required || field.default !== undefined ? values : [...values, null];
}

function priceLine(model: Pick<Model, "price">, input: JsonObject): PriceLine | undefined {
  return model.price.lines.find((line) => allHold(line.when, input));
}

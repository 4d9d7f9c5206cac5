import type { Json, JsonObject } from "../core/json.ts";
import type { Model } from "../core/model.ts";

/** The model's example as a body that can be sent; `media` is where the samples are, such as `https://host/samples`. */
export function exampleOf(model: Pick<Model, "example">, media: string): JsonObject {
  const filled = (value: Json): Json => {
    if (typeof value === "string") return value.replace("{media}", media);
    return Array.isArray(value) ? value.map(filled) : value;
  };
  return Object.fromEntries(Object.entries(model.example).map(([name, value]) => [name, filled(value)]));
}

import { isDeepStrictEqual } from "node:util";
import type { Problem } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import type { CatalogModel, Route } from "../core/model.ts";
import { fieldProblems, received } from "./field-problems.ts";
import { brokenRules } from "./rules.ts";

/**
 * Why a route cannot do what a clean input asks, one problem for each field; empty where it can. What the client left
 * at its default is never a reason.
 */
export function misfits(model: CatalogModel, route: Route, input: JsonObject): readonly Problem[] {
  const lacking = Object.entries(route.unsupported ?? {}).flatMap(([field, reason]) => {
    const value = input[field] ?? null;
    const usual = model.input[field]?.default ?? null;
    if (isDeepStrictEqual(value, usual)) return [];
    const right = usual === null ? "leave it out" : `send ${JSON.stringify(usual)} or leave it out`;
    return [
      { field, message: `${reason} With "${field}": ${right}.`, received: received(value), allowed: usual },
    ];
  });
  return [
    ...lacking,
    ...textsOutside(model, route, input),
    ...brokenRules(route.rules ?? [], input, new Set()),
  ];
}

/** A page may have taken a text that is longer or shorter than the model's own limits; not every provider does. */
function textsOutside(model: CatalogModel, { limits = {} }: Route, input: JsonObject): readonly Problem[] {
  return Object.entries(model.input).flatMap(([name, field]) => {
    const value = input[name] ?? null;
    if (field.kind !== "text" || value === null) return [];
    const { min = field.min ?? 0, max = field.max } = limits[name] ?? {};
    return fieldProblems(name, { ...field, min, max }, value);
  });
}

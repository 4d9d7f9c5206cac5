import { isDeepStrictEqual } from "node:util";
import type { Problem } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import type { CatalogModel, Route } from "../core/model.ts";
import { received } from "./field-problems.ts";
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
  return [...lacking, ...brokenRules(route.rules ?? [], input, new Set())];
}

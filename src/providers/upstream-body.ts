/** Reading the JSON that a provider answers with: nothing in it is certain to be there. */
import type { Json } from "../core/json.ts";

/** ": " and what the upstream says of an error, fit to be shown; empty where it says nothing. */
export type Say = (body: Json) => string;

const MOST_WORDS = 300;

/** Providers quote what they were sent, keys included. */
export function openSayer(apiKey: string | undefined): Say {
  return (body) => {
    const said = textAt(body, "error", "message") ?? "";
    const safe = apiKey === undefined || apiKey === "" ? said : said.replaceAll(apiKey, "[key]");
    const line = safe
      .replaceAll(/\p{Cc}+/gu, " ")
      .trim()
      .slice(0, MOST_WORDS)
      .replace(/\.+$/, "");
    return line === "" ? "" : `: ${line}`;
  };
}

export function valueAt(body: Json, ...path: readonly string[]): unknown {
  let value: unknown = body;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

export function textAt(body: Json, ...path: readonly string[]): string | undefined {
  const value = valueAt(body, ...path);
  return typeof value === "string" ? value : undefined;
}

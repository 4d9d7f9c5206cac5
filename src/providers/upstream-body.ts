/** The JSON that a provider is sent, and answers with: nothing in an answer is certain to be there. */
import type { Json, JsonObject } from "../core/json.ts";

/** Ids may have more digits than a number holds, and one digit off is somebody else's job: those stay text. */
export function parseJson(text: string): Json {
  return JSON.parse(text, (_name, value: unknown, context?: { readonly source?: string }) => {
    const exact = typeof value !== "number" || !Number.isInteger(value) || Number.isSafeInteger(value);
    return exact ? value : (context?.source ?? value);
  }) as Json;
}

/** null where the bytes are no JSON. */
export function jsonOf(bytes: Uint8Array): Json {
  try {
    return parseJson(Buffer.from(bytes).toString("utf8"));
  } catch {
    return null;
  }
}

/** The parameters of a route as one object: `a.b.0.c` leads into objects, and into lists where a part is a number. */
export function nest(params: JsonObject): JsonObject {
  const whole: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(params)) placeAt(whole, path, value);
  return whole as JsonObject;
}

/** Puts `value` at `path` of `whole`, making the objects and lists that lead there. */
export function placeAt(whole: Record<string, unknown>, path: string, value: unknown): void {
  const parts = path.split(".");
  let place = whole;
  parts.slice(0, -1).forEach((part, index) => {
    place[part] ??= /^\d+$/.test(parts[index + 1] ?? "") ? [] : {};
    place = place[part] as Record<string, unknown>;
  });
  place[parts.at(-1) ?? path] = value;
}

/** ": " and what the upstream says of an error, fit to be shown; empty where it says nothing. */
export type Say = (body: Json) => string;

const MOST_WORDS = 300;

/** `read` finds the upstream's words in a body. Providers quote what they were sent, keys included. */
export function openSayer(
  apiKey: string | undefined,
  read: (body: Json) => string | undefined = (body) => textAt(body, "error", "message"),
): Say {
  return (body) => {
    const said = read(body) ?? "";
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

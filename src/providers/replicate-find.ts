/**
 * Looking for a prediction whose answer was lost in the account's list of them, newest first and 100 a page
 * (Replicate's OpenAPI, `predictions.list`, a stored copy of 2026-03-16 read 2026-11-21). A prediction has the input as
 * it was sent, for an hour. The specification has no `webhook` in it, the type of replicate@1.4.0 does: where it is
 * shown, it names our attempt, and nothing else needs to be compared.
 */
import { createHash } from "node:crypto";
import type { Json, JsonObject } from "../core/json.ts";
import type { Found } from "../core/provider.ts";
import { textAt, valueAt } from "./upstream-body.ts";
import type { Lost } from "./upstream-lost.ts";

/** Asks for a path below the base URL; rejects where there is no answer. */
export type Ask = (path: string) => Promise<Json>;

interface Sought {
  readonly attemptId: string;
  /** "owner/name"; empty where the work is not known any more. */
  readonly model: string;
  readonly input: JsonObject;
}

export const PREDICTIONS = "v1/predictions";

const MOST_PAGES = 5;

interface FindParts {
  readonly ask: Ask;
  readonly lost: Lost;
  readonly baseUrl: string;
}

export async function findPrediction({ ask, lost, baseUrl }: FindParts, sought: Sought): Promise<Found> {
  const { attemptId } = sought;
  const span = lost.look(attemptId, likenessOf(sought.model, sought.input));
  if (span === undefined) return "unknown";
  const { from, to } = span;
  const query = { created_after: toTime(from), created_before: toTime(to) };
  const alike: string[] = [];
  let path: string | null | "elsewhere" = `${PREDICTIONS}?${new URLSearchParams(query)}`;
  for (let pages = 0; path !== null; pages++) {
    if (path === "elsewhere" || pages === MOST_PAGES) return "unknown";
    const body = await ask(path);
    const results = valueAt(body, "results");
    if (!Array.isArray(results)) throw new Error("The provider's list of predictions is none.");
    for (const row of results as Json[]) {
      const id = textAt(row, "id") ?? "";
      if (id === "") continue;
      if (textAt(row, "webhook")?.includes(`/${attemptId}/`)) return claim(lost, id, attemptId);
      const at = Date.parse(textAt(row, "created_at") ?? "");
      if (at >= from && at <= to && lost.mayBe(id, attemptId) && isAlike(row, sought)) alike.push(id);
    }
    path = nextPath(valueAt(body, "next"), baseUrl);
  }
  const [only, ...others] = alike;
  if (only === undefined || others.length > 0 || lost.hasTwin(attemptId)) return "unknown";
  return claim(lost, only, attemptId);
}

function claim(lost: Lost, id: string, attemptId: string): Found {
  lost.end(attemptId, id);
  return { accepted: { prediction: id } };
}

/**
 * The same model and the same input, to the last value and file: many ask for "animate this" of different pictures. One
 * with another's webhook is somebody else's.
 */
function isAlike(row: Json, { model, input }: Sought): boolean {
  if (model === "" || textAt(row, "webhook") !== undefined) return false;
  const there = valueAt(row, "input");
  if (typeof there !== "object" || there === null) return false;
  return likenessOf(textAt(row, "model") ?? "", there as JsonObject) === likenessOf(model, input);
}

/** What predictions that cannot be told apart have in common. */
export function likenessOf(model: string, input: JsonObject): string {
  const values = Object.entries(input)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [name, withoutQuery(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([model, values]))
    .digest("base64");
}

/** A link of ours to a file has another expiry and signature each time it is made; its path names the file. */
function withoutQuery(value: Json): Json {
  return typeof value === "string" && /^https?:\S+$/.test(value) ? value.replace(/\?.*$/, "") : value;
}

/** Of `next` only the query is followed, and only where it leads to the host that our key is for. */
function nextPath(next: unknown, baseUrl: string): string | null | "elsewhere" {
  if (typeof next !== "string" || next === "") return null;
  const url = URL.parse(next);
  return url?.origin === new URL(baseUrl).origin ? `${PREDICTIONS}${url.search}` : "elsewhere";
}

function toTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** What is said of a model's parameters, said in the names that a page has for them. */
import type { Problem } from "../core/errors.ts";
import { ReelayError } from "../core/errors.ts";
import type { Page, PageSource } from "../core/model.ts";
import type { Note, TaskError } from "../core/task.ts";

/** Names of the model, list items among them, and what the page calls each; those with one name for both are left out. */
function renamed({ send }: Page): ReadonlyMap<string, string> {
  const pairs = Object.entries(send).flatMap(([ours, source]) => pairsOf(ours, source));
  return new Map(pairs.filter(([ours, theirs]) => ours !== theirs));
}

function pairsOf(ours: string, source: PageSource): readonly (readonly [string, string])[] {
  if (typeof source === "string") return [[ours, source]];
  if (!("list" in source)) return [[ours, source.field]];
  const items = source.list.map((theirs, index) => [`${ours}[${index}]`, theirs] as const);
  return [...items, [ours, source.list[0] ?? ours]];
}

/** Finds names that stand alone, the longest first: `image_urls[1]` is not `image_urls` with something behind it. */
function openWords(page: Page): {
  readonly name: (field: string) => string;
  readonly say: (text: string) => string;
} {
  const names = renamed(page);
  const known = [...names.keys()]
    .sort((a, b) => b.length - a.length)
    .map((one) => one.replace(/[[\]]/g, "\\$&"));
  const pattern = new RegExp(`(?<![\\w.])(?:${known.join("|")})(?!\\w)`, "g");
  const name = (field: string): string => names.get(field) ?? field;
  return { name, say: known.length === 0 ? (text) => text : (text) => text.replace(pattern, name) };
}

export function inPageWords(page: Page, error: ReelayError): ReelayError {
  const { name, say } = openWords(page);
  const problems = error.problems.map(
    (one): Problem => ({ ...one, field: name(one.field), message: say(one.message) }),
  );
  const { retryAfter, cause } = error;
  return new ReelayError(error.code, say(error.message), {
    problems,
    cause,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

/** Of what a task's record says: its error and its notes. */
export function taskInPageWords<
  T extends { readonly error: TaskError | null; readonly notes: readonly Note[] },
>(page: Page, task: T): T {
  if (task.error === null && task.notes.length === 0) return task;
  const { name, say } = openWords(page);
  const inWords = <N extends { readonly field?: string; readonly message: string }>(one: N): N => ({
    ...one,
    message: say(one.message),
    ...(one.field === undefined ? {} : { field: name(one.field) }),
  });
  return { ...task, error: task.error && inWords(task.error), notes: task.notes.map(inWords) };
}

/** A model as a dialect presents it: a body under the page's names becomes the model's clean input. */
import { isDeepStrictEqual } from "node:util";
import { ReelayError } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { CatalogModel, Field, MediaLimits, Model, Page, PageSource } from "../core/model.ts";
import type { Note } from "../core/task.ts";
import { inPageWords } from "./page-words.ts";
import { allHold } from "./rules.ts";
import { type Validated, validate } from "./validate.ts";

export function pageOf(model: Pick<Model, "pages">, dialect: string): Page | undefined {
  const { pages = {} } = model;
  return Object.hasOwn(pages, dialect) ? pages[dialect] : undefined;
}

export interface Paged {
  readonly model: CatalogModel;
  readonly page: Page;
}

/** Everything that a dialect with pages has, in the order of the models. */
export function pagesIn(models: Iterable<CatalogModel>, dialect: string): readonly Paged[] {
  return [...models].flatMap((model) => {
    const page = pageOf(model, dialect);
    return page ? [{ model, page }] : [];
  });
}

/**
 * The page that a request means: of those with this path the one whose `when` holds for the body as it came, else the
 * one without. undefined where nothing has this path.
 */
export function findPage(
  models: Iterable<CatalogModel>,
  { dialect, path, body }: { readonly dialect: string; readonly path: string; readonly body: JsonObject },
): Paged | undefined {
  const named = pagesIn(models, dialect).filter(({ page }) => page.path === path);
  return (
    named.find(({ page }) => page.when && allHold(page.when, body)) ??
    named.find(({ page }) => page.when === undefined)
  );
}

/**
 * Holds a client's body to the model, or to the page where the dialect has one, and gives the model's own parameters.
 * What was asked for and has no effect stands in `asked` under the page's name. Throws as `validate` does, in the page's words.
 */
export function readBody(model: CatalogModel, page: Page | undefined, body: JsonObject): Validated {
  if (!page) return validate(model, body);
  const given = validate({ ...page, id: page.path }, body);
  const { input } = holdToModel(model, page, mapped(page, given.input));
  const asked = Object.keys(model.input).filter(
    (name) => input[name] !== null && namesOf(page.send[name]).some((theirs) => given.asked.includes(theirs)),
  );
  const unsent = Object.keys(page.unsent).filter(
    (name) => !isDeepStrictEqual(given.input[name], page.input[name]?.default ?? null),
  );
  return { input, asked: [...asked, ...unsent] };
}

/** The page may be changed by an operator, or its model: what it lets pass must still be something that the model takes. */
function holdToModel(model: CatalogModel, page: Page, body: JsonObject): Validated {
  try {
    return validate({ ...model, input: asShown(model, page) }, body);
  } catch (error) {
    throw error instanceof ReelayError ? inPageWords(page, error) : error;
  }
}

/**
 * Texts are as long as the page has them: whether a provider takes that is asked when one is chosen. Of files the page
 * has said whether they may be sent themselves.
 */
function asShown(model: CatalogModel, page: Page): Readonly<Record<string, Field>> {
  const fields = Object.entries(model.input).map(([name, field]): [string, Field] => {
    if ("limits" in field) return [name, { ...field, inline: true }];
    const [theirs] = namesOf(page.send[name]);
    const shown = theirs === undefined ? undefined : page.input[theirs];
    if (field.kind !== "text" || shown?.kind !== "text") return [name, field];
    return [name, { ...field, min: shown.min ?? 0, max: shown.max }];
  });
  return Object.fromEntries(fields);
}

function mapped(page: Page, input: JsonObject): JsonObject {
  const entries = Object.entries(page.send).map(
    ([name, source]) => [name, pickValue(source, input)] as const,
  );
  // Left open and null are the same to a model; not every field may be null.
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}

function pickValue(source: PageSource, input: JsonObject): Json {
  if (typeof source === "string") return input[source] ?? null;
  if ("list" in source) {
    const items = source.list.map((name) => input[name] ?? null).filter((item) => item !== null);
    return items.length === 0 ? null : items;
  }
  const value = input[source.field] ?? null;
  return value === null ? null : (source.values[String(value)] ?? null);
}

/** The page's parameters behind one of the model's. */
export function namesOf(source: PageSource | undefined): readonly string[] {
  if (source === undefined) return [];
  if (typeof source === "string") return [source];
  return "list" in source ? source.list : [source.field];
}

/** What a page's parameters without effect are to be told with; `asked` as `readBody` gave it. */
export function unsentNotes(page: Page | undefined, asked: readonly string[]): readonly Note[] {
  return Object.entries(page?.unsent ?? {})
    .filter(([field]) => asked.includes(field))
    .map(([field, message]) => ({ field, message }));
}

/** What a file must be that the model has in `field` at `item`, and what the client calls it. */
export function mediaPlace(
  model: CatalogModel,
  page: Page | undefined,
  { field, item }: { readonly field: string; readonly item: number },
): { readonly name: string; readonly limits: MediaLimits } | undefined {
  const name = page && namesOf(page.send[field])[item];
  const shown = name === undefined ? model.input[field] : page?.input[name];
  return shown && "limits" in shown ? { name: name ?? field, limits: shown.limits } : undefined;
}

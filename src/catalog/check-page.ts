/** Mistakes in a model's pages: a parameter that a dialect takes and nobody hears of is the worst of them. */
import { ReelayError } from "../core/errors.ts";
import type { CatalogModel, Field, Model, Page, PageSource } from "../core/model.ts";
import { notAField, ruleMistakes, testMistakes } from "./check-condition.ts";
import { fieldMistakes } from "./check-field.ts";
import { exampleOf } from "./example.ts";
import { namesOf, readBody } from "./page.ts";

export function pagesMistakes(id: string, model: Model): string[] {
  return Object.entries(model.pages ?? {}).flatMap(([dialect, page]) =>
    pageMistakes({ ...model, id }, page).map((mistake) => `pages.${dialect}: ${mistake}`),
  );
}

/** Two models with one name in a dialect, and nothing to tell them apart: nobody could say which of them a request means. */
export function doublePages(models: Iterable<CatalogModel>): string[] {
  const owners = new Map<string, string>();
  return [...models].flatMap(({ id, pages = {} }) =>
    Object.entries(pages).flatMap(([dialect, { path, when = null }]) => {
      const name = JSON.stringify([dialect, path, when]);
      const owner = owners.get(name);
      owners.set(name, id);
      if (owner === undefined) return [];
      const asked = when ? ` for the same requests` : "";
      return [
        `${id}: pages.${dialect}.path is "${path}", which ${owner} has already${asked}; leave it out with "pages": {}`,
      ];
    }),
  );
}

function pageMistakes(model: CatalogModel, page: Page): string[] {
  const found = [
    ...(/^[a-z0-9][a-z0-9.-]{0,99}$/.test(page.path)
      ? []
      : [`the path "${page.path}" may have only a-z, 0-9, "." and "-" in it`]),
    ...Object.entries(page.input).flatMap(([name, field]) => fieldMistakes(name, field)),
    ...ruleMistakes(page, page.rules, "rules"),
    ...Object.keys(page.when ?? {}).flatMap((name) => notAField(page, name, "when")),
    ...testMistakes(page, page.when ?? {}, "when"),
    ...Object.entries(page.send).flatMap(([name, source]) => sourceMistakes(model, page, { name, source })),
    ...coverMistakes(model, page),
  ];
  return found.length > 0 ? found : exampleMistakes(model, page);
}

/** Every parameter of the page is sent or its absence explained, and none is called as another one of the model. */
function coverMistakes(model: CatalogModel, page: Page): string[] {
  const sent = Object.values(page.send).flatMap(namesOf);
  return [
    ...Object.entries(page.input).flatMap(([name, field]) => {
      const told = Object.hasOwn(page.unsent, name);
      if (sent.includes(name)) return told ? [`"${name}" is both in send and in unsent`] : [];
      return told || field.kind === "unsupported"
        ? []
        : [`"${name}" is forgotten: send it, or say in unsent why not`];
    }),
    ...Object.keys(page.unsent)
      .filter((name) => !Object.hasOwn(page.input, name))
      .map((name) => `unsent names "${name}", which is not a field of the page's input`),
    // What is said of the model's parameter would seem to be said of the page's.
    ...Object.keys(page.input)
      .filter((name) => Object.hasOwn(model.input, name) && model.input[name]?.kind !== "unsupported")
      .filter((name) => page.input[name]?.kind !== "unsupported")
      .filter((name) => !namesOf(page.send[name]).includes(name))
      .map((name) => `"${name}" is called as a parameter of the model, and stands for another`),
  ];
}

function sourceMistakes(
  model: CatalogModel,
  page: Page,
  { name, source }: { readonly name: string; readonly source: PageSource },
): string[] {
  const field = model.input[name];
  const place = `send.${name}`;
  if (field === undefined || field.kind === "unsupported") return [`${place} is no parameter of the model`];
  const unknown = namesOf(source).filter((theirs) => !Object.hasOwn(page.input, theirs));
  if (unknown.length > 0)
    return unknown.map((theirs) => `${place} names "${theirs}", which is not a field of the page's input`);
  if (typeof source === "object" && "list" in source)
    return listMistakes(field, page, { place, list: source.list });
  const [theirs = ""] = namesOf(source);
  const shown = page.input[theirs] as Field;
  if ("limits" in field || "limits" in shown) {
    return field.kind === shown.kind && field.kind !== "pictures" && typeof source === "string"
      ? []
      : [`${place} makes a ${field.kind} of "${theirs}", a ${shown.kind}`];
  }
  if (typeof source === "string") return [];
  if (shown.kind !== "choice" && shown.kind !== "flag") return [`${place}.values needs a choice or a flag`];
  const values = shown.kind === "flag" ? ["true", "false"] : shown.values.map(String);
  return values
    .filter((value) => !Object.hasOwn(source.values, value))
    .map((value) => `${place}.values forgets "${value}"`);
}

function listMistakes(
  field: Field,
  page: Page,
  { place, list }: { readonly place: string; readonly list: readonly string[] },
): string[] {
  if (field.kind !== "pictures") return [`${place} makes a list for a ${field.kind}`];
  if (list.length === 0 || list.length > field.max)
    return [`${place} lists ${list.length} of 1 to ${field.max}`];
  return list
    .filter((name) => page.input[name]?.kind !== "picture")
    .map((name) => `${place} lists "${name}", which is no picture`);
}

/** With it the defaults, and that the model takes what the page lets pass. */
function exampleMistakes(model: CatalogModel, page: Page): string[] {
  try {
    readBody(model, page, exampleOf(page, "https://media.example"));
    return [];
  } catch (error) {
    if (error instanceof ReelayError) return [`the example is not valid: ${error.message}`];
    throw error;
  }
}

/** Every page of every model: what it lets pass the model takes, and what is refused is told in the page's names. */
import { expect, test } from "vitest";
import { exampleOf } from "../src/catalog/example.ts";
import { findPage, namesOf, pagesIn, readBody } from "../src/catalog/page.ts";
import { ReelayError } from "../src/core/errors.ts";
import type { Json } from "../src/core/json.ts";
import type { CatalogModel, Field, Page } from "../src/core/model.ts";
import { catalog } from "./catalog-bodies.ts";

const DIALECT = "highwayapi";
const PAGES = pagesIn(catalog.models.values(), DIALECT).map(
  ({ model, page }) => [page.path, model, page] as const,
);

/** The first and last value of what a field takes, or all where they can be counted. */
function valuesOf(field: Field): readonly Json[] {
  switch (field.kind) {
    case "text":
      return ["x".repeat(field.min ?? 0), "x".repeat(field.max)];
    case "choice":
      return field.values;
    case "integer":
    case "number":
      return [field.min, field.max];
    case "flag":
      return [true, false];
    case "unsupported":
      return [null];
    default:
      return ["https://media.example/other"];
  }
}

/** Names that the model has and the page does not. */
function foreignNames(model: CatalogModel, page: Page): readonly string[] {
  const plain = /^(duration|resolution|style|seed)$/;
  return Object.keys(model.input).filter((name) => !Object.hasOwn(page.input, name) && !plain.test(name));
}

test.each(PAGES)(
  "%s: a value of the page is refused by the model, or told in names that nobody sent",
  (_path, model, page) => {
    const body = exampleOf(page, "https://media.example");
    for (const [name, field] of Object.entries(page.input)) {
      for (const value of valuesOf(field)) {
        try {
          readBody(model, page, { ...body, [name]: value });
        } catch (error) {
          if (!(error instanceof ReelayError)) throw error;
          // A rule between parameters, or one of the page's own: not the model's word on this value.
          const said = page.rules.map(({ say }) => say);
          expect([name, value, error.problems.filter(({ message }) => !said.includes(message))]).toEqual([
            name,
            value,
            [],
          ]);
          for (const problem of error.problems) expect(Object.keys(page.input)).toContain(problem.field);
          for (const foreign of foreignNames(model, page)) expect(error.message).not.toContain(foreign);
        }
      }
    }
  },
);

test.each(PAGES)(
  "%s: a parameter is sent to nowhere, or a request for the page reaches another model",
  (path, model, page) => {
    const body = exampleOf(page, "https://media.example");
    expect(findPage(catalog.models.values(), { dialect: DIALECT, path, body })?.model.id).toBe(model.id);
    const { input, asked } = readBody(model, page, body);
    for (const name of Object.keys(body)) {
      const ours = Object.keys(page.send).filter((one) => namesOf(page.send[one]).includes(name));
      expect(ours.length > 0 || Object.hasOwn(page.unsent, name), name).toBe(true);
      for (const one of ours.filter((mine) => input[mine] !== null)) expect(asked).toContain(one);
    }
  },
);

test("no model of the catalogue is missing here but those that the dialect has no page of", () => {
  const missing = [...catalog.models.values()].filter(({ pages = {} }) => !Object.hasOwn(pages, DIALECT));
  expect(missing.map(({ id }) => id)).toEqual([
    "veo-3.1-extend-fast",
    "veo-3.1-extend",
    "veo-3.1-lite-first-last-frame-to-video",
  ]);
});

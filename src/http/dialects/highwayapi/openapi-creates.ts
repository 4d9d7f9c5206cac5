/** What a create takes: each page's parameters, under the path that the page has. */
import type { Catalog } from "../../../catalog/catalog.ts";
import { type Paged, pagesIn } from "../../../catalog/page.ts";
import type { JsonSchema } from "../../openapi/description.ts";
import { exampleBody, takesSchema } from "../../openapi/model-schema.ts";
import { conditionSchema, onlyWhere } from "../../openapi/rule-schema.ts";
import { EXTRA, name, own } from "./openapi-schemas.ts";
import { DIALECT } from "./wire.ts";

/** By path; several models may share one, and a condition on the body tells which is meant. */
export function pathsOf({ models }: Catalog): ReadonlyMap<string, readonly Paged[]> {
  const paths = new Map<string, readonly Paged[]>();
  for (const paged of pagesIn(models.values(), DIALECT)) {
    paths.set(paged.page.path, [...(paths.get(paged.page.path) ?? []), paged]);
  }
  return paths;
}

export function createSchemas(catalog: Catalog): Readonly<Record<string, JsonSchema>> {
  const schemas: Record<string, JsonSchema> = {};
  for (const [path, pages] of pathsOf(catalog)) {
    schemas[name(`create.${path}`)] = ofPages(pages, {});
    schemas[name(`named.${path}`)] = ofPages(pages, { model: { type: "string", const: path } });
  }
  return schemas;
}

/** Of those with a condition the first that holds, else the one without. */
function ofPages(pages: readonly Paged[], named: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const conditional = pages.filter(({ page }) => page.when !== undefined);
  const other = pages.find(({ page }) => page.when === undefined);
  const takes = ({ model, page }: Paged): JsonSchema => ({
    title: model.name,
    ...takesSchema(page, { own: { ...named, extra: EXTRA }, required: Object.keys(named) }),
  });
  return conditional.reduceRight<JsonSchema>(
    // As the body came: no defaults yet.
    (rest, paged) => onlyWhere(conditionSchema(paged.page.when ?? {}, {}), takes(paged), rest),
    other ? takes(other) : { not: {} },
  );
}

export function anyNamed(catalog: Catalog): JsonSchema {
  return { anyOf: [...pathsOf(catalog).keys()].map((path) => own(`named.${path}`)) };
}

export function examplesOf(pages: readonly Paged[], more: object = {}): Record<string, { value: object }> {
  return Object.fromEntries(
    pages.map(({ model, page }) => [model.id, { value: { ...more, ...exampleBody(page) } }]),
  );
}

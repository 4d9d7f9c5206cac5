import type { CatalogModel, Field, Route, Source } from "../core/model.ts";
import { type Catalog, deepFreeze } from "./catalog.ts";

/**
 * The catalogue with one more route on every model, after all others: to `provider`, whose endpoint is the model's
 * id and whose parameters have our own names. For a stand-in of a provider, which should see what the client asked.
 * Items of a list arrive one by one, as `image_urls.0` and so on: a route sends no lists of files.
 */
export function withIdentityRoute(catalog: Catalog, provider: string): Catalog {
  const models = [...catalog.models].map(([id, model]): [string, CatalogModel] => {
    return [id, deepFreeze({ ...model, routes: [...model.routes, identityRoute(model, provider)] })];
  });
  return { ...catalog, models: new Map(models) };
}

function identityRoute(model: CatalogModel, provider: string): Route {
  const fields = Object.entries(model.input);
  return {
    provider,
    endpoint: model.id,
    send: Object.fromEntries(fields.flatMap(([name, field]) => sourcesOf(name, field))),
    unsent: Object.fromEntries(
      fields.flatMap(([name, field]) => (field.kind === "unsupported" ? [[name, field.about]] : [])),
    ),
  };
}

function sourcesOf(name: string, field: Field): readonly [string, Source][] {
  if (field.kind === "unsupported") return [];
  if (field.kind !== "pictures") return [[name, name]];
  return Array.from({ length: field.max }, (_, item) => [`${name}.${item}`, { field: name, item }]);
}

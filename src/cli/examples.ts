/** Requests to show and to try, taken from the catalogue, so that no model is named here. */
import type { Catalog } from "../catalog/catalog.ts";
import type { JsonObject } from "../core/json.ts";
import type { CatalogModel } from "../core/model.ts";

const MEDIA = ["picture", "pictures", "clip", "sound"];

function mediaFields(model: CatalogModel): readonly string[] {
  return Object.keys(model.input).filter((field) => MEDIA.includes(model.input[field]?.kind ?? ""));
}

/** The first model's example that needs nothing but words. */
export function textOnlyExample(catalog: Catalog): JsonObject {
  const model = [...catalog.models.values()].find((one) => mediaFields(one).length === 0);
  if (!model) throw new Error("the catalogue has no model that takes text alone");
  return { model: model.id, ...model.example };
}

/** The first model that takes one picture, and the field it goes into. */
export function pictureModel(catalog: Catalog): { readonly model: CatalogModel; readonly field: string } {
  for (const model of catalog.models.values()) {
    const field = mediaFields(model).find((name) => model.input[name]?.kind === "picture");
    if (field) return { model, field };
  }
  throw new Error("the catalogue has no model that takes one picture");
}

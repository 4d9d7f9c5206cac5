/** The models of samples/models, as an operator's catalogue has them. */
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { checkModel } from "../../src/catalog/check-model.ts";
import type { CatalogModel, Model } from "../../src/core/model.ts";

const FOLDER = new URL("../../samples/models/", import.meta.url);

/** Throws with every mistake that `checkModel` finds. */
export function sampleModels(): ReadonlyMap<string, CatalogModel> {
  return new Map(
    readdirSync(FOLDER).map((file) => {
      const id = basename(file, ".json");
      const model: unknown = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));
      const mistakes = checkModel(id, model);
      if (mistakes.length > 0) throw new Error(`${file}: ${mistakes.join(" ")}`);
      return [id, { id, ...(model as Model) }];
    }),
  );
}

export function sampleModel(id: string): CatalogModel {
  const model = sampleModels().get(id);
  if (!model) throw new Error(`there is no samples/models/${id}.json`);
  return model;
}

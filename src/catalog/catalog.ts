import { readdir } from "node:fs/promises";
import { basename, extname } from "node:path";
import { ReelayError } from "../core/errors.ts";
import type { CatalogModel, Model } from "../core/model.ts";
import { nearest } from "../core/nearest.ts";
import { checkModel } from "./check-model.ts";
import { doublePages } from "./check-page.ts";
import { shorten } from "./field-problems.ts";

export interface Catalog {
  /** By id, in the order of the ids. Frozen all the way down. Another map after an operator's file has changed. */
  readonly models: ReadonlyMap<string, CatalogModel>;
  /** Ids of those that come from an operator's files, in part or whole. */
  readonly operators: ReadonlySet<string>;
}

/**
 * Imports every model file under `folder` (a URL that ends in a slash), holds it to `checkModel` and freezes it.
 * Rejects with an Error that names each faulty file and each of its mistakes.
 */
export async function loadCatalog(folder = new URL("./models/", import.meta.url)): Promise<Catalog> {
  const models = new Map<string, CatalogModel>();
  const mistakes: string[] = [];
  for (const path of await modelFiles(folder)) {
    const id = basename(path, extname(path));
    const loaded: { readonly default?: unknown } = await import(new URL(path, folder).href);
    const found = checkModel(id, loaded.default);
    if (models.has(id)) found.push(`another file already has the id "${id}"`);
    mistakes.push(...found.map((mistake) => `${path}: ${mistake}`));
    // checkModel has just held it to the type.
    if (found.length === 0) models.set(id, deepFreeze({ id, ...(loaded.default as Model) }));
  }
  mistakes.push(...doublePages(models.values()));
  if (mistakes.length > 0) throw new Error(`The catalogue has mistakes:\n${mistakes.join("\n")}`);
  return { models, operators: new Set() };
}

/** The model that a client named; throws `unknown_model` with the ids there are. */
export function findModel(catalog: Catalog, id: string): CatalogModel {
  const model = catalog.models.get(id);
  if (model) return model;
  const ids = [...catalog.models.keys()];
  const meant = nearest(id, ids);
  const hint = meant === undefined ? "" : ` Did you mean "${meant}"?`;
  const name = shorten(id, 120);
  const message = `There is no model ${JSON.stringify(name)}.${hint} There are ${ids.join(", ")}.`;
  throw new ReelayError("unknown_model", message, {
    problems: [{ field: "model", message, received: name, allowed: ids }],
  });
}

/** Paths below `folder` with forward slashes, by id, so that every machine loads the same catalogue in the same order. */
async function modelFiles(folder: URL): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .map((entry) => entry.replaceAll("\\", "/"))
    .filter((entry) => /\.[jt]s$/.test(entry) && !/\.(test\.[jt]s|d\.ts)$/.test(entry))
    .sort((a, b) => basename(a).localeCompare(basename(b), "en") || a.localeCompare(b, "en"));
}

export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}

/**
 * Models that an operator adds or changes: JSON files of the catalogue's shape in one folder, named after the model's id.
 * `"extends": "some-model"` takes everything that the file does not say from that model; `input` is merged field by field,
 * where null takes a field out; `pages` are taken over only by the file that takes the model's place. Held to the same checks as our own, with the same words.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { CatalogModel, Model } from "../core/model.ts";
import { nearest } from "../core/nearest.ts";
import { type Catalog, deepFreeze } from "./catalog.ts";
import { checkModel } from "./check-model.ts";
import { doublePages } from "./check-page.ts";

export interface OperatorModels {
  readonly models: readonly CatalogModel[];
  /** One sentence each, with the file's name. */
  readonly mistakes: readonly string[];
}

type Table = Readonly<Record<string, unknown>>;

interface Known {
  /** What files may extend, and replace. */
  readonly builtIn: Catalog;
  /** The providers that routes may lead to. */
  readonly kinds: readonly string[];
  /** Those of them that a mistake is told of; left out: all. */
  readonly offered?: readonly string[];
}

export async function readOperatorModels(
  folder: string,
  { builtIn, kinds, offered = kinds }: Known,
): Promise<OperatorModels> {
  const models: CatalogModel[] = [];
  const mistakes: string[] = [];
  for (const file of await jsonFiles(folder)) {
    const id = basename(file, ".json");
    try {
      const model = extend(id, JSON.parse(await readFile(join(folder, file), "utf8")), builtIn);
      const found = [...checkModel(id, model), ...unknownKinds(model, { kinds, offered })];
      mistakes.push(...found.map((mistake) => `${file}: ${mistake}`));
      if (found.length === 0) models.push(deepFreeze({ id, ...(model as Model) }));
    } catch (error) {
      mistakes.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  // Of one that is broken the pages are not known, and its mistake is told.
  if (mistakes.length === 0)
    mistakes.push(...doublePages(withOperatorModels(builtIn, models).models.values()));
  return { models, mistakes };
}

/** Changes whenever a file does. */
export async function folderState(folder: string): Promise<string> {
  const files = await jsonFiles(folder);
  const states = files.map(async (file) => {
    const { size, mtimeMs, ino } = await stat(join(folder, file));
    return `${file} ${size} ${mtimeMs} ${ino}`;
  });
  return (await Promise.all(states)).join("\n");
}

/** The built-in models with those of the operator in their places, in the order of the ids. */
export function withOperatorModels(builtIn: Catalog, models: readonly CatalogModel[]): Catalog {
  const all = new Map([...builtIn.models, ...models.map((model) => [model.id, model] as const)]);
  const sorted = [...all].sort(([a], [b]) => a.localeCompare(b, "en"));
  return { models: new Map(sorted), operators: new Set(models.map(({ id }) => id)) };
}

async function jsonFiles(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
}

function extend(id: string, file: unknown, builtIn: Catalog): unknown {
  if (!isTable(file) || file.extends === undefined) return file;
  const { extends: name, ...own } = file;
  const known = typeof name === "string" ? builtIn.models.get(name) : undefined;
  if (!known) {
    const close = typeof name === "string" ? nearest(name, builtIn.models.keys()) : undefined;
    const hint = close ? `did you mean "${close}"?` : `there are ${[...builtIn.models.keys()].join(", ")}`;
    throw new Error(`extends names ${JSON.stringify(name)}, which is no built-in model; ${hint}`);
  }
  const { id: _, pages, ...rest } = known;
  // A page belongs to one model: only who takes its place takes it over.
  const base = pages && id === known.id ? { ...rest, pages } : rest;
  return { ...base, ...own, ...(isTable(own.input) ? { input: merge(base.input, own.input) } : {}) };
}

function merge(base: Table, own: Table): Table {
  return Object.fromEntries(Object.entries({ ...base, ...own }).filter(([, field]) => field !== null));
}

/** A route to a kind that does not exist would never be taken, and nobody would be told. */
function unknownKinds(
  model: unknown,
  { kinds, offered }: Required<Pick<Known, "kinds" | "offered">>,
): readonly string[] {
  const routes = isTable(model) && Array.isArray(model.routes) ? model.routes : [];
  return routes.flatMap((route: unknown, index) => {
    const name = isTable(route) ? route.provider : undefined;
    if (typeof name !== "string" || kinds.includes(name)) return [];
    const close = nearest(name, offered);
    const hint = close ? `did you mean "${close}"?` : `there are ${offered.join(", ")}`;
    return [`routes[${index}].provider is "${name}", which is no kind of provider; ${hint}`];
  });
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** From a model and its clean input to what one provider is told: the route's mapping, applied. */
import { ReelayError } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { CatalogModel, Route, Source } from "../core/model.ts";
import type { Provider } from "../core/provider.ts";
import type { Note } from "../core/task.ts";

export interface Choice {
  readonly route: Route;
  readonly provider: Provider;
}

/** The first of the model's routes whose provider is open here; `only` the one to that provider where it is given. */
export function chooseRoute(
  model: CatalogModel,
  providers: ReadonlyMap<string, Provider>,
  only?: string,
): Choice {
  for (const route of model.routes) {
    const provider = providers.get(route.provider);
    if (provider && (only === undefined || only === route.provider)) return { route, provider };
  }
  throw new ReelayError("no_route", `No provider on this server can serve ${model.id} at present.`);
}

/** Whether a field of the model holds URLs of files rather than a value. */
function isMediaField(model: CatalogModel, field: string): boolean {
  const kind = model.input[field]?.kind;
  return kind === "picture" || kind === "pictures" || kind === "clip" || kind === "sound";
}

function fieldOf(source: Source): string | undefined {
  if (typeof source === "string") return source;
  return "field" in source ? source.field : undefined;
}

/** The provider's parameters that are values, under the provider's names. */
export function mapParams(model: CatalogModel, route: Route, input: JsonObject): JsonObject {
  const params: Record<string, Json> = {};
  for (const [name, source] of Object.entries(route.send)) {
    if (typeof source === "object" && "value" in source) params[name] = source.value;
    else {
      const field = fieldOf(source);
      if (field !== undefined && !isMediaField(model, field)) params[name] = input[field] ?? null;
    }
  }
  return params;
}

/** The provider's parameters that are files: its name -> which item of which field of ours. */
export function mapMedia(
  model: CatalogModel,
  route: Route,
): readonly { readonly name: string; readonly field: string; readonly item: number }[] {
  return Object.entries(route.send).flatMap(([name, source]) => {
    const field = fieldOf(source);
    if (field === undefined || !isMediaField(model, field)) return [];
    return [{ name, field, item: typeof source === "object" && "item" in source ? source.item : 0 }];
  });
}

/** What the client asked for and the result does not show, in the client's own field names. */
export function unshown(
  route: Route,
  asked: readonly string[],
  ignored: Readonly<Record<string, string>>,
): readonly Note[] {
  const notes: Note[] = [];
  for (const field of asked) {
    const unsent = route.unsent[field];
    if (unsent !== undefined) notes.push({ field, message: unsent });
  }
  for (const [name, message] of Object.entries(ignored)) {
    const source = route.send[name];
    const field = source === undefined ? undefined : fieldOf(source);
    if (field !== undefined && asked.includes(field)) notes.push({ field, message });
  }
  return notes;
}

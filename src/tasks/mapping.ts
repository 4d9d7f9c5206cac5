/** From a model and its clean input to what one provider is told: the route's mapping, applied. */
import { resolutionAsked } from "../catalog/asked.ts";
import { aspectRatio, frameSize } from "../core/frame.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { CatalogModel, Route, Source } from "../core/model.ts";
import type { InputFile } from "../core/provider.ts";
import type { Note } from "../core/task.ts";

/** Whether a field of the model holds URLs of files rather than a value. */
function isMediaField(model: CatalogModel, field: string): boolean {
  return "limits" in (model.input[field] ?? {});
}

function fieldOf(source: Source): string | undefined {
  if (typeof source === "string") return source;
  return "field" in source ? source.field : undefined;
}

/** The provider's parameters that are values, under the provider's names. `ratio`: width over height of what is made. */
export function mapParams(
  model: CatalogModel,
  route: Route,
  { input, ratio }: { readonly input: JsonObject; readonly ratio: number | undefined },
): JsonObject {
  const params: Record<string, Json> = {};
  for (const [name, source] of Object.entries(route.send)) {
    const field = fieldOf(source);
    if (field !== undefined && isMediaField(model, field)) continue;
    const value = valueFor(model, source, { input, ratio });
    // Left out is not the same as null to most of them.
    if (value !== null) params[name] = value;
  }
  return params;
}

function valueFor(
  model: CatalogModel,
  source: Source,
  { input, ratio }: { readonly input: JsonObject; readonly ratio: number | undefined },
): Json {
  if (typeof source === "string") return input[source] ?? null;
  if ("value" in source) return source.value;
  if ("frame" in source) {
    if (ratio === undefined) return null;
    const { width, height } = frameSize(resolutionAsked(model, input), ratio);
    return source.frame.replaceAll("{width}", String(width)).replaceAll("{height}", String(height));
  }
  const { field, text, values, otherwise } = source;
  const value = input[field] ?? null;
  if (value === null) return otherwise ?? null;
  // check-model holds `values` to every value that the field can have.
  if (values !== undefined) return values[String(value)] ?? null;
  // By a function: "$&" in a prompt means nothing here.
  return text === undefined ? value : text.replaceAll("{}", () => String(value));
}

/** What the files of a request are: by field of the model, in order. */
export type GivenFiles = Readonly<Record<string, readonly Pick<InputFile, "facts">[]>>;

/** Width over height of what is asked for: a parameter, or the shape of the given picture or clip; undefined before those are known. */
export function askedRatio(model: CatalogModel, input: JsonObject, files: GivenFiles): number | undefined {
  const { aspect } = model.output;
  if (typeof aspect === "string") return aspectRatio(String(input[aspect]));
  const [first] = aspect.of.flatMap((field) => files[field] ?? []);
  return first && first.facts.kind !== "sound" ? first.facts.width / first.facts.height : undefined;
}

/** The provider's parameters that are files: its name -> which item of which field of ours. */
export function mapMedia(
  model: CatalogModel,
  route: Route,
): readonly { readonly name: string; readonly field: string; readonly item: number }[] {
  return Object.entries(route.send).flatMap(([name, source]) => {
    const field = fieldOf(source);
    if (field === undefined || !isMediaField(model, field)) return [];
    return [{ name, field, item: typeof source === "object" && "field" in source ? (source.item ?? 0) : 0 }];
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

/** How long a task will take: from what alike work took here before, or from the provider's stated prior. */

import { resolutionAsked, secondsAsked } from "../catalog/asked.ts";
import type { JsonObject } from "../core/json.ts";
import type { CatalogModel } from "../core/model.ts";
import type { Provider } from "../core/provider.ts";
import type { Store } from "../core/store.ts";
import { askedRatio, mapParams } from "./mapping.ts";
import type { Choice } from "./route.ts";

/** Alike work: the same model, resolution and duration at the same provider. */
export function workShape(model: CatalogModel, input: JsonObject, provider: Provider): string {
  return [provider.id, model.id, resolutionAsked(model, input), secondsAsked(model, input)].join("/");
}

/** Whole seconds of work, at least 1; `ahead` is how many tasks wait before this one. */
export async function estimateSeconds(
  store: Pick<Store, "readTiming">,
  { model, choice, input, ahead }: { model: CatalogModel; choice: Choice; input: JsonObject; ahead: number },
): Promise<number> {
  const { provider, route } = choice;
  const timing = await store.readTiming(workShape(model, input, provider));
  const work = timing
    ? timing.seconds
    : provider.prior(mapParams(model, route, { input, ratio: askedRatio(model, input, {}) }));
  // Those ahead are taken to be like this one: their own shapes are not worth a read each.
  const rounds = 1 + Math.floor(ahead / Math.max(1, provider.concurrency));
  return Math.max(1, Math.ceil(work * rounds));
}

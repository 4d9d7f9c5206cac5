/** Which provider may do a task's work, and in which order they are asked. */
import { ReelayError } from "../core/errors.ts";
import type { CatalogModel, Route } from "../core/model.ts";
import type { Provider } from "../core/provider.ts";

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
    for (const provider of providers.values())
      if (provider.kind === route.provider && (only === undefined || only === provider.id))
        return { route, provider };
  }
  throw new ReelayError("no_route", `No provider on this server can serve ${model.id} at present.`);
}

/** What is with a provider and nobody wants any more, or nobody knows where it is. */
import type { Catalog } from "../catalog/catalog.ts";
import type { Json } from "../core/json.ts";
import type { CatalogModel } from "../core/model.ts";
import type { Provider } from "../core/provider.ts";
import type { Task } from "../core/task.ts";
import { type Attempt, liveAttempt } from "./history.ts";
import { mapParams } from "./mapping.ts";

export interface LetGoParts {
  readonly catalog: Catalog;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

/** Nobody wants the work: the provider is told, where it was handed over and can be. */
export async function letGo(parts: LetGoParts, task: Task, steps: ReadonlyMap<string, Json>): Promise<void> {
  const attempt = liveAttempt(steps);
  const provider = attempt && providerOf(parts, task, attempt);
  if (!provider) return;
  try {
    const ticket = attempt.ticket ?? (await findTicket(parts, { task, attempt, steps }));
    if (ticket === undefined) return;
    await provider.cancel?.(ticket);
    await forget(parts, { task, provider, ticket });
  } catch (error) {
    parts.log("cancel-failed", { task: task.id, provider: provider.id, error });
  }
}

/** What the provider holds for an attempt that has been stopped already. */
export async function forgetAttempt(
  parts: Pick<LetGoParts, "providers" | "log">,
  task: Task,
  steps: ReadonlyMap<string, Json>,
): Promise<void> {
  const attempt = liveAttempt(steps);
  const provider = attempt && providerOf(parts, task, attempt);
  if (!provider || attempt.ticket === undefined) return;
  await forget(parts, { task, provider, ticket: attempt.ticket });
}

/** Who has an attempt; undefined where it is not open here any more. */
export function providerOf(
  { providers }: Pick<LetGoParts, "providers">,
  task: Task,
  { placing }: Pick<Attempt, "placing">,
): Provider | undefined {
  return providers.get(placing?.provider ?? task.provider);
}

/** Looks for an attempt by its id and, for those who list their work, by what it asked; without its files. */
export async function findTicket(
  parts: Pick<LetGoParts, "catalog" | "providers">,
  about: {
    readonly task: Task;
    readonly attempt: Attempt & { readonly attemptId: string };
    readonly steps: ReadonlyMap<string, Json>;
  },
): Promise<Json | undefined> {
  const { task, attempt, steps } = about;
  const { attemptId, placing } = attempt;
  const model = modelOf(parts.catalog, task, steps);
  const route = model?.routes.find(
    (one) => one.provider === placing?.kind && one.endpoint === placing.endpoint,
  );
  const found = await providerOf(parts, task, attempt)?.find?.(attemptId, {
    attemptId,
    endpoint: placing?.endpoint ?? "",
    params: model && route ? mapParams(model, route, { input: task.input, ratio: undefined }) : {},
    media: {},
    webhookUrl: null,
    prepared: null,
    test: null,
  });
  return typeof found === "object" ? found.accepted : undefined;
}

/** The model as it was when work began, where an operator may have changed it since; else the catalogue's. */
export function modelOf(
  catalog: Catalog,
  task: Task,
  steps: ReadonlyMap<string, Json>,
): CatalogModel | undefined {
  return (steps.get(MODEL_STEP) as unknown as CatalogModel | undefined) ?? catalog.models.get(task.model);
}

export const MODEL_STEP = "model";

export async function forget(
  parts: Pick<LetGoParts, "log">,
  { task, provider, ticket }: { readonly task: Task; readonly provider: Provider; readonly ticket: Json },
): Promise<void> {
  try {
    await provider.forget?.(ticket);
  } catch (error) {
    parts.log("forget-failed", { task: task.id, provider: provider.id, error });
  }
}

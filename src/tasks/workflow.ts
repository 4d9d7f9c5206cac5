/**
 * The life of a task, from a row to a file that we hold. The engine starts this function again after a crash, and
 * whenever there is something to go on with; what is under `step` and `once` has then already happened.
 */
import type { Catalog } from "../catalog/catalog.ts";
import { priceOf } from "../catalog/price.ts";
import type { Clock } from "../core/clock.ts";
import { ReelayError } from "../core/errors.ts";
import type { FileStore } from "../core/file-store.ts";
import { newId } from "../core/ids.ts";
import type { Json } from "../core/json.ts";
import type { CatalogModel } from "../core/model.ts";
import type { InputFile, Output, Provider } from "../core/provider.ts";
import type { Store } from "../core/store.ts";
import { isTerminal, type Task } from "../core/task.ts";
import { Parked, type Run, TimeUp } from "../engine/run.ts";
import { handOver, lastAttempt, type Work } from "./attempt.ts";
import { type Collector, collectResult, NotFetched } from "./collect.ts";
import { workShape } from "./estimate.ts";
import { failTask, resumeFailure, WorkFailed } from "./fail.ts";
import type { Hooks } from "./hooks.ts";
import type { InputKeeper } from "./inputs.ts";
import type { LiveProgress } from "./live.ts";
import { askedRatio, mapMedia, mapParams, unshown } from "./mapping.ts";
import { type Choice, chooseRoute } from "./route.ts";
import type { Seen, Watch } from "./watch.ts";

export interface WorkflowParts extends Collector {
  readonly catalog: Catalog;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly store: Store;
  readonly files: FileStore;
  readonly inputs: InputKeeper;
  readonly live: LiveProgress;
  readonly hooks: Hooks;
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** Told once a task has ended, after it is durable. */
  readonly onEnd: (taskId: string) => void;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

/** What was ready just in time has this long to be fetched. */
const COLLECT_MS = 60_000;
/** Before a result that could not be fetched is fetched again. */
const FETCH_AGAIN_MS = 5_000;

/** What there is to carry one task with. */
interface Errand {
  readonly task: Task;
  readonly model: CatalogModel;
  readonly choice: Choice;
  readonly media: Readonly<Record<string, InputFile>>;
}

export function makeVideo(parts: WorkflowParts): (run: Run<Watch, Seen>) => Promise<void> {
  return async (run) => {
    const task = await parts.store.readTask(run.id);
    if (!task) return;
    // Cancelled while it was parked: what was handed over is let go.
    if (isTerminal(task.state)) return letGo(parts, task, run.steps);
    try {
      if (!(await resumeFailure(parts, { task, steps: run.steps }))) await carry(parts, run, task);
      parts.onEnd(task.id);
    } catch (error) {
      if (error instanceof Parked) throw error;
      if (run.signal.aborted)
        return run.signal.reason === "closing" ? undefined : letGo(parts, task, run.steps);
      await failTask(parts, { task, steps: run.steps }, error);
      parts.onEnd(task.id);
    }
    parts.live.forget(task.id);
  };
}

async function carry(parts: WorkflowParts, run: Run<Watch, Seen>, task: Task): Promise<void> {
  const { model, choice } = whoDoes(parts, task);
  const { provider } = choice;
  const kept = (await run.step("inputs", () => parts.inputs.keep(model, task, run.signal))) as Kept;
  const work = await describeWork(parts, { model, choice, task, kept });
  // Counted from when work began, not from creation: a long queue is not the task's failure.
  const begunAt = await run.step("begun", async () => parts.clock.now());
  const deadlineAt = begunAt + parts.deadlineMs;
  const { ticket } = await handOver(run, {
    provider,
    work,
    deadlineAt,
    clock: parts.clock,
    webhookUrl: (attemptId) => parts.hooks.url(task.id, attemptId),
    onFindFailed: (error) => parts.log("find-failed", { task: task.id, provider: provider.id, error }),
  });
  const shape = workShape(model, task.input, provider);
  const seen = await run.poll({
    provider: provider.id,
    ticket,
    begunAt,
    deadlineAt,
    expectedSeconds: (await parts.store.readTiming(shape))?.seconds ?? provider.prior(work.params),
  });
  if ("error" in seen) {
    if (seen.error.code !== "deadline_exceeded") await forget(parts, { task, provider, ticket });
    throw ended(seen.error, Object.keys(kept));
  }
  try {
    const errand = { task, model, choice, media: work.media };
    const ms = Math.max(deadlineAt - parts.clock.now(), COLLECT_MS);
    await run.within(ms, (signal) => settle(parts, errand, { output: seen.output, begunAt, signal }));
  } catch (error) {
    if (error instanceof TimeUp) {
      throw new ReelayError(
        "deadline_exceeded",
        "The video was ready, but could not be fetched before the task's time was up.",
      );
    }
    // It is made and paid for: a host that is away for a moment must not cost it. The provider is asked again, too.
    if (!(error instanceof NotFetched) || parts.clock.now() + FETCH_AGAIN_MS >= deadlineAt) throw error;
    parts.log("result-not-fetched", { task: task.id, provider: provider.id, error });
    await run.rest(FETCH_AGAIN_MS);
  }
  await forget(parts, { task, provider, ticket });
}

/** The model and route of a task that was made with them; a provider may have gone since. */
export function whoDoes(
  parts: Pick<WorkflowParts, "catalog" | "providers">,
  task: Task,
): { readonly model: CatalogModel; readonly choice: Choice } {
  const model = parts.catalog.models.get(task.model);
  if (!model)
    throw new ReelayError("no_route", `The model ${task.model} is no longer in this server's catalogue.`);
  return { model, choice: chooseRoute(model, parts.providers, task.provider) };
}

async function settle(
  parts: WorkflowParts,
  errand: Errand,
  { output, begunAt, signal }: { output: Output; begunAt: number; signal: AbortSignal },
): Promise<void> {
  const { task, model, choice } = errand;
  const collected = await collectResult(parts, { ...errand, output, signal });
  const at = parts.clock.now();
  const price = priceOf(model, task.input, collected.file.facts.seconds);
  const finished = await parts.store.finishTask(task.id, {
    state: "completed",
    at,
    results: [collected.file],
    notes: [...unshown(choice.route, task.asked, output.ignored), ...collected.notes],
    // What was delivered, and never more than was agreed to.
    charge: Math.min(price, task.billing.amount),
    timing: { shape: workShape(model, task.input, choice.provider), seconds: (at - begunAt) / 1000 },
    deliveryId: newId("msg", at),
  });
  // Cancelled while we were collecting: nobody will ever ask for these bytes.
  if (!finished) await parts.files.remove(collected.file.id);
}

type Kept = Readonly<Record<string, readonly string[]>>;

async function describeWork(
  parts: WorkflowParts,
  { model, choice, task, kept }: { model: CatalogModel; choice: Choice; task: Task; kept: Kept },
): Promise<Work> {
  const media: Record<string, InputFile> = {};
  for (const { name, field, item } of mapMedia(model, choice.route)) {
    const fileId = kept[field]?.[item];
    if (fileId === undefined) continue;
    const file = await parts.store.readFile(fileId);
    if (!file?.facts)
      throw new ReelayError("input_url_rejected", `${field}: the file has been removed. Send it again.`);
    media[name] = { fileId, path: await parts.files.localPath(fileId), facts: file.facts, url: null };
  }
  return {
    endpoint: choice.route.endpoint,
    params: mapParams(model, choice.route, {
      input: task.input,
      ratio: askedRatio(model, task.input, media),
    }),
    media,
    prepared: null,
  };
}

/** Nobody wants the work: the provider is told, where it was handed over and can be. */
async function letGo(parts: WorkflowParts, task: Task, steps: ReadonlyMap<string, Json>): Promise<void> {
  const provider = parts.providers.get(task.provider);
  const attempt = lastAttempt(steps);
  if (!provider || !attempt) return;
  try {
    const ticket = attempt.ticket ?? (await findTicket(provider, attempt.attemptId));
    if (ticket === undefined) return;
    await provider.cancel?.(ticket);
    await forget(parts, { task, provider, ticket });
  } catch (error) {
    parts.log("cancel-failed", { task: task.id, provider: provider.id, error });
  }
}

/** The work itself is not described again: whoever can find it, finds it by its attempt. */
export async function findTicket(provider: Provider, attemptId: string): Promise<Json | undefined> {
  const found = await provider.find?.(attemptId, {
    attemptId,
    endpoint: "",
    params: {},
    media: {},
    webhookUrl: null,
    prepared: null,
  });
  return typeof found === "object" ? found.accepted : undefined;
}

async function forget(
  parts: WorkflowParts,
  { task, provider, ticket }: { task: Task; provider: Provider; ticket: Json },
): Promise<void> {
  try {
    await provider.forget?.(ticket);
  } catch (error) {
    parts.log("forget-failed", { task: task.id, provider: provider.id, error });
  }
}

/**
 * The end that the watcher saw, as the task's. A provider knows its own names only; where one field of ours held all
 * the media, it was that one.
 */
function ended(error: ReelayError, mediaFields: readonly string[]): ReelayError {
  // Our own two: the provider has said nothing.
  if (error.code === "deadline_exceeded" || error.code === "no_route") return error;
  const [field, ...others] = mediaFields;
  if (!error.code.startsWith("input_") || field === undefined || others.length > 0) {
    return new WorkFailed(error.code, error.message, { problems: error.problems, cause: error });
  }
  const message = `${field}: ${error.message}`;
  return new WorkFailed(error.code, message, { problems: [{ field, message }], cause: error });
}

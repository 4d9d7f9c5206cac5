/**
 * The life of a task, from a row to a file that we hold. The engine starts this function again after a crash, and
 * whenever there is something to go on with; what is under `step` and `once` has then already happened.
 */
import type { Catalog } from "../catalog/catalog.ts";
import { pageOf, unsentNotes } from "../catalog/page.ts";
import { priceOf } from "../catalog/price.ts";
import type { Clock } from "../core/clock.ts";
import { ReelayError } from "../core/errors.ts";
import type { FileStore } from "../core/file-store.ts";
import { newId } from "../core/ids.ts";
import type { Json } from "../core/json.ts";
import type { CatalogModel } from "../core/model.ts";
import type { Output } from "../core/provider.ts";
import type { Store } from "../core/store.ts";
import { isTerminal, type Task } from "../core/task.ts";
import { Parked, type Run, TimeUp } from "../engine/run.ts";
import { type Collector, collectResult, NotFetched } from "./collect.ts";
import { type DescribeParts, describeWork, type Files, openFiles } from "./describe.ts";
import { workShape } from "./estimate.ts";
import { failTask, resumeFailure, WorkFailed } from "./fail.ts";
import { type FailoverPolicy, mayFollow } from "./failover.ts";
import { attemptsOf, type Ending, endingStep } from "./history.ts";
import type { InputKeeper } from "./inputs.ts";
import { forget, forgetAttempt, letGo, MODEL_STEP, modelOf } from "./let-go.ts";
import type { LiveProgress } from "./live.ts";
import { unshown } from "./mapping.ts";
import { type Placed, type PlaceParts, placeWork } from "./place.ts";
import { BEGUN_STEP } from "./resume.ts";
import type { Seen, Watch } from "./watch.ts";

export interface WorkflowParts extends Collector, PlaceParts, DescribeParts {
  readonly catalog: Catalog;
  readonly store: Store;
  readonly files: FileStore;
  readonly inputs: InputKeeper;
  readonly live: LiveProgress;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly failover: FailoverPolicy;
  /** Told once a task has ended, after it is durable. */
  readonly onEnd: (taskId: string) => void;
}

/** What was ready just in time has this long to be fetched. */
const COLLECT_MS = 60_000;
/** Before a result that could not be fetched is fetched again. */
const FETCH_AGAIN_MS = 5_000;

export function makeVideo(parts: WorkflowParts): (run: Run<Watch, Seen>) => Promise<void> {
  return async (run) => {
    const task = await parts.store.readTask(run.id);
    if (!task) return;
    // Cancelled while it was parked: what was handed over is let go.
    if (isTerminal(task.state)) return letGo(parts, task, run.steps);
    try {
      const failure = await resumeFailure(parts, { task, steps: run.steps });
      if (failure === undefined) await carry(parts, run, task);
      // Whoever cancelled it has told the provider to stop: what it keeps of the work is of no use to anybody.
      else if (failure === "cancelled") await forgetAttempt(parts, task, run.steps);
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
  const model = await keepModel(parts, run, task);
  const kept = (await run.step("inputs", () => parts.inputs.keep(model, task, run.signal))) as Kept;
  const files = await openFiles(parts, kept);
  // Counted from when work began, not from creation: a long queue is not the task's failure.
  const begunAt = await run.step(BEGUN_STEP, async () => parts.clock.now());
  const deadlineAt = begunAt + parts.deadlineMs;
  const errand: Errand = { task, model, files, begunAt, deadlineAt };
  const placed = await placeWork(parts, run, {
    ...errand,
    describe: (choice) => describeWork(parts, errand, choice),
  });
  const seen = await watch(parts, run, { errand, placed });
  if ("error" in seen) await giveUp(parts, run, { errand, placed, seen });
  else await collect(parts, run, { errand, placed, output: seen.output });
}

/** What there is to carry one task with. */
interface Errand {
  readonly task: Task;
  readonly model: CatalogModel;
  readonly files: Files;
  readonly begunAt: number;
  readonly deadlineAt: number;
}

interface Underway {
  readonly errand: Errand;
  readonly placed: Placed;
}

async function keepModel(
  { catalog }: WorkflowParts,
  run: Run<Watch, Seen>,
  task: Task,
): Promise<CatalogModel> {
  const model = modelOf(catalog, task, run.steps);
  if (!model)
    throw new ReelayError("no_route", `The model ${task.model} is no longer in this server's catalogue.`);
  // The operator may change or remove the file at any moment, and what was bought by it must still be taken over.
  if (!catalog.operators.has(model.id)) return model;
  return (await run.step(MODEL_STEP, async () => model as unknown as Json)) as unknown as CatalogModel;
}

async function watch(
  parts: WorkflowParts,
  run: Run<Watch, Seen>,
  { errand, placed }: Underway,
): Promise<Seen> {
  const { task, model, begunAt, deadlineAt } = errand;
  const { provider } = placed.choice;
  const shape = workShape(model, task.input, provider);
  return run.poll({
    provider: provider.id,
    ticket: placed.ticket,
    begunAt,
    handedOverAt: placed.at,
    deadlineAt,
    expectedSeconds: (await parts.store.readTiming(shape))?.seconds ?? provider.prior(placed.work.params),
  });
}

/** Accepted work has failed: another attempt where that is allowed, else the end of the task. */
async function giveUp(
  parts: WorkflowParts,
  run: Run<Watch, Seen>,
  { errand, placed, seen }: Underway & { readonly seen: Extract<Seen, { error: ReelayError }> },
): Promise<never> {
  const { task, files } = errand;
  const { number, ticket } = placed;
  const { provider, route } = placed.choice;
  const { code, message } = seen.error;
  // A failure that a test key asked for says nothing about our renderer.
  if (task.test === null) parts.health.ended(provider.id, { endpoint: route.endpoint, code });
  // The provider has said nothing: the work may still go on there.
  if (seen.ours) throw seen.error;
  await forget(parts, { task, provider, ticket });
  if (!mayFollow(parts.failover, code, attemptsOf(run.steps))) throw ended(seen.error, Object.keys(files));
  const ending: Ending = { code, message, at: parts.clock.now() };
  await run.step(endingStep(number), async () => ending as unknown as Json);
  parts.log("attempt-failed", { task: task.id, provider: provider.id, code });
  // From the beginning: what the watcher saw is this attempt's end, and not the next one's.
  return run.rest(0);
}

async function collect(
  parts: WorkflowParts,
  run: Run<Watch, Seen>,
  { errand, placed, output }: Underway & { readonly output: Output },
): Promise<void> {
  const { task, deadlineAt } = errand;
  const { provider } = placed.choice;
  try {
    const ms = Math.max(deadlineAt - parts.clock.now(), COLLECT_MS);
    const until = parts.clock.now() + ms;
    await run.within(ms, (signal) => settle(parts, { errand, placed, output, signal, until }));
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
  await forget(parts, { task, provider, ticket: placed.ticket });
}

async function settle(
  parts: WorkflowParts,
  about: Underway & { readonly output: Output; readonly signal: AbortSignal; readonly until: number },
): Promise<void> {
  const { errand, placed, output, signal, until } = about;
  const { task, model, files } = errand;
  const { choice } = placed;
  const collected = await collectResult(parts, { task, model, files, output, signal, until });
  const at = parts.clock.now();
  const price = priceOf(model, task.input, collected.file.facts.seconds);
  // Its own time: what an earlier attempt took is not this provider's slowness.
  const seconds = (at - placed.at) / 1000;
  const finished = await parts.store.finishTask(task.id, {
    state: "completed",
    at,
    results: [collected.file, ...collected.extras],
    notes: [
      ...unshown(choice.route, task.asked, output.ignored),
      ...unsentNotes(pageOf(model, task.dialect), task.asked),
      ...collected.notes,
    ],
    // What was delivered, and never more than was agreed to.
    charge: Math.min(price, task.billing.amount),
    timing: { shape: workShape(model, task.input, choice.provider), seconds },
    deliveryId: newId("msg", at),
  });
  parts.health.ended(choice.provider.id, { endpoint: choice.route.endpoint, seconds });
  // Cancelled while we were collecting: nobody will ever ask for these bytes.
  if (!finished) for (const { id } of [...collected.extras, collected.file]) await parts.files.remove(id);
}

type Kept = Readonly<Record<string, readonly string[]>>;

/**
 * The end that the watcher saw, as the task's. A provider knows its own names only; where one field of ours held all
 * the media, it was that one.
 */
function ended(error: ReelayError, mediaFields: readonly string[]): ReelayError {
  const [field, ...others] = mediaFields;
  if (!error.code.startsWith("input_") || field === undefined || others.length > 0) {
    return new WorkFailed(error.code, error.message, { problems: error.problems, cause: error });
  }
  const message = `${field}: ${error.message}`;
  return new WorkFailed(error.code, message, { problems: [{ field, message }], cause: error });
}

/**
 * The life of a task, from a row to a file that we hold. The engine starts this function again after a crash;
 * what is under `step` and `once` has then already happened.
 */
import type { Catalog } from "../catalog/catalog.ts";
import type { Clock } from "../core/clock.ts";
import { type ErrorCode, ReelayError } from "../core/errors.ts";
import type { FileStore } from "../core/file-store.ts";
import type { Json } from "../core/json.ts";
import type { CatalogModel } from "../core/model.ts";
import type { InputFile, Output, Progress, Provider, Submission } from "../core/provider.ts";
import type { Store } from "../core/store.ts";
import { isTerminal, type Task } from "../core/task.ts";
import { type Look, OutcomeUnknown, type Recovered, type Run, type StopReason } from "../engine/engine.ts";
import { type Collector, collectResult } from "./collect.ts";
import { workShape } from "./estimate.ts";
import type { InputKeeper } from "./inputs.ts";
import type { LiveProgress } from "./live.ts";
import { type Choice, chooseRoute, mapMedia, mapParams, unshown } from "./route.ts";

export interface WorkflowParts extends Collector {
  readonly catalog: Catalog;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly store: Store;
  readonly files: FileStore;
  readonly inputs: InputKeeper;
  readonly live: LiveProgress;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
}

export function makeVideo(parts: WorkflowParts): (run: Run) => Promise<void> {
  return async (run) => {
    const task = await parts.store.readTask(run.id);
    if (!task || isTerminal(task.state)) return;
    try {
      await carry(parts, run, task);
    } catch (error) {
      // Stopped, by its owner or because we close: the task has ended already, or goes on after the next start.
      if (run.signal.aborted) return;
      await fail(parts, task, error);
    } finally {
      parts.live.forget(task.id);
    }
  };
}

async function carry(parts: WorkflowParts, run: Run, task: Task): Promise<void> {
  const model = parts.catalog.models.get(task.model);
  if (!model)
    throw new ReelayError("no_route", `The model ${task.model} is no longer in this server's catalogue.`);
  const choice = chooseRoute(model, parts.providers);
  const { provider } = choice;

  const kept = (await run.step("inputs", () => parts.inputs.keep(model, task, run.signal))) as Kept;
  const work = await describeWork(parts, { model, choice, task, kept });
  // Counted from when work began, not from creation: a long queue is not the task's failure.
  const begunAt = await run.step("begun", async () => parts.clock.now());
  const ticket = await run.once(
    "attempt",
    (attemptId) => provider.submit({ ...work, attemptId }, run.signal),
    (attemptId) => recover(provider, { ...work, attemptId }),
  );
  const attempt: Attempt = { run, task, provider, ticket, begunAt, mediaFields: Object.keys(kept) };
  try {
    const output = await run.poll(() => look(parts, attempt));
    await settle(parts, { task, model, choice, output, media: work.media, begunAt });
  } catch (error) {
    // The provider goes on with what we merely stop watching; it is told only where nobody wants the work.
    if (run.signal.reason === ("closing" satisfies StopReason)) throw error;
    await letGo(parts, attempt);
    throw error;
  }
  await provider.forget?.(ticket);
}

/** What was handed over, and is being watched. */
interface Attempt {
  readonly run: Run;
  readonly task: Task;
  readonly provider: Provider;
  readonly ticket: Json;
  readonly begunAt: number;
  readonly mediaFields: readonly string[];
}

interface Settling {
  readonly task: Task;
  readonly model: CatalogModel;
  readonly choice: Choice;
  readonly output: Output;
  readonly media: Readonly<Record<string, InputFile>>;
  readonly begunAt: number;
}

async function settle(parts: WorkflowParts, settling: Settling): Promise<void> {
  const { task, model, choice, output, begunAt } = settling;
  const collected = await collectResult(parts, settling);
  const at = parts.clock.now();
  const finished = await parts.store.finishTask(task.id, {
    state: "completed",
    at,
    results: [collected.file],
    notes: [...unshown(choice.route, task.asked, output.ignored), ...collected.notes],
    timing: { shape: workShape(model, task.input, choice.provider), seconds: (at - begunAt) / 1000 },
  });
  // Cancelled while we were collecting: nobody will ever ask for these bytes.
  if (!finished) await parts.files.remove(collected.file.id);
}

async function letGo(parts: WorkflowParts, { task, provider, ticket }: Attempt): Promise<void> {
  try {
    await provider.cancel?.(ticket);
    await provider.forget?.(ticket);
  } catch (error) {
    parts.log("letting-go-failed", { task: task.id, provider: provider.id, error });
  }
}

type Kept = Readonly<Record<string, readonly string[]>>;

async function describeWork(
  parts: WorkflowParts,
  { model, choice, task, kept }: { model: CatalogModel; choice: Choice; task: Task; kept: Kept },
): Promise<Omit<Submission, "attemptId">> {
  const media: Record<string, InputFile> = {};
  for (const { name, field, item } of mapMedia(model, choice.route)) {
    const fileId = kept[field]?.[item];
    if (fileId === undefined) continue;
    const file = await parts.store.readFile(fileId);
    if (!file?.facts)
      throw new ReelayError("input_url_rejected", `${field}: the file has been removed. Send it again.`);
    media[name] = { fileId, path: await parts.files.localPath(fileId), facts: file.facts };
  }
  return { endpoint: choice.route.endpoint, params: mapParams(model, choice.route, task.input), media };
}

async function recover(provider: Provider, work: Submission): Promise<Recovered<Json>> {
  if (!provider.find) return "unknown";
  const ticket = await provider.find(work.attemptId, work);
  return ticket === undefined ? "absent" : { found: ticket };
}

async function look(parts: WorkflowParts, attempt: Attempt): Promise<Look<Output>> {
  const { task, provider, begunAt } = attempt;
  const progress = await checkOnce(parts, attempt);
  if (progress.state === "done") return { done: progress.output };
  if (progress.state === "failed") throw nameField(progress.error, attempt);
  // After the look: what was ready while this server was down is not late.
  if (parts.clock.now() > begunAt + parts.deadlineMs) {
    const message = `The video was not ready within ${parts.deadlineMs / 1000} seconds.`;
    throw new ReelayError("deadline_exceeded", message);
  }
  if (progress.state === "processing") {
    // Once, not at every tick: a durable write for each look is what makes pollers slow.
    if (!parts.live.has(task.id)) await parts.store.startTask(task.id, parts.clock.now());
    parts.live.set(task.id, progress.progress);
  }
  return { againInMs: provider.pollEveryMs };
}

/** A check that throws has told nothing about the work: it is asked again until the deadline. */
async function checkOnce(parts: WorkflowParts, { run, task, provider, ticket }: Attempt): Promise<Progress> {
  try {
    return await provider.check(ticket, run.signal);
  } catch (error) {
    if (run.signal.aborted) throw error;
    parts.log("check-failed", { task: task.id, provider: provider.id, error });
    return { state: "pending" };
  }
}

/** A provider knows its own names only; where one field of ours held all the media, it was that one. */
function nameField(error: ReelayError, { mediaFields }: Attempt): ReelayError {
  const [field, ...others] = mediaFields;
  if (!error.code.startsWith("input_") || field === undefined || others.length > 0) return error;
  const message = `${field}: ${error.message}`;
  return new ReelayError(error.code, message, { problems: [{ field, message }], cause: error });
}

async function fail(parts: WorkflowParts, task: Task, error: unknown): Promise<void> {
  const known = toReelayError(error);
  const code: ErrorCode = known?.code ?? "bug";
  if (!known) parts.log("task-bug", { task: task.id, error });
  const field = known?.problems[0]?.field;
  await parts.store.finishTask(task.id, {
    state: "failed",
    at: parts.clock.now(),
    progress: parts.live.reached(task.id),
    error: {
      code,
      message:
        known?.message ??
        "Reelay made a mistake. It has been logged under this task's id; nothing was billed.",
      ...(field === undefined ? {} : { field }),
    },
  });
}

function toReelayError(error: unknown): ReelayError | undefined {
  if (error instanceof ReelayError) return error;
  if (error instanceof OutcomeUnknown) {
    return new ReelayError(
      "outcome_unknown",
      "The server stopped while the work was being handed over, and the provider cannot tell whether it was accepted. It was not sent again.",
      { cause: error },
    );
  }
  return undefined;
}

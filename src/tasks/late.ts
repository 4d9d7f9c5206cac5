/**
 * A provider's success after a failure of ours: the deadline had passed, or the answer to the submit was lost. The
 * task stays failed, because a terminal state is final, and nobody is charged; the video is put beside it.
 */
import type { Json } from "../core/json.ts";
import type { Output } from "../core/provider.ts";
import type { Task } from "../core/task.ts";
import { collectResult } from "./collect.ts";
import { liveAttempt } from "./history.ts";
import { findTicket, modelOf, providerOf } from "./let-go.ts";
import type { WorkflowParts } from "./workflow.ts";

/** Nobody waits for it. */
const LATE_MS = 60_000;

/** Looks once at every task whose provider may still deliver. Never rejects: what went wrong is tried again next time. */
export async function lookForLate(parts: WorkflowParts, signal: AbortSignal): Promise<void> {
  for (const { id } of await parts.store.listLateTasks(parts.clock.now())) {
    if (signal.aborted) return;
    try {
      await lookOnce(parts, id, signal);
    } catch (error) {
      parts.log("late-look-failed", { task: id, error });
    }
  }
}

async function lookOnce(parts: WorkflowParts, id: string, signal: AbortSignal): Promise<void> {
  const task = await parts.store.readTask(id);
  if (!task) return;
  const steps = await parts.store.readSteps(id);
  const attempt = liveAttempt(steps);
  if (!attempt) return parts.store.endLate(id);
  const provider = providerOf(parts, task, attempt);
  const ticket = attempt.ticket ?? (await findTicket(parts, { task, attempt, steps }));
  if (!provider || ticket === undefined) return;
  const progress = await provider.check(ticket, signal);
  if (progress.state === "failed") return parts.store.endLate(id);
  if (progress.state === "done") await recover(parts, { task, steps }, { output: progress.output, signal });
}

async function recover(
  parts: WorkflowParts,
  { task, steps }: { readonly task: Task; readonly steps: ReadonlyMap<string, Json> },
  { output, signal }: { readonly output: Output; readonly signal: AbortSignal },
): Promise<void> {
  const model = modelOf(parts.catalog, task, steps);
  if (!model) return parts.store.endLate(task.id);
  const until = parts.clock.now() + LATE_MS;
  const { file, extras } = await collectResult(
    parts,
    { task, model, files: {}, output, signal, until },
    "late",
  );
  const late = { ...file, meta: { ...file.meta, late: true } };
  const added = await parts.store.addLateResults(task.id, [late, ...extras]);
  if (added) parts.onEnd(task.id);
  // Somebody else was first, with the same file under the same name; or the task is gone, and nobody wants it.
  else if (!(await parts.store.readFile(file.id)))
    for (const { id } of [...extras, file]) await parts.files.remove(id);
}

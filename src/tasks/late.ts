/**
 * A provider's success after a failure of ours: the deadline had passed, or the answer to the submit was lost. The
 * task stays failed, because a terminal state is final, and nobody is charged; the video is put beside it.
 */
import type { Json } from "../core/json.ts";
import type { Output, Provider } from "../core/provider.ts";
import type { Task } from "../core/task.ts";
import { lastAttempt } from "./attempt.ts";
import { collectResult } from "./collect.ts";
import { findTicket, type WorkflowParts, whoDoes } from "./workflow.ts";

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
  const provider = task && parts.providers.get(task.provider);
  if (!task || !provider) return;
  const ticket = await ticketOf(parts, task, provider);
  if (ticket === "none") return parts.store.endLate(id);
  if (ticket === "unknown") return;
  const progress = await provider.check(ticket, signal);
  if (progress.state === "failed") return parts.store.endLate(id);
  if (progress.state === "done") await recover(parts, task, { output: progress.output, signal });
}

async function ticketOf(
  parts: WorkflowParts,
  task: Task,
  provider: Provider,
): Promise<Json | "none" | "unknown"> {
  const attempt = lastAttempt(await parts.store.readSteps(task.id));
  if (!attempt) return "none";
  return attempt.ticket ?? (await findTicket(provider, attempt.attemptId)) ?? "unknown";
}

async function recover(
  parts: WorkflowParts,
  task: Task,
  { output, signal }: { output: Output; signal: AbortSignal },
): Promise<void> {
  const { model } = whoDoes(parts, task);
  const { file } = await collectResult(parts, { task, model, media: {}, output, signal }, "late");
  const late = { ...file, meta: { ...file.meta, late: true } };
  const added = await parts.store.addLateResults(task.id, [late]);
  if (added) parts.onEnd(task.id);
  // Somebody else was first, with the same file under the same name; or the task is gone, and nobody wants it.
  else if (!(await parts.store.readFile(file.id))) await parts.files.remove(file.id);
}

/**
 * Cancelling. Free while nothing was handed over. What was handed over is stopped where the provider can; else it is
 * discarded when it comes, and the provider may have charged us, which the task's billing says.
 */
import { ReelayError } from "../core/errors.ts";
import { isTerminal, type Task } from "../core/task.ts";
import { failTask } from "./fail.ts";
import type { GatewayParts } from "./gateway.ts";

/** No effect on a task that is already cancelled; `task_not_cancellable` where it ended otherwise. */
export async function cancelTask(parts: GatewayParts, task: Task): Promise<void> {
  const cancelled = !isTerminal(task.state) && (await endCancelled(parts, task));
  if (cancelled) parts.onEnd(task.id);
  const ended = await parts.store.readTask(task.id);
  if (ended?.state === "cancelled") return;
  throw new ReelayError(
    "task_not_cancellable",
    `Task ${task.id} has already ${ended?.state ?? "ended"}; a task can be cancelled until it ends.`,
  );
}

async function endCancelled(parts: GatewayParts, task: Task): Promise<boolean> {
  const steps = await parts.store.readSteps(task.id);
  const cancelled = await failTask(
    // Once it is remembered, the run is stopped: what it sees from then on is our own cancel.
    { ...parts, log: parts.logError, onRemembered: (id) => parts.engine.cancel(id) },
    { task, steps },
    new ReelayError("cancelled", "The task was cancelled by its owner."),
  );
  parts.live.forget(task.id);
  return cancelled;
}

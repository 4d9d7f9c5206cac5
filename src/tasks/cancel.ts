/** Cancelling: the terminal state first, then the work. A crash in between leaves a cancelled task and no work. */
import { ReelayError } from "../core/errors.ts";
import type { Task } from "../core/task.ts";
import type { GatewayParts } from "./gateway.ts";

/** No effect on a task that is already cancelled; `task_not_cancellable` where it ended otherwise. */
export async function cancelTask(
  parts: Pick<GatewayParts, "store" | "engine" | "live" | "clock">,
  task: Task,
): Promise<void> {
  const cancelled = await parts.store.finishTask(task.id, {
    state: "cancelled",
    at: parts.clock.now(),
    progress: parts.live.percent(task),
    error: { code: "cancelled", message: "The task was cancelled by its owner." },
  });
  if (cancelled) {
    parts.engine.cancel(task.id);
    parts.live.forget(task.id);
    return;
  }
  const ended = await parts.store.readTask(task.id);
  if (ended?.state === "cancelled") return;
  throw new ReelayError(
    "task_not_cancellable",
    `Task ${task.id} has already ${ended?.state ?? "ended"}; a task can be cancelled until it ends.`,
  );
}

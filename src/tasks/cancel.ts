/**
 * Cancelling: the terminal state first, then the work. Free while nothing was handed over. What was handed over is
 * stopped where the provider can; else it is discarded when it comes, and the provider may have charged us.
 */
import { ReelayError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { Task } from "../core/task.ts";
import { lastAttempt } from "./attempt.ts";
import type { GatewayParts } from "./gateway.ts";

/** No effect on a task that is already cancelled; `task_not_cancellable` where it ended otherwise. */
export async function cancelTask(parts: GatewayParts, task: Task): Promise<void> {
  const at = parts.clock.now();
  const handedOver = lastAttempt(await parts.store.readSteps(task.id)) !== undefined;
  const provider = parts.providers.get(task.provider);
  const cancelled = await parts.store.finishTask(task.id, {
    state: "cancelled",
    at,
    progress: parts.live.percent(task),
    error: {
      code: "cancelled",
      message:
        handedOver && !provider?.cancel
          ? "The task was cancelled by its owner. The provider cannot stop the work; what comes of it is discarded."
          : "The task was cancelled by its owner.",
    },
    billing: handedOver && !provider?.free ? "unknown" : "released",
    deliveryId: newId("msg", at),
  });
  if (cancelled) {
    parts.engine.cancel(task.id);
    parts.live.forget(task.id);
    parts.onEnd(task.id);
    return;
  }
  const ended = await parts.store.readTask(task.id);
  if (ended?.state === "cancelled") return;
  throw new ReelayError(
    "task_not_cancellable",
    `Task ${task.id} has already ${ended?.state ?? "ended"}; a task can be cancelled until it ends.`,
  );
}

/** A task ends badly: told in its record, its hold released, and remembered where it may still end well. */
import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";
import { type ErrorCode, ReelayError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { Json } from "../core/json.ts";
import type { Provider } from "../core/provider.ts";
import type { Store } from "../core/store.ts";
import type { Task, TaskError } from "../core/task.ts";
import { liveAttempt } from "./history.ts";
import type { LiveProgress } from "./live.ts";

export interface FailParts {
  readonly store: Store;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly live: LiveProgress;
  readonly clock: Clock;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
  /** The reason is durable, and the provider is about to be told. */
  readonly onRemembered?: (taskId: string) => void;
}

/** How long after a failure of ours a provider's success is still worth looking for. */
const LATE_MS = 24 * 3_600_000;

/** How long a provider may take to say that it has stopped; somebody may be waiting for our answer. */
const CANCEL_MS = 5_000;

/** The provider's own word that its work has failed: nothing of ours is with it any more. */
export class WorkFailed extends ReelayError {}

/** Why a task fails, as it is remembered until it has. */
interface Failure {
  readonly error: TaskError;
  /** The provider has said so itself. */
  readonly settled: boolean;
}

const FAILURE = "failure";

/** Whether a failure or a cancel was interrupted. */
export function isEnding(steps: ReadonlyMap<string, Json>): boolean {
  return steps.has(FAILURE);
}

/**
 * Resolves false where the task has ended otherwise. `steps`: what is remembered of it. The reason is remembered
 * before the provider is told to stop: else a crash in between would let the next start take the provider's "it was
 * stopped" for the reason.
 */
export async function failTask(
  parts: FailParts,
  { task, steps }: { readonly task: Task; readonly steps: ReadonlyMap<string, Json> },
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof ReelayError)) parts.log("task-bug", { task: task.id, error });
  const failure = toFailure(error);
  await parts.store.saveStep(task.id, FAILURE, failure as unknown as Json);
  parts.onRemembered?.(task.id);
  return endFailed(parts, { task, steps }, failure);
}

/** Goes on with a failure that a crash interrupted, and says which; undefined where there is none. */
export async function resumeFailure(
  parts: FailParts,
  about: { readonly task: Task; readonly steps: ReadonlyMap<string, Json> },
): Promise<ErrorCode | undefined> {
  const failure = about.steps.get(FAILURE) as unknown as Failure | undefined;
  if (failure) await endFailed(parts, about, failure);
  return failure?.error.code;
}

function toFailure(error: unknown): Failure {
  const known = error instanceof ReelayError ? error : undefined;
  const message =
    known?.message ?? "Reelay made a mistake. It has been logged under this task's id; nothing was billed.";
  const field = known?.problems[0]?.field;
  return {
    error: { code: known?.code ?? "bug", message, ...(field === undefined ? {} : { field }) },
    settled: error instanceof WorkFailed,
  };
}

/**
 * Endings under way. Whoever cancels a task wakes its run, which finds the same reason: told twice at once, a provider
 * that has stopped says "too late" to one of the two, and a bill would be unknown that is known.
 */
const endings = new WeakMap<Store, Map<string, Promise<boolean>>>();

function endFailed(
  parts: FailParts,
  about: { readonly task: Task; readonly steps: ReadonlyMap<string, Json> },
  failure: Failure,
): Promise<boolean> {
  const { id } = about.task;
  const underWay = endings.get(parts.store) ?? new Map<string, Promise<boolean>>();
  endings.set(parts.store, underWay);
  const ending = underWay.get(id) ?? endOnce(parts, about, failure).finally(() => underWay.delete(id));
  underWay.set(id, ending);
  return ending;
}

async function endOnce(
  parts: FailParts,
  { task, steps }: { readonly task: Task; readonly steps: ReadonlyMap<string, Json> },
  { error, settled }: Failure,
): Promise<boolean> {
  const lost = !settled && (await isWithProvider(parts, task, steps));
  const at = parts.clock.now();
  return parts.store.finishTask(task.id, {
    state: error.code === "cancelled" ? "cancelled" : "failed",
    at,
    progress: parts.live.reached(task.id),
    error,
    billing: lost ? "unknown" : "released",
    deliveryId: newId("msg", at),
    ...(lost ? { lateUntil: at + LATE_MS } : {}),
  });
}

/** Whether the provider may go on with work of this task, and bill us for it; it is told to stop. */
async function isWithProvider(
  { providers, log }: FailParts,
  task: Task,
  steps: ReadonlyMap<string, Json>,
): Promise<boolean> {
  const attempt = liveAttempt(steps);
  if (!attempt) return false;
  const provider = providers.get(attempt.placing?.provider ?? task.provider);
  const mayCost = !(provider?.free ?? false);
  if (attempt.ticket === undefined || !provider?.cancel) return mayCost;
  try {
    const answer = await Promise.race([
      provider.cancel(attempt.ticket),
      delay(CANCEL_MS, "silent", { ref: false }),
    ]);
    return answer !== "cancelled" && mayCost;
  } catch (error) {
    log("cancel-failed", { task: task.id, provider: provider.id, error });
    return mayCost;
  }
}

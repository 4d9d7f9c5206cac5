/** The two moments of a task at which several tables change together: it is made, and it ends. */
import type { Created, NewTask, Outcome } from "../../core/store.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Files } from "./files.ts";
import type { IdempotencyKeys } from "./idempotency.ts";
import type { Ledger } from "./ledger.ts";
import type { Ended, Tasks } from "./tasks.ts";
import type { Timings } from "./timings.ts";

interface Tables {
  readonly tasks: Tasks;
  readonly files: Files;
  readonly ledger: Ledger;
  readonly deliveries: Deliveries;
  readonly idempotency: IdempotencyKeys;
  readonly timings: Timings;
}

export const CREATED: Created = { created: true };

/** Throws `idempotency_mismatch` and `insufficient_credits`. */
export function createTask({ tasks, ledger, idempotency }: Tables, task: NewTask): Created {
  if (task.idempotency) {
    const replayed = idempotency.find(task.keyId, task.idempotency);
    if (replayed !== undefined) return { replayed };
  }
  if (task.hold > 0) ledger.hold(task);
  tasks.create(task);
  if (task.idempotency) idempotency.add(task, task.idempotency);
  return CREATED;
}

/** False, and nothing written, where the task is not open. */
export function finishTask(tables: Tables, id: string, outcome: Outcome): boolean {
  const ended = tables.tasks.finish(id, outcome);
  if (!ended) return false;
  settle(tables, id, { outcome, ended });
  if (outcome.state !== "completed") return true;
  for (const file of outcome.results) tables.files.add(file);
  if (outcome.timing) tables.timings.add(outcome.timing.shape, outcome.timing.seconds);
  return true;
}

function settle(
  { ledger, deliveries }: Tables,
  taskId: string,
  { outcome, ended }: { readonly outcome: Outcome; readonly ended: Ended },
): void {
  const { keyId, account, hold, callbackUrl: url } = ended;
  const { at, deliveryId } = outcome;
  const charge = outcome.state === "completed" ? outcome.charge : 0;
  if (hold > 0) ledger.settle({ keyId, account, taskId, at, hold, charge });
  if (url !== null) deliveries.add({ id: deliveryId, taskId, keyId, url, at });
}

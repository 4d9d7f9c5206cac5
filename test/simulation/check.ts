/** What must hold, whatever was killed, whenever: one sentence for each promise that was broken. */
import type { KeyRecord, Store } from "../../src/core/store.ts";
import { isTerminal, type Task } from "../../src/core/task.ts";
import { findBrokenAttempts, toRules } from "./check-attempts.ts";
import type { Fleet } from "./fleet.ts";
import type { MemoryFiles } from "./memory-files.ts";
import type { Witness } from "./witness.ts";

export interface World {
  readonly fleet: Fleet;
  readonly witness: Witness;
  readonly files: MemoryFiles;
  readonly deadlineMs: number;
  /** A run may have to wait for others to end before it can go on. */
  readonly crowded: boolean;
  readonly keys: readonly KeyRecord[];
  /** Every id that a create has ever used. */
  readonly asked: Set<string>;
  /** Those that a client was told. */
  readonly acknowledged: Set<string>;
}

/** Watches that a task that has ended stays as it is. */
export function openFinality(): {
  readonly faults: string[];
  look(store: Store, ids: Iterable<string>): Promise<void>;
} {
  const ends = new Map<string, string>();
  const faults: string[] = [];
  return {
    faults,
    async look(store, ids) {
      for (const id of ids) {
        const task = await store.readTask(id);
        if (task && !isTerminal(task.state)) {
          if (ends.has(id)) faults.push(`${id} had ended and is open again.`);
        } else if (task) {
          const end = JSON.stringify([task.state, task.error, task.billing, task.finishedAt, task.notes]);
          const before = ends.get(id) ?? end;
          if (before !== end) faults.push(`${id} had ended as ${before} and is now ${end}.`);
          ends.set(id, before);
        }
      }
    },
  };
}

export async function findBrokenPromises(store: Store, world: World): Promise<readonly string[]> {
  const faults = [...(await store.checkLedger())];
  for (const { id } of await store.listOpenTasks()) faults.push(`${id} never ended.`);
  for (const id of world.acknowledged)
    if (!(await store.readTask(id))) faults.push(`${id} was acknowledged and is lost.`);
  for (const { id } of world.keys) {
    const { held } = await store.readBalance(id);
    if (held !== 0) faults.push(`${id} still has ${held} held.`);
  }
  const { providers, failover } = world.fleet;
  const rules = toRules(failover, new Map(providers.map((one) => [one.id, one])));
  faults.push(...findBrokenAttempts(world.witness.entries, rules));
  const made = new Map<string, string>();
  for (const id of world.asked) {
    const task = await store.readTask(id);
    if (!task) continue;
    faults.push(...(await checkTask(store, world, task)));
    const name = String(task.input.prompt);
    if (made.has(name)) faults.push(`${id} and ${made.get(name)} were made by one idempotency key.`);
    made.set(name, id);
  }
  return faults;
}

async function checkTask(store: Store, { files, witness }: World, task: Task): Promise<readonly string[]> {
  const faults = [...(await checkHolder(store, witness, task))];
  const results = await store.listResults(task.id);
  if (task.state === "completed" && results.length !== 1)
    faults.push(`${task.id} is completed with ${results.length} results.`);
  for (const { id } of results)
    if (!files.has(id)) faults.push(`${task.id} has the result ${id}, whose bytes are gone.`);
  const deliveries = await store.listDeliveries({ taskId: task.id, limit: 10 });
  const wanted = task.callbackUrl === null ? 0 : 1;
  if (isTerminal(task.state) && deliveries.length !== wanted)
    faults.push(`${task.id} has ${deliveries.length} deliveries.`);
  return faults;
}

/** The record names whoever was asked last, or was to be asked after that. */
async function checkHolder(store: Store, { entries }: Witness, task: Task): Promise<readonly string[]> {
  const asked = entries.findLast((one) => one.event === "submit" && one.task === task.input.prompt);
  if (asked?.event !== "submit" || asked.provider === task.provider) return [];
  const steps = await store.readSteps(task.id);
  const placedAt = (number: number): string | undefined =>
    (steps.get(`route-${number}`) as { provider?: string } | undefined)?.provider;
  let number = 1;
  while ((steps.get(`attempt-${number}`) as { intent?: string } | undefined)?.intent !== asked.attempt) {
    if (placedAt(++number) === undefined) return [`${asked.attempt} of ${task.id} is nowhere in its steps.`];
  }
  while (placedAt(++number) !== undefined) if (placedAt(number) === task.provider) return [];
  return [`${task.id} says ${task.provider}, and ${asked.provider} had it last.`];
}

/** What was asked of a provider just before the deadline may take so long to be answered. */
const LAST_CALLS_MS = 15_000;

/**
 * What is to hold beyond that, and does not yet: that the record tells the truth about what a provider bills us, and
 * that a deadline is one. `simulate --strict` asks for it.
 */
export async function findUntruths(
  store: Store,
  { fleet, asked, deadlineMs, crowded }: World,
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const id of asked) {
    const task = await store.readTask(id);
    if (!task) continue;
    const { state, billing, error } = task;
    const prompt = String(task.input.prompt);
    if (billing.state === "released" && fleet.upstreams.some(({ bills }) => bills(prompt).length > 0)) {
      faults.push(`${id} is ${state} (${error?.code}) with nothing billed, and the provider did the work.`);
    }
    // A kill while a result is fetched begins that minute again.
    const begunAt = (await store.readSteps(id)).get("begun");
    const took = Number(task.finishedAt) - Number(begunAt ?? task.finishedAt);
    const ready = fleet.upstreams.some(({ finished }) => finished(prompt, Number(task.finishedAt)));
    if (state === "failed" && took > (ready || crowded ? 3 * deadlineMs : deadlineMs + LAST_CALLS_MS))
      faults.push(`${id} failed ${took} ms after it began.`);
  }
  return faults;
}

/** One seed: some clients, one server that is killed now and then, its providers; until every task has ended. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type { KeyRecord, Store } from "../../src/core/store.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { findBrokenPromises, findUntruths, openFinality, type World } from "./check.ts";
import { drawFleet, type Fleet, type Supply } from "./fleet.ts";
import { countHardships } from "./hardships.ts";
import { type Life, openLife } from "./life.ts";
import { openMemoryFiles } from "./memory-files.ts";
import { PRICE } from "./model.ts";
import { openRandom, type Random } from "./random.ts";
import type { Sabotage } from "./sabotage.ts";
import { MOST_TASKS, openScript } from "./script.ts";
import { openVirtualTime } from "./virtual-time.ts";
import { openWitness, type Witness } from "./witness.ts";

export interface SeedResult {
  /** One sentence for each property that was broken. */
  readonly faults: readonly string[];
  /** What is wrong in the records, though nothing was lost or doubled. */
  readonly untruths: readonly string[];
  readonly tasks: number;
  readonly kills: number;
  readonly states: Readonly<Record<string, number>>;
  /** What the providers made hard, and how often. */
  readonly hardships: Readonly<Record<string, number>>;
}

const START = 1_780_000_000_000;
const DEADLINE_MS = 120_000;
/** A task may wait behind every other one, each with every retry it has; what is not over then never ends. */
const AT_MOST_MS = 6 * 3_600_000;
/** Given to results that come late. */
const AFTERWARDS_MS = 600_000;
const MOST_KILLS = 12;
/** Of a provider, at a restart. */
const GONE_CHANCE = 0.05;

const KEY: KeyRecord = {
  ...{
    id: "key_a",
    digest: "a",
    name: "a",
    hint: "a",
    account: "default",
    createdAt: START,
    revokedAt: null,
    priority: 0,
    concurrency: null,
    test: false,
  },
};
const KEYS: readonly KeyRecord[] = [KEY, { ...KEY, id: "key_b", digest: "b", priority: 1, concurrency: 1 }];

export async function runSeed(seed: number, sabotage?: Sabotage): Promise<SeedResult> {
  const folder = await mkdtemp(join(tmpdir(), "reelay-simulation-"));
  try {
    return await simulate(seed, join(folder, "reelay.db"), sabotage);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function simulate(seed: number, path: string, sabotage?: Sabotage): Promise<SeedResult> {
  const random = openRandom(seed);
  const time = openVirtualTime(START);
  const witness = openWitness();
  const fleet = drawFleet({ time, random, deadlineMs: DEADLINE_MS, witness });
  const awake = random.pick([1, 2, 4, MOST_TASKS]);
  const files = openMemoryFiles();
  const world: World = {
    ...{ fleet, witness, files, deadlineMs: DEADLINE_MS, keys: KEYS, crowded: awake < MOST_TASKS },
    asked: new Set(),
    acknowledged: new Set(),
  };
  const finality = openFinality();
  const mistakes: string[] = [];
  let store: Store = await openSqliteStore({ path });
  for (const key of KEYS) await store.addKey(key);
  await store.grant("key_a", 4 * PRICE, START);
  let kills = 0;
  let intents = 0;
  const begin = (): Promise<Life> =>
    openLife({
      ...{ store: tellsEnds(store, witness), files, time, random, witness },
      supply: kills === 0 ? fleet : withoutOne(fleet, random),
      ...{ deadlineMs: DEADLINE_MS, awake, onMoment: () => script.onMoment(), ...(sabotage && { sabotage }) },
      newIntent: () => `att_${++intents}`,
      killChance: kills < MOST_KILLS ? 0.02 : 0,
    });
  let life: Life;
  const script = openScript({ world, keys: KEYS, random, wheel: time.openWheel(), life: () => life });
  life = await begin();

  const rest = async (): Promise<void> => {
    for (let quiet = 0; quiet < 4; quiet = life.busy > 0 && !life.dead ? 0 : quiet + 1) await turn();
  };
  const allEnded = async (): Promise<boolean> =>
    script.left() === 0 && (await store.listOpenTasks()).length === 0;

  let until = START + AT_MOST_MS;
  let over = false;
  for (;;) {
    await rest();
    if (life.dead) {
      kills++;
      mistakes.push(...life.mistakes);
      await store.close();
      store = await openSqliteStore({ path });
      life = await begin();
      continue;
    }
    await finality.look(store, world.asked);
    if (!over && (await allEnded())) {
      over = true;
      until = time.now() + AFTERWARDS_MS;
    }
    if (!time.step(until)) break;
  }
  mistakes.push(...life.mistakes, ...script.mistakes);
  const faults = [...mistakes, ...finality.faults, ...(await findBrokenPromises(store, world))];
  const states: Record<string, number> = {};
  for (const id of world.asked) {
    const task = await store.readTask(id);
    const name = task === undefined ? "not made" : (task.error?.code ?? task.state);
    states[name] = (states[name] ?? 0) + 1;
  }
  const untruths = await findUntruths(store, world);
  life.kill();
  await store.close();
  const hardships = countHardships(witness.entries);
  return { faults, untruths, tasks: world.asked.size, kills, states, hardships };
}

/** Sometimes the operator has taken one out of the settings, and puts it back later. */
function withoutOne(fleet: Fleet, random: Random): Supply {
  const gone = random.chance(GONE_CHANCE) && fleet.providers.length > 1 && random.pick(fleet.providers);
  return gone ? { ...fleet, providers: fleet.providers.filter((one) => one !== gone) } : fleet;
}

/**
 * Whose task is to end gives up its place, and the provider is told to stop. Ids of tasks are the name that their
 * prompt has, and a number.
 */
function tellsEnds(store: Store, { write }: Witness): Store {
  return new Proxy(store, {
    get(whole, name) {
      const method = Reflect.get(whole, name) as unknown;
      if (typeof method !== "function" || (name !== "finishTask" && name !== "saveStep")) return method;
      return async (id: string, ...given: readonly unknown[]) => {
        const done: unknown = await Reflect.apply(method, whole, [id, ...given]);
        if (name === "finishTask" || given[0] === "failure")
          write({ event: "ended", task: id.replace(/_\d+$/, "") });
        return done;
      };
    },
  });
}

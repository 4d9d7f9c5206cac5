/** One seed: some clients, one server that is killed now and then, one provider; until every task has ended. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type { KeyRecord, Store } from "../../src/core/store.ts";
import { isTerminal } from "../../src/core/task.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { cancelTask } from "../../src/tasks/cancel.ts";
import { submitTask } from "../../src/tasks/submit.ts";
import { findBrokenPromises, findUntruths, openFinality, type World } from "./check.ts";
import { type Life, openLife } from "./life.ts";
import { openMemoryFiles } from "./memory-files.ts";
import { MODEL, PRICE } from "./model.ts";
import { openRandom, type Random } from "./random.ts";
import { openUpstream } from "./upstream.ts";
import { openVirtualTime } from "./virtual-time.ts";

export interface SeedResult {
  /** One sentence for each property that was broken. */
  readonly faults: readonly string[];
  /** What is wrong in the records, though nothing was lost or doubled. */
  readonly untruths: readonly string[];
  readonly tasks: number;
  readonly kills: number;
  readonly states: Readonly<Record<string, number>>;
}

const START = 1_780_000_000_000;
const DEADLINE_MS = 120_000;
/** A task may wait behind every other one, each with every retry it has; what is not over then never ends. */
const AT_MOST_MS = 6 * 3_600_000;
/** Given to results that come late. */
const AFTERWARDS_MS = 600_000;
const MOST_KILLS = 12;

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

export async function runSeed(seed: number): Promise<SeedResult> {
  const folder = await mkdtemp(join(tmpdir(), "reelay-simulation-"));
  try {
    return await simulate(seed, join(folder, "reelay.db"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function simulate(seed: number, path: string): Promise<SeedResult> {
  const random = openRandom(seed);
  const time = openVirtualTime(START);
  const upstream = openUpstream(time, random, DEADLINE_MS);
  const files = openMemoryFiles();
  const world: World = {
    upstream,
    files,
    deadlineMs: DEADLINE_MS,
    keys: KEYS,
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
      ...{ store, files, time, random, provider: upstream.provider, deadlineMs: DEADLINE_MS },
      newIntent: () => `att_${++intents}`,
      killChance: kills < MOST_KILLS ? 0.02 : 0,
    });
  let life = await begin();
  const script = openScript({ world, random, wheel: time.openWheel(), life: () => life });

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
  return { faults, untruths, tasks: world.asked.size, kills, states };
}

interface ScriptParts {
  readonly world: World;
  readonly random: Random;
  readonly wheel: { after(ms: number, due: () => void): () => void };
  readonly life: () => Life;
}

/** What clients and operators do, and when. A client whose answer was lost asks again under the same name. */
function openScript({ world, random, wheel, life }: ScriptParts) {
  let left = 0;
  const mistakes: string[] = [];
  const at = (ms: number, act: () => void): void => {
    left++;
    wheel.after(ms, () => {
      left--;
      act();
    });
  };
  const create = (name: string, key: KeyRecord): void => {
    const now = life();
    const newId = (): string => {
      const id = `${name}_${world.asked.size}`;
      world.asked.add(id);
      return id;
    };
    const request = {
      ...{ key, dialect: "d", model: MODEL.id, body: { prompt: name }, newId },
      callbackUrl: random.chance(0.5) ? "https://callback.test/" : null,
      idempotency: { key: name, fingerprint: name },
    };
    submitTask(now.parts, MODEL, request).then(
      ({ id }) => world.acknowledged.add(id),
      (error: { code?: string }) => {
        if (error.code !== "insufficient_credits") mistakes.push(`create of ${name}: ${error}`);
      },
    );
    at(random.between(1_000, 5_000), () => life() !== now && create(name, key));
  };
  const cancel = async (name: string): Promise<void> => {
    const { parts } = life();
    const id = [...world.asked].find((one) => one.startsWith(`${name}_`));
    const task = id === undefined ? undefined : await parts.store.readTask(id);
    if (!task || isTerminal(task.state)) return;
    await cancelTask(parts, task).catch((error: { code?: string }) => {
      if (error.code !== "task_not_cancellable") mistakes.push(`cancel of ${name}: ${error}`);
    });
  };
  for (let i = random.between(2, 7); i > 0; i--) {
    const name = `task${i}`;
    const when = random.between(0, 60_000);
    at(when, () => create(name, random.pick(KEYS)));
    if (random.chance(0.2)) at(when + random.between(0, 60_000), () => void cancel(name));
  }
  for (let i = random.between(0, 2); i > 0; i--) at(random.between(0, 300_000), () => life().kill());
  if (random.chance(0.3)) at(random.between(0, 300_000), () => life().close());
  return { mistakes, left: () => left };
}

/** Where stories are told: one server on virtual time, its providers as the story wants them, and what came of it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type { Progress, Provider } from "../../src/core/provider.ts";
import type { KeyRecord, Store } from "../../src/core/store.ts";
import type { Task } from "../../src/core/task.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { submitTask } from "../../src/tasks/submit.ts";
import type { Supply } from "./fleet.ts";
import { type Life, type LifeOptions, openLife } from "./life.ts";
import { type MemoryFiles, openMemoryFiles } from "./memory-files.ts";
import { KINDS, MODEL } from "./model.ts";
import { openRandom } from "./random.ts";
import { openVirtualTime, type VirtualTime } from "./virtual-time.ts";
import { openWitness, type Witness } from "./witness.ts";

export const START = 1_780_000_000_000;
export const DEADLINE_MS = 120_000;
const KEY: KeyRecord = {
  ...{ id: "key_a", digest: "a", name: "a", hint: "a", account: "default", createdAt: START },
  ...{ revokedAt: null, priority: 0, concurrency: null, test: false },
};
export const URGENT: KeyRecord = { ...KEY, id: "key_b", digest: "b", priority: 1 };
export const PENDING: Progress = { state: "pending" };
export const DONE: Progress = { state: "done", output: { from: { url: "u" }, meta: {}, ignored: {} } };

type Change = Partial<Omit<LifeOptions, "supply">> & { readonly supply?: Partial<Supply> };

export interface Stage {
  readonly store: Store;
  readonly files: MemoryFiles;
  readonly time: VirtualTime;
  readonly witness: Witness;
  /** The one that began last. */
  readonly life: Life;
  /** Providers are asked in this order; each does all that it is given unless it says otherwise. */
  begin(providers: Partial<Provider> | readonly Partial<Provider>[], change?: Change): Promise<void>;
  create(id: string, key?: KeyRecord): Promise<void>;
  read(id: string): Promise<Task>;
  /** Lets virtual time pass, and everything happen in it. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "reelay-story-"));
  const store = await openSqliteStore({ path: join(folder, "reelay.db") });
  const files = openMemoryFiles();
  const time = openVirtualTime(START);
  const witness = openWitness();
  for (const key of [KEY, URGENT]) await store.addKey(key);
  let life: Life | undefined;
  const living = (): Life => {
    if (!life) throw new Error("the story has not begun");
    return life;
  };
  return {
    ...{ store, files, time, witness },
    get life() {
      return living();
    },
    async begin(given, { supply, ...change } = {}) {
      const providers = [given].flat().map((one, at) => toProvider(one, at));
      let intents = 0;
      life = await openLife({
        ...{
          store,
          files,
          time,
          witness,
          random: openRandom(1),
          deadlineMs: DEADLINE_MS,
          killChance: 0,
          awake: 4,
        },
        newIntent: () =>
          `att_${time.now().toString(36).padStart(9, "0")}${String(++intents).padStart(12, "0")}`,
        instead: { fetchResult: async () => bytes() },
        ...change,
        supply: {
          providers,
          shares: new Map(providers.map(({ id }, rank) => [id, { weight: 1, rank }])),
          failover: { reasons: ["capacity", "failure", "lost"], attempts: 3, costPercent: 300 },
          submitsPerMinute: new Map(),
          ...supply,
        },
      });
    },
    async create(id, key = KEY) {
      await submitTask(living().parts, MODEL, {
        ...{ key, dialect: "d", model: MODEL.id, body: { prompt: id }, callbackUrl: null, idempotency: null },
        newId: () => id,
      });
    },
    async read(id) {
      const task = await store.readTask(id);
      if (!task) throw new Error(`there is no ${id}`);
      return task;
    },
    async pass(ms) {
      const until = time.now() + ms;
      const wheel = time.openWheel();
      wheel.after(ms, () => undefined);
      const now = living();
      do for (let quiet = 0; quiet < 5; quiet = now.busy > 0 && !now.dead ? 0 : quiet + 1) await turn();
      while (time.step(until));
      wheel.close();
    },
    async close() {
      life?.kill();
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

function toProvider(about: Partial<Provider>, at: number): Provider {
  return {
    ...{ id: at === 0 ? "upstream" : `upstream-${at + 1}`, kind: KINDS[0], free: false, concurrency: 1 },
    ...{ pollEveryMs: 1_000, checksPerSecond: 100, reconcileMs: 60_000 },
    prior: () => 1,
    submit: async ({ attemptId }) => ({ accepted: { job: attemptId } }),
    check: async () => DONE,
    ...about,
  };
}

export async function* bytes(): AsyncIterable<Uint8Array> {
  yield Buffer.from("a video");
}

/** Engines over a real store that can be killed and opened again, as a process is. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../../core/store.ts";
import { openSqliteStore } from "../../store/sqlite/sqlite-store.ts";
import { Engine, type EngineOptions, type Watcher } from "../engine.ts";
import { Queue } from "../queue.ts";
import { Parked, type Run } from "../run.ts";
import { openWheel, type Wheel } from "../wheel.ts";

export type Work<T> = (run: Run<string, string>) => Promise<T>;
export type Options = EngineOptions<string, string>;

export interface Lives {
  readonly store: Store;
  readonly lost: [id: string, error: unknown][];
  createTask(id: string): Promise<void>;
  open(workflow: Work<unknown>, options?: Partial<Options>): Engine<string, string>;
  /** Runs a workflow on a task in an engine of its own; settles when the workflow has ended, parked or not before. */
  carry<T>(work: Work<T>, options?: Partial<Options>, id?: string): Promise<T>;
  /** What a kill leaves: promises of the old engine never settle, and only what was durable is there. */
  restart(): Promise<void>;
  destroy(): Promise<void>;
}

export const RULES = { priority: 0, concurrency: null } as const;

export const toItem = (id: string): { id: string; owner: string; resource: string } => ({
  id,
  owner: "owner",
  resource: "resource",
});

export const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/** Sees the end of a watch when it is told to. */
export interface HandWatcher extends Watcher<string, string> {
  readonly watched: Map<string, { watch: string; end: (seen: string) => void }>;
}

export function openHandWatcher(): HandWatcher {
  const watched: HandWatcher["watched"] = new Map();
  return {
    watched,
    start: (id, watch, end) => void watched.set(id, { watch, end }),
    stop: (id) => void watched.delete(id),
    look: async () => undefined,
  };
}

export async function openLives(): Promise<Lives> {
  const folder = await mkdtemp(join(tmpdir(), "reelay-engine-"));
  const path = join(folder, "reelay.db");
  let store = await openSqliteStore({ path });
  let wheels: Wheel[] = [];
  let intents = 0;
  const lost: Lives["lost"] = [];

  const stopTime = (): void => {
    for (const wheel of wheels) wheel.close();
    wheels = [];
  };
  const open: Lives["open"] = (workflow, options = {}) => {
    const wheel = openWheel();
    wheels.push(wheel);
    return new Engine<string, string>({
      store,
      workflow: async (run) => void (await workflow(run)),
      queue: new Queue(() => 100),
      watcher: openHandWatcher(),
      wheel,
      awake: 4,
      newIntent: () => `intent_${++intents}`,
      onLost: (id, error) => lost.push([id, error]),
      ...options,
    });
  };
  return {
    get store() {
      return store;
    },
    lost,
    open,
    async createTask(id) {
      const about = {
        dialect: "d",
        keyId: "k",
        account: "a",
        model: "m",
        provider: "p",
        input: {},
        asked: [],
      };
      await store.createTask({ ...about, id, createdAt: 1, estimate: 1, callbackUrl: null, hold: 0 });
    },
    carry: (work, options = {}, id = "t1") =>
      new Promise((resolve, reject) => {
        const workflow = async (run: Run<string, string>): Promise<void> => {
          try {
            resolve(await work(run));
          } catch (error) {
            if (error instanceof Parked) throw error;
            reject(error);
          }
        };
        open(workflow, options).start(toItem(id), RULES);
      }),
    async restart() {
      stopTime();
      await store.close();
      store = await openSqliteStore({ path });
    },
    async destroy() {
      stopTime();
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

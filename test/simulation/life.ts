/**
 * One life of the server: the real store, engine, queue, watcher and workflow, between a start and a kill. Around
 * every write and every call to the outside stands a place where it may be killed; then nothing that it waits for
 * ever comes back.
 */
import type { FileStore } from "../../src/core/file-store.ts";
import type { Store } from "../../src/core/store.ts";
import { Engine } from "../../src/engine/engine.ts";
import { Queue } from "../../src/engine/queue.ts";
import type { Wheel } from "../../src/engine/wheel.ts";
import { openAdmission } from "../../src/tasks/admission.ts";
import { openBudget } from "../../src/tasks/budget.ts";
import type { GatewayParts } from "../../src/tasks/gateway.ts";
import { openHealth } from "../../src/tasks/health.ts";
import { lookForLate } from "../../src/tasks/late.ts";
import { LiveProgress } from "../../src/tasks/live.ts";
import { resumeOpenTasks } from "../../src/tasks/resume.ts";
import { openRouter } from "../../src/tasks/route.ts";
import { openSeats } from "../../src/tasks/seats.ts";
import { openWatcher, type Seen, type Watch } from "../../src/tasks/watch.ts";
import { makeVideo, type WorkflowParts } from "../../src/tasks/workflow.ts";
import type { Supply } from "./fleet.ts";
import { CATALOG, measured, SECONDS } from "./model.ts";
import type { Random } from "./random.ts";
import { NOTHING, type Sabotage } from "./sabotage.ts";
import { sleep, type VirtualTime } from "./virtual-time.ts";
import { type Witness, witnessed } from "./witness.ts";

export interface LifeOptions {
  readonly store: Store;
  readonly files: FileStore;
  readonly supply: Supply;
  readonly witness: Witness;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly deadlineMs: number;
  /** Runs at once; one that fetches a result may take minutes. */
  readonly awake: number;
  readonly newIntent: () => string;
  /** Of a kill at each place where there can be one. */
  readonly killChance: number;
  /** Told at each of them: other things may happen there, too. */
  readonly onMoment?: () => void;
  /** What is broken on purpose, to see that it is found. */
  readonly sabotage?: Sabotage;
  /** What stands in for the outside differently from usual. */
  readonly instead?: Partial<WorkflowParts>;
}

export interface Life {
  readonly parts: GatewayParts;
  readonly dead: boolean;
  /** Real work that is under way: time must not move before it has ended. */
  readonly busy: number;
  readonly mistakes: readonly string[];
  kill(): void;
  /** Ends as SIGTERM ends it; dead once it has. */
  close(): void;
}

const WRITES = /^(create|start|finish|move|save|add|end|grant|remove)/;
const LATE_EVERY_MS = 60_000;

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export async function openLife(options: LifeOptions): Promise<Life> {
  const { time, random, deadlineMs, newIntent, supply, sabotage = NOTHING } = options;
  const wheel: Wheel = time.openWheel();
  const mistakes: string[] = [];
  const state = { dead: false, busy: 0 };

  const kill = (): void => {
    state.dead = true;
    wheel.close();
  };
  const maybeDie = (): void => {
    if (state.dead) return;
    options.onMoment?.();
    if (random.chance(options.killChance)) kill();
  };
  /** Calls of ours that leave the process or must survive it. `real`: not waiting for virtual time. */
  const mortal = <T extends object>(target: T, { deadly, real }: { deadly: RegExp; real: boolean }): T =>
    new Proxy(target, {
      get(whole, name) {
        const method = Reflect.get(whole, name) as unknown;
        if (typeof method !== "function" || name === "prior") return method;
        return async (...given: readonly unknown[]) => {
          if (deadly.test(String(name))) maybeDie();
          if (state.dead) return never();
          if (real) state.busy++;
          try {
            return await Reflect.apply(method, whole, given);
          } finally {
            if (real) state.busy--;
            if (deadly.test(String(name))) maybeDie();
            if (state.dead) await never();
          }
        };
      },
    });

  const store = sabotage.store(mortal(options.store, { deadly: WRITES, real: true }));
  const files = mortal(options.files, { deadly: /^(put|remove)/, real: true });
  const reachable = supply.providers.map((provider) => {
    const deadly = /^(prepare|submit|cancel|find)/;
    return witnessed(mortal(provider, { deadly, real: false }), options.witness);
  });
  const providers = new Map(sabotage.providers(reachable).map((one) => [one.id, one]));
  const turns = new Map(
    [...supply.submitsPerMinute].map(([id, perMinute]) => [id, openBudget(perMinute / 60, time)]),
  );
  const live = new LiveProgress();
  const health = openHealth({ clock: time, alert: () => undefined });
  const queue = new Queue((resource) => providers.get(resource)?.concurrency ?? Number.POSITIVE_INFINITY);
  const watcher = openWatcher({
    ...{ providers, wheel, clock: time, random: random.next },
    onProgress: (id, percent) => {
      const first = !live.has(id);
      live.set(id, percent);
      if (first) store.startTask(id, time.now()).catch((error: unknown) => mistakes.push(String(error)));
    },
    onCheckFailed: () => undefined,
  });
  const workflow: WorkflowParts = {
    ...{ catalog: CATALOG, providers, store, files, live, clock: time, deadlineMs },
    hooks: { url: () => null },
    health,
    router: openRouter({
      ...{ providers, health, shares: supply.shares, random: random.next },
      isFull: (resource) => queue.isFull(resource),
      turnMs: (provider) => turns.get(provider)?.waitMs() ?? 0,
    }),
    fetching: openSeats(4),
    submitTurn: (provider, withinMs) => turns.get(provider)?.take(withinMs) ?? 0,
    linkFor: () => null,
    failover: sabotage.failover(supply.failover),
    inputs: { screen: async () => undefined, keep: async () => ({}) },
    measure: async () => measured(random.chance(0.9) ? SECONDS : random.between(1, 2 * SECONDS)),
    fetchResult: async (url, { signal }) => {
      const stopped = new Promise<never>((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
      );
      const ms = random.chance(0.1) ? random.between(0, 200_000) : random.between(5, 2_000);
      await Promise.race([sleep(wheel, ms), stopped]);
      if (random.chance(0.05)) throw new Error("reset");
      return (async function* () {
        yield Buffer.from(url);
      })();
    },
    onEnd: () => undefined,
    ...options.instead,
    log: (event, { error }) => {
      if (event === "task-bug")
        mistakes.push(`${event}: ${error instanceof Error ? error.stack : String(error)}`);
    },
  };
  const engine = new Engine<Watch, Seen>({
    ...{ store, queue, watcher, wheel, newIntent, awake: options.awake },
    onLost: (id, error) =>
      mistakes.push(`run of ${id} lost: ${error instanceof Error ? error.stack : String(error)}`),
    workflow: makeVideo(workflow),
  });
  const parts = {
    ...workflow,
    ...{ engine, queue, screenCallback: () => undefined, accepting: () => true, logError: workflow.log },
    admission: openAdmission(queue, { open: 1000, waitingOfKey: 1000 }),
  } as unknown as GatewayParts;

  const lookLate = (): void => {
    void lookForLate(workflow, new AbortController().signal);
    wheel.after(LATE_EVERY_MS, lookLate);
  };
  wheel.after(LATE_EVERY_MS, lookLate);
  await resumeOpenTasks({ store: options.store, clock: time, deadlineMs }, engine);

  return {
    parts,
    mistakes,
    get dead() {
      return state.dead;
    },
    get busy() {
      return state.busy;
    },
    kill,
    close() {
      void engine.close().then(kill);
    },
  };
}

/** One task and several upstreams in virtual time: it is placed, its process may die at any write or call, and it is placed again. */
import type { Json } from "../../core/json.ts";
import type { Found, Provider, Submission, Submitted, Work } from "../../core/provider.ts";
import { Engine } from "../../engine/engine.ts";
import { Queue } from "../../engine/queue.ts";
import { Parked } from "../../engine/run.ts";
import type { Wheel } from "../../engine/wheel.ts";
import { type Placed, placeWork } from "../place.ts";
import { openPlaceLab } from "./place-lab.ts";

/** What outlives a process. */
export interface World {
  readonly steps: Map<string, Json>;
  /** Whose task it is. */
  provider: string;
  /** Virtual milliseconds: every rest moves the clock to its end. */
  now: number;
  intents: number;
  readonly moves: string[];
  readonly submits: { readonly to: string; readonly at: number; readonly work: Submission }[];
  readonly prepares: { readonly to: string; readonly work: Work }[];
}

export interface Upstream {
  readonly id: string;
  readonly kind?: string;
  readonly reconcileMs?: number;
  readonly prepare?: (world: World) => Json | Promise<Json>;
  readonly submit: (work: Submission, world: World) => Submitted | Promise<Submitted>;
  readonly find?: (attemptId: string, world: World) => Found;
}

export interface Life {
  /** At which of the places where it can die this process does; left out: it does not. */
  readonly diesAt?: number;
  readonly submitTurn?: (provider: string, withinMs: number) => number;
  readonly turnMs?: (provider: string) => number;
  readonly isFull?: (provider: string) => boolean;
  readonly deadlineAt?: number;
}

export const openWorld = (provider: string): World => ({
  ...{ steps: new Map(), provider, now: 1_000, intents: 0, moves: [], submits: [], prepares: [] },
});

const DIED = "died";

/** Resolves and rejects as `placeWork` does; "died" where the process did. */
export async function place(
  world: World,
  upstreams: readonly Upstream[],
  life: Life = {},
): Promise<Placed | typeof DIED> {
  const ended = Promise.withResolvers<Placed | typeof DIED>();
  const state = { places: 0, dead: false };
  const maybeDie = async (): Promise<void> => {
    if (++state.places === life.diesAt) {
      state.dead = true;
      ended.resolve(DIED);
    }
    // Nothing that a dead process waits for ever comes back.
    if (state.dead) await new Promise(() => undefined);
  };
  const mortal = async <T>(act: () => T | Promise<T>): Promise<T> => {
    await maybeDie();
    const value = await act();
    await maybeDie();
    return value;
  };

  const { parts, errand } = openPlaceLab(
    { now: () => world.now },
    upstreams.map((one) => providerOf(one, world, mortal)),
    life,
  );
  const moveTask = (_id: string, provider: string): Promise<void> =>
    mortal(() => {
      world.provider = provider;
      world.moves.push(provider);
    });
  const wheel: Wheel = {
    after(ms, due) {
      const soon = setImmediate(() => {
        if (state.dead) return;
        world.now += ms;
        due();
      });
      return () => clearImmediate(soon);
    },
    size: 0,
    close: () => undefined,
  };
  const engine = new Engine<unknown, unknown>({
    store: {
      readSteps: async () => world.steps,
      saveStep: (_id, name, value) =>
        mortal(() => void world.steps.set(name, JSON.parse(JSON.stringify(value)))),
    },
    workflow: async (run) => {
      const given = errand(life.deadlineAt ?? 3_600_000);
      const task = { ...given.task, provider: world.provider };
      try {
        const placed = await placeWork({ ...parts, store: { moveTask } }, run, { ...given, task });
        ended.resolve(placed);
      } catch (error) {
        if (error instanceof Parked) throw error;
        ended.reject(error);
      }
    },
    queue: new Queue(() => 1),
    watcher: { start: () => undefined, stop: () => undefined, look: async () => undefined },
    wheel,
    awake: 1,
    newIntent: () => `att_${++world.intents}`,
    onLost: (_id, error) => ended.reject(error),
  });
  engine.start({ id: "t1", owner: "o", resource: world.provider }, { priority: 0, concurrency: null });
  return ended.promise;
}

function providerOf(
  { id, kind = id, reconcileMs = 60_000, prepare, submit, find }: Upstream,
  world: World,
  mortal: <T>(act: () => T | Promise<T>) => Promise<T>,
): Provider {
  return {
    id,
    kind,
    reconcileMs,
    submit: (work: Submission) =>
      mortal(() => {
        world.submits.push({ to: id, at: world.now, work });
        return submit(work, world);
      }),
    ...(prepare && {
      prepare: (work: Work) =>
        mortal(() => {
          world.prepares.push({ to: id, work });
          return prepare(world);
        }),
    }),
    ...(find && { find: (attemptId: string) => mortal(() => find(attemptId, world)) }),
  } as unknown as Provider;
}

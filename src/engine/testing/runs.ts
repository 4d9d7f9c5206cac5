/** What tests of an engine's runs share: one engine a test, runs that end when they are told to, and all turns of the loop. */
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach } from "vitest";
import type { Engine } from "../engine.ts";
import { Queue } from "../queue.ts";
import { RunStopped } from "../run.ts";
import { type Lives, type Options, openLives, RULES, toItem, type Work } from "./lives.ts";

interface Held {
  /** Ids, in the order in which they began. */
  readonly begun: string[];
  end(id: string): void;
  fail(id: string, why: Error): void;
}

interface Scene {
  /** Of the test that is running. */
  readonly lives: Lives;
  /** The one that was opened last; closed after the test. */
  readonly engine: Engine<string, string>;
  open(workflow: Work<unknown>, options?: Partial<Options>): void;
  /** Runs that say when they begin and end when they are told to. */
  openHeld(options: Partial<Options>): Held;
  start(...ids: string[]): void;
}

export function useRuns(): Scene {
  let lives: Lives;
  let engine: Engine<string, string>;
  beforeEach(async () => {
    lives = await openLives();
  });
  afterEach(async () => {
    await engine.close();
    await lives.destroy();
  });
  const open: Scene["open"] = (workflow, options = {}) => {
    engine = lives.open(workflow, options);
  };
  return {
    get lives() {
      return lives;
    },
    get engine() {
      return engine;
    },
    open,
    openHeld(options) {
      const begun: string[] = [];
      const ends = new Map<string, PromiseWithResolvers<void>>();
      open(async (run) => {
        begun.push(run.id);
        const end = Promise.withResolvers<void>();
        ends.set(run.id, end);
        run.signal.addEventListener("abort", () => end.reject(new RunStopped("stopped")));
        await end.promise;
      }, options);
      return {
        begun,
        end: (id) => ends.get(id)?.resolve(),
        fail: (id, why) => ends.get(id)?.reject(why),
      };
    },
    start(...ids) {
      for (const id of ids) engine.start(toItem(id), RULES);
    },
  };
}

/** Every turn of the event loop that could still move something, without waiting for a clock. */
export const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await turn();
};

export const slots = (count: number): Partial<Options> => ({ queue: new Queue(() => count) });

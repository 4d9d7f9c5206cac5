import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Engine } from "./engine.ts";
import { Queue } from "./queue.ts";
import { RunStopped } from "./run.ts";
import {
  type Lives,
  type Options,
  openHandWatcher,
  openLives,
  RULES,
  toItem,
  type Work,
} from "./testing/lives.ts";

let lives: Lives;
let engine: Engine<string, string>;
beforeEach(async () => {
  lives = await openLives();
});
afterEach(async () => {
  await engine.close();
  await lives.destroy();
});

const HOUR = 3_600_000;

/** An engine that is closed after the test. */
function open(workflow: Work<unknown>, options: Partial<Options> = {}): Engine<string, string> {
  engine = lives.open(workflow, options);
  return engine;
}

const start = (...ids: string[]): void => {
  for (const id of ids) engine.start(toItem(id), RULES);
};

/** Every turn of the event loop that could still move something, without waiting for a clock. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await turn();
};

/** Runs that say when they begin and end when they are told to. */
function openRuns(options: Partial<Options>) {
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
    end: (id: string) => ends.get(id)?.resolve(),
    fail: (id: string, why: Error) => ends.get(id)?.reject(why),
  };
}

const slots = (count: number): Partial<Options> => ({ queue: new Queue(() => count) });

describe.each([
  ["the resource's limit", slots],
  ["the limit on runs awake", (awake: number) => ({ awake })],
])("slots by %s", (_name, limit) => {
  it("are never exceeded, and runs begin in the order in which they came", async () => {
    const options = limit(2);
    const { begun, end } = openRuns(options);
    const ids = ["e", "d", "c", "b", "a"];
    start(...ids);
    for (let done = 0; done < ids.length; done++) {
      await settle();
      expect(begun).toEqual(ids.slice(0, done + 2));
      expect(engine.open).toBe(ids.length - done);
      end(ids[done] ?? "");
    }
    await settle();
    expect(engine.open).toBe(0);
  });

  it("0: everything waits and nothing runs, and close() does not hang", async () => {
    const { begun } = openRuns(limit(0));
    start("a", "b");
    await engine.close();
    expect([begun, engine.open]).toEqual([[], 2]);
  });

  it("a run that is started twice runs once, waiting or running", async () => {
    const { begun, end } = openRuns(limit(1));
    start("a", "a", "b", "b", "a");
    await settle();
    expect(begun).toEqual(["a"]);
    end("a");
    await settle();
    end("b");
    await settle();
    expect(begun).toEqual(["a", "b"]);
  });

  it("a workflow that throws is reported, frees its slot and does not stop the others", async () => {
    const { begun, end, fail } = openRuns(limit(2));
    start("a", "b", "c");
    await settle();
    fail("b", new Error("a bug"));
    await settle();
    expect(begun).toEqual(["a", "b", "c"]);
    expect(lives.lost).toEqual([["b", new Error("a bug")]]);
    for (const id of ["a", "c"]) end(id);
    await settle();
    expect(lives.lost).toHaveLength(1);
    expect(engine.open).toBe(0);
  });

  it("steps that cannot be read lose that run and not its slot", async () => {
    const readSteps = async (id: string) =>
      id === "a" ? Promise.reject(new Error("disk")) : new Map<string, string>();
    const begun: string[] = [];
    const store = { readSteps, saveStep: async () => undefined };
    open(async (run) => begun.push(run.id), { ...limit(1), store });
    start("a", "b");
    await vi.waitFor(() => expect(begun).toEqual(["b"]));
    expect(lives.lost).toEqual([["a", new Error("disk")]]);
  });
});

it("a parked run keeps its provider's slot and gives up its awake one", async () => {
  const begun: string[] = [];
  const watcher = openHandWatcher();
  open(
    async (run) => {
      if (!begun.includes(run.id)) begun.push(run.id);
      await run.poll(run.id);
    },
    { ...slots(2), awake: 1, watcher },
  );
  start("a", "b", "c");
  await settle();
  expect([begun, [...watcher.watched.keys()]]).toEqual([
    ["a", "b"],
    ["a", "b"],
  ]);
  watcher.watched.get("a")?.end("seen");
  await settle();
  expect(begun).toEqual(["a", "b", "c"]);
});

describe("cancel()", () => {
  it("of a waiting run: it never begins, and those behind it do", async () => {
    const { begun, end } = openRuns(slots(1));
    start("a", "b", "c");
    engine.cancel("b");
    await settle();
    end("a");
    await settle();
    expect([begun, lives.lost]).toEqual([["a", "c"], []]);
  });

  it("of a running run fires its signal and no other's, and is not reported as a loss", async () => {
    const { begun } = openRuns(slots(2));
    start("a", "b", "c");
    await settle();
    for (const id of ["a", "unknown"]) engine.cancel(id);
    await settle();
    expect(begun).toEqual(["a", "b", "c"]);
    expect([lives.lost, engine.open]).toEqual([[], 2]);
  });

  it.each(["watched", "resting"])("of a run that is %s wakes it once, and its wait is over", async (how) => {
    const watcher = openHandWatcher();
    let runs = 0;
    open(async (run) => (++runs === 1 ? (how === "watched" ? run.poll("w") : run.rest(HOUR)) : undefined), {
      watcher,
    });
    start("a");
    await settle();
    expect(runs).toBe(1);
    engine.cancel("a");
    await settle();
    expect([runs, engine.open, watcher.watched.size]).toEqual([2, 0, 0]);
  });

  it("in the moment of parking runs it once more, to let go", async () => {
    let runs = 0;
    open(async (run) => {
      if (++runs > 1) return;
      const parked = run.rest(HOUR);
      engine.cancel("a");
      await parked;
    });
    start("a");
    await settle();
    expect([runs, engine.open]).toEqual([2, 0]);
  });

  it("no step, act, rest or poll begins after it", async () => {
    const work = vi.fn(async () => "done");
    const refused: unknown[] = [];
    open(async (run) => {
      engine.cancel("a");
      for (const begin of [
        () => run.step("s", work),
        () => run.once("o", work, async () => "absent"),
        () => run.poll("w"),
        () => run.rest(1),
      ]) {
        await begin().catch((error: unknown) => refused.push(error));
      }
    });
    start("a");
    await vi.waitFor(() => expect(engine.open).toBe(0));
    expect(refused).toEqual(Array(4).fill(expect.any(RunStopped)));
    expect(work).not.toHaveBeenCalled();
  });
});

describe("nudge()", () => {
  it("ends a rest at once, and only that run's", async () => {
    const runs: string[] = [];
    open(async (run) => (runs.push(run.id) <= 2 ? run.rest(HOUR) : undefined));
    start("a", "b");
    await settle();
    for (const id of ["a", "a", "unknown"]) engine.nudge(id);
    await settle();
    expect([runs, engine.open]).toEqual([["a", "b", "a"], 1]);
  });

  it("looks at what is watched, and leaves what waits or runs alone", async () => {
    const look = vi.fn(async () => undefined);
    open((run) => run.poll("w"), { ...slots(1), watcher: { ...openHandWatcher(), look } });
    start("a", "b");
    await settle();
    for (const id of ["a", "b"]) engine.nudge(id);
    expect(look).toHaveBeenCalledExactlyOnceWith("a");
  });
});

describe("close()", () => {
  it("leaves every run open for the next engine, which carries each to its end", async () => {
    const ids = ["a", "b", "c"];
    for (const id of ids) await lives.createTask(id);
    const worked: string[] = [];
    const carry: Work<void> = async (run) => {
      await run.step("s", async () => worked.push(run.id));
      await run.poll("w");
      const error = { code: "bug", message: "" } as const;
      await lives.store.finishTask(run.id, {
        ...{ state: "failed", at: 1, progress: 0, error, billing: "released", deliveryId: `m${run.id}` },
      });
    };
    open(carry, slots(2));
    start(...ids);
    await vi.waitFor(() => expect(worked).toEqual(["a", "b"]));
    await engine.close();
    const left = async () => (await lives.store.listOpenTasks()).map(({ id }) => id);
    expect([lives.lost, await left()]).toEqual([[], ids]);

    const seesAtOnce = {
      ...openHandWatcher(),
      start: (_id: string, _w: string, end: (s: string) => void) => end("it"),
    };
    open(carry, { watcher: seesAtOnce });
    start(...(await left()));
    await vi.waitFor(async () => expect(await left()).toEqual([]));
    expect(worked).toEqual(ids);
  });

  it("resolves only after the last run has ended, and begins none meanwhile", async () => {
    const gate = Promise.withResolvers<void>();
    const begun: string[] = [];
    open(async (run) => {
      begun.push(run.id);
      await gate.promise;
    }, slots(1));
    start("a", "b");
    await settle();
    let closed = 0;
    const closing = [engine.close(), engine.close()].map((one) => one.then(() => closed++));
    start("c");
    await settle();
    expect([begun, closed]).toEqual([["a"], 0]);
    gate.resolve();
    await Promise.all(closing);
    expect(begun).toEqual(["a"]);
  });

  it("stops every watch and every rest: nothing wakes after it", async () => {
    const watcher = openHandWatcher();
    const takeBack = vi.fn();
    const runs: string[] = [];
    const workflow: Work<unknown> = (run) => (runs.push(run.id) === 1 ? run.poll("w") : run.rest(1));
    open(workflow, { watcher, wheel: { after: () => takeBack, size: 0, close: () => undefined } });
    start("a", "b");
    await settle();
    await engine.close();
    engine.nudge("a");
    engine.cancel("b");
    await settle();
    expect([runs, watcher.watched.size, takeBack.mock.calls.length]).toEqual([["a", "b"], 0, 1]);
  });
});

import { describe, expect, it, vi } from "vitest";
import { RunStopped } from "./run.ts";
import { openHandWatcher, type Work } from "./testing/lives.ts";
import { settle, slots, useRuns } from "./testing/runs.ts";

const HOUR = 3_600_000;

const scene = useRuns();
const { open, openHeld, start } = scene;

describe("cancel()", () => {
  it("of a waiting run: it never begins, and those behind it do", async () => {
    const { begun, end } = openHeld(slots(1));
    start("a", "b", "c");
    scene.engine.cancel("b");
    await settle();
    end("a");
    await settle();
    expect([begun, scene.lives.lost]).toEqual([["a", "c"], []]);
  });

  it("of a running run fires its signal and no other's, and is not reported as a loss", async () => {
    const { begun } = openHeld(slots(2));
    start("a", "b", "c");
    await settle();
    for (const id of ["a", "unknown"]) scene.engine.cancel(id);
    await settle();
    expect(begun).toEqual(["a", "b", "c"]);
    expect([scene.lives.lost, scene.engine.open]).toEqual([[], 2]);
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
    scene.engine.cancel("a");
    await settle();
    expect([runs, scene.engine.open, watcher.watched.size]).toEqual([2, 0, 0]);
  });

  it("in the moment of parking runs it once more, to let go", async () => {
    let runs = 0;
    open(async (run) => {
      if (++runs > 1) return;
      const parked = run.rest(HOUR);
      scene.engine.cancel("a");
      await parked;
    });
    start("a");
    await settle();
    expect([runs, scene.engine.open]).toEqual([2, 0]);
  });

  it("no step, act, rest or poll begins after it", async () => {
    const work = vi.fn(async () => "done");
    const refused: unknown[] = [];
    open(async (run) => {
      scene.engine.cancel("a");
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
    await vi.waitFor(() => expect(scene.engine.open).toBe(0));
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
    for (const id of ["a", "a", "unknown"]) scene.engine.nudge(id);
    await settle();
    expect([runs, scene.engine.open]).toEqual([["a", "b", "a"], 1]);
  });

  it("looks at what is watched, and leaves what waits or runs alone", async () => {
    const look = vi.fn(async () => undefined);
    open((run) => run.poll("w"), { ...slots(1), watcher: { ...openHandWatcher(), look } });
    start("a", "b");
    await settle();
    for (const id of ["a", "b"]) scene.engine.nudge(id);
    expect(look).toHaveBeenCalledExactlyOnceWith("a");
  });
});

describe("close()", () => {
  it("leaves every run open for the next engine, which carries each to its end", async () => {
    const ids = ["a", "b", "c"];
    for (const id of ids) await scene.lives.createTask(id);
    const worked: string[] = [];
    const carry: Work<void> = async (run) => {
      await run.step("s", async () => worked.push(run.id));
      await run.poll("w");
      const error = { code: "bug", message: "" } as const;
      await scene.lives.store.finishTask(run.id, {
        ...{ state: "failed", at: 1, progress: 0, error, billing: "released", deliveryId: `m${run.id}` },
      });
    };
    open(carry, slots(2));
    start(...ids);
    await vi.waitFor(() => expect(worked).toEqual(["a", "b"]));
    await scene.engine.close();
    const left = async () => (await scene.lives.store.listOpenTasks()).map(({ id }) => id);
    expect([scene.lives.lost, await left()]).toEqual([[], ids]);

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
    const closing = [scene.engine.close(), scene.engine.close()].map((one) => one.then(() => closed++));
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
    await scene.engine.close();
    scene.engine.nudge("a");
    scene.engine.cancel("b");
    await settle();
    expect([runs, watcher.watched.size, takeBack.mock.calls.length]).toEqual([["a", "b"], 0, 1]);
  });
});

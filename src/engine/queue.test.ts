import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Store } from "../core/store.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { Engine, type EngineOptions, type Look, type Run, RunStopped } from "./engine.ts";

const HOUR = 3_600_000;
const AGAIN = async (): Promise<Look<never>> => ({ againInMs: HOUR });

let folder: string;
let store: Store;
let lost: [id: string, error: unknown][];
let engine: Engine;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reelay-engine-"));
  store = await openSqliteStore({ path: join(folder, "reelay.db") });
  lost = [];
});
afterEach(async () => {
  await engine.close();
  await store.close();
  await rm(folder, { recursive: true });
});

async function createTask(id: string): Promise<void> {
  const about = { dialect: "d", keyId: "k", model: "m", input: {}, asked: [] };
  await store.createTask({ ...about, id, createdAt: 1, estimate: 1 });
}

/** An engine that is closed after the test. */
function open(workflow: (run: Run) => Promise<unknown>, options: Partial<EngineOptions> = {}): Engine {
  engine = new Engine({
    store,
    workflow: async (run) => void (await workflow(run)),
    slots: 4,
    newIntent: () => "intent",
    onLost: (id, error) => lost.push([id, error]),
    ...options,
  });
  return engine;
}

/** Every turn of the event loop that could still move something, without waiting for a clock. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

/** Runs that say when they begin and end when they are told to. */
function openRuns(slots: number) {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  open(
    async (run) => {
      begun.push(run.id);
      const end = Promise.withResolvers<void>();
      ends.set(run.id, end);
      run.signal.addEventListener("abort", () => end.reject(new RunStopped("stopped")));
      await end.promise;
    },
    { slots },
  );
  return {
    begun,
    end: (id: string) => ends.get(id)?.resolve(),
    fail: (id: string, why: Error) => ends.get(id)?.reject(why),
  };
}

describe("slots", () => {
  it("are never exceeded, and runs begin in the order in which they came", async () => {
    const { begun, end } = openRuns(2);
    const ids = ["e", "d", "c", "b", "a"];
    for (const id of ids) engine.start(id);
    for (let done = 0; done < ids.length; done++) {
      await settle();
      expect(begun).toEqual(ids.slice(0, done + 2));
      expect(engine.open).toBe(ids.length - done);
      expect(engine.waiting).toBe(Math.max(0, ids.length - done - 2));
      end(ids[done] ?? "");
    }
    await settle();
    expect(engine.open).toBe(0);
  });

  it("0: everything waits and nothing runs, and close() does not hang", async () => {
    const { begun } = openRuns(0);
    for (const id of ["a", "b"]) engine.start(id);
    await settle();
    expect([begun, engine.waiting, engine.open]).toEqual([[], 2, 2]);
    await engine.close();
    expect(engine.open).toBe(0);
  });

  it("a run that is started twice runs once, waiting or running", async () => {
    const { begun, end } = openRuns(1);
    for (const id of ["a", "a", "b", "b", "a"]) engine.start(id);
    await settle();
    expect(begun).toEqual(["a"]);
    end("a");
    await settle();
    end("b");
    await settle();
    expect(begun).toEqual(["a", "b"]);
  });

  it("a workflow that throws is reported, frees its slot and does not stop the others", async () => {
    const { begun, end, fail } = openRuns(2);
    for (const id of ["a", "b", "c"]) engine.start(id);
    await settle();
    fail("b", new Error("a bug"));
    await settle();
    expect(begun).toEqual(["a", "b", "c"]);
    expect(lost).toEqual([["b", new Error("a bug")]]);
    for (const id of ["a", "c"]) end(id);
    await settle();
    expect(lost).toHaveLength(1);
    expect(engine.open).toBe(0);
  });

  it("steps that cannot be read lose that run and not its slot", async () => {
    const broken = async (id: string) => (id === "a" ? Promise.reject(new Error("disk")) : new Map());
    const begun: string[] = [];
    open(async (run) => begun.push(run.id), { slots: 1, store: { ...store, readSteps: broken } });
    for (const id of ["a", "b"]) engine.start(id);
    await vi.waitFor(() => expect(begun).toEqual(["b"]));
    expect(lost).toEqual([["a", new Error("disk")]]);
  });
});

describe("stop()", () => {
  it("of a waiting run: it never begins, and those behind it do", async () => {
    const { begun, end } = openRuns(1);
    for (const id of ["a", "b", "c"]) engine.start(id);
    engine.cancel("b");
    await settle();
    end("a");
    await settle();
    expect(begun).toEqual(["a", "c"]);
    expect(lost).toEqual([]);
  });

  it("of a running run fires its signal and no other's, and is not reported as a loss", async () => {
    const { begun } = openRuns(2);
    for (const id of ["a", "b", "c"]) engine.start(id);
    await settle();
    engine.cancel("a");
    engine.cancel("unknown");
    await settle();
    expect(begun).toEqual(["a", "b", "c"]);
    expect([lost, engine.open]).toEqual([[], 2]);
  });

  it("ends the wait between two looks at once", async () => {
    const look = vi.fn(AGAIN);
    const ended = Promise.withResolvers<void>();
    open((run) => run.poll(look).finally(ended.resolve));
    engine.start("a");
    await vi.waitFor(() => expect(look).toHaveBeenCalled());
    await settle();
    engine.cancel("a");
    await expect(ended.promise).resolves.toBeUndefined();
    expect(look).toHaveBeenCalledTimes(1);
  });

  it("that falls into a look does not wait for the next one", async () => {
    let ended = false;
    const look = async (): Promise<Look<never>> => {
      engine.cancel("a");
      return { againInMs: 1000 };
    };
    open((run) =>
      run.poll(look).finally(() => {
        ended = true;
      }),
    );
    engine.start("a");
    await settle();
    expect(ended).toBe(true);
  });

  it("no step, act or look begins after it", async () => {
    const work = vi.fn(async () => "done");
    const refused: unknown[] = [];
    open(async (run) => {
      engine.cancel("a");
      for (const begin of [
        () => run.step("s", work),
        () => run.once("o", work, async () => "absent"),
        () => run.poll(async () => ({ done: await work() })),
      ]) {
        await begin().catch((error: unknown) => refused.push(error));
      }
    });
    engine.start("a");
    await vi.waitFor(() => expect(engine.open).toBe(0));
    expect(refused).toEqual(Array(3).fill(expect.any(RunStopped)));
    expect(work).not.toHaveBeenCalled();
  });
});

describe("close()", () => {
  it("leaves every run open for the next engine, which carries each to its end", async () => {
    const ids = ["a", "b", "c"];
    for (const id of ids) await createTask(id);
    const worked: string[] = [];
    const carry = (look: () => Promise<Look<string>>) => async (run: Run) => {
      await run.step("s", async () => worked.push(run.id));
      await run.poll(look);
      const outcome = { state: "failed", at: 1, progress: 0, error: { code: "bug", message: "" } } as const;
      await store.finishTask(run.id, outcome);
    };
    open(carry(AGAIN), { slots: 2 });
    for (const id of ids) engine.start(id);
    await vi.waitFor(() => expect(worked).toEqual(["a", "b"]));
    await engine.close();
    expect([engine.open, lost, await store.listOpenTasks()]).toEqual([0, [], ids]);

    open(carry(async () => ({ done: "it" })));
    for (const id of await store.listOpenTasks()) engine.start(id);
    await vi.waitFor(async () => expect(await store.listOpenTasks()).toEqual([]));
    expect(worked).toEqual(ids);
  });

  it("resolves only after the last run has ended, and begins none meanwhile", async () => {
    const gate = Promise.withResolvers<void>();
    const begun: string[] = [];
    open(
      async (run) => {
        begun.push(run.id);
        await gate.promise;
      },
      { slots: 1 },
    );
    for (const id of ["a", "b"]) engine.start(id);
    await settle();
    let closed = 0;
    const closing = [engine.close(), engine.close()].map((one) => one.then(() => closed++));
    engine.start("c");
    await settle();
    expect([begun, closed]).toEqual([["a"], 0]);
    gate.resolve();
    await Promise.all(closing);
    expect(begun).toEqual(["a"]);
  });
});

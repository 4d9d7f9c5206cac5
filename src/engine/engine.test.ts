import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Store } from "../core/store.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { Engine, type EngineOptions, OutcomeUnknown, type Run } from "./engine.ts";

let folder: string;
let store: Store;
let intents: number;
let lost: [id: string, error: unknown][];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reelay-engine-"));
  intents = 0;
  lost = [];
  await reopen();
  await createTask("t1");
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function reopen(): Promise<void> {
  store = await openSqliteStore({ path: join(folder, "reelay.db") });
}

/** What a kill leaves: the old engine's promises never settle, and only what was durable is there. */
async function restart(): Promise<void> {
  await store.close();
  await reopen();
}

function createTask(id: string): Promise<void> {
  return store.createTask({
    id,
    dialect: "d",
    keyId: "k",
    model: "m",
    input: {},
    asked: [],
    createdAt: 1,
    estimate: 1,
  });
}

function openEngine(workflow: EngineOptions["workflow"], options: Partial<EngineOptions> = {}): Engine {
  return new Engine({
    store,
    workflow,
    slots: 4,
    newIntent: () => `intent_${++intents}`,
    onLost: (id, error) => lost.push([id, error]),
    ...options,
  });
}

/** Runs a workflow on `id` in an engine of its own; settles as the workflow does. */
function carry<T>(work: (run: Run) => Promise<T>, options: Partial<EngineOptions> = {}, id = "t1") {
  return new Promise<T>((resolve, reject) => {
    openEngine((run) => work(run).then(resolve, reject), options).start(id);
  });
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

type Die = () => Promise<never>;

/** The process dies inside: whatever waits for `die` never comes back. */
async function dieIn(
  work: (run: Run, die: Die) => Promise<unknown>,
  options: (die: Die) => Partial<EngineOptions> = () => ({}),
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const die = (): Promise<never> => {
    resolve();
    return never();
  };
  void carry((run) => work(run, die), options(die));
  await promise;
  await restart();
}

const mustNot = (what: string) => async (): Promise<never> => {
  throw new Error(`${what} must not run`);
};

describe("step", () => {
  it("is not done again after a restart, null and false included", async () => {
    const values = { number: 7, nothing: null, no: false, empty: "", list: [1] } as const;
    await dieIn(async (run, die) => {
      for (const [name, value] of Object.entries(values)) await run.step(name, async () => value);
      await die();
    });
    for (const [name, value] of Object.entries(values)) {
      expect(await carry((run) => run.step(name, mustNot(name)))).toEqual(value);
    }
  });

  it("is done again where the crash came before its save", async () => {
    let done = 0;
    const work = async (): Promise<number> => ++done;
    await dieIn(
      (run) => run.step("a", work),
      (die) => ({ store: { readSteps: store.readSteps, saveStep: die } }),
    );
    expect(await carry((run) => run.step("a", work))).toBe(2);
  });

  it("that throws is not remembered", async () => {
    await expect(carry((run) => run.step("a", mustNot("it")))).rejects.toThrow("must not run");
    expect(await carry((run) => run.step("a", async () => "right"))).toBe("right");
  });
});

describe("once", () => {
  const dieActing = (acts: string[]): Promise<void> =>
    dieIn((run, die) => {
      const act = (intent: string): Promise<never> => {
        acts.push(intent);
        return die();
      };
      return run.once("submit", act, mustNot("recover at first"));
    });

  it("does not begin to act before its intent is durable", async () => {
    const gate = Promise.withResolvers<void>();
    const saving = vi.fn(async (...step: Parameters<Store["saveStep"]>) => {
      await gate.promise;
      await store.saveStep(...step);
    });
    let durable: unknown;
    const act = vi.fn(async () => {
      durable = (await store.readSteps("t1")).get("submit");
      return "ticket";
    });
    const ended = carry((run) => run.once("submit", act, mustNot("recover")), {
      store: { readSteps: store.readSteps, saveStep: saving },
    });
    await vi.waitFor(() => expect(saving).toHaveBeenCalled());
    for (let i = 0; i < 10; i++) await turn();
    expect(act).not.toHaveBeenCalled();
    gate.resolve();
    expect(await ended).toBe("ticket");
    expect(durable).toEqual({ intent: "intent_1" });
  });

  it("does not act where its intent cannot be saved", async () => {
    const full = { readSteps: store.readSteps, saveStep: () => Promise.reject(new Error("disk full")) };
    const ended = carry((run) => run.once("submit", mustNot("act"), mustNot("recover")), { store: full });
    await expect(ended).rejects.toThrow("disk full");
  });

  it("takes what recover found and remembers it", async () => {
    const acts: string[] = [];
    await dieActing(acts);
    const recover = vi.fn(async (intent: string) => ({ found: `ticket of ${intent}` }));
    for (let i = 0; i < 2; i++) {
      expect(await carry((run) => run.once("submit", mustNot("act"), recover))).toBe("ticket of intent_1");
      await restart();
    }
    expect(recover).toHaveBeenCalledTimes(1);
    expect(acts).toEqual(["intent_1"]);
  });

  it("acts again under the same intent where recover says absent", async () => {
    const acts: string[] = [];
    await dieActing(acts);
    const act = async (intent: string): Promise<string> => {
      acts.push(intent);
      return "ticket";
    };
    const again = (run: Run): Promise<string> => run.once("submit", act, async () => "absent");
    expect(await carry(again)).toBe("ticket");
    expect(await carry(again)).toBe("ticket");
    expect(acts).toEqual(["intent_1", "intent_1"]);
  });

  it("never acts again where the outcome is unknown, at no later start either", async () => {
    await dieActing([]);
    for (let i = 0; i < 2; i++) {
      const ended = carry((run) => run.once("submit", mustNot("act"), async () => "unknown"));
      await expect(ended).rejects.toThrow(OutcomeUnknown);
      await expect(ended).rejects.toThrow("intent_1");
      await restart();
    }
  });

  it("asks recover again where recover itself failed", async () => {
    await dieActing([]);
    const failed = carry((run) => run.once("submit", mustNot("act"), mustNot("recover")));
    await expect(failed).rejects.toThrow("recover must not run");
    const ended = carry((run) => run.once("submit", mustNot("act"), async () => ({ found: "it" })));
    expect(await ended).toBe("it");
  });

  it("does not act where the run was stopped while its intent was being saved", async () => {
    const act = vi.fn(async () => "ticket");
    const saving = {
      readSteps: store.readSteps,
      saveStep: async (...step: Parameters<Store["saveStep"]>) => {
        engine.cancel("t1");
        await store.saveStep(...step);
      },
    };
    const ended = Promise.withResolvers<void>();
    const workflow = (run: Run) => run.once("submit", act, mustNot("recover")).then(() => undefined);
    const engine = openEngine((run) => workflow(run).finally(ended.resolve), { store: saving });
    engine.start("t1");
    await ended.promise;
    expect(act).not.toHaveBeenCalled();
  });
});

it("a crash at any two points of a run loses nothing and does nothing twice", async () => {
  const accepted: string[] = [];

  /** Resolves "died" or "done": the `dieAt`th point of this life never comes back. */
  const live = (id: string, dieAt: number): Promise<"died" | "done"> =>
    new Promise((resolve) => {
      let passed = 0;
      const pass = (): Promise<void> => {
        if (++passed !== dieAt) return Promise.resolve();
        resolve("died");
        return never();
      };
      const saveStep = async (...step: Parameters<Store["saveStep"]>): Promise<void> => {
        await pass();
        await store.saveStep(...step);
        await pass();
      };
      const workflow = async (run: Run): Promise<void> => {
        const input = await run.step("input", async () => "in");
        const act = async (intent: string): Promise<string> => {
          await pass();
          accepted.push(`${id} ${intent}`);
          await pass();
          return `ticket ${intent}`;
        };
        const ticket = await run.once("submit", act, async (intent) =>
          accepted.includes(`${id} ${intent}`) ? { found: `ticket ${intent}` } : "absent",
        );
        await pass();
        expect([input, ticket]).toEqual(["in", accepted.at(-1)?.replace(id, "ticket")]);
        resolve("done");
      };
      openEngine(workflow, { store: { readSteps: store.readSteps, saveStep } }).start(id);
    });

  let rounds = 0;
  for (let first = 1, survived = false; !survived; first++) {
    for (let second = 1, again = true; again; second++) {
      const id = `crash_${first}_${second}`;
      await createTask(id);
      const ends = [await live(id, first), await live(id, second), await live(id, 0)];
      expect(ends[2]).toBe("done");
      expect(accepted.filter((one) => one.startsWith(`${id} `))).toHaveLength(1);
      survived = ends[0] === "done";
      again = ends[1] === "died";
      rounds++;
    }
  }
  expect(rounds).toBeGreaterThan(40);
  expect(lost).toEqual([]);
});

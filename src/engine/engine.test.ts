import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Store } from "../core/store.ts";
import type { Engine } from "./engine.ts";
import type { Recovered, Run } from "./run.ts";
import { type Lives, never, type Options, openLives, RULES, toItem, type Work } from "./testing/lives.ts";

let lives: Lives;
beforeEach(async () => {
  lives = await openLives();
  await lives.createTask("t1");
});
afterEach(() => lives.destroy());

type Die = () => Promise<never>;

/** The process dies inside: whatever waits for `die` never comes back. */
async function dieIn(
  work: (run: Run<string, string>, die: Die) => Promise<unknown>,
  options: (die: Die) => Partial<Options> = () => ({}),
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const die = (): Promise<never> => {
    resolve();
    return never();
  };
  void lives.carry((run) => work(run, die), options(die));
  await promise;
  await lives.restart();
}

const mustNot = (what: string) => async (): Promise<never> => {
  throw new Error(`${what} must not run`);
};

const readSteps: Store["readSteps"] = (id) => lives.store.readSteps(id);

describe("step", () => {
  it("is not done again after a restart, null and false included", async () => {
    const values = { number: 7, nothing: null, no: false, empty: "", list: [1] } as const;
    await dieIn(async (run, die) => {
      for (const [name, value] of Object.entries(values)) await run.step(name, async () => value);
      await die();
    });
    for (const [name, value] of Object.entries(values)) {
      expect(await lives.carry((run) => run.step(name, mustNot(name)))).toEqual(value);
    }
  });

  it("is not done again after the run was parked", async () => {
    let done = 0;
    const ended = await lives.carry(async (run) => {
      const value = await run.step("a", async () => ++done);
      if ((await run.step(`b${done}`, async () => "rest")) && done++ === 1) await run.rest(1);
      return value;
    });
    expect([ended, done]).toEqual([1, 3]);
  });

  it("is done again where the crash came before its save", async () => {
    let done = 0;
    const work = async (): Promise<number> => ++done;
    await dieIn(
      (run) => run.step("a", work),
      (die) => ({ store: { readSteps, saveStep: die } }),
    );
    expect(await lives.carry((run) => run.step("a", work))).toBe(2);
  });

  it("that throws is not remembered", async () => {
    await expect(lives.carry((run) => run.step("a", mustNot("it")))).rejects.toThrow("must not run");
    expect(await lives.carry((run) => run.step("a", async () => "right"))).toBe("right");
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
      await lives.store.saveStep(...step);
    });
    let durable: unknown;
    const act = vi.fn(async () => {
      durable = (await lives.store.readSteps("t1")).get("submit");
      return "ticket";
    });
    const ended = lives.carry((run) => run.once("submit", act, mustNot("recover")), {
      store: { readSteps, saveStep: saving },
    });
    await vi.waitFor(() => expect(saving).toHaveBeenCalled());
    for (let i = 0; i < 10; i++) await turn();
    expect(act).not.toHaveBeenCalled();
    gate.resolve();
    expect(await ended).toBe("ticket");
    expect(durable).toEqual({ intent: "intent_1" });
  });

  it("does not act where its intent cannot be saved", async () => {
    const full = { readSteps, saveStep: () => Promise.reject(new Error("disk full")) };
    const ended = lives.carry((run) => run.once("submit", mustNot("act"), mustNot("recover")), {
      store: full,
    });
    await expect(ended).rejects.toThrow("disk full");
  });

  it("takes what recover found and remembers it", async () => {
    const acts: string[] = [];
    await dieActing(acts);
    const recover = vi.fn(async (intent: string) => ({ found: `ticket of ${intent}` }));
    for (let i = 0; i < 2; i++) {
      const ended = await lives.carry((run) => run.once("submit", mustNot("act"), recover));
      expect(ended).toBe("ticket of intent_1");
      await lives.restart();
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
    const again: Work<string> = (run) => run.once("submit", act, async () => "absent");
    expect(await lives.carry(again)).toBe("ticket");
    expect(await lives.carry(again)).toBe("ticket");
    expect(acts).toEqual(["intent_1", "intent_1"]);
  });

  it("asks again, and never acts, as long as the outcome is not known, at later starts too", async () => {
    await dieActing([]);
    for (let start = 0; start < 2; start++) {
      let asked = 0;
      const recover = async (): Promise<Recovered<string>> => {
        if (++asked === 3) throw new Error("given up");
        return { againInMs: 1 };
      };
      await expect(lives.carry((run) => run.once("submit", mustNot("act"), recover))).rejects.toThrow(
        "given up",
      );
      expect(asked).toBe(3);
      await lives.restart();
    }
  });

  it("an act that does not know its own outcome is recovered, under its intent, and not acted again", async () => {
    const asked: string[] = [];
    const act = vi.fn(async () => "unknown" as const);
    const recover = async (intent: string): Promise<Recovered<string>> => {
      asked.push(intent);
      return asked.length === 2 ? { found: "ticket" } : { againInMs: 1 };
    };
    expect(await lives.carry((run) => run.once("submit", act, recover))).toBe("ticket");
    expect([act.mock.calls.length, asked]).toEqual([1, ["intent_1", "intent_1"]]);
  });

  it("asks recover again where recover itself failed", async () => {
    await dieActing([]);
    const failed = lives.carry((run) => run.once("submit", mustNot("act"), mustNot("recover")));
    await expect(failed).rejects.toThrow("recover must not run");
    const ended = lives.carry((run) => run.once("submit", mustNot("act"), async () => ({ found: "it" })));
    expect(await ended).toBe("it");
  });

  it("does not act where the run was stopped while its intent was being saved, and the next start may", async () => {
    const act = vi.fn(async () => "ticket");
    const stopped = Promise.withResolvers<void>();
    const saveStep = async (...step: Parameters<Store["saveStep"]>): Promise<void> => {
      void engine.close().then(stopped.resolve);
      await lives.store.saveStep(...step);
    };
    const workflow: Work<unknown> = (run) => run.once("submit", act, mustNot("recover"));
    const engine: Engine<string, string> = lives.open(workflow, { store: { readSteps, saveStep } });
    engine.start(toItem("t1"), RULES);
    await stopped.promise;
    expect(act).not.toHaveBeenCalled();
    expect(await lives.carry((run) => run.once("submit", act, mustNot("recover")))).toBe("ticket");
    expect(act).toHaveBeenCalledExactlyOnceWith("intent_1");
  });

  it("an act that rejected sent nothing: the next start acts, and does not ask for what became of it", async () => {
    await expect(
      lives.carry((run) => run.once("submit", mustNot("act"), mustNot("recover"))),
    ).rejects.toThrow();
    await lives.restart();
    expect(await lives.carry((run) => run.once("submit", async () => "ticket", mustNot("recover")))).toBe(
      "ticket",
    );
  });
});

import { afterEach, beforeEach, expect, it } from "vitest";
import { ReelayError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { Found, Provider, Submitted } from "../core/provider.ts";
import type { Store } from "../core/store.ts";
import { placeWork } from "../tasks/place.ts";
import { openPlaceLab } from "../tasks/testing/place-lab.ts";
import { Parked, type Run } from "./run.ts";
import { type Lives, never, openLives, RULES, toItem } from "./testing/lives.ts";
import type { Wheel } from "./wheel.ts";

let lives: Lives;
beforeEach(async () => {
  lives = await openLives();
});
afterEach(() => lives.destroy());

/** How a provider answers the submits and look-ups of one task, in turn; the last one again and again. */
interface Script {
  readonly submits: readonly ("accept" | "busy" | "refuse" | "lost" | "accept-lost")[];
  readonly finds: readonly ("truth" | "later" | "never")[];
  readonly ends: readonly string[];
}

const SCRIPTS: Readonly<Record<string, Script>> = {
  "accepted at once": { submits: ["accept"], finds: ["truth"], ends: ["ticket"] },
  "refused for now, then accepted": {
    submits: ["busy", "busy", "accept"],
    finds: ["truth"],
    ends: ["ticket"],
  },
  "refused for good": { submits: ["refuse"], finds: ["truth"], ends: ["content_refused"] },
  "answer lost, then found": { submits: ["accept-lost"], finds: ["later", "truth"], ends: ["ticket"] },
  "request lost, absent, then accepted": {
    submits: ["lost", "accept"],
    finds: ["later", "truth"],
    ends: ["ticket"],
  },
  "answer lost and never found": {
    submits: ["accept-lost"],
    finds: ["never"],
    ends: ["outcome_unknown"],
  },
};

interface Upstream {
  readonly provider: Provider;
  readonly accepted: string[];
}

/** The upstream lives on while we die: what it accepted stays accepted. */
function openUpstream(script: Script): (pass: () => Promise<void>) => Upstream {
  const accepted: string[] = [];
  let submits = 0;
  let finds = 0;
  let time = 0;
  const at = <T>(list: readonly T[], index: number): T => list[Math.min(index, list.length - 1)]!;
  return (pass) => {
    const submit = async ({ attemptId }: { attemptId: string }): Promise<Submitted> => {
      await pass();
      const how = at(script.submits, submits++);
      if (how === "accept" || how === "accept-lost") accepted.push(attemptId);
      await pass();
      if (how === "accept") return { accepted: `ticket ${attemptId}` };
      if (how === "busy")
        return { refused: new ReelayError("provider_busy", "later"), again: { afterMs: 1 } };
      if (how === "refuse") return { refused: new ReelayError("content_refused", "no"), again: false };
      return { unknown: "reset" };
    };
    const find = async (attemptId: string): Promise<Found> => {
      await pass();
      const how = at(script.finds, finds++);
      if (how !== "truth") return "unknown";
      return accepted.includes(attemptId) ? { accepted: `ticket ${attemptId}` as Json } : "absent";
    };
    // Each look at the clock moves it, so that a reconcile that never succeeds ends.
    const provider = { id: "p", submit, find, reconcileMs: 3 } as unknown as Provider;
    return { accepted, provider: Object.assign(provider, { now: () => time++ }) };
  };
}

/** Rests take one turn of the event loop: what is tested is the order of things. */
const HASTY: Wheel = {
  after(_ms, due) {
    const soon = setImmediate(due);
    return () => clearImmediate(soon);
  },
  size: 0,
  close: () => undefined,
};

/** Runs one life; the `dieAt`th point of it never comes back (0: none). Resolves how it ended. */
function live(id: string, open: ReturnType<typeof openUpstream>, dieAt: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let passed = 0;
    const pass = (): Promise<void> => {
      if (++passed !== dieAt) return Promise.resolve();
      resolve("died");
      return never();
    };
    const saveStep = async (...step: Parameters<Store["saveStep"]>): Promise<void> => {
      await pass();
      await lives.store.saveStep(...step);
      await pass();
    };
    const { provider } = open(pass);
    const clock = provider as unknown as { now(): number };
    const carry = async (run: Run<string, string>): Promise<void> => {
      try {
        const lab = openPlaceLab(clock, [provider]);
        const { ticket, attemptId } = await placeWork(lab.parts, run, lab.errand(Number.POSITIVE_INFINITY));
        await pass();
        expect(ticket).toBe(`ticket ${attemptId}`);
        resolve("ticket");
      } catch (error) {
        if (error instanceof Parked) throw error;
        if (!(error instanceof ReelayError)) return reject(error);
        await pass();
        resolve(error.code);
      }
    };
    lives
      .open(carry, { wheel: HASTY, store: { readSteps: (task) => lives.store.readSteps(task), saveStep } })
      .start(toItem(id), RULES);
  });
}

it.each(Object.entries(SCRIPTS))(
  "%s: a crash at any two points accepts at most once, and ends",
  async (name, script) => {
    let rounds = 0;
    for (let first = 1, survived = false; !survived; first++) {
      for (let second = 1, again = true; again; second++) {
        const id = `${name} ${first} ${second}`;
        await lives.createTask(id);
        const upstream = openUpstream(script);
        const ends: string[] = [];
        for (const dieAt of [first, second, 0]) ends.push(await live(id, upstream, dieAt));
        const { accepted } = upstream(async () => undefined);
        expect(new Set(accepted).size, `${id}: ${accepted}`).toBe(accepted.length);
        expect(accepted.length, `${id}: ${accepted}`).toBeLessThanOrEqual(1);
        expect(script.ends, `${id}: ${ends}`).toContain(ends[2]);
        survived = ends[0] !== "died";
        again = ends[1] === "died";
        rounds++;
      }
    }
    expect(rounds).toBeGreaterThan(10);
    expect(lives.lost).toEqual([]);
  },
);

import { describe, expect, it } from "vitest";
import { type ErrorCode, ReelayError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { Found, Provider, Submission, Submitted } from "../core/provider.ts";
import { Engine } from "../engine/engine.ts";
import { Queue } from "../engine/queue.ts";
import { Parked } from "../engine/run.ts";
import type { Wheel } from "../engine/wheel.ts";
import { hintStep } from "./attempt.ts";
import { liveAttempt } from "./history.ts";
import { type Placed, placeWork } from "./place.ts";
import { openPlaceLab } from "./testing/place-lab.ts";

const DEADLINE = 3_600_000;

interface Life {
  readonly steps: Map<string, Json>;
  /** Virtual milliseconds. */
  now: number;
  readonly sent: Submission[];
  readonly asked: string[];
}

interface Answers {
  readonly submit: (work: Submission, life: Life) => Submitted | Promise<Submitted>;
  readonly find?: (attemptId: string, life: Life) => Found | Promise<Found>;
  readonly reconcileMs?: number;
}

const openLife = (steps: Iterable<[string, Json]> = []): Life => ({
  steps: new Map(steps),
  now: 1_000,
  sent: [],
  asked: [],
});

/** Places the work in virtual time: every rest moves the clock to its end. Resolves as `placeWork` does. */
function carry(answers: Answers, life: Life): Promise<Placed> {
  const { find } = answers;
  const provider = {
    id: "p",
    kind: "p",
    reconcileMs: answers.reconcileMs ?? 60_000,
    submit: async (work: Submission) => {
      life.sent.push(work);
      return answers.submit(work, life);
    },
    ...(find && {
      find: async (attemptId: string) => {
        life.asked.push(attemptId);
        return find(attemptId, life);
      },
    }),
  } as unknown as Provider;
  const { parts, errand } = openPlaceLab({ now: () => life.now }, [provider]);
  const wheel: Wheel = {
    after(ms, due) {
      life.now += ms;
      const soon = setImmediate(due);
      return () => clearImmediate(soon);
    },
    size: 0,
    close: () => undefined,
  };
  return new Promise((resolve, reject) => {
    let intents = 0;
    const engine = new Engine<unknown, unknown>({
      store: {
        readSteps: async () => life.steps,
        saveStep: async (_id, name, value) => void life.steps.set(name, JSON.parse(JSON.stringify(value))),
      },
      workflow: async (run) => {
        try {
          resolve(await placeWork(parts, run, errand(DEADLINE)));
        } catch (error) {
          if (error instanceof Parked) throw error;
          reject(error);
        }
      },
      queue: new Queue(() => 1),
      watcher: { start: () => undefined, stop: () => undefined, look: async () => undefined },
      wheel,
      awake: 1,
      newIntent: () => `att_${life.steps.size}_${++intents}`,
      onLost: (_id, error) => reject(error),
    });
    engine.start({ id: "t1", owner: "o", resource: "r" }, { priority: 0, concurrency: null });
  });
}

const busy = (afterMs: number): Submitted => ({
  refused: new ReelayError("provider_busy", "The provider takes no more work at present."),
  again: { afterMs },
});
const code = (expected: ErrorCode) => expect.objectContaining({ code: expected });

describe("a submit that is accepted", () => {
  it("is sent once, with its attempt's name on it, and is known at the next start", async () => {
    const life = openLife();
    const answers: Answers = { submit: () => ({ accepted: { job: 7 } }) };
    const handed = await carry(answers, life);
    expect(handed.ticket).toEqual({ job: 7 });
    expect(life.sent).toMatchObject([
      { attemptId: handed.attemptId, webhookUrl: `https://us/${handed.attemptId}`, params: { a: 1 } },
    ]);
    const { attemptId, ticket } = handed;
    expect(liveAttempt(life.steps)).toMatchObject({ attemptId, ticket });
    expect(await carry(answers, life)).toMatchObject({ attemptId, ticket });
    expect(life.sent).toHaveLength(1);
  });

  it("with a ticket of null is a ticket all the same", async () => {
    const life = openLife();
    expect((await carry({ submit: () => ({ accepted: null }) }, life)).ticket).toBe(null);
    expect(liveAttempt(life.steps)?.ticket).toBe(null);
  });
});

describe("a refusal", () => {
  it("for now is tried again under another name, not before its time", async () => {
    const life = openLife();
    const times: number[] = [];
    const submit = (): Submitted => (times.push(life.now) < 3 ? busy(5_000) : { accepted: "t" });
    await carry({ submit }, life);
    expect(times).toEqual([1_000, 6_000, 11_000]);
    expect(new Set(life.sent.map(({ attemptId }) => attemptId)).size).toBe(3);
  });

  it("for good ends it at once, with the provider's words, and leaves nothing that may be billed", async () => {
    const life = openLife();
    const refused = new ReelayError("content_refused", "The provider does not draw that.");
    await expect(carry({ submit: () => ({ refused, again: false }) }, life)).rejects.toThrow(
      "does not draw that",
    );
    expect([life.sent.length, liveAttempt(life.steps)]).toEqual([1, undefined]);
  });

  it("before anything left, of a file that fits in nowhere, is one for good", async () => {
    const life = openLife();
    const submit = (): Submitted => {
      throw new ReelayError("input_out_of_limits", "The file has 21.0 MiB.");
    };
    await expect(carry({ submit }, life)).rejects.toThrow("21.0 MiB");
    expect([life.sent.length, liveAttempt(life.steps)]).toEqual([1, undefined]);
  });

  it("for now, again and again, ends it when the time is up, with pauses that grow", async () => {
    const life = openLife();
    await expect(carry({ submit: () => busy(1) }, life)).rejects.toEqual(code("provider_busy"));
    expect(life.now).toBeLessThan(DEADLINE);
    expect(life.now).toBeGreaterThan(DEADLINE - 120_000);
    expect(life.sent.length).toBeLessThan(80);
  });

  it("for now that lasts half a minute does not fail the task: nothing was sent, and the deadline is far", async () => {
    const life = openLife();
    const submit = (): Submitted => (life.now < 31_000 ? busy(1_000) : { accepted: "t" });
    expect(await carry({ submit }, life)).toMatchObject({ ticket: "t" });
  });
});

describe("a lost answer", () => {
  it("that is found goes on with what was found, and is not sent again", async () => {
    const life = openLife();
    const find = (): Found => (life.asked.length < 4 ? "unknown" : { accepted: "found" });
    const handed = await carry({ submit: () => ({ unknown: "reset" }), find }, life);
    expect([handed.ticket, life.sent.length, life.asked.length]).toEqual(["found", 1, 4]);
    expect(new Set(life.asked)).toEqual(new Set([handed.attemptId]));
    const { attemptId, ticket } = handed;
    expect(liveAttempt(life.steps)).toMatchObject({ attemptId, ticket });
  });

  it("that is surely absent is sent again under the same name", async () => {
    const life = openLife();
    const submit = (): Submitted => (life.sent.length === 1 ? { unknown: "reset" } : { accepted: "t" });
    await carry({ submit, find: () => "absent" }, life);
    expect(life.sent.map(({ attemptId }) => attemptId)).toEqual([
      life.sent[0]?.attemptId,
      life.sent[0]?.attemptId,
    ]);
  });

  it("that is never found is given up after the provider's time for it, and never sent again", async () => {
    const life = openLife();
    const lost: Answers = {
      submit: () => ({ unknown: "reset" }),
      find: () => "unknown",
      reconcileMs: 10_000,
    };
    await expect(carry(lost, life)).rejects.toEqual(code("outcome_unknown"));
    expect(life.now).toBeGreaterThanOrEqual(11_000);
    expect([life.sent.length, life.asked.length]).toEqual([1, 6]);
    expect(liveAttempt(life.steps)).toMatchObject({ attemptId: life.sent[0]?.attemptId, ticket: undefined });
  });

  it("of a provider that cannot look waits for its call, and goes on with it", async () => {
    const life = openLife();
    const submit = ({ attemptId }: Submission): Submitted => {
      life.steps.set(hintStep(attemptId), "told");
      return { unknown: "reset" };
    };
    expect(await carry({ submit }, life)).toMatchObject({ ticket: "told" });
    expect(life.sent).toHaveLength(1);
  });

  it("is not given up because one look-up failed", async () => {
    const life = openLife();
    const find = (): Found => {
      if (life.asked.length === 1)
        throw new ReelayError("provider_failed", "The provider answered a question about its work with 502.");
      return { accepted: "found" };
    };
    expect(await carry({ submit: () => ({ unknown: "reset" }), find }, life)).toMatchObject({
      ticket: "found",
    });
  });

  it("that is lost a second time is looked for as long as the first time", async () => {
    const life = openLife();
    const submit = (): Submitted => {
      life.now += 100_000;
      return { unknown: "reset" };
    };
    const find = (): Found =>
      life.asked.length === 1 ? "absent" : life.asked.length < 5 ? "unknown" : { accepted: "found" };
    expect(await carry({ submit, find }, life)).toMatchObject({ ticket: "found" });
  });
});

it("the live attempt is the one that counts: refused ones are none, failed ones are none, and one never sent is none", () => {
  const route = { provider: "p", kind: "p", endpoint: "e", at: 0 };
  const refused = {
    intent: "a1",
    done: { refused: { code: "provider_busy", message: "" }, againAt: 1 },
  };
  const live = (steps: readonly [string, Json][]) => {
    const found = liveAttempt(new Map(steps));
    return found && [found.number, found.attemptId, found.ticket];
  };
  expect(live([])).toBeUndefined();
  expect(live([["route-1", route]])).toBeUndefined();
  expect(
    live([
      ["route-1", route],
      ["attempt-1", refused],
    ]),
  ).toBeUndefined();
  const second: [string, Json] = ["attempt-2", { intent: "a2" }];
  expect(live([["attempt-1", refused], second])).toEqual([2, "a2", undefined]);
  expect(live([["attempt-1", refused], second, [hintStep("a2"), "told"]])).toEqual([2, "a2", "told"]);
  expect(live([["attempt-1", { intent: "a1", unsent: true }]])).toBeUndefined();
  const accepted = { intent: "a1", done: { accepted: "t", attemptId: "a1" } };
  expect(live([["attempt-1", accepted]])).toEqual([1, "a1", "t"]);
  const ended = { code: "provider_failed", message: "", at: 1 };
  expect(
    live([
      ["attempt-1", accepted],
      ["ended-1", ended],
    ]),
  ).toBeUndefined();
  expect(live([["attempt-1", accepted], ["ended-1", ended], second])).toEqual([2, "a2", undefined]);
});

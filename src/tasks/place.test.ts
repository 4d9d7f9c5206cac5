import { describe, expect, it } from "vitest";
import { type ErrorCode, ReelayError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { Submitted } from "../core/provider.ts";
import { openBudget } from "./budget.ts";
import { attemptsOf } from "./history.ts";
import { openWorld, place, type Upstream, type World } from "./testing/place-world.ts";

const SECOND = 1_000;

const refused = (code: ErrorCode, message = `It said ${code}.`): Submitted => ({
  refused: new ReelayError(code, message),
  again: false,
});
const notNow = (afterMs = 5 * SECOND, code: ErrorCode = "provider_busy"): Submitted => ({
  refused: new ReelayError(code, `Not now (${code}).`),
  again: { afterMs },
});
const ACCEPTED: Submitted = { accepted: { job: 7 } };

/** Gives these answers one after the other, the last one for ever. */
function upstream(id: string, answers: readonly Submitted[], more: Partial<Upstream> = {}): Upstream {
  const left = [...answers];
  const submit = (): Submitted => (left.length > 1 ? left.shift() : left[0]) ?? ACCEPTED;
  return { id, submit, ...more };
}

const asked = ({ submits }: World): readonly string[] => submits.map(({ to, at }) => `${to} ${at / SECOND}`);
const code = (expected: ErrorCode) => expect.objectContaining({ code: expected });

describe("refused for good", () => {
  it.each<ErrorCode>(["provider_refused", "provider_account", "provider_balance", "provider_failed"])(
    "(%s) the next one is asked, at once, in its own words and with another name",
    async (why) => {
      const world = openWorld("a");
      const placed = await place(world, [upstream("a", [refused(why)]), upstream("b", [ACCEPTED])]);
      expect(placed).toMatchObject({ number: 2, choice: { provider: { id: "b" } }, ticket: { job: 7 } });
      expect([asked(world), world.moves, world.provider]).toEqual([["a 1", "b 1"], ["b"], "b"]);
      const [first, second] = world.submits.map(({ work }) => work);
      expect([first?.endpoint, second?.endpoint]).toEqual(["a/e", "b/e"]);
      expect(first?.attemptId).not.toBe(second?.attemptId);
      expect(attemptsOf(world.steps).map(({ state }) => state)).toEqual(["refused", "accepted"]);
    },
  );

  it("what one does not like about the request it does not like with another key; the account of one key is its own", async () => {
    const keys = (why: ErrorCode): readonly Upstream[] => [
      upstream("a1", [refused(why)], { kind: "a" }),
      upstream("a2", [ACCEPTED], { kind: "a" }),
      upstream("b", [ACCEPTED]),
    ];
    const world = openWorld("a1");
    await place(world, keys("provider_refused"));
    expect(asked(world)).toEqual(["a1 1", "b 1"]);
    for (const why of ["provider_account", "provider_balance"] as const) {
      const other = openWorld("a1");
      await place(other, keys(why));
      expect(asked(other), why).toEqual(["a1 1", "a2 1"]);
    }
  });

  it.each<ErrorCode>(["content_refused", "invalid_parameters"])(
    "(%s) nobody else is asked, also after a restart",
    async (why) => {
      const world = openWorld("a");
      const both = [upstream("a", [refused(why)]), upstream("b", [ACCEPTED])];
      await expect(place(world, both)).rejects.toEqual(code(why));
      await expect(place(world, both)).rejects.toThrow(`It said ${why}.`);
      expect([asked(world), world.moves]).toEqual([["a 1"], []]);
    },
  );

  it("by everybody, it ends with the last objection, and each was asked once", async () => {
    const world = openWorld("a");
    const all = [
      upstream("a", [refused("provider_balance")]),
      upstream("b", [refused("provider_refused", "Too long a prompt.")]),
    ];
    await expect(place(world, all)).rejects.toThrow("Too long a prompt.");
    await expect(place(world, all)).rejects.toEqual(code("provider_refused"));
    expect(asked(world)).toEqual(["a 1", "b 1"]);
  });
});

describe("refused for now", () => {
  it.each<ErrorCode>(["provider_busy", "provider_failed"])(
    "(%s) another one is asked at once, and the task stays there",
    async (why) => {
      const world = openWorld("a");
      const b = upstream("b", [notNow(3 * SECOND), notNow(3 * SECOND), ACCEPTED]);
      await place(world, [upstream("a", [notNow(60 * SECOND, why)]), b]);
      expect([asked(world), world.moves]).toEqual([["a 1", "b 1", "b 4", "b 7"], ["b"]]);
    },
  );

  it("by all, it is the one with the shortest pause that is asked again", async () => {
    const world = openWorld("a");
    const all = [upstream("a", [notNow(20 * SECOND)]), upstream("b", [notNow(10 * SECOND), ACCEPTED])];
    await place(world, all);
    expect(asked(world)).toEqual(["a 1", "b 1", "b 11"]);
  });

  it("by one and for good by the other, it goes back to the first when that has time", async () => {
    const world = openWorld("a");
    const all = [upstream("a", [notNow(), ACCEPTED]), upstream("b", [refused("provider_account")])];
    await place(world, all);
    expect([asked(world), world.moves]).toEqual([
      ["a 1", "b 1", "a 6"],
      ["b", "a"],
    ]);
  });

  it("again and again: pauses grow, and it ends before the deadline with what was said", async () => {
    const world = openWorld("a");
    const all = [upstream("a", [notNow(1)]), upstream("b", [notNow(1, "provider_failed")])];
    const life = { deadlineAt: 600 * SECOND };
    await expect(place(world, all, life)).rejects.toThrow(/^Not now .* until the task's time was up\.$/);
    expect(world.now).toBeLessThan(600 * SECOND);
    expect(world.submits.length).toBeGreaterThan(15);
    expect(world.submits.length).toBeLessThan(50);
  });
});

describe("what is prepared", () => {
  const prepared = (values: readonly (Json | ReelayError)[]): (() => Json) => {
    const left = [...values];
    return () => {
      const value = left.shift() ?? null;
      if (value instanceof ReelayError) throw value;
      return value;
    };
  };

  it("comes with the submission, and is not prepared again by the next process", async () => {
    const world = openWorld("a");
    const a = upstream("a", [ACCEPTED], { prepare: prepared([{ img_id: 7 }, { img_id: 8 }]) });
    // It dies after the value is written, before the submit's intent is.
    expect(await place(world, [a], { diesAt: 7 })).toBe("died");
    expect(await place(world, [a])).toMatchObject({ ticket: { job: 7 } });
    expect(world.prepares).toHaveLength(1);
    expect(world.submits.map(({ work }) => work.prepared)).toEqual([{ img_id: 7 }]);
  });

  it("of null is prepared all the same, and who has nothing to prepare gets null", async () => {
    const world = openWorld("a");
    await place(world, [
      upstream("a", [refused("provider_account")], { prepare: () => null }),
      upstream("b", []),
    ]);
    expect(world.submits.map(({ work }) => work.prepared)).toEqual([null, null]);
  });

  it("is prepared anew for another attempt, by whoever that goes to", async () => {
    const world = openWorld("a");
    await place(world, [
      upstream("a", [refused("provider_balance")], { prepare: prepared(["at a"]) }),
      upstream("b", [notNow(), ACCEPTED], { prepare: prepared(["at b", "at b again"]) }),
    ]);
    expect(world.submits.map(({ work }) => work.prepared)).toEqual(["at a", "at b", "at b again"]);
  });

  it.each<ErrorCode>(["provider_busy", "provider_failed"])(
    "and fails for now (%s): another is asked at once; where there is none, the same after a pause",
    async (why) => {
      const fault = new ReelayError(why, "No upload now.", { retryAfter: 3 });
      const a = (): Upstream => upstream("a", [ACCEPTED], { prepare: prepared([fault, fault, "ok"]) });
      const world = openWorld("a");
      await place(world, [a(), upstream("b", [ACCEPTED])]);
      expect(asked(world)).toEqual(["b 1"]);
      const alone = openWorld("a");
      await place(alone, [a()]);
      expect(asked(alone)).toEqual(["a 7"]);
      expect(attemptsOf(alone.steps).map(({ state, attemptId }) => [state, attemptId])).toEqual([
        ...[
          ["refused", undefined],
          ["refused", undefined],
          ["accepted", "att_1"],
        ],
      ]);
    },
  );

  it.each<ErrorCode>(["provider_account", "input_unreadable", "provider_refused"])(
    "and fails for good (%s): the next is asked, and where there is none it ends with that",
    async (why) => {
      const fault = new ReelayError(why, "Not this picture.");
      const a = upstream("a", [ACCEPTED], { prepare: prepared([fault, fault]) });
      const world = openWorld("a");
      await place(world, [a, upstream("b", [ACCEPTED])]);
      expect(asked(world)).toEqual(["b 1"]);
      await expect(place(openWorld("a"), [a])).rejects.toEqual(code(why));
    },
  );

  it("and is refused for its content: nobody else is asked to look at it", async () => {
    const world = openWorld("a");
    const fault = new ReelayError("content_refused", "Not this picture.");
    const a = upstream("a", [ACCEPTED], { prepare: prepared([fault]) });
    await expect(place(world, [a, upstream("b", [ACCEPTED])])).rejects.toEqual(code("content_refused"));
    expect(world.submits).toEqual([]);
  });
});

describe("submits a minute", () => {
  it("are waited for, one turn after the other, and each provider has its own", async () => {
    const time = { now: 1_000 };
    const turns = { a: openBudget(1 / 60, { now: () => time.now }).take, b: () => 0 };
    const submitTurn = (id: string, withinMs: number): number => turns[id as "a" | "b"](withinMs);
    const times: number[] = [];
    const send = async (deadlineAt?: number): Promise<void> => {
      const world = openWorld("a");
      const life = { submitTurn, ...(deadlineAt === undefined ? {} : { deadlineAt }) };
      await place(world, [upstream("a", [ACCEPTED])], life).catch((error: unknown) => {
        expect([error, world.submits]).toEqual([code("deadline_exceeded"), []]);
      });
      times.push(world.now / SECOND);
    };
    await send();
    await send();
    // Its turn would come after its deadline: it ends there, and leaves the turn to the next.
    await send(31 * SECOND);
    await send();
    expect(times).toEqual([1, 61, 31, 121]);
    const other = openWorld("b");
    await place(other, [upstream("b", [ACCEPTED])], { submitTurn });
    expect(other.now).toBe(1_000);
  });

  it("are not waited for where the next provider has a turn at once: it gets what is over", async () => {
    const time = { now: 1_000 };
    const turns = new Map([["a", openBudget(1 / 60, { now: () => time.now })]]);
    const life = {
      turnMs: (id: string) => turns.get(id)?.waitMs() ?? 0,
      submitTurn: (id: string, withinMs: number) => turns.get(id)?.take(withinMs) ?? 0,
    };
    const send = async (): Promise<readonly string[]> => {
      const world = openWorld("a");
      world.now = time.now;
      await place(world, [upstream("a", [ACCEPTED]), upstream("b", [ACCEPTED])], life);
      return asked(world);
    };
    expect([await send(), await send(), await send()]).toEqual([["a 1"], ["b 1"], ["b 1"]]);
    // Its turn comes again: nobody had taken it.
    time.now += 60 * SECOND;
    expect([await send(), await send()]).toEqual([["a 61"], ["b 61"]]);
  });

  it("a turn is written down: the next process waits for the rest of it, and takes no other", async () => {
    const world = openWorld("a");
    const taken: string[] = [];
    const submitTurn = (id: string): number => taken.push(id) * 30 * SECOND;
    const a = upstream("a", [ACCEPTED]);
    // Right after the decision is written.
    expect(await place(world, [a], { submitTurn, diesAt: 2 })).toBe("died");
    world.now += 10 * SECOND;
    await place(world, [a], { submitTurn });
    expect([asked(world), taken]).toEqual([["a 31"], ["a"]]);
  });
});

describe("after a restart without the provider that was chosen", () => {
  const all = (): readonly Upstream[] => [upstream("a", [refused("provider_balance")]), upstream("b", [])];

  it("the task goes to another, where nothing had left", async () => {
    const world = openWorld("a");
    const a = upstream("a", [ACCEPTED]);
    expect(await place(world, [a], { diesAt: 3 })).toBe("died");
    expect(await place(world, [upstream("b", [ACCEPTED])])).toMatchObject({
      choice: { provider: { id: "b" } },
    });
    expect([asked(world), world.provider]).toEqual([["b 1"], "b"]);
  });

  it("it ends where there is no other, and where it may have been handed over", async () => {
    const world = openWorld("a");
    await place(world, [upstream("a", [])], { diesAt: 3 });
    await expect(place(world, [])).rejects.toThrow("is not open here any more");
    const sent = openWorld("a");
    await place(sent, [upstream("a", [])], { diesAt: 6 });
    expect(sent.submits).toHaveLength(1);
    await expect(place(sent, [upstream("b", [])])).rejects.toEqual(code("no_route"));
    expect(sent.submits).toHaveLength(1);
  });

  it("the task does not go back to one that an earlier attempt was at", async () => {
    const world = openWorld("a");
    await place(world, all());
    expect(world.moves).toEqual(["b"]);
    expect(await place(world, all())).toMatchObject({ choice: { provider: { id: "b" } } });
    expect([world.moves, asked(world)]).toEqual([["b"], ["a 1", "b 1"]]);
  });
});

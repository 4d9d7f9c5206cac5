import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { ErrorCode } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import { type Health, openHealth, toRemember } from "./health.ts";

const E = "model-a";
const OTHER = "model-b";
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let now: number;
let alerts: [event: string, fields: Record<string, unknown>][];
let health: Health;

const open = (known?: ReadonlyMap<string, Json>): Health =>
  openHealth({
    clock: { now: () => now },
    alert: (event, fields) => alerts.push([event, fields]),
    ...(known ? { known } : {}),
  });
beforeEach(() => {
  now = 1_000_000;
  alerts = [];
  health = open();
});

function refuse(code: ErrorCode, afterMs = 0, endpoint = E): void {
  health.refused("p", { endpoint, code, afterMs });
}
const fail = (code: ErrorCode = "provider_failed"): void => health.ended("p", { endpoint: E, code });
const succeed = (seconds = 10): void => health.ended("p", { endpoint: E, seconds });
const times = (count: number, act: () => void): void => {
  for (let n = 0; n < count; n++) act();
};
const avoided = (endpoint = E): boolean => health.isAvoided("p", endpoint);
/** Until nobody prefers another any more, to the second. */
function secondsAvoided(): number {
  const since = now;
  while (avoided()) now += SECOND;
  const seconds = (now - since) / SECOND;
  now = since;
  return seconds;
}

it("one that nobody has asked yet is open to work, and as good as any", () => {
  expect([health.waitMs("p"), avoided(), health.score("p", ["p"])]).toEqual([0, false, 1]);
  expect(health.view().size).toBe(0);
});

describe("a circuit", () => {
  it.each<ErrorCode>(["provider_failed", "provider_lost", "provider_busy", "deadline_exceeded"])(
    "opens after five failures in a row (%s), and not after four",
    (code) => {
      times(4, () => fail(code));
      expect(avoided()).toBe(false);
      fail(code);
      expect([avoided(), avoided(OTHER), secondsAvoided()]).toEqual([true, true, 30]);
      expect(health.isAvoided("q", E)).toBe(false);
      // It is avoided, not closed to those who have nobody else.
      expect(health.waitMs("p")).toBe(0);
    },
  );

  it("opens after five that could not even be handed over, and not while a success comes between", () => {
    for (let n = 0; n < 10; n++) {
      times(4, () => refuse("provider_failed", SECOND));
      succeed();
    }
    expect([avoided(), alerts]).toEqual([false, []]);
    times(5, () => refuse("provider_failed", SECOND));
    expect(avoided()).toBe(true);
  });

  it.each<ErrorCode>(["content_refused", "provider_refused", "no_content", "input_unreadable", "cancelled"])(
    "does not open for what is said of the request: %s",
    (code) => {
      times(50, () => fail(code));
      times(50, () => refuse(code));
      expect([avoided(), health.waitMs("p"), alerts]).toEqual([false, 0, []]);
      expect(health.view().get("p")).toMatchObject({ failures: 0, lastFailure: null });
    },
  );

  it("lets one probe through when its time is up, and no second one while nobody knows how that ends", () => {
    times(5, fail);
    now += 30 * SECOND;
    expect(avoided()).toBe(false);
    health.asks("p");
    expect(avoided()).toBe(true);
    now += 59 * SECOND;
    expect(avoided()).toBe(true);
    // Nobody has heard of it: somebody else may try.
    now += SECOND;
    expect(avoided()).toBe(false);
  });

  it("rests longer after each failed probe, and never longer than ten minutes", () => {
    const rests: number[] = [];
    times(5, fail);
    for (let n = 0; n < 7; n++) {
      rests.push(secondsAvoided());
      now += secondsAvoided() * SECOND;
      health.asks("p");
      fail();
    }
    expect(rests).toEqual([30, 60, 120, 240, 480, 600, 600]);
  });

  it.each([
    ["with the first success", () => succeed()],
    ["when a probe's content is refused: somebody was there to judge it", () => fail("content_refused")],
  ])("closes %s, and takes five failures again", (_, end) => {
    times(5, fail);
    now += 30 * SECOND;
    health.asks("p");
    end();
    expect(avoided()).toBe(false);
    times(4, fail);
    expect(avoided()).toBe(false);
    fail();
    expect(secondsAvoided()).toBe(30);
  });

  it.each<ErrorCode>(["provider_refused", "provider_busy"])(
    "whose probe is answered with %s has had its answer: the next one need not wait a minute",
    (code) => {
      times(5, fail);
      now += 30 * SECOND;
      health.asks("p");
      refuse(code);
      now += health.waitMs("p");
      expect(avoided()).toBe(false);
    },
  );

  it("that a hundred attempts open together is told once, and rests as if one had opened it", () => {
    times(100, fail);
    expect(secondsAvoided()).toBe(30);
    expect(alerts).toEqual([
      ["provider-circuit-opened", { provider: "p", code: "provider_failed", seconds: 30, failuresInARow: 5 }],
    ]);
    expect(health.view().get("p")?.failures).toBe(100);
    now += 30 * SECOND;
    health.asks("p");
    times(100, fail);
    expect([secondsAvoided(), alerts.length]).toEqual([60, 2]);
  });
});

describe("busy", () => {
  it("has everybody wait a second, then longer from burst to burst, a minute at most", () => {
    const waits: number[] = [];
    for (let n = 0; n < 8; n++) {
      // A hundred submits at once are refused for one reason.
      times(100, () => refuse("provider_busy"));
      waits.push(health.waitMs("p") / SECOND);
      now += health.waitMs("p");
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect([avoided(), alerts]).toEqual([false, []]);
  });

  it("waits as long as the provider asked for, however long that is, and a shorter wish is no reason to hurry", () => {
    refuse("provider_busy", 45 * MINUTE);
    expect(health.waitMs("p")).toBe(45 * MINUTE);
    refuse("provider_busy", 5);
    expect(health.waitMs("p")).toBe(45 * MINUTE);
    now += 45 * MINUTE;
    expect(health.waitMs("p")).toBe(0);
    // The second burst: two seconds of our own, and it asked for less.
    refuse("provider_busy", 5);
    expect(health.waitMs("p")).toBe(2 * SECOND);
  });

  it("is forgotten with the next accept", () => {
    for (let n = 0; n < 5; n++) {
      refuse("provider_busy");
      now += health.waitMs("p");
    }
    health.accepted("p", E);
    refuse("provider_busy");
    expect(health.waitMs("p")).toBe(SECOND);
  });
});

describe("an account", () => {
  it("that may not use one endpoint is avoided there alone, longer each time, an hour at most", () => {
    const rests: number[] = [];
    for (let n = 0; n < 6; n++) {
      refuse("provider_account");
      expect(avoided(OTHER)).toBe(false);
      rests.push(secondsAvoided() / 60);
      now += secondsAvoided() * SECOND;
    }
    expect(rests).toEqual([5, 10, 20, 40, 60, 60]);
  });

  it("without money is avoided wholly", () => {
    refuse("provider_balance");
    expect([avoided(), avoided(OTHER), secondsAvoided()]).toEqual([true, true, 300]);
  });

  it("is told once for all who met the same closed door, and again when its time is up", () => {
    times(20, () => refuse("provider_account"));
    times(20, () => refuse("provider_account", 0, OTHER));
    times(20, () => refuse("provider_balance"));
    const told = (seconds: number) => [
      { provider: "p", endpoint: E, code: "provider_account", seconds },
      { provider: "p", endpoint: OTHER, code: "provider_account", seconds },
      { provider: "p", endpoint: E, code: "provider_balance", seconds },
    ];
    expect(alerts.map(([, fields]) => fields)).toEqual(told(300));
    now += 5 * MINUTE;
    alerts = [];
    refuse("provider_account");
    expect(alerts).toEqual([["provider-refuses-us", told(600)[0]]]);
  });

  it("is well again for what it accepts: money is money for all, a model that is gone stays gone", () => {
    refuse("provider_account");
    refuse("provider_balance");
    health.accepted("p", OTHER);
    expect([avoided(), avoided(OTHER)]).toEqual([true, false]);
    health.accepted("p", E);
    refuse("provider_account");
    expect(secondsAvoided()).toBe(300);
  });

  it("does not look well because work ends well that was accepted before", () => {
    refuse("provider_balance");
    refuse("provider_account");
    succeed();
    expect([avoided(), avoided(OTHER)]).toEqual([true, true]);
  });

  it("that is found empty only after the work was accepted is avoided, too, and is no failure of the service", () => {
    times(20, () => fail("provider_balance"));
    expect([avoided(OTHER), alerts.length]).toEqual([true, 1]);
    expect(health.view().get("p")).toMatchObject({ failures: 0, lastFailure: { code: "provider_balance" } });
  });
});

describe("the score", () => {
  const score = (id = "p"): number => health.score(id, ["p", "q"]);

  it("falls with every failure and rises with every success", () => {
    const scores = [score()];
    for (let n = 0; n < 5; n++) {
      fail();
      scores.push(score());
    }
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(new Set(scores).size).toBe(6);
    const lowest = score();
    succeed();
    expect(score()).toBeGreaterThan(lowest);
  });

  it("falls with slowness beside the fastest of those who could do the work, and with nobody else's", () => {
    succeed(40);
    expect(score()).toBe(1);
    health.ended("q", { endpoint: E, seconds: 10 });
    expect([score("p"), score("q")]).toEqual([0.5, 1]);
    health.ended("r", { endpoint: E, seconds: 1 });
    expect([score("p"), score("q")]).toEqual([0.5, 1]);
  });

  it("is never nothing, never above one and never no number, whatever happened", () => {
    const outcome = fc.oneof(
      fc.record({ id: fc.constantFrom("p", "q"), seconds: fc.double({ min: 0, max: 1e6, noNaN: true }) }),
      fc.record({ id: fc.constantFrom("p", "q"), code: fc.constantFrom<ErrorCode>("provider_failed") }),
    );
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 100 }), (outcomes) => {
        health = open();
        for (const { id, ...ending } of outcomes) health.ended(id, { endpoint: E, ...ending });
        for (const id of ["p", "q"]) {
          expect(score(id)).toBeGreaterThanOrEqual(0.01);
          expect(score(id)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

it("what is remembered comes back after a restart; whom to avoid does not", () => {
  succeed();
  times(5, fail);
  refuse("provider_busy", MINUTE);
  const view = health.view().get("p");
  expect(view?.avoidedUntil).toBe(now + MINUTE);
  const remembered = JSON.parse(JSON.stringify(view && toRemember(view))) as Json;
  health = open(new Map([["p", remembered]]));
  expect(health.view().get("p")).toEqual({ ...view, avoidedUntil: null });
  expect([avoided(), health.waitMs("p"), health.score("p", ["p"])]).toEqual([false, 0, 1]);
  fail();
  expect(health.view().get("p")).toMatchObject({ successes: 1, failures: 6 });
});

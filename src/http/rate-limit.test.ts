import fc from "fast-check";
import { expect, it } from "vitest";
import { ReelayError } from "../core/errors.ts";
import { openRateLimit } from "./rate-limit.ts";

const MINUTE = 60_000;

function open(perMinute: number, now = 0) {
  const clock = { now };
  const limit = openRateLimit(perMinute, () => clock.now);
  /** Seconds to wait, or 0 where the request was accepted. */
  const take = (id = "key"): number => {
    try {
      limit.take(id);
      return 0;
    } catch (error) {
      if (!(error instanceof ReelayError) || error.code !== "rate_limited") throw error;
      return error.retryAfter ?? Number.NaN;
    }
  };
  const told = (id = "key") => limit.headers(id);
  const takeMany = (count: number): number =>
    Array.from({ length: count }, () => take()).filter((s) => s === 0).length;
  return { clock, take, takeMany, told };
}

it("accepts as many a minute as it says and not one more", () => {
  const { takeMany } = open(10);
  expect(takeMany(50)).toBe(10);
});

it("says what is allowed, that nothing was billed, and when to come back", () => {
  const limit = openRateLimit(1, () => 15_000);
  limit.take("key");
  expect(() => limit.take("key")).toThrow(
    expect.objectContaining({
      code: "rate_limited",
      message: expect.stringMatching(/1 tasks a minute.*not accepted; nothing was billed/),
      retryAfter: 46,
    }),
  );
});

it("counts each key for itself", () => {
  const { take } = open(1);
  expect([take("a"), take("b")]).toEqual([0, 0]);
  expect([take("a"), take("b")]).toEqual([61, 61]);
});

it("0 is no limit", () => {
  expect(open(0).takeMany(10_000)).toBe(10_000);
});

it("does not double at the turn of a minute: what came just before still counts", () => {
  const { clock, takeMany } = open(10, MINUTE - 1);
  expect(takeMany(20)).toBe(10);
  clock.now = MINUTE + 1000;
  expect(takeMany(20)).toBe(1);
  clock.now = MINUTE + 31_000;
  expect(takeMany(20)).toBe(5);
});

it("forgets a window that is more than a minute old", () => {
  const { clock, takeMany } = open(10, MINUTE - 1);
  takeMany(20);
  clock.now = 2 * MINUTE;
  expect(takeMany(20)).toBe(10);
});

it("refused requests do not count: asking again and again starves nobody", () => {
  const { clock, takeMany } = open(10);
  takeMany(1000);
  clock.now = 2 * MINUTE;
  expect(takeMany(20)).toBe(10);
});

it("a key that asks without pause gets its number a minute, at any limit", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), (perMinute) => {
      const { clock, take } = open(perMinute);
      let accepted = 0;
      for (clock.now = 0; clock.now < 10 * MINUTE; clock.now += 250) if (take() === 0) accepted++;
      expect(accepted).toBeLessThanOrEqual(perMinute * 10);
      expect(accepted).toBeGreaterThanOrEqual(perMinute * 10 - perMinute);
    }),
    { numRuns: 20 },
  );
});

// At the first millisecond of a window the whole of the full window before still counts.
it("accepts a client that has waited as long as it was told", () => {
  const { clock, take } = open(1);
  take();
  const wait = take();
  clock.now += wait * 1000;
  expect([wait, take()]).toEqual([61, 0]);
});

it("tells how much is left, and until when", () => {
  const { clock, take, told } = open(3);
  expect(told()).toEqual({ "ratelimit-policy": '"creates";q=3;w=60', ratelimit: '"creates";r=3;t=60' });
  take();
  clock.now = 15_000;
  expect(told()).toMatchObject({ ratelimit: '"creates";r=2;t=45' });
  expect(told("another"), "looking counts nothing").toMatchObject({ ratelimit: '"creates";r=3;t=45' });
});

it("what is told to be left is taken, and not one more; and the time told is the time to wait", () => {
  const left = (header: string | undefined): number => Number(/r=(\d+)/.exec(header ?? "")?.[1]);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 30 }),
      (perMinute, gaps) => {
        const { clock, take, told } = open(perMinute);
        for (const gap of gaps) {
          clock.now += gap;
          const before = left(told().ratelimit);
          const wait = take();
          expect(wait === 0).toBe(before > 0);
          if (wait === 0) expect(left(told().ratelimit)).toBe(before - 1);
          else expect(told().ratelimit).toBe(`"creates";r=0;t=${wait}`);
        }
      },
    ),
  );
});

it("no limit is no header", () => {
  expect(open(0).told()).toEqual({});
});

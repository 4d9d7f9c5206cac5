import { describe, expect, test } from "vitest";
import { nextTry, SCHEDULE, type Tried } from "./delivery-schedule.ts";

const tried = (over: Partial<Tried> = {}): Tried => ({
  deliveryId: "whd_1",
  count: 1,
  at: 1_000_000,
  status: 500,
  retryAfter: null,
  ...over,
});
const HOUR = 3_600_000;
const pauseAfter = (over: Partial<Tried>): number => (nextTry(tried(over)).dueAt ?? Number.NaN) - 1_000_000;

describe("what an answer means", () => {
  test.each([200, 201, 204, 299])("%i is delivered", (status) => {
    expect(nextTry(tried({ status }))).toEqual({ state: "delivered", dueAt: null });
  });

  test.each([301, 302, 307, 400, 401, 404, 429, 500, 502, 503, 504, null])("%s is tried again", (status) => {
    expect(nextTry(tried({ status }))).toEqual({ state: "waiting", dueAt: 1_001_000 });
  });

  test("410 is the end at once, Retry-After or not", () => {
    expect(nextTry(tried({ status: 410, retryAfter: 5 }))).toEqual({ state: "dead", dueAt: null });
  });
});

describe("when the next try is due", () => {
  test("five times within half a minute, exactly; then at growing pauses, fourteen tries in all", () => {
    expect(SCHEDULE).toHaveLength(13);
    expect([1, 2, 3, 4, 5].map((count) => pauseAfter({ count }))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000,
    ]);
    for (let count = 6; count <= 13; count++) {
      const pause = SCHEDULE[count - 1]!;
      expect(Math.abs(pauseAfter({ count }) - pause)).toBeLessThanOrEqual(0.2 * pause);
    }
    expect(nextTry(tried({ count: 14, retryAfter: 60 }))).toEqual({ state: "dead", dueAt: null });
    expect(nextTry(tried({ count: 99, status: 200 })).state).toBe("delivered");
  });

  test("deliveries that failed together are spread over the whole 40 percent, each always alike", () => {
    const pauses = Array.from({ length: 1_000 }, (_, n) => pauseAfter({ deliveryId: `whd_${n}`, count: 6 }));
    expect(Math.min(...pauses)).toBeLessThan(242_000);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(240_000);
    expect(Math.max(...pauses)).toBeGreaterThan(358_000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(360_000);
    expect(pauseAfter({ deliveryId: "whd_7", count: 6 })).toBe(pauses[7]);
  });

  test("Retry-After is kept where it is longer, up to a day", () => {
    expect(pauseAfter({ status: 429, retryAfter: 120 })).toBe(120_000);
    expect(pauseAfter({ status: 429, retryAfter: 0 })).toBe(1_000);
    expect(pauseAfter({ status: 503, retryAfter: 1e9 })).toBe(24 * HOUR);
    expect(pauseAfter({ status: 503, retryAfter: 1, count: 8 })).toBeGreaterThan(HOUR);
  });
});

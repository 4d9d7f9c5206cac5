import fc from "fast-check";
import { expect, it } from "vitest";
import { nextLookMs, type Pace } from "./cadence.ts";

const PACE: Pace = { elapsedMs: 0, expectedMs: 60_000, everyMs: 1_000, failures: 0, random: 0.5 };
const next = (change: Partial<Pace>): number => nextLookMs({ ...PACE, ...change });

it("early it looks seldom, from half of the usual time at the provider's pace, long overdue half as often", () => {
  expect(next({ elapsedMs: 0 })).toBe(4_000);
  expect(next({ elapsedMs: 28_000 })).toBe(2_000);
  expect(next({ elapsedMs: 30_000 })).toBe(1_000);
  expect(next({ elapsedMs: 100_000 })).toBe(1_000);
  expect(next({ elapsedMs: 181_000 })).toBe(2_000);
});

it("checks that fail back off, to a minute and no further", () => {
  const waits = [1, 2, 3, 5, 7, 50].map((failures) => next({ failures }));
  expect(waits).toEqual([2_000, 4_000, 8_000, 32_000, 60_000, 60_000]);
});

it("work of no known length is looked at, at the provider's pace", () => {
  for (const expectedMs of [0, Number.NaN]) expect(next({ expectedMs })).toBe(1_000);
});

it("is never 0 or NaN and never faster than 0.9 of the provider's pace, whatever the clock does", () => {
  const pace = fc.record({
    elapsedMs: fc.integer({ min: -1e9, max: 1e9 }),
    expectedMs: fc.integer({ min: 0, max: 1e8 }),
    everyMs: fc.integer({ min: 1, max: 60_000 }),
    failures: fc.nat(2000),
    random: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(pace, (one) => {
      const ms = nextLookMs(one);
      return (
        ms >= 0.9 * Math.min(one.everyMs, 60_000) - 1e-6 &&
        ms <= 1.1 * Math.max(4 * one.everyMs, 60_000) + 1e-6
      );
    }),
    { numRuns: 2000 },
  );
});

it("work that began together drifts apart", () => {
  expect(new Set([0, 0.3, 0.7, 1].map((random) => next({ random }))).size).toBe(4);
});

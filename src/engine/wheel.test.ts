import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openWheel, TICK_MS, type Wheel } from "./wheel.ts";

let wheel: Wheel;
beforeEach(() => {
  // No I/O here: time is all there is.
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  wheel = openWheel();
});
afterEach(() => {
  wheel.close();
  vi.useRealTimers();
});

it("no wait ends early, and none more than a tick late", () => {
  const late: number[] = [];
  for (let ms = 0; ms < 2000; ms += 7) {
    const from = performance.now();
    wheel.after(ms, () => late.push(performance.now() - from - ms));
  }
  vi.advanceTimersByTime(2100);
  expect(late).toHaveLength(286);
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...late)).toBeLessThanOrEqual(2 * TICK_MS);
  expect(wheel.size).toBe(0);
});

it("waits end in the order of their times", () => {
  const ended: number[] = [];
  for (const ms of [900, 100, 500, 100, 300]) wheel.after(ms, () => ended.push(ms));
  vi.advanceTimersByTime(1000);
  expect(ended).toEqual([100, 100, 300, 500, 900]);
});

it("what is taken back never ends, and its neighbours do", () => {
  const ended: string[] = [];
  const takeBack = wheel.after(100, () => ended.push("a"));
  wheel.after(100, () => ended.push("b"));
  takeBack();
  takeBack();
  expect(wheel.size).toBe(1);
  vi.advanceTimersByTime(1000);
  expect([ended, wheel.size]).toEqual([["b"], 0]);
});

it("a wait that begins when another ends is not lost", () => {
  let rounds = 0;
  const again = (): void => {
    if (++rounds < 5) wheel.after(0, again);
  };
  wheel.after(0, again);
  vi.advanceTimersByTime(1000);
  expect([rounds, wheel.size]).toEqual([5, 0]);
});

it("after a night asleep everything due ends once, in order, and the rest waits on", () => {
  let now = 0;
  wheel = openWheel(() => now);
  const ended: number[] = [];
  for (const ms of [5_000, 100, 60_000, 10 * 3_600_000]) wheel.after(ms, () => ended.push(ms));
  now = 8 * 3_600_000;
  vi.advanceTimersByTime(TICK_MS);
  expect([ended, wheel.size]).toEqual([[100, 5_000, 60_000], 1]);
});

it("uses no timer while nothing waits", () => {
  wheel.after(10, () => undefined);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(1000);
  expect(vi.getTimerCount()).toBe(0);
  wheel.after(10, () => undefined)();
  vi.advanceTimersByTime(1000);
  expect(vi.getTimerCount()).toBe(0);
});

it("close() ends every wait unheard", () => {
  const due = vi.fn();
  wheel.after(10, due);
  wheel.close();
  vi.advanceTimersByTime(1000);
  expect([due.mock.calls.length, wheel.size]).toEqual([0, 0]);
});

it("taking back a wait that has ended changes nothing", () => {
  const other = vi.fn();
  const takeBack = wheel.after(10, () => undefined);
  wheel.after(500, other);
  wheel.after(50, () => undefined);
  vi.advanceTimersByTime(70);
  takeBack();
  vi.advanceTimersByTime(60);
  expect(wheel.size).toBe(1);
  vi.advanceTimersByTime(2000);
  expect(other).toHaveBeenCalledOnce();
});

it("a call that throws does not lose the others", () => {
  const other = vi.fn();
  wheel.after(10, () => {
    throw new Error("a bug");
  });
  wheel.after(10, other);
  expect(() => vi.advanceTimersByTime(1000)).toThrow("a bug");
  expect(other).toHaveBeenCalledOnce();
});

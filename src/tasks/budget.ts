import type { Clock } from "../core/clock.ts";

/**
 * What a provider takes a second, first come, first served. Says how long to wait for one's turn, which is then taken
 * where it comes before `withinMs`; up to a second's worth may come at once. Milliseconds.
 */
export function openBudget(perSecond: number, clock: Clock): (withinMs?: number) => number {
  const everyMs = 1000 / perSecond;
  let next = clock.now();
  return (withinMs = Number.POSITIVE_INFINITY) => {
    const now = clock.now();
    const burst = Math.max(0, 1000 - everyMs);
    const turn = Math.max(next, now - burst);
    const wait = Math.max(0, turn - now);
    if (wait < withinMs) next = turn + everyMs;
    return wait;
  };
}

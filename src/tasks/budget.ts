import type { Clock } from "../core/clock.ts";

/** What a provider takes a second, first come, first served; up to a second's worth may come at once. Milliseconds. */
export interface Budget {
  /** How long one would wait for the next turn. */
  waitMs(): number;
  /** The same, and the turn is taken where it comes before `withinMs`. */
  take(withinMs?: number): number;
}

export function openBudget(perSecond: number, clock: Clock): Budget {
  const everyMs = 1000 / perSecond;
  const burstMs = Math.max(0, 1000 - everyMs);
  let next = clock.now();
  const turn = (): number => Math.max(next, clock.now() - burstMs);
  const waitMs = (): number => Math.max(0, turn() - clock.now());
  return {
    waitMs,
    take(withinMs = Number.POSITIVE_INFINITY) {
      const wait = waitMs();
      if (wait < withinMs) next = turn() + everyMs;
      return wait;
    },
  };
}

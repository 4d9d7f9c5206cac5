import type { Clock } from "../core/clock.ts";

/**
 * What a provider takes a second, first come, first served. Says how long to wait for one's turn, which is then taken;
 * up to a second's worth may come at once. Milliseconds.
 */
export function openBudget(perSecond: number, clock: Clock): () => number {
  const everyMs = 1000 / perSecond;
  let next = clock.now();
  return () => {
    const now = clock.now();
    const burst = Math.max(0, 1000 - everyMs);
    const turn = Math.max(next, now - burst);
    next = turn + everyMs;
    return Math.max(0, turn - now);
  };
}

import { setTimeout as delay } from "node:timers/promises";

/**
 * Asks again and again until `condition` gives something other than false or undefined, and returns it.
 * Rejects after `ms` milliseconds with what was waited for.
 */
export async function until<T>(
  condition: () => Promise<T | false | undefined> | T | false | undefined,
  { ms, everyMs = 25, what = "the condition" }: { ms: number; everyMs?: number; what?: string },
): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const value = await condition();
    if (value !== false && value !== undefined) return value;
    if (performance.now() > end) throw new Error(`waited ${ms} ms in vain for ${what}`);
    await delay(everyMs);
  }
}

/** A sliding minute a key: how much of the last minute's window still counts is weighed by how much of it is left. */
import { ReelayError } from "../core/errors.ts";

const WINDOW_MS = 60_000;

interface Window {
  start: number;
  count: number;
  previous: number;
}

export interface RateLimit {
  /** Counts one request of `id`, or throws `rate_limited` with the seconds to wait. In memory: a restart forgets. */
  take(id: string): void;
}

export function openRateLimit(perMinute: number, now: () => number): RateLimit {
  const windows = new Map<string, Window>();
  return {
    take(id) {
      if (perMinute === 0) return;
      const start = Math.floor(now() / WINDOW_MS) * WINDOW_MS;
      const known = windows.get(id);
      const window =
        known?.start === start
          ? known
          : { start, count: 0, previous: known?.start === start - WINDOW_MS ? known.count : 0 };
      windows.set(id, window);
      const left = 1 - (now() - start) / WINDOW_MS;
      if (window.count + window.previous * left >= perMinute) {
        throw new ReelayError(
          "rate_limited",
          `This key may create ${perMinute} tasks a minute. The request was not accepted; nothing was billed.`,
          { retryAfter: Math.ceil(waitMs(window, perMinute, left) / 1000) },
        );
      }
      window.count++;
    },
  };
}

/** Until one more fits: in this window, as the one before fades, or in the next one, as this one does. */
function waitMs({ count, previous }: Window, perMinute: number, left: number): number {
  const share = count < perMinute ? left - (perMinute - count) / previous : left + 1 - perMinute / count;
  return share * WINDOW_MS + 1;
}

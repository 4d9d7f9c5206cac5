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
  /** How `id` stands, as `RateLimit` and `RateLimit-Policy` headers (IETF draft 11); none where there is no limit. */
  headers(id: string): Readonly<Record<string, string>>;
}

/** What is limited, as the headers name it. */
const POLICY = '"creates"';

export function openRateLimit(perMinute: number, now: () => number): RateLimit {
  const windows = new Map<string, Window>();

  /** The window of this minute, and how much of it is still to come. */
  const stand = (id: string): { window: Window; left: number } => {
    const at = now();
    const start = Math.floor(at / WINDOW_MS) * WINDOW_MS;
    const known = windows.get(id);
    const previous = known?.start === start - WINDOW_MS ? known.count : 0;
    const window = known?.start === start ? known : { start, count: 0, previous };
    return { window, left: 1 - (at - start) / WINDOW_MS };
  };

  return {
    take(id) {
      if (perMinute === 0) return;
      const { window, left } = stand(id);
      windows.set(id, window);
      if (window.count + window.previous * left >= perMinute) {
        throw new ReelayError(
          "rate_limited",
          `This key may create ${perMinute} tasks a minute. The request was not accepted; nothing was billed.`,
          { retryAfter: Math.ceil(waitMs(window, perMinute, left) / 1000) },
        );
      }
      window.count++;
    },
    headers(id) {
      if (perMinute === 0) return {};
      const { window, left } = stand(id);
      const rest = Math.max(0, Math.ceil(perMinute - window.count - window.previous * left));
      const ms = rest === 0 ? waitMs(window, perMinute, left) : left * WINDOW_MS;
      return {
        "ratelimit-policy": `${POLICY};q=${perMinute};w=${WINDOW_MS / 1000}`,
        ratelimit: `${POLICY};r=${rest};t=${Math.ceil(ms / 1000)}`,
      };
    },
  };
}

/** Until one more fits: in this window, as the one before fades, or in the next one, as this one does. */
function waitMs({ count, previous }: Window, perMinute: number, left: number): number {
  const share = count < perMinute ? left - (perMinute - count) / previous : left + 1 - perMinute / count;
  return share * WINDOW_MS + 1;
}

/** When to look next at work that goes on elsewhere. */
export interface Pace {
  /** Since the work began. */
  readonly elapsedMs: number;
  /** What alike work took before. */
  readonly expectedMs: number;
  /** The provider's own pace. */
  readonly everyMs: number;
  /** Checks in a row that could not be asked. */
  readonly failures: number;
  /** 0 to 1. */
  readonly random: number;
}

/** Alike work is hardly ever done before half of its usual time. */
const EARLY = 0.5;
/** Looking seldom early saves most questions; looking too seldom would show no progress. */
const SELDOM = 4;
const OVERDUE = 3;
const SLOWEST_AFTER_FAILURES_MS = 60_000;

/** Milliseconds, +-10 %, so that work that began together is not asked about together for ever. */
export function nextLookMs({ elapsedMs, expectedMs, everyMs, failures, random }: Pace): number {
  const jitter = 0.9 + 0.2 * random;
  if (failures > 0)
    return Math.min(SLOWEST_AFTER_FAILURES_MS, everyMs * 2 ** Math.min(failures, 10)) * jitter;
  const untilLikely = EARLY * expectedMs - elapsedMs;
  if (untilLikely > everyMs) return Math.min(untilLikely, SELDOM * everyMs) * jitter;
  const overdue = elapsedMs > OVERDUE * Math.max(expectedMs, everyMs);
  return everyMs * (overdue ? 2 : 1) * jitter;
}

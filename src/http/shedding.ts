/**
 * Refuses new work before the process chokes on it: reads, health and running tasks go on. Looked at once a
 * second, so that a create costs a comparison.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { ReelayError } from "../core/errors.ts";

const SAMPLE_MS = 1000;
/** The monitor's tick; what it records includes it. */
const TICK_MS = 10;

export interface Shedding {
  /** Throws `overloaded` while the last second was too slow or the heap is too full. */
  check(): void;
  close(): void;
}

export interface SheddingBounds {
  /** 99th percentile of the event loop's delay over a second, in milliseconds. */
  readonly delayMs: number;
  /** JavaScript heap in use. */
  readonly heapBytes: number;
}

export function openShedding({ delayMs, heapBytes }: SheddingBounds): Shedding {
  const delay = monitorEventLoopDelay({ resolution: TICK_MS });
  delay.enable();
  let overloaded = false;
  const sample = (): void => {
    const late = delay.percentile(99) / 1e6 - TICK_MS;
    overloaded = late > delayMs || process.memoryUsage().heapUsed > heapBytes;
    delay.reset();
  };
  // Looked at after all timers of the turn: the monitor is one of them, and a delay that it has not yet seen would be
  // wiped away with the reset.
  const sampler = setInterval(() => setImmediate(sample), SAMPLE_MS).unref();
  return {
    check() {
      if (!overloaded) return;
      throw new ReelayError(
        "overloaded",
        "This server is overloaded. The request was not accepted and nothing was billed; try again shortly.",
        { retryAfter: 1 },
      );
    },
    close() {
      clearInterval(sampler);
      delay.disable();
    },
  };
}

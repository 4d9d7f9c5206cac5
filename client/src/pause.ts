/** Pauses between tries. */

const FIRST_MS = 500;
const LONGEST_MS = 8_000;
/** A server that asks for more than this is left to the caller, who may have better to do. */
const MOST_PATIENCE_S = 60;

interface Refusal {
  /** Seconds. */
  readonly retryAfter: number | undefined;
}

/**
 * Milliseconds before the next try, the `failures`th after the first: what the server asks for, or doubling. Never the
 * same for two clients, or all that were refused together would come back together. undefined: too long to wait here.
 */
export function pauseAfter(failures: number, { retryAfter }: Refusal): number | undefined {
  const own = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
  if (retryAfter === undefined) return own * (0.5 + Math.random() / 2);
  return retryAfter > MOST_PATIENCE_S ? undefined : retryAfter * 1000 + Math.random() * own;
}

/** Rejects with the signal's reason as soon as it is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** The bytes of an answer, counted and timed while they pass. */
import { ReelayError } from "../core/errors.ts";

export interface BodyLimits {
  readonly maxBytes: number;
  readonly minBytesPerSecond: number;
  /** The span over which the rate is judged. Milliseconds. */
  readonly windowMs: number;
}

/**
 * Passes `source` on. Throws `file_too_large` with the first byte above `maxBytes`, and an Error where the sender
 * stays under the minimum rate for a whole window (time the consumer takes between two chunks does not count).
 */
export async function* readBody(
  source: AsyncIterable<Uint8Array>,
  limits: BodyLimits,
): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  const rate = openRateGuard(limits);
  let bytes = 0;
  try {
    for (;;) {
      const next = await rate.wait(chunks.next());
      if (next.done) return;
      bytes += next.value.length;
      if (bytes > limits.maxBytes) throw tooLarge(`at least ${bytes}`, limits.maxBytes);
      yield next.value;
    }
  } finally {
    // Not awaited: the source may be the one that hangs.
    chunks.return?.().catch(() => undefined);
  }
}

export function tooLarge(measured: string, maxBytes: number): ReelayError {
  return new ReelayError("file_too_large", `The file has ${measured} bytes; the limit is ${maxBytes} bytes.`);
}

function openRateGuard(limits: BodyLimits) {
  const minimum = (limits.minBytesPerSecond * limits.windowMs) / 1000;
  let bytes = 0;
  let left = limits.windowMs;

  function wait(chunk: Promise<IteratorResult<Uint8Array>>): Promise<IteratorResult<Uint8Array>> {
    return new Promise((resolve, reject) => {
      let since = performance.now();
      let timer = setTimeout(judge, left);
      function judge() {
        if (bytes < minimum) {
          reject(new Error(`only ${bytes} bytes came in ${limits.windowMs} ms, ${minimum} is the least`));
          return;
        }
        bytes = 0;
        left = limits.windowMs;
        since = performance.now();
        timer = setTimeout(judge, left);
      }
      chunk
        .then((next) => {
          bytes += next.done ? 0 : next.value.length;
          left = Math.max(0, left - (performance.now() - since));
          resolve(next);
        }, reject)
        .finally(() => clearTimeout(timer));
    });
  }
  return { wait };
}

/** How much may wait. Tasks on their way into the store count too, or a burst would pass the limit. */
import { ReelayError } from "../core/errors.ts";
import type { Queue } from "../engine/queue.ts";

export interface Admission {
  /** Throws `overloaded` or `rate_limited`. Call what it returns once the task is open or has failed to be. */
  enter(keyId: string): () => void;
}

export interface AdmissionLimits {
  /** Open tasks of all keys together. */
  readonly open: number;
  /** Tasks of one key that wait for their turn. */
  readonly waitingOfKey: number;
}

const RETRY_AFTER_SECONDS = 5;

export function openAdmission(queue: Queue, limits: AdmissionLimits): Admission {
  const entering = new Map<string, number>();
  let all = 0;
  return {
    enter(keyId) {
      const own = entering.get(keyId) ?? 0;
      if (queue.waiting + queue.running + all >= limits.open) {
        const message = `This server already has ${limits.open} open tasks, its limit. The request was not accepted; try again shortly.`;
        throw new ReelayError("overloaded", message, { retryAfter: RETRY_AFTER_SECONDS });
      }
      if (queue.waitingOf(keyId) + own >= limits.waitingOfKey) {
        const message = `This key already has ${limits.waitingOfKey} tasks waiting, its limit. The request was not accepted; nothing was billed.`;
        throw new ReelayError("rate_limited", message, { retryAfter: RETRY_AFTER_SECONDS });
      }
      all++;
      entering.set(keyId, own + 1);
      return () => {
        all--;
        const left = (entering.get(keyId) ?? 1) - 1;
        if (left === 0) entering.delete(keyId);
        else entering.set(keyId, left);
      };
    },
  };
}

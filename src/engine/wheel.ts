/**
 * Many waits on one timer. A wait ends at the first tick that is not before its time, so up to a tick late; it
 * costs one entry in a set and nothing else, which is what lets tens of thousands of tasks wait at once.
 */
export interface Wheel {
  /** Calls `due` once, after at least `ms`. Returns what takes it back. */
  after(ms: number, due: () => void): () => void;
  /** Waits that have not ended. */
  readonly size: number;
  close(): void;
}

export const TICK_MS = 50;

type Tick = () => number;

export function openWheel(now: () => number = () => performance.now()): Wheel {
  const buckets = new Map<number, Set<() => void>>();
  const current: Tick = () => Math.floor(now() / TICK_MS);
  let turned = current();
  let size = 0;
  let timer: NodeJS.Timeout | undefined;

  const turn = (): void => {
    const faults: unknown[] = [];
    const until = current();
    // Never more buckets than there are: a machine that slept for a night has half a million ticks to catch up.
    const due =
      until - turned > buckets.size
        ? [...buckets.keys()].filter((tick) => tick <= until).sort((a, b) => a - b)
        : Array.from({ length: until - turned }, (_, i) => turned + 1 + i);
    turned = until;
    for (const tick of due) {
      const bucket = buckets.get(tick);
      buckets.delete(tick);
      for (const call of bucket ?? []) {
        bucket?.delete(call);
        size--;
        try {
          call();
        } catch (error) {
          faults.push(error);
        }
      }
    }
    if (size === 0) stop();
    // A bug in one wait must not take the others with it; it ends the process all the same.
    if (faults.length > 0) throw faults[0];
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };

  return {
    get size() {
      return size;
    },
    after(ms, due) {
      if (timer === undefined) {
        turned = current();
        timer = setInterval(turn, TICK_MS);
      }
      const tick = Math.max(turned + 1, Math.ceil((now() + ms) / TICK_MS));
      const bucket = buckets.get(tick) ?? new Set();
      // A function of its own for each wait: the same one may wait twice in one bucket.
      const call = (): void => due();
      buckets.set(tick, bucket.add(call));
      size++;
      return () => {
        if (!bucket.delete(call)) return;
        size--;
        if (bucket.size === 0 && buckets.get(tick) === bucket) buckets.delete(tick);
      };
    },
    close() {
      buckets.clear();
      size = 0;
      stop();
    },
  };
}

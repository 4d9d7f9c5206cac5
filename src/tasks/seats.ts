/** So much of something at once, and no more: whoever comes later waits, first come, first served. */
export interface Seats {
  /** Rejects with the signal's reason where it fires before there is a seat; then `work` never begins. */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function openSeats(most: number): Seats {
  const waiting = new Set<() => void>();
  let taken = 0;

  const sit = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const leave = (): void => {
        waiting.delete(take);
        reject(signal.reason);
      };
      const take = (): void => {
        signal.removeEventListener("abort", leave);
        taken++;
        resolve();
      };
      if (taken < most) return take();
      waiting.add(take);
      signal.addEventListener("abort", leave, { once: true });
    });

  return {
    async run(work, signal) {
      await sit(signal);
      try {
        return await work();
      } finally {
        taken--;
        const [next] = waiting;
        if (next) {
          waiting.delete(next);
          next();
        }
      }
    },
  };
}

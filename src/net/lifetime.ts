/** The time a fetch or a post has: every deadline and the caller's abort end it through one signal. */
export interface Lifetime {
  readonly signal: AbortSignal;
  /** Ends everything after `ms` unless the returned function is called before; `what` names it in the log. */
  deadline(ms: number, what: string): () => void;
  /** Waits for work that cannot be aborted itself (a look-up in the system's resolver). */
  wait<T>(work: Promise<T>): Promise<T>;
  /** Done, well or badly: nothing ticks any more. */
  end(): void;
}

export function openLifetime(
  totalMs: number,
  caller: AbortSignal | undefined,
  whole = "the whole fetch",
): Lifetime {
  const controller = new AbortController();
  const { signal } = controller;
  const deadline = (ms: number, what: string) => {
    const timer = setTimeout(() => controller.abort(new Error(`${what} took more than ${ms} ms`)), ms);
    return () => clearTimeout(timer);
  };
  const clearTotal = deadline(totalMs, whole);
  const giveUp = () => controller.abort(caller?.reason);
  caller?.addEventListener("abort", giveUp, { once: true });
  if (caller?.aborted) giveUp();

  return {
    signal,
    deadline,
    wait(work) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) reject(signal.reason);
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        work.then(resolve, reject);
      });
    },
    end() {
      clearTotal();
      caller?.removeEventListener("abort", giveUp);
    },
  };
}

/** Work that is done again and again, one round after another, never two at once. */
export interface Rounds {
  /** The first round now, the next `everyMs` after its end. */
  begin(): void;
  /** No further round; resolves once the one under way has ended. */
  close(): Promise<void>;
}

export function openRounds(
  everyMs: number,
  work: () => Promise<void>,
  onFailed: (error: unknown) => void,
): Rounds {
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();
  let closed = false;
  const round = (): void => {
    current = work()
      .catch(onFailed)
      .finally(() => {
        if (!closed) timer = setTimeout(round, everyMs).unref();
      });
  };
  return {
    begin: round,
    async close() {
      closed = true;
      clearTimeout(timer);
      await current;
    },
  };
}

/**
 * Questions that come at nearly the same moment go out as one request: thousands of attempts in flight would otherwise
 * be thousands of requests a second.
 */
export interface BatchOptions<T> {
  /** How long a question waits for company. Milliseconds. */
  readonly waitMs: number;
  /** In one request. */
  readonly most: number;
  /** What it leaves out of its answer, or its rejection, is the rejection of the questions concerned. */
  readonly askAll: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>;
}

export interface Batch<T> {
  /** Rejects with the signal's reason as soon as it fires; the others' request goes on. */
  ask(id: string, signal: AbortSignal): Promise<T>;
}

/** Remembered as trouble at most; what is forgotten goes with the others again. */
const MOST_ALONE = 10_000;

interface Question<T> {
  readonly id: string;
  readonly settle: (ended: { readonly answer: T } | { readonly error: unknown }) => void;
}

export function openBatch<T>({ waitMs, most, askAll }: BatchOptions<T>): Batch<T> {
  let waiting: Question<T>[] = [];
  let timer: NodeJS.Timeout | undefined;
  // One piece of work that the provider stumbles over would otherwise hide all that is asked with it, for ever.
  const alone = new Set<string>();

  function sendAll(): void {
    clearTimeout(timer);
    timer = undefined;
    const questions = waiting;
    waiting = [];
    void send(questions);
  }

  async function send(questions: readonly Question<T>[]): Promise<void> {
    const ids = [...new Set(questions.map(({ id }) => id))];
    try {
      const answers = await askAll(ids);
      for (const id of ids) alone.delete(id);
      for (const { id, settle } of questions) {
        const answer = answers.get(id);
        settle(
          answer === undefined
            ? { error: new Error("The provider left this work out of its answer.") }
            : { answer },
        );
      }
    } catch (error) {
      if (alone.size > MOST_ALONE) alone.clear();
      for (const id of ids) alone.add(id);
      for (const { settle } of questions) settle({ error });
    }
  }

  return {
    ask: (id, signal) =>
      new Promise<T>((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const onAbort = (): void => reject(signal.reason);
        signal.addEventListener("abort", onAbort, { once: true });
        const settle: Question<T>["settle"] = (ended) => {
          signal.removeEventListener("abort", onAbort);
          if ("answer" in ended) resolve(ended.answer);
          else reject(ended.error);
        };
        if (alone.has(id)) {
          void send([{ id, settle }]);
          return;
        }
        waiting.push({ id, settle });
        if (waiting.length >= most) sendAll();
        else timer ??= setTimeout(sendAll, waitMs);
      }),
  };
}

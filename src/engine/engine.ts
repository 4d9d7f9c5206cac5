/**
 * The durable function: a workflow is a plain async function of a `Run`, started again from its beginning
 * after any crash. What it did under `step` or `once` is remembered and not done again; what it does under
 * `poll` is not remembered at all. Nothing here knows about video.
 */
import type { Json } from "../core/json.ts";
import type { Store } from "../core/store.ts";

/** What became of an act whose end we did not see. */
export type Recovered<T> = { readonly found: T } | "absent" | "unknown";

/** `cancelled`: nobody wants the work any more. `closing`: it goes on after the next start. */
export type StopReason = "cancelled" | "closing";

export type Look<T> = { readonly done: T } | { readonly againInMs: number };

export interface Run {
  readonly id: string;
  /** Fires when the run has to stop; its reason is a `StopReason`. */
  readonly signal: AbortSignal;
  /** At least once: the work may run again if we crash before its value is saved. */
  step<T extends Json>(name: string, work: () => Promise<T>): Promise<T>;
  /**
   * At most once: the intent is durable before `act` begins. After a crash in between, `recover` says what
   * became of that intent: found, surely absent (then `act` runs again under the same intent), or unknown
   * (then OutcomeUnknown is thrown: doing it again could do it twice).
   */
  once<T extends Json>(
    name: string,
    act: (intent: string) => Promise<T>,
    recover: (intent: string) => Promise<Recovered<T>>,
  ): Promise<T>;
  /** Looks until it is done, waiting in memory between looks; a crash costs the waiting, nothing else. */
  poll<T>(look: () => Promise<Look<T>>): Promise<T>;
}

export class OutcomeUnknown extends Error {}

/** Thrown inside a run whose signal has fired; the workflow must let it pass. */
export class RunStopped extends Error {}

export interface EngineOptions {
  readonly store: Pick<Store, "readSteps" | "saveStep">;
  /** Must end the task durably before it resolves. A rejection leaves the task open until the next start. */
  readonly workflow: (run: Run) => Promise<void>;
  /** Runs at once; more wait in the order in which they came. */
  readonly slots: number;
  readonly newIntent: () => string;
  readonly onLost: (id: string, error: unknown) => void;
}

interface Active {
  readonly stop: AbortController;
  /** Whether the run is under `poll`, looking or waiting to look again. */
  polling: boolean;
  /** Ends the wait between two looks; undefined while nothing waits. */
  wake: (() => void) | undefined;
  readonly lookers: Set<() => void>;
}

/** `unsent`: the run was stopped before the act began, so the intent is free. */
type OnceStep<T> = { readonly intent: string; readonly done?: T; readonly unsent?: true };

export class Engine {
  readonly #options: EngineOptions;
  readonly #waiting = new Set<string>();
  readonly #active = new Map<string, Active>();
  readonly #ended = new Set<() => void>();
  #closing = false;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** Known and not yet ended: waiting or running. */
  get open(): number {
    return this.#waiting.size + this.#active.size;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  start(id: string): void {
    if (this.#active.has(id)) return;
    this.#waiting.add(id);
    this.#fill();
  }

  /** Takes the run out of the queue, or fires its signal: nobody wants the work any more. */
  cancel(id: string): void {
    this.#waiting.delete(id);
    this.#active.get(id)?.stop.abort("cancelled" satisfies StopReason);
  }

  /** Looks at once instead of at the next tick; resolves after that look, or at once where nothing polls. */
  async look(id: string): Promise<void> {
    const active = this.#active.get(id);
    if (!active?.polling) return;
    // A look that is under way began before it was asked for: it does not count.
    const seen = new Promise<void>((resolve) => active.lookers.add(resolve));
    active.wake?.();
    await seen;
  }

  /** Stops every run and resolves when all have stopped; what is open resumes at the next start. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#waiting.clear();
    for (const active of this.#active.values()) active.stop.abort("closing" satisfies StopReason);
    if (this.#active.size > 0) await new Promise<void>((resolve) => this.#ended.add(resolve));
  }

  #fill(): void {
    for (const id of this.#waiting) {
      if (this.#closing || this.#active.size >= this.#options.slots) return;
      this.#waiting.delete(id);
      void this.#execute(id);
    }
  }

  async #execute(id: string): Promise<void> {
    const active: Active = {
      stop: new AbortController(),
      polling: false,
      wake: undefined,
      lookers: new Set(),
    };
    this.#active.set(id, active);
    try {
      const steps = new Map(await this.#options.store.readSteps(id));
      await this.#options.workflow(this.#run(id, active, steps));
    } catch (error) {
      if (!active.stop.signal.aborted) this.#options.onLost(id, error);
    } finally {
      this.#active.delete(id);
      for (const seen of active.lookers) seen();
      this.#fill();
      if (this.#active.size === 0) for (const resolve of this.#ended) resolve();
    }
  }

  #run(id: string, active: Active, steps: Map<string, Json>): Run {
    const { signal } = active.stop;
    const save = async (name: string, value: Json): Promise<void> => {
      await this.#options.store.saveStep(id, name, value);
      steps.set(name, value);
    };
    const guard = (): void => {
      if (signal.aborted) throw new RunStopped("the run was stopped");
    };
    return {
      id,
      signal,
      step: async <T extends Json>(name: string, work: () => Promise<T>): Promise<T> => {
        const known = steps.get(name);
        if (known !== undefined) return known as T;
        guard();
        const value = await work();
        await save(name, value);
        return value;
      },
      once: async <T extends Json>(
        name: string,
        act: (intent: string) => Promise<T>,
        recover: (intent: string) => Promise<Recovered<T>>,
      ): Promise<T> => {
        const known = steps.get(name) as OnceStep<T> | undefined;
        if (known?.done !== undefined) return known.done;
        guard();
        const intent = known?.intent ?? this.#options.newIntent();
        const recovered = known && !known.unsent ? await recover(intent) : "absent";
        if (recovered === "unknown") throw new OutcomeUnknown(`the outcome of ${name} ${intent} is unknown`);
        if (!known || known.unsent) await save(name, { intent });
        // Stopped while the intent was being saved: it must not look like one that may have been acted on.
        if (signal.aborted) await save(name, { intent, unsent: true });
        guard();
        const done = recovered === "absent" ? await act(intent) : recovered.found;
        await save(name, { intent, done });
        return done;
      },
      poll: async <T>(look: () => Promise<Look<T>>): Promise<T> => {
        active.polling = true;
        for (;;) {
          guard();
          const lookers = [...active.lookers];
          const seen = await look();
          for (const resolve of lookers) {
            active.lookers.delete(resolve);
            resolve();
          }
          if ("done" in seen) {
            active.polling = false;
            return seen.done;
          }
          await pause(active, seen.againInMs);
        }
      },
    };
  }
}

/** Waits, but not past a wake-up or a stop. */
function pause(active: Active, ms: number): Promise<void> {
  if (active.lookers.size > 0 || active.stop.signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      active.stop.signal.removeEventListener("abort", end);
      active.wake = undefined;
      resolve();
    };
    const timer = setTimeout(end, ms);
    active.stop.signal.addEventListener("abort", end, { once: true });
    active.wake = end;
  });
}

/** One run of a workflow: what it is given to remember by, and how it waits. */
import type { Json } from "../core/json.ts";
import type { Store } from "../core/store.ts";
import type { Wheel } from "./wheel.ts";

/** What became of an act whose end we did not see. */
export type Recovered<T> = { readonly found: T } | "absent" | { readonly againInMs: number };

export interface Run<Watch, Seen> {
  readonly id: string;
  /** Fires when the run has to stop; its reason is a `StopReason`. */
  readonly signal: AbortSignal;
  /** At least once: the work may run again if we crash before its value is saved. */
  step<T extends Json>(name: string, work: () => Promise<T>): Promise<T>;
  /**
   * At most once: the intent is durable before `act` begins. Where its end was not seen (a crash, or `act` says
   * "unknown"), `recover` says what became of that intent: found, surely absent (then `act` runs again under the
   * same intent), or not known yet (then the run is parked and asks again). `recover` throws to give up; `act`
   * throws only where nothing was done. `losses` counts how often the end was not seen.
   */
  once<T extends Json>(
    name: string,
    act: (intent: string) => Promise<T | "unknown">,
    recover: (intent: string, losses: number) => Promise<Recovered<T>>,
  ): Promise<T>;
  /** What is remembered so far, also of what came after the work had ended. */
  readonly steps: ReadonlyMap<string, Json>;
  /** Parks until the watcher has seen the end of `watch`. A crash costs the waiting, nothing else. */
  poll(watch: Watch): Promise<Seen>;
  /** Rejects with TimeUp where `work` takes longer; its signal fires then, or where the run has to stop. */
  within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Parks for a while; the workflow then runs again from its beginning. */
  rest(ms: number): Promise<never>;
  /**
   * Gives its place at its resource up and waits for one at another, `withinMs` at most; the workflow then runs again
   * from its beginning.
   */
  move(resource: string, withinMs: number): Promise<never>;
}

/** `cancelled`: nobody wants the work any more. `closing`: it goes on after the next start. */
export type StopReason = "cancelled" | "closing";

/** Thrown inside a run whose signal has fired; the workflow must let it pass. */
export class RunStopped extends Error {}

export class TimeUp extends Error {}

/** Thrown inside a run that waits; the workflow must let it pass. */
export class Parked {
  readonly until:
    | { readonly restMs: number }
    | { readonly watch: unknown }
    | { readonly resource: string; readonly withinMs: number };
  constructor(until: Parked["until"]) {
    this.until = until;
  }
}

/** `unsent`: the run was stopped before the act began, so the intent is free. */
type OnceStep<T> = {
  readonly intent: string;
  readonly done?: T;
  readonly unsent?: true;
  /** How often the act's answer was lost. */
  readonly losses?: number;
};

export interface RunParts<Seen> {
  readonly id: string;
  readonly signal: AbortSignal;
  readonly steps: Map<string, Json>;
  /** What the watcher saw, where that woke the run. */
  readonly seen: Seen | undefined;
  readonly store: Pick<Store, "saveStep">;
  readonly wheel: Wheel;
  readonly newIntent: () => string;
}

export function openRun<Watch, Seen>(parts: RunParts<Seen>): Run<Watch, Seen> {
  const { id, signal, steps, seen, store, newIntent, wheel } = parts;
  const save = async (name: string, value: Json): Promise<void> => {
    await store.saveStep(id, name, value);
    steps.set(name, value);
  };
  const guard = (): void => {
    if (signal.aborted) throw new RunStopped("the run was stopped");
  };
  return {
    id,
    signal,
    async step<T extends Json>(name: string, work: () => Promise<T>): Promise<T> {
      const known = steps.get(name);
      if (known !== undefined) return known as T;
      guard();
      const value = await work();
      await save(name, value);
      return value;
    },
    async once<T extends Json>(
      name: string,
      act: (intent: string) => Promise<T | "unknown">,
      recover: (intent: string, losses: number) => Promise<Recovered<T>>,
    ): Promise<T> {
      const known = steps.get(name) as OnceStep<T> | undefined;
      if (known?.done !== undefined) return known.done;
      guard();
      const intent = known?.intent ?? newIntent();
      if (known && !known.unsent) {
        const recovered = await recover(intent, known.losses ?? 0);
        if (typeof recovered === "object" && "againInMs" in recovered)
          throw new Parked({ restMs: recovered.againInMs });
        if (recovered !== "absent") {
          await save(name, { intent, done: recovered.found });
          return recovered.found;
        }
      } else await save(name, { intent });
      // Stopped while the intent was being saved: it must not look like one that may have been acted on.
      if (signal.aborted) await save(name, { intent, unsent: true });
      guard();
      const done = await act(intent).catch(async (error: unknown) => {
        await save(name, { intent, unsent: true });
        throw error;
      });
      if (done === "unknown") {
        await save(name, { intent, losses: (known?.losses ?? 0) + 1 });
        throw new Parked({ restMs: 0 });
      }
      await save(name, { intent, done });
      return done;
    },
    steps,
    async within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
      const stop = new AbortController();
      const over = Promise.withResolvers<never>();
      const takeBack = wheel.after(ms, () => {
        over.reject(new TimeUp(`it took longer than ${ms} ms`));
        stop.abort();
      });
      try {
        return await Promise.race([work(AbortSignal.any([signal, stop.signal])), over.promise]);
      } finally {
        takeBack();
      }
    },
    async poll(watch) {
      guard();
      if (seen !== undefined) return seen;
      throw new Parked({ watch });
    },
    async rest(ms) {
      guard();
      throw new Parked({ restMs: ms });
    },
    async move(resource, withinMs) {
      guard();
      throw new Parked({ resource, withinMs });
    },
  };
}

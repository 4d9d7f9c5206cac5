/**
 * The durable function: a workflow is a plain async function of a `Run`, started again from its beginning
 * after any crash. What it did under `step` or `once` is remembered and not done again; what it waits for under
 * `poll` is not remembered at all. While it waits there is no function and no closure of it: it is parked, and
 * started again from its beginning when there is something to go on with. Nothing here knows about video.
 */
import type { Store } from "../core/store.ts";
import type { Item, OwnerRules, Queue } from "./queue.ts";
import { openRun, Parked, type Run, type StopReason } from "./run.ts";
import type { Wheel } from "./wheel.ts";

/** Waits for the ends of many watches at once. */
export interface Watcher<Watch, Seen> {
  start(id: string, watch: Watch, end: (seen: Seen) => void): void;
  stop(id: string): void;
  /** Looks at once instead of at the next tick; resolves after that look, or at once where it does not watch. */
  look(id: string): Promise<void>;
}

export interface EngineOptions<Watch, Seen> {
  readonly store: Pick<Store, "readSteps" | "saveStep">;
  /** Must end the work durably before it resolves. Where it rejects, it is run again after a while. */
  readonly workflow: (run: Run<Watch, Seen>) => Promise<void>;
  readonly queue: Queue;
  readonly watcher: Watcher<Watch, Seen>;
  readonly wheel: Wheel;
  /** Runs that are awake at once; parked ones do not count. */
  readonly awake: number;
  readonly newIntent: () => string;
  readonly onLost: (id: string, error: unknown) => void;
}

/** Before a run that rejected is tried again. */
const LOST_MS = 30_000;

export class Engine<Watch, Seen> {
  readonly #options: EngineOptions<Watch, Seen>;
  readonly #awake = new Map<string, AbortController>();
  /** Parked runs -> what wakes them before their time. */
  readonly #parked = new Map<string, () => void>();
  readonly #resting = new Set<string>();
  /** Those that wait for no longer than a while -> what takes the end of it back. */
  readonly #expiring = new Map<string, () => void>();
  readonly #ready = new Map<string, Seen | undefined>();
  readonly #ended = new Set<() => void>();
  #closing = false;

  constructor(options: EngineOptions<Watch, Seen>) {
    this.#options = options;
  }

  /** Known and not yet ended: waiting, running or parked. */
  get open(): number {
    return this.#options.queue.waiting + this.#options.queue.running;
  }

  /** `withinMs`: it waits no longer, and then runs beyond every limit, to end. */
  start(item: Item, rules: OwnerRules, withinMs?: number): void {
    this.#enqueue(item, rules, withinMs);
    this.#fill();
  }

  /** Goes on with what was under way when an earlier process ended, whatever the limits are by now. */
  resume(item: Item, rules: OwnerRules): void {
    this.#options.queue.addRunning(item, rules);
    this.#wake(item.id);
  }

  /** Takes it out of the queue, or stops its run: nobody wants the work any more. */
  cancel(id: string): void {
    if (this.#options.queue.isWaiting(id)) {
      this.#options.queue.remove(id);
      this.#waitsNoMore(id);
      return;
    }
    this.#awake.get(id)?.abort("cancelled" satisfies StopReason);
    // Woken, the workflow finds its task ended, and lets go of what it had handed over.
    if (this.#unpark(id)) this.#wake(id);
  }

  /** Something may have changed: what rests goes on at once, what is watched is looked at. */
  nudge(id: string): void {
    if (!this.#parked.has(id)) return;
    if (this.#resting.has(id)) {
      this.#unpark(id);
      this.#wake(id);
    } else void this.#options.watcher.look(id);
  }

  look(id: string): Promise<void> {
    return this.#options.watcher.look(id);
  }

  /** Stops every run and resolves when all have stopped; what is open resumes at the next start. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#ready.clear();
    for (const id of [...this.#expiring.keys()]) this.#waitsNoMore(id);
    for (const id of [...this.#parked.keys()]) this.#unpark(id);
    for (const stop of this.#awake.values()) stop.abort("closing" satisfies StopReason);
    if (this.#awake.size > 0) await new Promise<void>((resolve) => this.#ended.add(resolve));
  }

  #fill(): void {
    while (!this.#closing && this.#awake.size < this.#options.awake) {
      const [ready] = this.#ready;
      if (ready) this.#ready.delete(ready[0]);
      const id = ready?.[0] ?? this.#options.queue.next()?.id;
      if (id === undefined) return;
      void this.#execute(id, ready?.[1]);
    }
  }

  #enqueue(item: Item, rules: OwnerRules | undefined, withinMs: number | undefined): void {
    const { queue, wheel } = this.#options;
    queue.add(item, rules);
    if (withinMs === undefined) return;
    const due = (): void => {
      if (queue.begin(item.id)) this.#wake(item.id);
    };
    this.#expiring.set(item.id, wheel.after(withinMs, due));
  }

  #waitsNoMore(id: string): void {
    this.#expiring.get(id)?.();
    this.#expiring.delete(id);
  }

  #wake(id: string, seen?: Seen): void {
    this.#ready.set(id, seen);
    this.#fill();
  }

  #unpark(id: string): boolean {
    this.#resting.delete(id);
    this.#parked.get(id)?.();
    return this.#parked.delete(id);
  }

  async #execute(id: string, seen: Seen | undefined): Promise<void> {
    const stop = new AbortController();
    this.#waitsNoMore(id);
    this.#awake.set(id, stop);
    let parked: Parked | undefined;
    try {
      const steps = new Map(await this.#options.store.readSteps(id));
      const { store, wheel, newIntent } = this.#options;
      const run = openRun<Watch, Seen>({ id, signal: stop.signal, steps, seen, store, wheel, newIntent });
      await this.#options.workflow(run);
    } catch (error) {
      if (error instanceof Parked) parked = error;
      else if (!stop.signal.aborted) {
        this.#options.onLost(id, error);
        // The store could not be written, most likely: what it was about to end would else wait for a restart.
        this.#tryAgain(id);
      }
    } finally {
      this.#awake.delete(id);
      this.#rest(id, parked, stop.signal);
      this.#fill();
      if (this.#awake.size === 0) for (const resolve of this.#ended) resolve();
    }
  }

  #tryAgain(id: string): void {
    const { queue, wheel } = this.#options;
    const item = queue.remove(id);
    if (!item || this.#closing) return;
    wheel.after(LOST_MS, () => {
      queue.add(item);
      this.#fill();
    });
  }

  #rest(id: string, parked: Parked | undefined, signal: AbortSignal): void {
    const { queue, watcher, wheel } = this.#options;
    if (parked === undefined) queue.remove(id);
    if (parked === undefined || this.#closing) return;
    if (signal.aborted) {
      // Cancelled in the moment of parking: run once more, to let go.
      this.#wake(id);
      return;
    }
    const { until } = parked;
    if ("resource" in until) {
      const item = queue.remove(id);
      if (item) this.#enqueue({ ...item, resource: until.resource }, undefined, until.withinMs);
      return;
    }
    const go = (seen?: Seen): void => {
      this.#resting.delete(id);
      this.#parked.delete(id);
      this.#wake(id, seen);
    };
    if ("restMs" in until) {
      this.#resting.add(id);
      this.#parked.set(
        id,
        wheel.after(until.restMs, () => go()),
      );
    } else {
      this.#parked.set(id, () => watcher.stop(id));
      watcher.start(id, until.watch as Watch, go);
    }
  }
}

/**
 * Watches what providers are working on: one small entry for each attempt, no function of its own, all waiting on
 * one wheel. Nothing is written at a tick. When to look is learned: not often before alike work is ever done, then
 * at the provider's pace, then more slowly; never faster than the provider takes questions.
 */
import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../core/clock.ts";
import { ReelayError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { Output, Progress, Provider } from "../core/provider.ts";
import type { Watcher } from "../engine/engine.ts";
import type { Wheel } from "../engine/wheel.ts";
import { openBudget } from "./budget.ts";
import { nextLookMs } from "./cadence.ts";

export interface Watch {
  readonly provider: string;
  readonly ticket: Json;
  /** When the task's work began; its deadline is counted from then. */
  readonly begunAt: number;
  /** When this attempt was handed over: alike work is as fast, however long another provider had the task before. */
  readonly handedOverAt: number;
  readonly deadlineAt: number;
  /** Seconds that alike work took before. */
  readonly expectedSeconds: number;
}

/** `ours`: we gave up; the provider has said nothing. */
export type Seen = { readonly output: Output } | { readonly error: ReelayError; readonly ours?: true };

export interface WatcherParts {
  readonly providers: ReadonlyMap<string, Provider>;
  readonly wheel: Wheel;
  readonly clock: Clock;
  readonly random: () => number;
  /** Told of every progress; `percent` 1 to 99. */
  readonly onProgress: (id: string, percent: number) => void;
  readonly onCheckFailed: (id: string, provider: string, error: unknown) => void;
}

interface Entry {
  readonly watch: Watch;
  readonly end: (seen: Seen) => void;
  takeBack: () => void;
  /** It has its turn to ask, and waits for it. */
  queued: boolean;
  /** A check is under way. */
  looking: boolean;
  failures: number;
  /** Who waits for the next check that begins from now on. */
  lookers: (() => void)[];
}

/** A check that has not come back by then tells nothing any more. */
const CHECK_MS = 60_000;

export interface TicketWatcher extends Watcher<Watch, Seen> {
  /** Whose watch has this ticket. */
  holderOf(provider: string, ticket: Json): string | undefined;
}

export function openWatcher(parts: WatcherParts): TicketWatcher {
  const { clock, wheel } = parts;
  const entries = new Map<string, Entry>();
  const budgets = new Map(
    [...parts.providers].map(([id, { checksPerSecond }]) => [id, openBudget(checksPerSecond, clock)]),
  );

  const plan = (id: string, entry: Entry, ms: number): void => {
    entry.takeBack();
    entry.takeBack = wheel.after(ms, () => queue(id, entry));
  };

  /** Its turn among all that wait to ask this provider; at the deadline it is nobody's turn but its own. */
  const queue = (id: string, entry: Entry): void => {
    // One turn at a time: whoever looks often must not take the turns of others.
    if (entry.queued) return;
    const { watch } = entry;
    const left = Math.max(0, watch.deadlineAt - clock.now());
    const wait = left === 0 ? 0 : Math.min(left, budgets.get(watch.provider)?.take() ?? 0);
    if (wait === 0) void look(id, entry);
    else {
      entry.queued = true;
      entry.takeBack();
      entry.takeBack = wheel.after(wait, () => void look(id, entry));
    }
  };

  const look = async (id: string, entry: Entry): Promise<void> => {
    entry.queued = false;
    if (entry.looking) return;
    const { watch } = entry;
    const provider = parts.providers.get(watch.provider);
    if (!provider) {
      const message = "The provider that has this work is not open here any more.";
      return finish(id, entry, { error: new ReelayError("no_route", message), ours: true });
    }
    const lookers = entry.lookers.splice(0);
    entry.looking = true;
    const progress = await check(id, entry, provider);
    entry.looking = false;
    if (entries.get(id) === entry) take(id, entry, { progress, provider });
    for (const seen of lookers) seen();
  };

  const take = (
    id: string,
    entry: Entry,
    { progress, provider }: { progress: Progress; provider: Provider },
  ): void => {
    const { watch } = entry;
    if (progress.state === "done") finish(id, entry, { output: progress.output });
    else if (progress.state === "failed") finish(id, entry, { error: progress.error });
    // After the look: what was ready while this server was down is not late.
    else if (clock.now() >= watch.deadlineAt) finish(id, entry, { error: late(watch), ours: true });
    else {
      if (progress.state === "processing") parts.onProgress(id, progress.progress);
      // Somebody asked while we looked: what we saw began before that.
      if (entry.lookers.length > 0) queue(id, entry);
      else plan(id, entry, nextMs(entry, provider, progress.retryAfterMs ?? 0));
    }
  };

  const nextMs = ({ watch, failures }: Entry, provider: Provider, retryAfterMs: number): number => {
    const now = clock.now();
    const pace = nextLookMs({
      elapsedMs: now - watch.handedOverAt,
      expectedMs: watch.expectedSeconds * 1000,
      everyMs: provider.pollEveryMs,
      failures,
      random: parts.random(),
    });
    return Math.min(Math.max(pace, retryAfterMs), Math.max(0, watch.deadlineAt - now));
  };

  /** A check that throws, or does not come back, has told nothing about the work: it is asked again until the deadline. */
  const check = async (id: string, { watch }: Entry, provider: Provider): Promise<Progress> => {
    const entry = entries.get(id);
    const giveUp = Promise.withResolvers<never>();
    const ms = Math.max(1_000, Math.min(CHECK_MS, watch.deadlineAt - clock.now()));
    const stop = new AbortController();
    const takeBack = wheel.after(ms, () => {
      giveUp.reject(new Error(`no answer within ${ms} ms`));
      stop.abort();
    });
    try {
      const progress = await Promise.race([provider.check(watch.ticket, stop.signal), giveUp.promise]);
      if (entry) entry.failures = 0;
      return progress;
    } catch (error) {
      if (entry) entry.failures++;
      parts.onCheckFailed(id, provider.id, error);
      const seconds = error instanceof ReelayError ? (error.retryAfter ?? 0) : 0;
      return { state: "pending", retryAfterMs: seconds * 1000 };
    } finally {
      takeBack();
    }
  };

  const finish = (id: string, entry: Entry, seen: Seen): void => {
    entry.takeBack();
    entries.delete(id);
    for (const told of entry.lookers) told();
    entry.end(seen);
  };

  return {
    start(id, watch, end) {
      const entry: Entry = {
        watch,
        end,
        takeBack: () => undefined,
        queued: false,
        looking: false,
        failures: 0,
        lookers: [],
      };
      entries.set(id, entry);
      // At once: after a restart it may have been ready for hours.
      plan(id, entry, 0);
    },
    stop(id) {
      const entry = entries.get(id);
      entry?.takeBack();
      entries.delete(id);
      for (const told of entry?.lookers ?? []) told();
    },
    holderOf(provider, ticket) {
      for (const [id, { watch }] of entries) {
        if (watch.provider === provider && isDeepStrictEqual(watch.ticket, ticket)) return id;
      }
      return undefined;
    },
    look(id) {
      const entry = entries.get(id);
      if (!entry) return Promise.resolve();
      const seen = new Promise<void>((resolve) => entry.lookers.push(resolve));
      // One that is under way began before it was asked for: it does not count, and the next follows it at once.
      if (!entry.looking) queue(id, entry);
      return seen;
    },
  };
}

function late({ begunAt, deadlineAt }: Watch): ReelayError {
  const seconds = Math.round((deadlineAt - begunAt) / 1000);
  return new ReelayError("deadline_exceeded", `The video was not ready within ${seconds} seconds.`);
}

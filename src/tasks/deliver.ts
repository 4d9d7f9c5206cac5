/**
 * Carries out what is to be delivered. The store's rows are the queue: a delivery is due from the transaction that ended
 * its task until the answer to it is written down, so a crash anywhere between means one more try with the same id.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";
import type { DeliveryRecord } from "../core/delivery.ts";
import { ReelayError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { Store } from "../core/store.ts";
import type { Poster } from "../net/post.ts";
import { openAlarm } from "./alarm.ts";
import { type Next, nextTry } from "./delivery-schedule.ts";
import { openEndpoints } from "./endpoints.ts";
import { ensureSecret, signWebhook } from "./sign.ts";
import { openTurns } from "./turns.ts";

export interface DelivererParts {
  readonly store: Pick<Store, "listDueDeliveries" | "addTry" | "addSecret" | "listSecrets">;
  readonly post: Poster["post"];
  /** What to send: the task as its dialect tells it. undefined where the task is gone. */
  readonly render: (taskId: string) => Promise<Telling | undefined>;
  /** Whether a task of a test key asked to be told twice. */
  readonly tellsTwice?: (taskId: string) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds between a try and the next. */
  readonly schedule?: readonly number[];
  /** Tries under way at once to one origin. */
  readonly perEndpoint?: number;
}

/** What a receiver is sent, and how long it may take to answer. Milliseconds. */
export interface Telling {
  readonly body: string;
  readonly timeoutMs: number;
}

export interface Deliverer {
  /** There may be something due: at the start, after a task has ended, after a resend. */
  wake(): void;
  /** Begins no further try, gives those under way 2 seconds, and leaves the rest to the next start. */
  close(): Promise<void>;
}

/** How far ahead the store is asked, and so how long it is left alone at most. */
const HORIZON_MS = 30_000;
const CLOSE_MS = 2_000;
const PAGE = 256;
const DETAIL_LENGTH = 1_000;

interface Sent {
  readonly status: number | null;
  readonly retryAfter: number | null;
  readonly detail: string;
  /** There is nothing to send, and never will be. */
  readonly pointless?: true;
}

export function openDeliverer(parts: DelivererParts): Deliverer {
  const { store, clock, log, perEndpoint = 4 } = parts;
  const closing = new AbortController();
  const secretTurns = openTurns();
  const alarm = openAlarm(clock, () =>
    admitDue().catch((error: unknown) => log("error", "deliveries-unread", { error })),
  );
  const wake = (): void => alarm.set(clock.now());
  const endpoints = openEndpoints({ perEndpoint, carry, onRoom: wake });

  /** Reads on past what waits already, or a receiver with thousands of them would hide everybody else's. */
  async function admitDue(): Promise<void> {
    const now = clock.now();
    alarm.set(now + HORIZON_MS);
    endpoints.beginLook();
    for (let limit = PAGE; ; limit *= 4) {
      const rows = await store.listDueDeliveries(now + HORIZON_MS, limit);
      const later = rows.find(({ dueAt }) => dueAt !== null && dueAt > now);
      const due = later === undefined ? rows : rows.slice(0, rows.indexOf(later));
      const admitted = due.filter(endpoints.add).length;
      if (later?.dueAt) alarm.set(later.dueAt);
      if (due.length < limit) return;
      if (admitted >= PAGE) return wake();
    }
  }

  async function carry(row: DeliveryRecord): Promise<void> {
    try {
      await tryOnce(row);
    } catch (error) {
      if (closing.signal.aborted) return;
      // What was sent could not be written down. Its row is still due: without a rest it would be sent on and on.
      log("error", "delivery-unrecorded", { delivery: row.id, error });
      await delay(HORIZON_MS, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
      wake();
    }
  }

  async function tryOnce(row: DeliveryRecord): Promise<void> {
    const at = clock.now();
    const since = performance.now();
    const { status, retryAfter, detail, pointless } = await send(row, at).catch((error) =>
      unsent(row, error),
    );
    const ms = Math.round(performance.now() - since);
    const tried = { deliveryId: row.id, count: row.tries + 1, at: clock.now(), status, retryAfter };
    const next: Next = pointless ? { state: "dead", dueAt: null } : await goOn(row, tried);
    await store.addTry(row.id, { at, ms, status, detail }, next);
    if (next.dueAt !== null) alarm.set(next.dueAt);
    if (next.state === "dead") log("warn", "delivery-died", { delivery: row.id, task: row.taskId, status });
  }

  /** A receiver is to be tried with a second call of the same id: a real one may come after any crash. */
  async function goOn(row: DeliveryRecord, tried: Parameters<typeof nextTry>[0]): Promise<Next> {
    const next = nextTry(tried, parts.schedule);
    const again = next.state === "delivered" && row.tries === 0 && (await parts.tellsTwice?.(row.taskId));
    return again ? { state: "waiting", dueAt: tried.at } : next;
  }

  async function send(row: DeliveryRecord, at: number): Promise<Sent> {
    const telling = await parts.render(row.taskId);
    if (telling === undefined) {
      return { status: null, retryAfter: null, detail: "The task is no longer there.", pointless: true };
    }
    const body = Buffer.from(telling.body);
    // In turn: deliveries that are a key's first, all at once, would each make it a secret.
    const secrets = await secretTurns.take(row.keyId, () => ensureSecret(store, row.keyId, at));
    const signature = signWebhook(
      { id: row.id, at, body },
      secrets.map(({ secret }) => secret),
    );
    const answer = await parts.post(row.url, {
      headers: { "content-type": "application/json", ...signature },
      body,
      timeoutMs: telling.timeoutMs,
      signal: closing.signal,
    });
    return { status: answer.status, retryAfter: answer.retryAfter, detail: answer.text };
  }

  /** The operator is told what exactly went wrong on the way; a client never sees a try. */
  function unsent(row: DeliveryRecord, error: unknown): Sent {
    if (closing.signal.aborted) throw error;
    if (!(error instanceof ReelayError)) log("error", "delivery-broke", { delivery: row.id, error });
    const cause = error instanceof ReelayError ? (error.cause ?? error) : error;
    const detail = cause instanceof Error ? cause.message || cause.name : String(cause);
    return { status: null, retryAfter: null, detail: detail.slice(0, DETAIL_LENGTH) };
  }

  return {
    wake,
    async close() {
      const grace = setTimeout(() => closing.abort(), CLOSE_MS);
      await Promise.all([alarm.close(), endpoints.close()]);
      clearTimeout(grace);
    },
  };
}

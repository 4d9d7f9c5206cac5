/** How a try of a delivery went, and when the next one is due. */
import { createHash } from "node:crypto";
import type { DeliveryState } from "../core/delivery.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Milliseconds between a try and the next: first as the dialects promise, for a receiver that stumbles, then as
 * Standard Webhooks has it, for one that is down over a weekend.
 */
export const SCHEDULE: readonly number[] = [
  ...[1, 2, 4, 8, 16].map((seconds) => seconds * SECOND),
  ...[5, 30].map((minutes) => minutes * MINUTE),
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR),
];

const LONGEST_WAIT = 24 * HOUR;
const SPREAD = 0.2;
const GONE = 410;

export interface Tried {
  readonly deliveryId: string;
  /** Which try it was, from 1. */
  readonly count: number;
  /** When it ended. */
  readonly at: number;
  /** null where no answer came. */
  readonly status: number | null;
  /** Seconds that the receiver asks for. */
  readonly retryAfter: number | null;
}

export interface Next {
  readonly state: DeliveryState;
  readonly dueAt: number | null;
}

export function nextTry(tried: Tried, schedule: readonly number[] = SCHEDULE): Next {
  const { status, count, at } = tried;
  if (status !== null && status >= 200 && status <= 299) return { state: "delivered", dueAt: null };
  const pause = schedule[count - 1];
  if (status === GONE || pause === undefined) return { state: "dead", dueAt: null };
  const asked = Math.min((tried.retryAfter ?? 0) * SECOND, LONGEST_WAIT);
  return { state: "waiting", dueAt: at + Math.round(Math.max(spread(pause, tried), asked)) };
}

/** Seconds are promised as they are; longer pauses are spread, or all that failed together would come again together. */
function spread(pause: number, { deliveryId, count }: Tried): number {
  if (pause < MINUTE) return pause;
  const digest = createHash("sha256").update(`${deliveryId}.${count}`).digest();
  return pause * (1 - SPREAD + 2 * SPREAD * (digest.readUInt32BE() / 2 ** 32));
}

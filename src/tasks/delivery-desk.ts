/** Deliveries and their secrets as an operator handles them. Used by the CLI, and by the server on its behalf. */
import type { Clock } from "../core/clock.ts";
import type { DeliveryRecord, DeliveryState, DeliveryTry, WebhookSecret } from "../core/delivery.ts";
import type { Store } from "../core/store.ts";
import { ensureSecret, rotateSecret } from "./sign.ts";

export interface DeliveryEntry {
  readonly delivery: DeliveryRecord;
  /** null where none has been made. */
  readonly lastTry: DeliveryTry | null;
}

export interface DeliveryDesk {
  /** Newest first, at most `DELIVERIES_SHOWN`. */
  list(state?: DeliveryState): Promise<readonly DeliveryEntry[]>;
  /** Due at once, whatever became of it. Resolves false where there is no such delivery. */
  resend(id: string): Promise<boolean>;
  /** The live ones, newest first; the first is made where there is none. null where there is no such key. */
  secrets(keyId: string): Promise<readonly WebhookSecret[] | null>;
  /** Resolves with the new secret; null where there is no such key. */
  rotate(keyId: string, overlapMs: number): Promise<WebhookSecret | null>;
}

export interface DeliveryDeskParts {
  readonly store: Pick<
    Store,
    | "listDeliveries"
    | "listTries"
    | "resendDelivery"
    | "readKey"
    | "addSecret"
    | "listSecrets"
    | "expireSecrets"
  >;
  readonly clock: Clock;
  /** Called once a resend is durable. */
  readonly wake?: () => void;
}

export const DELIVERIES_SHOWN = 100;

export function openDeliveryDesk({ store, clock, wake = () => undefined }: DeliveryDeskParts): DeliveryDesk {
  const withKey = async <T>(keyId: string, act: () => Promise<T>): Promise<T | null> =>
    (await store.readKey(keyId)) === undefined ? null : act();
  return {
    async list(state) {
      const filter = { limit: DELIVERIES_SHOWN, ...(state === undefined ? {} : { state }) };
      const deliveries = await store.listDeliveries(filter);
      return Promise.all(
        deliveries.map(async (delivery) => ({
          delivery,
          lastTry: (await store.listTries(delivery.id)).at(-1) ?? null,
        })),
      );
    },
    async resend(id) {
      const found = await store.resendDelivery(id, clock.now());
      if (found) wake();
      return found;
    },
    secrets: (keyId) => withKey(keyId, () => ensureSecret(store, keyId, clock.now())),
    rotate: (keyId, overlapMs) =>
      withKey(keyId, () => rotateSecret(store, { keyId, now: clock.now(), overlapMs })),
  };
}

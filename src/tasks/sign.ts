/**
 * Signatures of webhooks as the Standard Webhooks specification (1.0.0) has them, so that a receiver checks them with
 * a library of its language; and the secrets they are made with.
 */
import { createHmac, randomBytes } from "node:crypto";
import type { WebhookSecret } from "../core/delivery.ts";
import type { Store } from "../core/store.ts";

const PREFIX = "whsec_";
const SECRET_BYTES = 32;

export interface Message {
  /** Without a dot: it is what the signed parts are joined with. */
  readonly id: string;
  /** When this try is made. Milliseconds. */
  readonly at: number;
  readonly body: Uint8Array;
}

/** The three headers; one signature for each secret, so that a receiver that knows any of them is content. */
export function signWebhook(message: Message, secrets: readonly string[]): Readonly<Record<string, string>> {
  const seconds = String(Math.floor(message.at / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), "base64");
    const hmac = createHmac("sha256", key).update(`${message.id}.${seconds}.`).update(message.body);
    return `v1,${hmac.digest("base64")}`;
  });
  return {
    "webhook-id": message.id,
    "webhook-timestamp": seconds,
    "webhook-signature": signatures.join(" "),
  };
}

export function newSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString("base64");
}

/** The live secrets of a key, newest first; its first one is made where it has none. */
export async function ensureSecret(
  store: Pick<Store, "addSecret" | "listSecrets">,
  keyId: string,
  now: number,
): Promise<readonly WebhookSecret[]> {
  const live = await store.listSecrets(keyId, now);
  if (live.length > 0) return live;
  await store.addSecret({ keyId, secret: newSecret(), createdAt: now, expiresAt: null });
  return store.listSecrets(keyId, now);
}

export interface Rotation {
  readonly keyId: string;
  readonly now: number;
  /** How long the secrets of before go on signing beside the new one. Milliseconds. */
  readonly overlapMs: number;
}

/** Resolves with the new secret. */
export async function rotateSecret(
  store: Pick<Store, "addSecret" | "expireSecrets">,
  { keyId, now, overlapMs }: Rotation,
): Promise<WebhookSecret> {
  const secret: WebhookSecret = { keyId, secret: newSecret(), createdAt: now, expiresAt: null };
  // Asked for in one turn, to be one transaction: a key whose secrets all expire would get one that nobody was told.
  await Promise.all([store.expireSecrets(keyId, now + overlapMs), store.addSecret(secret)]);
  return secret;
}

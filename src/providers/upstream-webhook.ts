/**
 * Calls signed by Standard Webhooks 1.0.0: HMAC-SHA256 over `id.timestamp.body`, keyed with what stands behind `whsec_`,
 * in one of the signatures of the header: there are several while a secret is being changed.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { WebhookCall } from "../core/provider.ts";

/** A call that somebody recorded is of no use after this. */
const TOLERANCE_MS = 300_000;
const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

export interface Verifier {
  /** Rejects where the secret cannot be had at present. */
  isGenuine(call: WebhookCall): Promise<boolean>;
}

export interface VerifierOptions {
  /** The secret; or how it is asked for, once, when the first call comes. */
  readonly secret: string | (() => Promise<string>);
  readonly now: () => number;
}

/** Throws where the secret that is given is none. */
export function openVerifier({ secret, now }: VerifierOptions): Verifier {
  const key = typeof secret === "string" ? holding(keyOf(secret)) : asking(secret);
  return {
    async isGenuine({ headers, body }) {
      const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": given } = headers;
      if (!id || !given || !at || !/^\d{1,15}$/.test(at)) return false;
      if (Math.abs(now() - Number(at) * 1000) > TOLERANCE_MS) return false;
      const right = createHmac("sha256", await key())
        .update(`${id}.${at}.`)
        .update(body)
        .digest("base64");
      return given.split(" ").some((one) => isSame(one, `v1,${right}`));
    },
  };
}

function holding(key: Buffer): () => Promise<Buffer> {
  return async () => key;
}

/** Once, and again only after it failed. */
function asking(ask: () => Promise<string>): () => Promise<Buffer> {
  let asked: Promise<Buffer> | undefined;
  return async () => {
    asked ??= ask().then(keyOf);
    try {
      return await asked;
    } catch (error) {
      asked = undefined;
      throw error;
    }
  };
}

/** As text: a lenient decoder would take several texts for one signature. */
function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function keyOf(secret: string): Buffer {
  const [, base64] = SECRET.exec(secret) ?? [];
  if (base64 === undefined)
    throw new Error("webhook_secret must be whsec_ and base64, as it was shown to you");
  return Buffer.from(base64, "base64");
}

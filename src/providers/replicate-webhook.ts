/**
 * Replicate's calls, signed as Standard Webhooks are: HMAC-SHA256 over `id.timestamp.body` with what stands behind
 * `whsec_`, in one of the signatures of the header (replicate.com/docs/topics/webhooks/verify-webhook, read 2026-11-21).
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { WebhookCall } from "../core/provider.ts";

/** A call that was recorded is of no use to anybody after this. */
const TOLERANCE_MS = 300_000;
const PREFIX = "whsec_";

interface Verifier {
  /** Rejects where the secret cannot be had at present. */
  isGenuine(call: WebhookCall): Promise<boolean>;
}

interface VerifierOptions {
  /** undefined: it is asked for, once, when the first call comes. */
  readonly secret: string | undefined;
  readonly fetchSecret: () => Promise<string>;
  readonly now: () => number;
}

/** Throws where the secret that is given is none. */
export function openVerifier({ secret, fetchSecret, now }: VerifierOptions): Verifier {
  let known: Promise<Buffer> | undefined = secret === undefined ? undefined : Promise.resolve(keyOf(secret));
  const key = async (): Promise<Buffer> => {
    known ??= fetchSecret().then(keyOf);
    try {
      return await known;
    } catch (error) {
      known = undefined;
      throw error;
    }
  };
  return {
    async isGenuine({ headers, body }) {
      const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": given } = headers;
      if (!id || !given || !at || !/^\d+$/.test(at)) return false;
      if (Math.abs(now() - Number(at) * 1000) > TOLERANCE_MS) return false;
      const right = createHmac("sha256", await key())
        .update(`${id}.${at}.`)
        .update(body)
        .digest("base64");
      return given.split(" ").some((one) => isSame(one, `v1,${right}`));
    },
  };
}

/** As text: a lenient decoder would take several texts for one signature. */
function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.slice(PREFIX.length), "base64");
  if (!secret.startsWith(PREFIX) || key.length === 0) {
    throw new Error("webhook_secret must be what Replicate shows, beginning with whsec_");
  }
  return key;
}

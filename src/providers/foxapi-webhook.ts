/**
 * Calls of a Reelay, signed by Standard Webhooks 1.0.0: HMAC-SHA256 over `id.timestamp.body`, keyed with what stands
 * behind `whsec_`. While its secret is being changed there are several signatures, and one that fits is enough.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { WebhookCall } from "../core/provider.ts";

/** A call that somebody recorded is of no use after this. */
const TOLERANCE_MS = 300_000;
const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/** Throws where the secret is none. */
export function openSignature(secret: string, now: () => number): (call: WebhookCall) => boolean {
  const [, base64] = SECRET.exec(secret) ?? [];
  if (base64 === undefined)
    throw new Error("webhook_secret must be whsec_ and base64, as `reelay secrets show` prints it");
  const key = Buffer.from(base64, "base64");
  return ({ headers, body }) => {
    const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": given } = headers;
    if (!id || !given || !at || !/^\d{1,15}$/.test(at)) return false;
    if (Math.abs(now() - Number(at) * 1000) > TOLERANCE_MS) return false;
    const right = Buffer.from(
      `v1,${createHmac("sha256", key).update(`${id}.${at}.`).update(body).digest("base64")}`,
    );
    return given.split(" ").some((one) => {
      // As text: a lenient decoder would take several texts for one signature.
      const text = Buffer.from(one);
      return text.length === right.length && timingSafeEqual(text, right);
    });
  };
}

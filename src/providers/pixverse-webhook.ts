/**
 * Whether a call is PixVerse's (docs.platform.pixverse.ai, "How to use webhook", read 2026-11-20): `Webhook-Signature`
 * is Base64(HMAC-SHA256(secret, timestamp \n nonce \n url_encoded_payload)), the payload being the JSON body as a query
 * string. How exactly that string is written is not documented and not verified by a call: whether in the body's own
 * order or by name (two public receivers sort, and Go's url.Values does), and whether a space is %20 or +. Each of the
 * four spellings needs the secret, so a call that has any of them is taken.
 *
 * Nonces are not remembered: a call that is played again within the five minutes makes us look once more, and no more.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { WebhookCall } from "../core/provider.ts";

const WINDOW_MS = 5 * 60_000;
/** Seconds until the year 5138, milliseconds since 1973: the unit is not documented, and no time of ours fits both. */
const FIRST_IN_MS = 1e11;

/** `now` in milliseconds since 1970. */
export function isGenuine({ headers, body }: WebhookCall, secret: string, now: number): boolean {
  const { "webhook-timestamp": timestamp, "webhook-nonce": nonce, "webhook-signature": signature } = headers;
  if (!timestamp || !nonce || !signature || !/^\d{1,15}$/.test(timestamp)) return false;
  const stamp = Number(timestamp);
  if (Math.abs(now - (stamp < FIRST_IN_MS ? stamp * 1000 : stamp)) > WINDOW_MS) return false;
  const given = Buffer.from(signature, "base64");
  return spellings(body).some((payload) => {
    const right = createHmac("sha256", secret).update(`${timestamp}\n${nonce}\n${payload}`).digest();
    return given.length === right.length && timingSafeEqual(given, right);
  });
}

function spellings(body: Uint8Array): readonly string[] {
  const fields = fieldsOf(body);
  if (fields === undefined) return [];
  const byName = [...fields].sort(([a], [b]) => (a < b ? -1 : 1));
  return [fields, byName].flatMap((list) => {
    const percent = list.map((pair) => pair.map(escapeAll).join("=")).join("&");
    return [percent, percent.replaceAll("%20", "+")];
  });
}

/** Everything but letters, digits, - _ . and ~ (RFC 3986, and Go's QueryEscape but for the space). */
function escapeAll(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Names and values as text, numbers as they are written: 10.50 stays 10.50. undefined where the body is no object. */
function fieldsOf(body: Uint8Array): readonly (readonly [string, string])[] | undefined {
  try {
    const text = Buffer.from(body).toString("utf8");
    const parsed: unknown = JSON.parse(
      text,
      (_name, value: unknown, context?: { readonly source?: string }) =>
        typeof value === "number" ? (context?.source ?? value) : value,
    );
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return undefined;
    return Object.entries(parsed).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
  } catch {
    return undefined;
  }
}

/** Deliveries: whether they come from the server, by Standard Webhooks 1.0.0. */
import type { EndedTask } from "./types.ts";

export interface Delivery {
  /** A `Headers`, or the object that Node and its frameworks have; names in any case. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As it came, before anything parsed it: what is signed is bytes. */
  readonly body: string | Uint8Array | ArrayBuffer;
}

export interface VerifyOptions {
  /** Seconds that the delivery's time may be away from now, either way. Five minutes. */
  readonly toleranceSeconds?: number | undefined;
  /** Milliseconds. */
  readonly now?: (() => number) | undefined;
}

/** A delivery that is not to be believed: answer it with 401 and do nothing else. */
export class WebhookRefused extends Error {
  override readonly name = "WebhookRefused";
}

const PREFIX = "whsec_";
const TOLERANCE_S = 300;
const MOST_SIGNATURES = 16;

/**
 * The task that the delivery tells of. `secret` is what `reelay secrets show` printed; give all that are valid while one is
 * being changed. Rejects with WebhookRefused. The same delivery may come more than once, with the same `webhook-id`.
 */
export async function verifyWebhook(
  { headers, body }: Delivery,
  secret: string | readonly string[],
  { toleranceSeconds = TOLERANCE_S, now = Date.now }: VerifyOptions = {},
): Promise<EndedTask> {
  const id = headerOf(headers, "webhook-id");
  const timestamp = headerOf(headers, "webhook-timestamp");
  const signatures = headerOf(headers, "webhook-signature");
  checkAge(timestamp, now() / 1000, toleranceSeconds);
  const secrets = typeof secret === "string" ? [secret] : secret;
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : new Uint8Array(body);
  const signed = joined(new TextEncoder().encode(`${id}.${timestamp}.`), bytes);
  const given = signatures.split(" ").slice(0, MOST_SIGNATURES).flatMap(readSignature);
  for (const key of await Promise.all(secrets.map(importSecret))) {
    for (const signature of given) {
      // The platform's own comparison, which takes as long whatever differs.
      if (await crypto.subtle.verify("HMAC", key, signature, signed)) return readTask(bytes);
    }
  }
  throw new WebhookRefused("No signature of this delivery was made with this secret.");
}

function headerOf(headers: Delivery["headers"], name: string): string {
  const value =
    headers instanceof Headers
      ? headers.get(name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  const text = typeof value === "object" && value !== null ? value[0] : value;
  if (!text) throw new WebhookRefused(`The delivery has no ${name} header.`);
  return text;
}

function checkAge(timestamp: string, now: number, tolerance: number): void {
  const away = /^\d{1,12}$/.test(timestamp) ? Math.abs(now - Number(timestamp)) : Number.NaN;
  if (away <= tolerance) return;
  throw new WebhookRefused(
    `webhook-timestamp is "${timestamp.slice(0, 20)}", which is no time within ${tolerance} seconds of now.`,
  );
}

function readSignature(text: string): readonly Uint8Array<ArrayBuffer>[] {
  const [version, base64 = ""] = text.split(",");
  const bytes = version === "v1" ? fromBase64(base64) : undefined;
  return bytes ? [bytes] : [];
}

async function importSecret(secret: string) {
  const bytes = fromBase64(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret);
  // An empty key would verify whatever was signed with none.
  if (!bytes || bytes.length === 0) {
    throw new TypeError(`A webhook secret is ${PREFIX} and base64, as \`reelay secrets show\` prints it.`);
  }
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}

/** It was signed with the secret, so it is what the server wrote. */
function readTask(bytes: Uint8Array): EndedTask {
  return JSON.parse(new TextDecoder().decode(bytes)) as EndedTask;
}

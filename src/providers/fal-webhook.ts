/**
 * Whether a call comes from fal (fal docs, webhooks, read 2026-11-20): an Ed25519 signature over the ids, the time and
 * the body, with one of the keys that fal publishes. The call does not say which, so every key is tried.
 */
import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from "node:crypto";
import { ReelayError } from "../core/errors.ts";
import type { WebhookCall } from "../core/provider.ts";
import { answered } from "./upstream-answer.ts";
import { textAt, valueAt } from "./upstream-body.ts";
import { openUpstream, type UpstreamOptions } from "./upstream-call.ts";

export interface SignaturesOptions extends Pick<UpstreamOptions, "connectMs" | "totalMs"> {
  readonly jwksUrl: string;
  readonly now: () => number;
}

export interface Signatures {
  /** Rejects where fal's keys cannot be had at present. */
  fit(headers: WebhookCall["headers"], body: Uint8Array): Promise<boolean>;
  close(): Promise<void>;
}

/** fal asks for no longer than this. */
const KEEP_MS = 24 * 60 * 60_000;
/** Whoever makes up signatures must not make us ask fal for its keys as often as they call. */
const ASK_EVERY_MS = 60_000;
const CLOCKS_DIFFER_SECONDS = 300;

export function openSignatures({ jwksUrl, now, ...timing }: SignaturesOptions): Signatures {
  const url = URL.parse(jwksUrl);
  if (url?.protocol !== "https:" && url?.protocol !== "http:") {
    throw new Error("jwks_url must be an http(s) URL: where fal publishes its keys");
  }
  // Without our key: it is none of this host's business.
  const upstream = openUpstream({ baseUrl: url.origin, headers: {}, ...timing });
  const path = `${url.pathname.slice(1)}${url.search}`;
  let held: { readonly keys: readonly KeyObject[]; readonly at: number } | undefined;
  let asked: { readonly at: number; readonly answer: Promise<unknown> } | undefined;

  const ask = async (at: number): Promise<void> => {
    const { body } = answered(await upstream.call({ method: "GET", path }));
    const listed = valueAt(body, "keys");
    const keys = (Array.isArray(listed) ? listed : []).flatMap(readKey);
    if (keys.length === 0) throw new Error("fal's list of keys has none that is an Ed25519 key");
    held = { keys, at };
  };
  const askAgain = (): Promise<unknown> => {
    const at = now();
    if (!asked || Math.abs(at - asked.at) >= ASK_EVERY_MS) {
      asked = { at, answer: ask(at).catch((error: unknown) => error) };
    }
    return asked.answer;
  };
  const keysNow = (): readonly KeyObject[] | undefined =>
    held && Math.abs(now() - held.at) < KEEP_MS ? held.keys : undefined;

  return {
    async fit(headers, body) {
      const signed = readSigned(headers, body, now());
      if (!signed) return false;
      const fits = (key: KeyObject): boolean => verify(null, signed.message, key, signed.signature);
      if (keysNow()?.some(fits)) return true;
      const cause = await askAgain();
      const keys = keysNow();
      if (keys) return keys.some(fits);
      const message = "fal's keys could not be read, so its call cannot be checked.";
      throw new ReelayError("provider_failed", message, { cause });
    },
    close: upstream.close,
  };
}

function readKey(listed: unknown): readonly KeyObject[] {
  try {
    const key = createPublicKey({ key: listed as JsonWebKey, format: "jwk" });
    return key.asymmetricKeyType === "ed25519" ? [key] : [];
  } catch {
    return [];
  }
}

/** Undefined where something is missing, is not what it should be, or is of another time. */
function readSigned(
  headers: WebhookCall["headers"],
  body: Uint8Array,
  now: number,
): { readonly message: Uint8Array; readonly signature: Uint8Array } | undefined {
  const said = (name: string): string =>
    textAt(headers as Record<string, string>, `x-fal-webhook-${name}`) ?? "";
  const [request, user, time, hex] = [
    said("request-id"),
    said("user-id"),
    said("timestamp"),
    said("signature"),
  ];
  if (request === "" || user === "" || !/^\d{1,12}$/.test(time) || !/^[0-9a-f]{128}$/i.test(hex))
    return undefined;
  if (Math.abs(now / 1000 - Number(time)) > CLOCKS_DIFFER_SECONDS) return undefined;
  const digest = createHash("sha256").update(body).digest("hex");
  return {
    message: Buffer.from([request, user, time, digest].join("\n")),
    signature: Buffer.from(hex, "hex"),
  };
}

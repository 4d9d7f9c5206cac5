/**
 * Access tokens of a Google service account: asked for with a claim that its private key signs (RFC 7523; contract 2.1),
 * kept in memory while they last, and nowhere else.
 */
import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { ReelayError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import { textAt, valueAt } from "./upstream-body.ts";
import { type Answer, openUpstream } from "./upstream-call.ts";

interface ServiceAccount {
  readonly email: string;
  readonly keyId: string | undefined;
  readonly key: KeyObject;
  readonly tokenUri: string;
  readonly projectId: string | undefined;
}

/** Of a key file's text. Throws an Error whose sentence has nothing of the file in it. */
export function readServiceAccount(text: string): ServiceAccount {
  let file: Json;
  try {
    file = JSON.parse(text) as Json;
  } catch {
    throw new Error("it is not JSON");
  }
  const email = textAt(file, "client_email");
  const pem = textAt(file, "private_key");
  if (!email || !pem)
    throw new Error("it has no client_email and private_key: a service account's key file has both");
  return {
    email,
    keyId: textAt(file, "private_key_id"),
    key: readKey(pem),
    tokenUri: textAt(file, "token_uri") ?? "",
    projectId: textAt(file, "project_id"),
  };
}

function readKey(pem: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // What OpenSSL says of it is no help to anybody.
  }
  if (key?.asymmetricKeyType !== "rsa") throw new Error("its private_key is not an RSA key in PEM");
  return key;
}

export interface Tokens {
  /** Rejects with a ReelayError where there is none to be had, or with the signal's reason. */
  get(signal: AbortSignal): Promise<string>;
  /** Another one than `stale`, which was refused. */
  renew(stale: string, signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

interface TokensOptions {
  readonly account: ServiceAccount;
  /** Where they are asked for. Throws where it is neither https nor this machine: the claim in it is as good as a key. */
  readonly url: string;
  readonly connectMs?: number | undefined;
  readonly totalMs?: number | undefined;
  readonly now: () => number;
}

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const CLAIM_SECONDS = 3600;
/** A token is not used for its last minutes: a call that begins with it may take that long to arrive. */
const EARLY_MS = 300_000;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Whether nobody on the way can read what is sent there: https, or this machine. */
export function keepsSecrets(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
}

export function openTokens({ account, url, connectMs, totalMs, now }: TokensOptions): Tokens {
  if (!keepsSecrets(url)) {
    throw new Error(
      "the URL for access tokens (token_url, or token_uri in the key file) must be an https URL",
    );
  }
  const place = new URL(url);
  const upstream = openUpstream({ baseUrl: place.origin, headers: {}, connectMs, totalMs });
  let held: { readonly token: string; readonly until: number } | undefined;
  let asked: Promise<string> | undefined;

  const ask = async (): Promise<string> => {
    const askedAt = now();
    const called = await upstream.call({
      method: "POST",
      path: place.pathname.slice(1) + place.search,
      text: String(new URLSearchParams({ grant_type: GRANT, assertion: claimOf(account, askedAt) })),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    if ("lost" in called) {
      const { why, cause } = called.lost;
      throw new ReelayError("provider_failed", `Google's token service could not be asked: ${why}.`, {
        cause,
      });
    }
    const token = tokenIn(called.answer);
    const seconds = valueAt(called.answer.body, "expires_in");
    const lastsMs = (typeof seconds === "number" ? seconds : CLAIM_SECONDS) * 1000;
    held = { token, until: askedAt + lastsMs - EARLY_MS };
    return token;
  };

  const get = async (signal: AbortSignal): Promise<string> => {
    if (signal.aborted) throw signal.reason;
    if (held && now() < held.until) return held.token;
    // One call for all who wait; one of them that is stopped leaves the others theirs.
    asked ??= ask().finally(() => {
      asked = undefined;
    });
    return orStopped(asked, signal);
  };

  return {
    get,
    renew(stale, signal) {
      if (held?.token === stale) held = undefined;
      return get(signal);
    },
    close: upstream.close,
  };
}

/** The audience is the account's own token_uri, also where the call goes through another address. */
function claimOf({ email, keyId, key, tokenUri }: ServiceAccount, at: number): string {
  const seconds = Math.floor(at / 1000);
  const header = { alg: "RS256", typ: "JWT", ...(keyId === undefined ? {} : { kid: keyId }) };
  const claim = { iss: email, scope: SCOPE, aud: tokenUri, iat: seconds, exp: seconds + CLAIM_SECONDS };
  const text = [header, claim]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${text}.${sign("RSA-SHA256", Buffer.from(text), key).toString("base64url")}`;
}

function tokenIn({ status, body, retryAfterMs }: Answer): string {
  const token = textAt(body, "access_token");
  if (status >= 200 && status < 300 && token) return token;
  if (status === 400 || status === 401 || status === 403) {
    throw new ReelayError(
      "provider_account",
      "Google did not accept this server's service account; its operator has to set the key file of a valid one.",
    );
  }
  const details = retryAfterMs === undefined ? {} : { retryAfter: retryAfterMs / 1000 };
  const code = status === 429 || status === 503 ? "provider_busy" : "provider_failed";
  throw new ReelayError(code, `Google's token service answered ${status} and gave no token.`, details);
}

async function orStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopped = Promise.withResolvers<never>();
  const onAbort = (): void => stopped.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, stopped.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

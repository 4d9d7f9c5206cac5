/**
 * Posts to a URL that somebody gave us: the callback of a task. The same fences as a fetch, stricter in two things: no
 * redirect is followed, and plain http goes only where the operator allowed the address.
 */
import { isIP } from "node:net";
import type { Client, Dispatcher } from "undici";
import { ReelayError } from "../core/errors.ts";
import { addressesOf, type Resolve, sharedLookups, systemResolve } from "./addresses.ts";
import { openGuardedClient } from "./guarded-client.ts";
import { type Lifetime, openLifetime } from "./lifetime.ts";
import {
  hostOf,
  isPrivateName,
  refuseDestination,
  rejected,
  screenUrl,
  type UrlRules,
} from "./url-policy.ts";

/** Milliseconds, characters and bytes. */
interface PostLimits {
  readonly dnsMs: number;
  /** For connecting, TLS handshake included. */
  readonly connectMs: number;
  /** Read of an answer, so that its sender can end it in peace. */
  readonly readBytes: number;
  readonly textLength: number;
}

const LIMITS: PostLimits = { dnsMs: 5_000, connectMs: 5_000, readBytes: 65_536, textLength: 1_000 };

export interface PosterOptions extends UrlRules {
  readonly resolve?: Resolve;
  readonly limits?: Partial<PostLimits>;
}

export interface PostRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** For all of it, from the look-up of the name to the end of the answer. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

interface PostAnswer {
  /** Of whatever came, 3xx included. */
  readonly status: number;
  /** Seconds, as the header asks for; null where it is absent or unreadable. */
  readonly retryAfter: number | null;
  /** How the answer begins, control characters replaced. What came in time, where its end did not. */
  readonly text: string;
}

export interface Poster {
  /**
   * Resolves with any answer. Rejects with `input_url_rejected` where none came, or with the signal's own reason where
   * it was aborted. What went wrong on the network is in the error's `cause` and never in its message.
   */
  post(url: string, request: PostRequest): Promise<PostAnswer>;
}

export function openPoster(options: PosterOptions): Poster {
  const limits: PostLimits = { ...LIMITS, ...options.limits };
  const resolve = sharedLookups(options.resolve ?? systemResolve);

  async function connect(url: URL, life: Lifetime): Promise<Client> {
    const addresses = await addressesOf(url, life, { resolve, dnsMs: limits.dnsMs });
    const classes = addresses.map(({ address }) => options.policy.classify(address));
    const refused = refuseDestination(url, classes, options);
    if (refused !== undefined) throw new Error(refused);
    if (url.protocol === "http:" && classes.some((one) => one !== "allowed")) throw new Error(NOT_ENCRYPTED);
    const { connectMs } = limits;
    return openGuardedClient(url.origin, {
      addresses,
      policy: options.policy,
      connectMs,
      signal: life.signal,
    });
  }

  return {
    async post(raw, { headers, body, timeoutMs, signal }) {
      const url = screenCallback(raw, options);
      const life = openLifetime(timeoutMs, signal, "the whole post");
      let client: Client | undefined;
      try {
        client = await connect(url, life);
        const response = await client.request({
          path: url.pathname + url.search,
          method: "POST",
          headers: { ...headers, "accept-encoding": "identity", "user-agent": "reelay" },
          body,
          reset: true,
          signal: life.signal,
        });
        return {
          status: response.statusCode,
          retryAfter: secondsOf(response.headers["retry-after"]),
          text: await beginning(response.body, limits),
        };
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        throw unanswered(life.signal.aborted ? life.signal.reason : error);
      } finally {
        life.end();
        client?.destroy().catch(() => undefined);
      }
    },
  };
}

const NOT_ENCRYPTED = "A callback to an address outside the ranges that the operator allowed needs https.";

/**
 * The URL to post to, if it may be a callback; checked when a task is made and again before each try. Throws
 * `input_url_rejected`.
 */
export function screenCallback(raw: string, rules: UrlRules): URL {
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  if (url === undefined) throw rejected("This is not a URL; send one like https://example.com/hook.");
  const { allowsAny } = rules.policy;
  if (url.protocol !== "https:" && !(url.protocol === "http:" && allowsAny)) {
    throw rejected(`The URL begins with "${url.protocol.slice(0, 80)}"; a callback must begin with https:.`);
  }
  if (isPrivateName(hostOf(url)) && !allowsAny) {
    throw rejected(`The URL's host "${hostOf(url)}" is a name of a private network; use a public host name.`);
  }
  const screened = screenUrl(raw, rules);
  const host = hostOf(screened);
  // Of a name it shows once it is resolved.
  const isPublic = isIP(host) !== 0 && rules.policy.classify(host) !== "allowed";
  if (screened.protocol === "http:" && isPublic) throw rejected(NOT_ENCRYPTED);
  return screened;
}

/** One sentence for everything that went wrong on the way, for the same reason as with a fetch. */
function unanswered(cause: unknown): ReelayError {
  const message =
    "The callback got no answer. Its URL must lead to a server on the public internet that answers at once.";
  return new ReelayError("input_url_rejected", message, { cause });
}

/** The status has been said: an answer that never ends, or breaks off, counts all the same. */
async function beginning(body: Dispatcher.ResponseData["body"], limits: PostLimits): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= limits.readBytes) break;
    }
  } catch {
    // What came is told.
  }
  const text = Buffer.concat(chunks).toString("utf8").slice(0, limits.textLength);
  // It ends up on an operator's terminal, and in databases that know no NUL.
  return text.replace(/[^\P{Cc}\n\t]/gu, "\uFFFD").toWellFormed();
}

function secondsOf(header: string | string[] | undefined): number | null {
  const text = String(header ?? "").trim();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const at = /\bGMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}

/**
 * Fetches a file from a URL that somebody gave us: the inputs of a task, and results from where a provider says
 * they are. Beside `post.ts` the only code that opens a socket to such a URL.
 */
import type { Client, Dispatcher } from "undici";
import { ReelayError } from "../core/errors.ts";
import { addressesOf, type Resolve, systemResolve } from "./addresses.ts";
import { type Answer, readHeaders, redirectOf, refuseAnswer, unreachable } from "./answer.ts";
import { readBody } from "./body-reader.ts";
import { openGuardedClient } from "./guarded-client.ts";
import { type Lifetime, openLifetime } from "./lifetime.ts";
import { refuseDestination, screenRedirect, screenUrl, type UrlRules } from "./url-policy.ts";

/** Milliseconds and bytes. `dnsMs`, `connectMs` and `headersMs` hold for every hop, `totalMs` for all of them. */
export interface FetchLimits {
  readonly dnsMs: number;
  readonly connectMs: number;
  /** From the start of connecting to the last header. */
  readonly headersMs: number;
  /** To the last byte of the body, the consumer's own time included. */
  readonly totalMs: number;
  readonly minBytesPerSecond: number;
  readonly windowMs: number;
  readonly redirects: number;
}

const LIMITS: FetchLimits = {
  dnsMs: 5_000,
  connectMs: 5_000,
  headersMs: 10_000,
  totalMs: 60_000,
  minBytesPerSecond: 10_000,
  windowMs: 10_000,
  redirects: 3,
};

export interface FetcherOptions extends UrlRules {
  readonly resolve?: Resolve;
  readonly limits?: Partial<FetchLimits>;
}

interface OpenedFile {
  /** Can be read once. Read it to its end or leave the loop: an untouched body holds its socket until `totalMs`. */
  readonly body: AsyncIterable<Uint8Array>;
  readonly contentLength: number | null;
  /** As the server claims; the bytes decide. */
  readonly contentType: string | null;
  readonly finalUrl: string;
}

export interface Fetcher {
  /**
   * Resolves once the headers of the file are there. `open` and reading the body reject with `input_url_rejected`,
   * with `file_too_large` above `maxBytes`, or with the signal's own reason where it was aborted. What went
   * wrong on the network is in the error's `cause` and never in its message.
   */
  open(
    url: string,
    options: { readonly maxBytes: number; readonly signal?: AbortSignal | undefined },
  ): Promise<OpenedFile>;
}

/** The answer of one hop, and the client that must be destroyed when done with it. */
interface Visit extends Answer {
  readonly client: Client;
}

export function openFetcher(options: FetcherOptions): Fetcher {
  const limits: FetchLimits = { ...LIMITS, ...options.limits };
  const resolve = options.resolve ?? systemResolve;

  async function visit(url: URL, life: Lifetime): Promise<Visit> {
    const addresses = await addressesOf(url, life, { resolve, dnsMs: limits.dnsMs });
    const classes = addresses.map(({ address }) => options.policy.classify(address));
    const refused = refuseDestination(url, classes, options);
    if (refused !== undefined) throw unreachable(new Error(refused));

    const client = openGuardedClient(url.origin, {
      addresses,
      policy: options.policy,
      connectMs: limits.connectMs,
      signal: life.signal,
    });
    const clear = life.deadline(limits.headersMs, "waiting for the headers");
    try {
      const response = await client.request({
        path: url.pathname + url.search,
        method: "GET",
        headers: { accept: "*/*", "accept-encoding": "identity", "user-agent": "reelay" },
        reset: true,
        signal: life.signal,
      });
      return { client, response, isPublic: classes.every((one) => one === "public") };
    } catch (error) {
      discard(client);
      throw error;
    } finally {
      clear();
    }
  }

  async function follow(first: URL, life: Lifetime): Promise<{ url: URL; last: Visit }> {
    let url = first;
    for (let hops = 0; ; hops++) {
      const last = await visit(url, life);
      const location = redirectOf(last.response);
      if (location === undefined) return { url, last };
      discard(last.client);
      if (hops === limits.redirects) {
        throw refuseAnswer(last, `the server redirected more than ${limits.redirects} times`);
      }
      url = nextHop(url, location, options);
    }
  }

  return {
    async open(raw, { maxBytes, signal }) {
      const start = screenUrl(raw, options);
      const life = openLifetime(limits.totalMs, signal);
      let client: Client | undefined;
      const explain = (error: unknown) => {
        if (signal?.aborted) return signal.reason;
        if (error instanceof ReelayError) return error;
        return unreachable(life.signal.aborted ? life.signal.reason : error);
      };
      const finish = () => {
        life.end();
        if (client !== undefined) discard(client);
      };

      async function* deliver(response: Dispatcher.ResponseData) {
        try {
          yield* readBody(response.body, { ...limits, maxBytes });
        } catch (error) {
          throw explain(error);
        } finally {
          finish();
        }
      }

      try {
        const { url, last } = await follow(start, life);
        client = last.client;
        const { contentLength, contentType } = readHeaders(last, maxBytes);
        return {
          body: deliver(last.response),
          contentLength,
          contentType,
          finalUrl: url.href,
        };
      } catch (error) {
        finish();
        throw explain(error);
      }
    },
  };
}

/** Told like any other unreachable URL: where a redirect leads is nothing to learn about our network from. */
function nextHop(from: URL, location: string, rules: UrlRules): URL {
  try {
    return screenRedirect(from, location, rules);
  } catch (error) {
    throw unreachable(error);
  }
}

function discard(client: Client): void {
  client.destroy().catch(() => undefined);
}

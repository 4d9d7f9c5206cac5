/**
 * One call to a provider's API, told apart by what matters where money is spent: whether any byte of it left.
 * Nothing is ever sent twice here, redirects are not followed, and no outcome is an exception.
 */
import type { LookupFunction } from "node:net";
import { Agent, type Dispatcher, type FormData } from "undici";
import { ReelayError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import { parseJson } from "./upstream-body.ts";

interface Call {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the base URL, with its query; without a slash at its start. */
  readonly path: string;
  readonly body?: Json;
  /** Sent as multipart/form-data instead of JSON; undici's own class, files in it as `openAsBlob` opens them. */
  readonly form?: FormData;
  /** Sent as it is, in place of JSON; `headers` say what it is. */
  readonly text?: string;
  /** Beside those of the upstream. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** null where there was none, it broke off, or it was not JSON. Integers that a number cannot hold are text. */
  readonly body: Json;
  /** From Retry-After; undefined where it says nothing. */
  readonly retryAfterMs: number | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** An answer whose bytes come as they arrive. Read them to their end or leave the loop. */
export interface OpenAnswer {
  readonly status: number;
  readonly headers: Answer["headers"];
  readonly retryAfterMs: Answer["retryAfterMs"];
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** No status came. `why` is for people and names no secret; `cause` is for the log only. */
interface Lost {
  /** false: not one byte of the request has left, and none will. */
  readonly sent: boolean;
  readonly why: string;
  readonly cause: unknown;
}

export type Called = { readonly answer: Answer } | { readonly lost: Lost };

export interface Upstream {
  call(call: Call): Promise<Called>;
  /**
   * For what is large: no bound on bytes or time but the signal's, and silence of `totalMs`. Rejects with
   * `provider_failed` where no status came.
   */
  open(call: Call & { readonly signal: AbortSignal }): Promise<OpenAnswer>;
  /** Ends the calls that are under way, too. */
  close(): Promise<void>;
}

export interface UpstreamOptions {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connectMs?: number | undefined;
  /** From the start of connecting to the last byte of the answer; what is sent has time of its own by its size. */
  readonly totalMs?: number | undefined;
  /** How names become addresses; the system's way where it is not given. */
  readonly lookup?: LookupFunction;
}

const MOST_BYTES = 1024 * 1024;
const CONNECT_MS = 5_000;
const TOTAL_MS = 30_000;
/** A picture of 20 MB inside a request takes longer than any answer: an upload that goes on at this pace is not given up. */
const LEAST_BYTES_PER_SECOND = 64 * 1024;

export function openUpstream(options: UpstreamOptions): Upstream {
  const { connectMs = CONNECT_MS, totalMs = TOTAL_MS } = options;
  const connect = { timeout: connectMs, ...(options.lookup && { lookup: options.lookup }) };
  const shared = { connect, maxResponseSize: MOST_BYTES, allowH2: false };
  const reads = new Agent(shared);
  // A fresh socket for each POST: one kept alive may be closed by the other side just as we write to it, and then
  // nobody could say whether a paid request arrived.
  const writes = new Agent({ ...shared, pipelining: 0 });
  const streams = new Agent({ connect, allowH2: false, bodyTimeout: totalMs });
  const base = new URL(options.baseUrl);
  const toRequest = ({ method, path, body, form, text, headers }: Call) => ({
    origin: base.origin,
    path: `${base.pathname.replace(/\/+$/, "")}/${path}`,
    method,
    headers: {
      ...options.headers,
      accept: "application/json",
      // undici names the boundary of a form itself.
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    body: form ?? text ?? (body === undefined ? null : JSON.stringify(body)),
  });

  return {
    async call(call) {
      const { method, signal } = call;
      const request = toRequest(call);
      const ms = totalMs + Math.round((1000 * sizeOf(request.body)) / LEAST_BYTES_PER_SECOND);
      const life = openLife(ms, signal);
      const watch = { sent: false };
      try {
        const response = await (method === "GET" ? reads : writes)
          .compose(noteStart(watch))
          .request({ ...request, headersTimeout: ms, signal: life.signal });
        return {
          answer: {
            status: response.statusCode,
            body: await readJson(response),
            retryAfterMs: readRetryAfter(response.headers["retry-after"]),
            headers: response.headers,
          },
        };
      } catch (cause) {
        const why = signal?.aborted
          ? "it was stopped"
          : life.signal.aborted
            ? `there was no answer within ${Math.round(ms / 100) / 10} seconds`
            : `the connection failed (${codeOf(cause)})`;
        return { lost: { sent: watch.sent, why, cause } };
      } finally {
        life.end();
      }
    },
    async open(call) {
      try {
        const request = { ...toRequest(call), headersTimeout: totalMs, signal: call.signal };
        const { statusCode, headers, body } = await streams.request(request);
        const retryAfterMs = readRetryAfter(headers["retry-after"]);
        return { status: statusCode, headers, retryAfterMs, bytes: body };
      } catch (cause) {
        const message = `The provider could not be asked: the connection failed (${codeOf(cause)}).`;
        throw new ReelayError("provider_failed", message, { cause });
      }
    },
    async close() {
      await Promise.all([reads.destroy(), writes.destroy(), streams.destroy()]);
    },
  };
}

/** Bytes, at least; a form's own lines are not counted. */
function sizeOf(body: FormData | string | null): number {
  if (body === null || typeof body === "string") return body?.length ?? 0;
  let bytes = 0;
  for (const [, part] of body) bytes += typeof part === "string" ? part.length : part.size;
  return bytes;
}

/**
 * `AbortSignal.any` with `AbortSignal.timeout` would do, but leaves 0.7 kB behind for each call until the timeout is
 * over and for as long as the caller's signal lives: at thousands of checks a second that is most of our memory.
 */
function openLife(ms: number, outer: AbortSignal | undefined): { signal: AbortSignal; end(): void } {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(outer?.reason);
  const timer = setTimeout(() => stop.abort(), ms);
  outer?.addEventListener("abort", onAbort, { once: true });
  if (outer?.aborted) onAbort();
  return {
    signal: stop.signal,
    end() {
      clearTimeout(timer);
      outer?.removeEventListener("abort", onAbort);
    },
  };
}

/** The status alone decides about money, so an answer that breaks off after it is still an answer. */
async function readJson(response: Dispatcher.ResponseData): Promise<Json> {
  try {
    return parseJson(await response.body.text());
  } catch {
    return null;
  }
}

function readRetryAfter(header: string | string[] | undefined): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined || text.trim() === "") return undefined;
  const ms = Number.isFinite(Number(text)) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return String(code ?? name ?? "no reason given");
}

/**
 * undici announces a request right before its first byte is written, when the socket and its TLS stand. Error codes
 * cannot tell this: ECONNRESET and ETIMEDOUT come before that moment and after it.
 */
function noteStart(watch: { sent: boolean }): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart: (...args) => {
        handler.onRequestStart?.(...args);
        // One that was stopped while it connected is only told so here, and then nothing is written.
        if (!args[0].aborted) watch.sent = true;
      },
      onResponseStart: (...args) => handler.onResponseStart?.(...args),
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
      onResponseError: (...args) => handler.onResponseError?.(...args),
    });
}

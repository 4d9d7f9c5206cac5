/** One call over HTTP: who asks, how long it may take, and what is tried again. */
import { apiError, ReelayApiError } from "./errors.ts";
import { pause, pauseAfter } from "./pause.ts";

export interface ConnectionOptions {
  /** The server's root: "http://localhost:8080", without /v1. */
  readonly baseURL: string | undefined;
  /** What `reelay keys create` printed. Undefined, as an unset variable is, throws at once. */
  readonly apiKey: string | undefined;
  /** Another `fetch`: for a proxy, a test, or a runtime's own. */
  readonly fetch?: typeof fetch | undefined;
  /** Milliseconds from a call's start to the end of its answer, each try. 60 seconds. */
  readonly timeoutMs?: number | undefined;
  /** How many more times a call is made that was lost, or refused for now. 4. */
  readonly retries?: number | undefined;
}

/** What every call takes. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** Instead of the client's own. */
  readonly timeoutMs?: number | undefined;
  readonly retries?: number | undefined;
  /** Sent along, such as a trace id; one that is undefined is not. */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
}

export interface Call extends RequestOptions {
  readonly method?: "GET" | "POST";
  /** From the server's root, with its query. */
  readonly path: string;
  readonly json?: unknown;
  readonly form?: FormData;
  /** Told of each try that failed, before the next one. */
  readonly onFailure?: (error: ReelayApiError) => void;
}

export interface Answer<T> {
  readonly body: T;
  readonly headers: Headers;
}

export interface Transport {
  /** The answer's JSON. Rejects with ReelayApiError, or the signal's reason. */
  ask<T>(call: Call): Promise<Answer<T>>;
  /** A 2xx answer with its body unread: its time is up to the caller, by the signal. One try. */
  open(call: Call): Promise<Response>;
  /** The same for a link, which carries its own right and so is sent no key. */
  follow(url: string, options: RequestOptions): Promise<Response>;
}

const TIMEOUT_MS = 60_000;
const RETRIES = 4;

export function openTransport(options: ConnectionOptions): Transport {
  const { apiKey, timeoutMs = TIMEOUT_MS, retries = RETRIES } = options;
  const root = readRoot(options.baseURL);
  if (!apiKey) throw new TypeError("apiKey is missing: give the key that `reelay keys create` printed.");
  // Called through a property, a browser's own fetch would refuse its `this`.
  const send: typeof fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));

  /** Headers in time; then `read`, which the clock covers as well where it is given. */
  async function once<T>(
    url: string,
    init: RequestInit,
    { signal, timeoutMs: ms = timeoutMs }: RequestOptions,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const what = `${init.method ?? "GET"} ${url.split("?")[0]}`;
    const clock = new AbortController();
    const timer = setTimeout(() => clock.abort(), ms);
    try {
      const either = signal ? AbortSignal.any([signal, clock.signal]) : clock.signal;
      const response = await send(url, { ...init, signal: either });
      if (isRedirect(response)) throw redirected(response, what);
      if (!response.ok) throw apiError(response, await response.text(), what);
      return await read(response);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof ReelayApiError) throw error;
      throw clock.signal.aborted ? late(what, ms) : lost(what, error);
    } finally {
      clearTimeout(timer);
    }
  }

  const call = <T>(call: Call, read: (response: Response) => Promise<T>): Promise<T> =>
    once(root + call.path, initOf(call, apiKey), call, read);

  return {
    ask: <T>(asked: Call) =>
      repeat(() => call(asked, readJson<T>), {
        ...asked,
        retries: asked.retries ?? retries,
      }),
    open: (asked) => call(asked, async (response) => response),
    follow: (url, given) =>
      repeat(() => once(url, { headers: headersOf(given.headers) }, given, async (response) => response), {
        ...given,
        retries: given.retries ?? retries,
      }),
  };
}

/**
 * A try that was lost, or refused for now, is made again. That is safe for every call of this client: reading changes
 * nothing, a cancelled task stays cancelled, a second upload is a second file that is removed by itself, and a create
 * carries an Idempotency-Key that was made outside of this loop: the server answers each further try with the same task.
 */
async function repeat<T>(
  attempt: () => Promise<T>,
  { retries, signal, onFailure }: Pick<Call, "signal" | "onFailure"> & { readonly retries: number },
): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ReelayApiError)) throw error;
      onFailure?.(error);
      const wait = error.retryable ? pauseAfter(failures, error) : undefined;
      if (wait === undefined || failures >= retries) throw error;
      await pause(wait, signal);
    }
  }
}

function readRoot(baseURL: string | undefined): string {
  if (baseURL === undefined || !URL.canParse(baseURL) || !/^https?:/.test(baseURL)) {
    throw new TypeError(
      `baseURL is "${baseURL}" but must be the server's URL, such as http://localhost:8080.`,
    );
  }
  return baseURL.replace(/\/+$/, "");
}

function initOf({ method = "GET", json, form, headers }: Call, apiKey: string): RequestInit {
  const type = json === undefined ? {} : { "content-type": "application/json" };
  return {
    method,
    headers: { ...headersOf(headers), ...type, authorization: `Bearer ${apiKey}` },
    body: json === undefined ? (form ?? null) : JSON.stringify(json),
    // A POST that is redirected becomes a GET: it would list instead of create.
    redirect: "manual",
  };
}

function headersOf(headers: RequestOptions["headers"]): Record<string, string> {
  const given = Object.entries(headers ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

async function readJson<T>(response: Response): Promise<Answer<T>> {
  const text = await response.text();
  try {
    return { body: JSON.parse(text) as T, headers: response.headers };
  } catch (cause) {
    const message = `${response.url} answered with something other than JSON; is it a Reelay server?`;
    const { status } = response;
    throw new ReelayApiError({
      status,
      code: "not_reelay",
      type: "client",
      message,
      retryable: false,
      cause,
    });
  }
}

function isRedirect({ type, status }: Response): boolean {
  return type === "opaqueredirect" || (status >= 300 && status < 400);
}

function redirected(response: Response, what: string): ReelayApiError {
  const to = response.headers.get("location") ?? "another address";
  const message = `${what} was redirected to ${to}. Give the server's final URL as baseURL.`;
  const { status } = response;
  return new ReelayApiError({ status, code: "redirected", type: "client", message, retryable: false });
}

function late(what: string, ms: number): ReelayApiError {
  const message = `${what} got no whole answer within ${ms} ms.`;
  return new ReelayApiError({ status: 0, code: "timeout", type: "client", message, retryable: true });
}

function lost(what: string, cause: unknown): ReelayApiError {
  const why = cause instanceof Error ? (cause.cause instanceof Error ? cause.cause : cause).message : cause;
  const message = `${what} got no answer: ${why}`;
  const code = "connection_failed";
  return new ReelayApiError({ status: 0, code, type: "client", message, retryable: true, cause });
}

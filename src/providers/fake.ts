/**
 * A paid upstream that exists for tests only, and the template for real ones: copy this file, and change the endpoints,
 * the mapping of statuses and codes, and the capabilities. It does transport and nothing else.
 *
 * The one rule that costs money when it is broken: `submit` says `refused` only where the upstream surely has no work
 * of ours. That is when no byte left (name, connection, TLS), or when the upstream answered in a way that its
 * documentation calls "not accepted". A reset, a timeout, 500, 502 and 504 after a byte left are `unknown`.
 */
import { type ErrorCode, ReelayError } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { Cancelled, Found, Progress, Provider, Submission, Submitted } from "../core/provider.ts";
import { openBatch } from "./upstream-batch.ts";
import { openSayer, type Say, textAt, valueAt } from "./upstream-body.ts";
import { type Answer, type Called, openUpstream, type Upstream } from "./upstream-call.ts";

export interface FakeOptions {
  readonly baseUrl: string;
  readonly concurrency: number;
  readonly apiKey?: string | undefined;
  readonly pollEveryMs?: number | undefined;
  readonly checksPerSecond?: number | undefined;
  readonly reconcileMs?: number | undefined;
  /** Attempts asked about in one request; 1: each alone. */
  readonly batch?: number | undefined;
  readonly connectMs?: number | undefined;
  /** For one call as a whole. */
  readonly totalMs?: number | undefined;
}

/** Enough to ask again after a restart, and nothing secret: tickets are stored as they are. */
interface Ticket {
  readonly job: string;
}

/** Short beside the time between two checks, long enough for the checks of one turn of the event loop. */
const BATCH_WAIT_MS = 5;

export function openFake(options: FakeOptions): Provider {
  const { baseUrl, apiKey } = options;
  const upstream = openUpstream({
    baseUrl,
    headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
    connectMs: options.connectMs ?? 5_000,
    totalMs: options.totalMs ?? 30_000,
  });
  const say = openSayer(apiKey);
  const checks = openBatch({
    waitMs: BATCH_WAIT_MS,
    most: options.batch ?? 50,
    askAll: (jobs) => readJobs(upstream, jobs),
  });

  return {
    id: "fake",
    free: false,
    concurrency: options.concurrency,
    pollEveryMs: options.pollEveryMs ?? 1_000,
    checksPerSecond: options.checksPerSecond ?? 100,
    reconcileMs: options.reconcileMs ?? 60_000,
    prior: () => 1,
    async submit(work, signal) {
      const called = await upstream.call({ method: "POST", path: "jobs", body: toBody(work), signal });
      if ("lost" in called && !called.lost.sent && signal.aborted) throw signal.reason;
      return toSubmitted(called, say);
    },
    async check(ticket, signal) {
      return toProgress(await checks.ask((ticket as unknown as Ticket).job, signal), say);
    },
    async find(attemptId) {
      const query = new URLSearchParams({ attempt: attemptId });
      return toFound(answered(await upstream.call({ method: "GET", path: `jobs?${query}` })));
    },
    // Of what it tells only the id is used: anybody may have sent it, so how the work stands is asked of the upstream.
    readWebhook: toTicket,
    async cancel(ticket) {
      const { job } = ticket as unknown as Ticket;
      const path = `jobs/${encodeURIComponent(job)}/cancel`;
      return toCancelled(answered(await upstream.call({ method: "POST", path })));
    },
    close: upstream.close,
  };
}

async function readJobs(upstream: Upstream, jobs: readonly string[]): Promise<ReadonlyMap<string, Answer>> {
  const [only = "", ...others] = jobs;
  const path =
    others.length === 0 ? `jobs/${encodeURIComponent(only)}` : `jobs?ids=${jobs.map(encodeURIComponent)}`;
  const answer = answered(await upstream.call({ method: "GET", path }));
  if (others.length === 0) return new Map([[only, answer]]);
  const list = valueAt(answer.body, "jobs");
  const views = Array.isArray(list) ? (list as Json[]) : [];
  return new Map(views.map((body) => [textAt(body, "job") ?? "", { ...answer, body }]));
}

function toBody({ attemptId, endpoint, params, media, webhookUrl }: Submission): JsonObject {
  const files = Object.entries(media).map(([name, { facts }]) => [
    name,
    { type: facts.type, bytes: facts.bytes },
  ]);
  return {
    attempt: attemptId,
    model: endpoint,
    params,
    media: Object.fromEntries(files),
    ...(webhookUrl === null ? {} : { webhook: webhookUrl }),
  };
}

/** Statuses that the upstream documents as "not accepted", with the code of the same body under `error`. */
const REFUSED: Readonly<Record<number, string>> = {
  400: "The provider refused the request",
  401: "The provider did not accept this server's key; its operator has to set a right one",
  402: "This server's account with the provider has no credit left; its operator has to add some",
  403: "This server's account with the provider may not use this model",
  404: "The provider does not know this model",
  413: "The provider refused the request as too large",
  422: "The provider refused the request",
};
/** Of these statuses the upstream's own words are told: they are about what the client sent. */
const ABOUT_THE_REQUEST = [400, 413, 422];
const CODES: Readonly<Record<string, ErrorCode>> = {
  content_policy: "content_refused",
  capacity: "provider_busy",
  overloaded: "provider_busy",
  rate_limited: "provider_busy",
  invalid_params: "provider_refused",
  // Nobody of ours asked for it, or the task would have ended: to the client it is the provider's failure.
  cancelled: "provider_failed",
};
const AGAIN_MS = 1_000;

function toSubmitted(called: Called, say: Say): Submitted {
  if ("lost" in called) {
    const { sent, why, cause } = called.lost;
    if (sent) return { unknown: `The request had left when ${why}.` };
    const error = new ReelayError("provider_failed", `The provider could not be reached: ${why}.`, { cause });
    return { refused: error, again: { afterMs: AGAIN_MS } };
  }
  const { status, body, retryAfterMs } = called.answer;
  if (status >= 200 && status < 300) {
    const ticket = toTicket(body);
    return ticket ? { accepted: ticket } : { unknown: `The provider answered ${status} without a job's id.` };
  }
  const code = textAt(body, "error", "code");
  // A 503 says "not accepted" only in the upstream's own words: one that a proxy made up may come after the work began.
  if (status === 429 || (status === 503 && code === "overloaded")) {
    const afterMs = retryAfterMs ?? AGAIN_MS;
    const message = `The provider takes no more work at present (HTTP ${status}).`;
    const error = new ReelayError("provider_busy", message, { retryAfter: afterMs / 1000 });
    return { refused: error, again: { afterMs } };
  }
  const sentence = REFUSED[status];
  if (sentence === undefined) {
    return { unknown: `The provider answered ${status}, which does not say whether it took the work.` };
  }
  const known = ABOUT_THE_REQUEST.includes(status) ? (CODES[code ?? ""] ?? "provider_refused") : undefined;
  const detail = known === undefined ? "" : say(body);
  return { refused: new ReelayError(known ?? "provider_refused", `${sentence}${detail}.`), again: false };
}

/**
 * The job's id and nothing else. The upstream also names a URL for its status; one from an answer's body could lead our
 * key to somebody else's machine, so it is made from the id instead.
 */
function toTicket(body: Json): JsonObject | undefined {
  const job = textAt(body, "job");
  return job === undefined || job === "" ? undefined : { job };
}

function toProgress({ status, body }: Answer, say: Say): Progress {
  if (status === 410) return failed("provider_failed", "The provider no longer has this work.");
  const word = textAt(body, "status");
  if (word === "succeeded") return toDone(body);
  if (word === "failed" || word === "cancelled") {
    const code = word === "cancelled" ? word : (textAt(body, "error", "code") ?? "");
    return failed(CODES[code] ?? "provider_failed", `The provider gave up on this video${say(body)}.`);
  }
  const seconds = valueAt(body, "retry_after");
  const retry = typeof seconds === "number" && seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {};
  const percent = valueAt(body, "progress");
  if (word === "running" && typeof percent === "number") {
    return { state: "processing", progress: Math.min(99, Math.max(1, Math.floor(percent))), ...retry };
  }
  // Queued, or a word that came into use after this was written: neither is an end, so it is asked again.
  return { state: "pending", ...retry };
}

function toDone(body: Json): Progress {
  const url = textAt(body, "output", "url");
  // Paid for and made: asking again costs nothing, giving up would lose it.
  if (url === undefined) throw new Error("The provider reports success and names no file.");
  const seed = valueAt(body, "output", "seed");
  return {
    state: "done",
    output: { from: { url }, meta: typeof seed === "number" ? { seed } : {}, ignored: {} },
  };
}

function failed(code: ErrorCode, message: string): Progress {
  return { state: "failed", error: new ReelayError(code, message) };
}

/** An empty list proves nothing by itself, for lists lag; only the upstream's word that it is settled does. */
function toFound({ body }: Answer): Found {
  const jobs = valueAt(body, "jobs");
  const ticket = Array.isArray(jobs) && jobs.length > 0 ? toTicket(jobs[0] as Json) : undefined;
  if (ticket) return { accepted: ticket };
  return Array.isArray(jobs) && jobs.length === 0 && valueAt(body, "settled") === true ? "absent" : "unknown";
}

function toCancelled({ status, body }: Answer): Cancelled {
  if (status === 409) return "too-late";
  return textAt(body, "status") === "cancelled" ? "cancelled" : "requested";
}

/**
 * The answer to a question about work that exists: everything that is neither an answer to it nor an end of it throws,
 * with Retry-After in the error, because it says nothing about the work.
 */
function answered(called: Called): Answer {
  if ("lost" in called) {
    const { why, cause } = called.lost;
    throw new ReelayError("provider_failed", `The provider could not be asked: ${why}.`, { cause });
  }
  const { answer } = called;
  const { status, body, retryAfterMs } = answer;
  if (status === 409 || status === 410) return answer;
  if (status >= 200 && status < 300 && body !== null) return answer;
  const code: ErrorCode = status === 429 || status === 503 ? "provider_busy" : "provider_failed";
  const details = retryAfterMs === undefined ? {} : { retryAfter: retryAfterMs / 1000 };
  throw new ReelayError(code, `The provider answered a question about its work with ${status}.`, details);
}

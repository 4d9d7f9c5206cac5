/**
 * A paid upstream that exists for tests only, and the template for real ones: copy this file, and change the endpoints,
 * the mapping of statuses and codes, and the capabilities. It does transport and nothing else.
 *
 * The one rule that costs money when it is broken: `submit` says `refused` only where the upstream surely has no work
 * of ours. That is when no byte left (name, connection, TLS), or when the upstream answered in a way that its
 * documentation calls "not accepted". A reset, a timeout, 500, 502 and 504 after a byte left are `unknown`.
 */
import type { ErrorCode } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { Cancelled, Found, Progress, Provider, Submission, Submitted } from "../core/provider.ts";
import type { ProviderKind, ProviderOptions } from "../core/provider-kind.ts";
import {
  answered,
  done,
  failed,
  percent,
  pinged,
  refuse,
  refuseForNow,
  toSubmitted,
  unsaid,
} from "./upstream-answer.ts";
import { openBatch } from "./upstream-batch.ts";
import { jsonOf, openSayer, type Say, textAt, valueAt } from "./upstream-body.ts";
import { type Answer, openUpstream, type Upstream } from "./upstream-call.ts";

export const fake: ProviderKind = {
  kind: "fake",
  title: "the fake upstream of the tests",
  url: null,
  key: "optional",
  concurrency: 100,
  checksPerSecond: 100,
  settings: { batch: { about: "Attempts asked about in one request; 1: each alone", fallback: "50" } },
  speaksOurs: true,
  forTests: true,
  open: openFake,
};

/** Enough to ask again after a restart, and nothing secret: tickets are stored as they are. */
interface Ticket {
  readonly job: string;
}

/** Short beside the time between two checks, long enough for the checks of one turn of the event loop. */
const BATCH_WAIT_MS = 5;

function openFake(options: ProviderOptions): Provider {
  const { baseUrl, key } = options;
  const upstream = openUpstream({
    baseUrl,
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    connectMs: options.connectMs,
    totalMs: options.totalMs,
  });
  const say = openSayer(key);
  const checks = openBatch({
    waitMs: BATCH_WAIT_MS,
    most: Number(options.settings.batch),
    askAll: (jobs) => readJobs(upstream, jobs),
  });

  return {
    id: options.id,
    kind: fake.kind,
    free: false,
    concurrency: options.concurrency,
    pollEveryMs: options.pollEveryMs ?? 1_000,
    checksPerSecond: options.checksPerSecond,
    reconcileMs: options.reconcileMs ?? 60_000,
    prior: () => 1,
    async submit(work, signal) {
      const called = await upstream.call({ method: "POST", path: "jobs", body: toBody(work), signal });
      return toSubmitted(called, signal, (answer) => read(answer, say));
    },
    async check(ticket, signal) {
      return toProgress(await checks.ask((ticket as unknown as Ticket).job, signal), say);
    },
    async find(attemptId) {
      const query = new URLSearchParams({ attempt: attemptId });
      return toFound(answered(await upstream.call({ method: "GET", path: `jobs?${query}` })));
    },
    // Of what it tells only the id is used: anybody may have sent it, so how the work stands is asked of the upstream.
    readWebhook: async ({ body }) => ({ ticket: toTicket(jsonOf(body)) }),
    async cancel(ticket) {
      const { job } = ticket as unknown as Ticket;
      const path = `jobs/${encodeURIComponent(job)}/cancel`;
      return toCancelled(answered(await upstream.call({ method: "POST", path }), [409]));
    },
    async ping(signal) {
      const { status } = pinged(await upstream.call({ method: "GET", path: "jobs?ids=", signal }));
      return `answers ${status}`;
    },
    close: upstream.close,
  };
}

async function readJobs(upstream: Upstream, jobs: readonly string[]): Promise<ReadonlyMap<string, Answer>> {
  const [only = "", ...others] = jobs;
  const path =
    others.length === 0 ? `jobs/${encodeURIComponent(only)}` : `jobs?ids=${jobs.map(encodeURIComponent)}`;
  const answer = answered(await upstream.call({ method: "GET", path }), [410]);
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

/**
 * Statuses that the upstream documents as "not accepted". Of those that are about what the client sent its own words
 * are told, with the code of the same body under `error`.
 */
const REFUSED: Readonly<Record<number, readonly [code: ErrorCode, sentence: string]>> = {
  400: ["provider_refused", "The provider refused the request"],
  401: [
    "provider_account",
    "The provider did not accept this server's key; its operator has to set a right one",
  ],
  402: [
    "provider_balance",
    "This server's account with the provider has no credit left; its operator has to add some",
  ],
  403: ["provider_account", "This server's account with the provider may not use this model"],
  404: ["provider_account", "The provider does not know this model"],
  413: ["provider_refused", "The provider refused the request as too large"],
  422: ["provider_refused", "The provider refused the request"],
};
const CODES: Readonly<Record<string, ErrorCode>> = {
  content_policy: "content_refused",
  capacity: "provider_busy",
  overloaded: "provider_busy",
  rate_limited: "provider_busy",
  invalid_params: "provider_refused",
  // Nobody of ours asked for it, or the task would have ended: to the client it is the provider's failure.
  cancelled: "provider_failed",
};
function read({ status, body, retryAfterMs }: Answer, say: Say): Submitted {
  if (status >= 200 && status < 300) {
    const ticket = toTicket(body);
    return ticket ? { accepted: ticket } : unsaid(status);
  }
  const code = textAt(body, "error", "code");
  // A 503 says "not accepted" only in the upstream's own words: one that a proxy made up may come after the work began.
  if (status === 429 || (status === 503 && code === "overloaded")) {
    return refuseForNow(`The provider takes no more work at present (HTTP ${status}).`, retryAfterMs);
  }
  const known = REFUSED[status];
  if (known === undefined) return unsaid(status);
  const [refusal, sentence] = known;
  if (refusal !== "provider_refused") return refuse(refusal, `${sentence}.`);
  return refuse(CODES[code ?? ""] ?? refusal, `${sentence}${say(body)}.`);
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
  if (status === 410) return failed("provider_lost", "The provider no longer has this work.");
  const word = textAt(body, "status");
  if (word === "succeeded") return toDone(body);
  if (word === "failed" || word === "cancelled") {
    const code = word === "cancelled" ? word : (textAt(body, "error", "code") ?? "");
    return failed(CODES[code] ?? "provider_failed", `The provider gave up on this video${say(body)}.`);
  }
  const seconds = valueAt(body, "retry_after");
  const retry = typeof seconds === "number" && seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {};
  const progress = valueAt(body, "progress");
  if (word === "running" && typeof progress === "number") {
    return { state: "processing", progress: percent(progress), ...retry };
  }
  // Queued, or a word that came into use after this was written: neither is an end, so it is asked again.
  return { state: "pending", ...retry };
}

function toDone(body: Json): Progress {
  const url = textAt(body, "output", "url");
  // Paid for and made: asking again costs nothing, giving up would lose it.
  if (url === undefined) throw new Error("The provider reports success and names no file.");
  const seed = valueAt(body, "output", "seed");
  return done(url, typeof seed === "number" ? { seed } : {});
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

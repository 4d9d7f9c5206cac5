/**
 * fal.ai's queue. The body of a submit is the model's input and nothing else; all that comes later goes by the id that
 * its answer names, below owner and app of the endpoint. Failed work is COMPLETED there, too: `fal-answer.ts`.
 *
 * Not sent, all of them optional (fal docs, read 2026-11-20): X-Fal-No-Retry, because what fal tries again after trouble
 * of its own, up to ten times, is one request, billed at most once; X-Fal-Object-Lifecycle-Preference, because the file
 * is copied at once and how long fal keeps its own is a setting of the account; X-Fal-Request-Timeout, because our own
 * deadline cancels.
 */
import { ReelayError } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { Cancelled, Progress, Provider, Submission } from "../core/provider.ts";
import type { ProviderKind, ProviderOptions } from "../core/provider-kind.ts";
import { readSubmitted, toEnd, toProgress, wordsOf } from "./fal-answer.ts";
import { openSignatures } from "./fal-webhook.ts";
import { answered, pinged, toSubmitted } from "./upstream-answer.ts";
import { jsonOf, nest, openSayer, type Say, textAt } from "./upstream-body.ts";
import { type Answer, openUpstream, type Upstream } from "./upstream-call.ts";
import { asUrl } from "./upstream-file.ts";

export const fal: ProviderKind = {
  kind: "fal",
  title: "fal.ai",
  url: "https://queue.fal.run",
  key: "required",
  // A new account's; it may have up to 40. What is more waits there, where a cancel is no longer sure to be free.
  concurrency: 2,
  checksPerSecond: 10,
  settings: {
    jwks_url: {
      about: "Where the keys are that fal signs its webhooks with",
      fallback: "https://rest.fal.ai/.well-known/jwks.json",
    },
  },
  open: openFal,
};

/** Paths below the base URL: an answer's own URLs where they lead there, else what fal's own clients make of the id. */
interface Ticket {
  readonly request: string;
  readonly status: string;
  readonly response: string;
  readonly cancel: string;
}

/** Veo's pictures have 8 MB at most there, and fal sets no bound for others inside a request. */
const INLINE_BYTES = 8 * 1024 * 1024;
/** An id that no request has. */
const NOBODY = "00000000-0000-0000-0000-000000000000";
/** Behind the address that fal is to call, because its call does not say which app it is about. */
const APP_QUERY = "app";
const APP = /^\w[\w.-]*\/\w[\w.-]*$/;

function openFal(options: ProviderOptions): Provider {
  const { baseUrl, key, connectMs, totalMs, now } = options;
  const headers = { authorization: `Key ${key}` };
  const upstream = openUpstream({ baseUrl, headers, connectMs, totalMs });
  const signatures = openSignatures({ jwksUrl: options.settings.jwks_url ?? "", now, connectMs, totalMs });
  const say = openSayer(key, wordsOf);

  return {
    id: options.id,
    kind: fal.kind,
    free: false,
    concurrency: options.concurrency,
    pollEveryMs: options.pollEveryMs ?? 4_000,
    checksPerSecond: options.checksPerSecond,
    // There is no look-up: only its call at the end of the work can tell what became of a submit.
    reconcileMs: options.reconcileMs ?? 20 * 60_000,
    prior: ({ duration }) => 40 + 8 * (Number.parseInt(String(duration), 10) || 5),
    async submit(work, signal) {
      const body = await toBody(work);
      const called = await upstream.call({ method: "POST", path: toPath(work), body, signal });
      const toTicket = (answer: Json) => ticketIn(answer, baseUrl, appOf(work.endpoint));
      return toSubmitted(called, signal, (answer) => readSubmitted(answer, { say, toTicket }));
    },
    check: (ticket, signal) => check(ticket as unknown as Ticket, { upstream, say, signal }),
    async readWebhook({ headers: signed, body, query = "" }) {
      if (!(await signatures.fit(signed, body))) return "forged";
      const request = textAt(jsonOf(body), "request_id") ?? "";
      const app = new URLSearchParams(query).get(APP_QUERY) ?? "";
      return { ticket: request !== "" && APP.test(app) ? ticketOf(app, request) : undefined };
    },
    async cancel(ticket) {
      const { cancel } = ticket as unknown as Ticket;
      return toCancelled(answered(await upstream.call({ method: "PUT", path: cancel }), [400, 404]));
    },
    ping: (signal) => ping(upstream, signal),
    async close() {
      await Promise.all([upstream.close(), signatures.close()]);
    },
  };
}

async function toBody({ params, media }: Submission): Promise<JsonObject> {
  const files = Object.entries(media).map(async ([name, file]): Promise<[string, string]> => {
    return [name, await asUrl(name, file, INLINE_BYTES)];
  });
  return nest({ ...params, ...Object.fromEntries(await Promise.all(files)) });
}

function toPath({ endpoint, webhookUrl }: Submission): string {
  if (webhookUrl === null) return endpoint;
  const hook = new URL(webhookUrl);
  hook.searchParams.set(APP_QUERY, appOf(endpoint));
  return `${endpoint}?${new URLSearchParams({ fal_webhook: hook.href })}`;
}

/** Owner and app: a request's own URLs are without the rest of the endpoint. */
function appOf(endpoint: string): string {
  return endpoint.split("/").slice(0, 2).join("/");
}

function ticketOf(app: string, request: string): JsonObject {
  const response = `${app}/requests/${encodeURIComponent(request)}`;
  return { request, status: `${response}/status`, response, cancel: `${response}/cancel` };
}

/** fal says not to build its URLs; one that leads elsewhere is built all the same, for our key goes with it. */
function ticketIn(body: Json, baseUrl: string, app: string): JsonObject | undefined {
  const request = textAt(body, "request_id") ?? "";
  if (request === "") return undefined;
  const ticket = ticketOf(app, request);
  const base = new URL(`${baseUrl}/`);
  for (const name of ["status", "response", "cancel"]) {
    const told = URL.parse(textAt(body, `${name}_url`) ?? "");
    const ours = told?.origin === base.origin && told.pathname.startsWith(base.pathname);
    if (ours) Object.assign(ticket, { [name]: `${told.pathname.slice(base.pathname.length)}${told.search}` });
  }
  return ticket;
}

interface Asking {
  readonly upstream: Upstream;
  readonly say: Say;
  readonly signal: AbortSignal;
}

async function check(ticket: Ticket, { upstream, say, signal }: Asking): Promise<Progress> {
  const path = `${ticket.status}${ticket.status.includes("?") ? "&" : "?"}logs=0`;
  const status = answered(await upstream.call({ method: "GET", path, signal }), [404]);
  const progress = toProgress(status, say);
  if (progress !== "ask for the result") return progress;
  const called = await upstream.call({ method: "GET", path: ticket.response, signal });
  // Every status is the model's own here, so all are looked at.
  const also = "answer" in called ? [called.answer.status] : [];
  return toEnd(answered(called, also), status.body, say);
}

/** Also where it took the request out of the queue: only the end of the work shows that. */
function toCancelled({ status, body }: Answer): Cancelled {
  if (status !== 400) return status === 404 ? "too-late" : "requested";
  if (textAt(body, "status") === "ALREADY_COMPLETED") return "too-late";
  throw new ReelayError("provider_failed", "The provider answered a cancel with 400.");
}

/** Asks for a request that nobody made, below an app that is there: free, and a wrong key is refused. */
async function ping(upstream: Upstream, signal: AbortSignal): Promise<string> {
  const path = `fal-ai/veo3.1/requests/${NOBODY}/status?logs=0`;
  const { status } = pinged(await upstream.call({ method: "GET", path, signal }), [400, 404, 422]);
  return `answers ${status}`;
}

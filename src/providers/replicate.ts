/**
 * Replicate: one POST makes a prediction of an official model, which is then asked about, or tells of its end itself.
 * Facts are from replicate@1.4.0, its documentation and its OpenAPI (stored copies read 2026-11-20 and -21).
 */
import type { ErrorCode } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { Cancelled, Progress, Provider, Submission, Submitted } from "../core/provider.ts";
import type { ProviderKind, ProviderOptions } from "../core/provider-kind.ts";
import { type Ask, findPrediction, likenessOf, PREDICTIONS } from "./replicate-find.ts";
import {
  answered,
  done,
  failed,
  percent,
  pinged,
  refuse,
  refuseForNow,
  toSubmitted,
  unanswered,
  unsaid,
} from "./upstream-answer.ts";
import { jsonOf, nest, openSayer, placeAt, type Say, textAt, valueAt } from "./upstream-body.ts";
import { type Answer, openUpstream } from "./upstream-call.ts";
import { asUrl } from "./upstream-file.ts";
import { openLost } from "./upstream-lost.ts";
import { openVerifier } from "./upstream-webhook.ts";

export const replicate: ProviderKind = {
  kind: "replicate",
  title: "Replicate",
  url: "https://api.replicate.com",
  key: "required",
  concurrency: 20,
  // Documented: 3000 requests a minute, but for making predictions.
  checksPerSecond: 20,
  settings: {
    webhook_secret: {
      about:
        "What its calls are signed with, whsec_...; left out: asked of Replicate when the first call comes",
      secret: true,
    },
  },
  open: openReplicate,
};

interface Ticket {
  readonly prediction: string;
}

function openReplicate(options: ProviderOptions): Provider {
  const { baseUrl, key = "", now } = options;
  // Never `Prefer: wait`: the answer with the id would come when the video is made, and be lost with the connection.
  const upstream = openUpstream({
    baseUrl,
    headers: { authorization: `Bearer ${key}` },
    connectMs: options.connectMs,
    totalMs: options.totalMs,
  });
  const say = openSayer(
    key,
    (body) => textAt(body, "detail") ?? textAt(body, "error") ?? textAt(body, "title"),
  );
  const pollEveryMs = options.pollEveryMs ?? 3_000;
  const lost = openLost({ now, everyMs: LOOK_EVERY_POLLS * pollEveryMs, keptMs: KEPT_MS });
  const ask: Ask = async (path) => answered(await upstream.call({ method: "GET", path })).body;
  const fetchSecret = async (): Promise<string> =>
    textAt(await ask("v1/webhooks/default/secret"), "key") ?? "";
  // replicate.com/docs/topics/webhooks/verify-webhook, read 2026-11-21.
  const verifier = openVerifier({ secret: options.settings.webhook_secret ?? fetchSecret, now });

  return {
    id: options.id,
    kind: replicate.kind,
    free: false,
    concurrency: options.concurrency,
    pollEveryMs,
    checksPerSecond: options.checksPerSecond,
    reconcileMs: options.reconcileMs ?? 300_000,
    prior: () => 90,
    async submit(work, signal) {
      const input = await toInput(work);
      const path = `v1/models/${work.endpoint.split("/").map(encodeURIComponent).join("/")}/predictions`;
      const body = toBody(input, work.webhookUrl);
      lost.begin(work.attemptId, likenessOf(work.endpoint, input));
      const called = await upstream.call({ method: "POST", path, body, signal });
      const submitted = toSubmitted(called, signal, (answer) => read(answer, say));
      if ("accepted" in submitted) lost.end(work.attemptId, idOf(submitted.accepted));
      if ("refused" in submitted) lost.end(work.attemptId);
      return submitted;
    },
    async check(ticket, signal) {
      lost.noteKnown(idOf(ticket));
      const path = pathOf(ticket);
      return toProgress(answered(await upstream.call({ method: "GET", path, signal }), [404]), say);
    },
    async find(attemptId, work) {
      const sought = { attemptId, model: work.endpoint, input: await toInput(work) };
      return findPrediction({ ask, lost, baseUrl }, sought);
    },
    async readWebhook(call) {
      if (!(await verifier.isGenuine(call))) return "forged";
      return { ticket: toTicket(jsonOf(call.body)) };
    },
    async cancel(ticket) {
      const path = `${pathOf(ticket)}/cancel`;
      return toCancelled(answered(await upstream.call({ method: "POST", path })));
    },
    async ping(signal) {
      const { status } = pinged(await upstream.call({ method: "GET", path: "v1/account", signal }));
      return `answers ${status}`;
    },
    close: upstream.close,
  };
}

/** Lists may lag, and one answer is a hundred predictions with all their inputs. */
const LOOK_EVERY_POLLS = 5;
/** Inputs and outputs of predictions that were made through the API are removed after an hour. */
const KEPT_MS = 3_600_000;
/** "When you have a small file <= 256kb" it may be a data URI. */
const INLINE_BYTES = 256_000;

async function toInput({ params, media }: Submission): Promise<JsonObject> {
  const input: Record<string, unknown> = { ...nest(params) };
  for (const [name, file] of Object.entries(media))
    placeAt(input, name, await asUrl(name, file, INLINE_BYTES));
  return input as JsonObject;
}

function toBody(input: JsonObject, webhook: string | null): JsonObject {
  return webhook === null ? { input } : { input, webhook, webhook_events_filter: ["completed"] };
}

/** The URLs of an answer could lead our key to another host, so they are made from the id instead. */
function toTicket(body: Json): JsonObject | undefined {
  const id = textAt(body, "id") ?? "";
  return id === "" ? undefined : { prediction: id };
}

function idOf(ticket: Json): string {
  return (ticket as unknown as Ticket).prediction;
}

function pathOf(ticket: Json): string {
  return `${PREDICTIONS}/${encodeURIComponent(idOf(ticket))}`;
}

/** Statuses that say "not accepted". Only of those about what the client sent are its own words told. */
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

function read({ status, body, retryAfterMs }: Answer, say: Say): Submitted {
  if (status >= 200 && status < 300) {
    const ticket = toTicket(body);
    return ticket ? { accepted: ticket } : unsaid(status);
  }
  if (status === 429) {
    const message = "The provider takes no more work at present (HTTP 429).";
    return refuseForNow(message, retryAfterMs ?? resetMs(body));
  }
  const known = REFUSED[status];
  if (known === undefined) return unsaid(status);
  const [code, sentence] = known;
  return refuse(code, `${sentence}${code === "provider_refused" ? say(body) : ""}.`);
}

/** "Request was throttled. Your rate limit resets in ~30s." is all that is documented to come with a 429. */
function resetMs(body: Json): number | undefined {
  const [, seconds] = /(\d+) ?s/.exec(textAt(body, "detail") ?? "") ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** What a model says when it fails is free text; these sentences are Replicate's own, told from the rest by their codes. */
const FAILURES: readonly (readonly [RegExp, ErrorCode])[] = [
  [/\bE005\b|flagged as sensitive/i, "content_refused"],
  [/\bE003\b|high demand/i, "provider_busy"],
];

function toProgress({ status, body }: Answer, say: Say): Progress {
  if (status === 404) return failed("provider_lost", "The provider no longer has this work.");
  const word = textAt(body, "status");
  if (word === undefined) throw unanswered(status);
  if (word === "succeeded") return toDone(body);
  if (word === "failed") {
    const error = textAt(body, "error") ?? "";
    const code = FAILURES.find(([pattern]) => pattern.test(error))?.[1] ?? "provider_failed";
    return failed(code, `The provider gave up on this video${say({ error })}.`);
  }
  // Nobody of ours asked for it, or the task would have ended.
  if (word === "canceled") return failed("provider_failed", "The work was cancelled at the provider.");
  if (word === "aborted") return failed("provider_failed", "The provider ended the work before it began.");
  if (word !== "processing") return { state: "pending" };
  // There is no number but the last one that the model printed, if it prints any.
  const printed = [...(textAt(body, "logs") ?? "").matchAll(/(\d{1,3})(?:\.\d+)?%/g)].at(-1)?.[1];
  return { state: "processing", progress: percent(Number(printed ?? 1)) };
}

function toDone(body: Json): Progress {
  const output = valueAt(body, "output");
  const url = Array.isArray(output) ? output[0] : output;
  if (typeof url === "string" && url !== "") return done(url);
  if (valueAt(body, "data_removed") === true) {
    return failed("provider_lost", "The provider has removed the video; it keeps one for an hour.");
  }
  // Paid for and made: asking again costs nothing, giving up would lose it.
  throw new Error("The provider reports success and names no file.");
}

function toCancelled({ status, body }: Answer): Cancelled {
  const word = textAt(body, "status");
  if (word === undefined) throw unanswered(status);
  if (word === "canceled") return "cancelled";
  return word === "succeeded" || word === "failed" || word === "aborted" ? "too-late" : "requested";
}

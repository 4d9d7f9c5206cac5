/**
 * Our own first dialect as an upstream: FoxAPI, its twin AihubMax, or another Reelay. Parameters have our own names and
 * the endpoint is the model's id. What only a Reelay has is here where the operator says that it is one: the name of an
 * attempt as `Idempotency-Key`, looking a lost one up by it, and cancelling (served-dialects 1.9 and 1.11).
 */
import type { Json, JsonObject } from "../core/json.ts";
import type { Cancelled, Provider, Submission } from "../core/provider.ts";
import type { ProviderKind, ProviderOptions } from "../core/provider-kind.ts";
import { placeFiles } from "./foxapi-files.ts";
import { openFind, type Send } from "./foxapi-find.ts";
import { toOrder } from "./foxapi-order.ts";
import { toProgress, toSubmittedBy, toTicket } from "./foxapi-words.ts";
import { answered, pinged, toSubmitted } from "./upstream-answer.ts";
import { jsonOf, openSayer, textAt, valueAt } from "./upstream-body.ts";
import { type Answer, openUpstream } from "./upstream-call.ts";
import { openVerifier } from "./upstream-webhook.ts";

export const foxapi: ProviderKind = {
  kind: "foxapi",
  title: "FoxAPI, AihubMax or another Reelay",
  url: "https://api.foxapi.cc",
  key: "required",
  concurrency: 20,
  checksPerSecond: 5,
  settings: {
    reelay: {
      about: "yes where the other side is a Reelay: lost answers are found again and work can be cancelled",
      fallback: "no",
    },
    callbacks: {
      about: "Whether it is asked to call back; no where it refuses callback_url for a model",
      fallback: "yes",
    },
    webhook_secret: {
      about: "whsec_ secret that signs its calls; a call without it is refused then",
      secret: true,
    },
  },
  speaksOurs: true,
  open: openFoxapi,
};

interface Ticket {
  readonly id: string;
}

function openFoxapi(options: ProviderOptions): Provider {
  const { baseUrl, key, settings, connectMs, totalMs, now } = options;
  const reelay = flagOf("reelay", settings.reelay);
  const callbacks = flagOf("callbacks", settings.callbacks);
  const headers = { authorization: `Bearer ${key ?? ""}` };
  const upstream = openUpstream({ baseUrl, headers, connectMs, totalMs });
  const say = openSayer(key);
  const secret = settings.webhook_secret;
  const verifier = secret ? openVerifier({ secret, now }) : undefined;
  const send: Send = (body, { attemptId, signal }) =>
    upstream.call({
      method: "POST",
      path: "v1/videos/generations",
      body,
      ...(reelay ? { headers: { "idempotency-key": attemptId } } : {}),
      ...(signal ? { signal } : {}),
    });
  const order = (work: Submission): Promise<JsonObject> => toOrder(work, callbacks);

  return {
    id: options.id,
    kind: foxapi.kind,
    free: false,
    concurrency: options.concurrency,
    pollEveryMs: options.pollEveryMs ?? 5_000,
    checksPerSecond: options.checksPerSecond,
    // FoxAPI has nothing to look up in: its call at the end of the work is the first that is heard of a lost one.
    reconcileMs: options.reconcileMs ?? (reelay ? 60_000 : callbacks ? 600_000 : 0),
    prior: () => 60,
    prepare: async (work, signal) => ({
      at: now(),
      urls: await placeFiles(work, { upstream, say, signal }),
    }),
    async submit(work, signal) {
      const called = await send(await order(work), { attemptId: work.attemptId, signal });
      return toSubmitted(called, signal, toSubmittedBy(reelay, say));
    },
    async check(ticket, signal) {
      const path = `v1/tasks/${idOf(ticket)}`;
      return toProgress(answered(await upstream.call({ method: "GET", path, signal }), [404]), say);
    },
    // Of what it tells only the id is used: how the task stands is asked about with our key.
    async readWebhook(call) {
      if (verifier && !(await verifier.isGenuine(call))) return "forged";
      return { ticket: toTicket(jsonOf(call.body)) };
    },
    async ping(signal) {
      const { status, body } = pinged(await upstream.call({ method: "GET", path: "v1/models", signal }));
      const models = valueAt(body, "data");
      return `answers ${status} and lists ${Array.isArray(models) ? models.length : "no"} models`;
    },
    close: upstream.close,
    ...(reelay
      ? {
          find: openFind({ send, order, now }),
          async cancel(ticket: Json) {
            const path = `v1/tasks/${idOf(ticket)}/cancel`;
            return toCancelled(answered(await upstream.call({ method: "POST", path }), [404, 409]));
          },
        }
      : {}),
  };
}

function flagOf(name: string, value = "no"): boolean {
  if (value !== "yes" && value !== "no")
    throw new Error(`${name} is ${JSON.stringify(value)} but must be yes or no`);
  return value === "yes";
}

function idOf(ticket: Json): string {
  return encodeURIComponent((ticket as unknown as Ticket).id);
}

/** A cancelled task is a failed one in this dialect. */
function toCancelled({ status, body }: Answer): Cancelled {
  if (status === 404 || status === 409) return "too-late";
  return textAt(body, "error", "code") === "request_cancelled" ? "cancelled" : "requested";
}

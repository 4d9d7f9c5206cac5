/**
 * PixVerse Platform, openapi v2 (docs.platform.pixverse.ai, read 2026-11-20). Errors come with HTTP 200 and an ErrCode;
 * pictures and clips are uploaded first and go by their numbers; numbers may have more digits than a double holds.
 *
 * `Ai-trace-id` has to be new for each request, and a repeated one is said to be answered with the earlier video. That
 * would be a way to find an attempt whose answer was lost, but nobody guarantees it, and where it does not hold a look-up
 * would buy a second video: so there is no `find`. The id is made from the attempt all the same, for the day on which
 * one attempt's request should arrive twice.
 */
import { createHash, randomUUID } from "node:crypto";
import { openAsBlob } from "node:fs";
import { FormData } from "undici";
import { ReelayError } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/json.ts";
import { CONTENT_TYPES } from "../core/media.ts";
import type { InputFile, Progress, Provider, Submission, Submitted } from "../core/provider.ts";
import type { ProviderKind, ProviderOptions } from "../core/provider-kind.ts";
import { errorOf, refusalOf, verdictOf, wordsOf } from "./pixverse-errors.ts";
import { isGenuine } from "./pixverse-webhook.ts";
import { answered, done, failed, pinged, toSubmitted, unsaid } from "./upstream-answer.ts";
import { jsonOf, nest, openSayer, type Say, textAt, valueAt } from "./upstream-body.ts";
import { type Answer, type Called, openUpstream, type Upstream } from "./upstream-call.ts";

export const pixverse: ProviderKind = {
  kind: "pixverse",
  title: "PixVerse Platform",
  // In China: https://app-api.pixverseai.cn/openapi/v2
  url: "https://app-api.pixverse.ai/openapi/v2",
  key: "required",
  concurrency: 5,
  checksPerSecond: 5,
  settings: {
    webhook_id: {
      about:
        "Id of the webhook that is registered in PixVerse's dashboard; without one every video is asked about",
    },
    webhook_secret: {
      about: "Secret of that webhook; without one its calls are hints that anybody could send",
      secret: true,
    },
  },
  open: openPixverse,
};

/** As text: the number may be longer than a double holds, and one digit off is somebody else's video. */
interface Ticket {
  readonly video_id: string;
}

function openPixverse(options: ProviderOptions): Provider {
  const { baseUrl, key, settings } = options;
  const { webhook_id, webhook_secret: secret } = settings;
  const upstream = openUpstream({
    baseUrl,
    headers: key === undefined ? {} : { "api-key": key },
    connectMs: options.connectMs,
    totalMs: options.totalMs,
  });
  const say = openSayer(key, wordsOf);

  return {
    id: options.id,
    kind: pixverse.kind,
    free: false,
    concurrency: options.concurrency,
    pollEveryMs: options.pollEveryMs ?? 5_000,
    checksPerSecond: options.checksPerSecond,
    // Nothing can be looked up, and its calls do not name an attempt of ours: waiting would teach nothing.
    reconcileMs: options.reconcileMs ?? 0,
    prior: ({ duration }) => 30 + 6 * Number(duration ?? 5),
    async prepare({ media }, signal) {
      if (Object.keys(media).length === 0) return null;
      const numbers: Record<string, Json> = {};
      // One after the other: what an upload is refused for is told before the next one has begun.
      for (const [name, file] of Object.entries(media))
        numbers[name] = await upload(upstream, file, { signal, say });
      return numbers;
    },
    async submit(work, signal) {
      const headers = traced(traceOf(work.attemptId));
      const body = toBody(work, webhook_id);
      const called = await upstream.call({ method: "POST", path: work.endpoint, headers, body, signal });
      return toSubmitted(called, signal, (answer) => read(answer, say));
    },
    async check(ticket, signal) {
      const { video_id } = ticket as unknown as Ticket;
      const path = `video/result/${encodeURIComponent(video_id)}`;
      return toProgress(await upstream.call({ method: "GET", path, headers: traced(), signal }), say);
    },
    async readWebhook(call) {
      if (secret && !isGenuine(call, secret, options.now())) return "forged";
      return { ticket: toTicket(valueAt(jsonOf(call.body), "id")) };
    },
    async ping(signal) {
      const called = await upstream.call({
        method: "GET",
        path: "account/balance",
        headers: traced(),
        signal,
      });
      return toFindings(called, say);
    },
    close: upstream.close,
  };
}

const traced = (id: string = randomUUID()) => ({ "ai-trace-id": id });

/** Names ours among all the name-based UUIDs. */
const NAMESPACE = Buffer.from("7d1c1a2e3b6f4c0e9a53d6a5c1f20b0f", "hex");

/** A UUID (version 5, RFC 9562) that is the same for the same attempt, in every process. */
function traceOf(attemptId: string): string {
  const bytes = createHash("sha1").update(NAMESPACE).update(attemptId).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Where a file goes, in which part of the form, and what its number is called in the answer. */
const UPLOADS = {
  picture: { to: "image/upload", part: "image", number: "img_id" },
  clip: { to: "media/upload", part: "file", number: "media_id" },
  sound: { to: "media/upload", part: "file", number: "media_id" },
} as const;

/** The file's number. Streams the file; it is never in memory as a whole. */
async function upload(
  upstream: Upstream,
  { path, facts }: InputFile,
  { signal, say }: { readonly signal: AbortSignal; readonly say: Say },
): Promise<string> {
  const { to, part, number } = UPLOADS[facts.kind];
  const form = new FormData();
  // Without a type of its own the part is application/octet-stream, which is not taken.
  form.append(part, await openAsBlob(path, { type: CONTENT_TYPES[facts.type] }), `${part}.${facts.type}`);
  const headers = traced();
  const called = await upstream.call({ method: "POST", path: to, headers, form, signal });
  const verdict = verdictOf(called);
  // A picture that does not pass the review comes back as HTTP 500: the verdict is read before the status.
  if (verdict !== undefined && verdict.code !== 0) throw errorOf(verdict, say);
  const id = idOf(valueAt(answered(called).body, "Resp", number));
  if (id === undefined) {
    throw new ReelayError("provider_failed", "The provider took the file and did not say its number.");
  }
  return id;
}

function toBody({ params, media, prepared }: Submission, webhookId: string | undefined): JsonObject {
  const numbers = Object.keys(media).flatMap((name) => {
    const id = idOf(valueAt(prepared, name));
    return id === undefined ? [] : [[name, exactly(id)] as const];
  });
  return {
    ...nest(params),
    ...Object.fromEntries(numbers),
    ...(webhookId ? { webhook_id: webhookId } : {}),
  };
}

/** A number of any length (a uint64 there), written digit for digit. */
function exactly(id: string): Json {
  const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => Json };
  return /^\d+$/.test(id) ? rawJSON(id) : id;
}

function idOf(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text !== "" ? text : undefined;
}

function toTicket(value: unknown): JsonObject | undefined {
  const video_id = idOf(value);
  return video_id === undefined ? undefined : { video_id };
}

function read(answer: Answer, say: Say): Submitted {
  if (verdictOf({ answer })?.code !== 0) return refusalOf(answer, say);
  const ticket = toTicket(valueAt(answer.body, "Resp", "video_id"));
  return ticket && answer.status < 300 ? { accepted: ticket } : unsaid(answer.status);
}

const LOST = 500008;

function toProgress(called: Called, say: Say): Progress {
  const verdict = verdictOf(called);
  if (verdict !== undefined && verdict.code !== 0) {
    if (verdict.code === LOST) return failed("provider_lost", "The provider no longer has this video.");
    const error = errorOf(verdict, say);
    // Those codes speak of the video's content and of nothing else; all others are about the question.
    if (error.code === "content_refused") return { state: "failed", error };
    throw error;
  }
  const { body } = answered(called);
  const status = valueAt(body, "Resp", "status");
  if (verdict === undefined || status === undefined) {
    throw new ReelayError("provider_failed", "The provider's answer does not say how the video stands.");
  }
  if (status === 1) return toDone(body);
  if (status === 6) return failed("provider_lost", "The provider has deleted this video.");
  if (status === 7) return failed("content_refused", "The provider's content check refused this video.");
  if (status === 8) return failed("provider_failed", "The provider gave up on this video.");
  // 5 is at work, with no word of how far. A number that came into use after this was written is no end either.
  return { state: "pending" };
}

function toDone(body: Json): Progress {
  const url = textAt(body, "Resp", "url");
  // Paid for and made: asking again costs nothing, giving up would lose it.
  if (!url) throw new ReelayError("provider_failed", "The provider reports success and names no file.");
  const numbers = ["seed", "credits"].flatMap((name) => {
    const value = valueAt(body, "Resp", name);
    return typeof value === "number" ? [[name, value] as const] : [];
  });
  return done(url, Object.fromEntries(numbers));
}

/** From its page "Get user credit balance": `account_id`, `credit_monthly` and `credit_package`. */
function toFindings(called: Called, say: Say): string {
  const verdict = verdictOf(called);
  if (verdict === undefined) {
    const { status } = pinged(called);
    throw new ReelayError("provider_failed", `It answers ${status}, and not as PixVerse does.`);
  }
  if (verdict.code !== 0) throw errorOf(verdict, say);
  const credits = ["credit_monthly", "credit_package"].map((name) => valueAt(verdict.body, "Resp", name));
  return `answers, and takes the key: ${credits.reduce<number>((sum, one) => sum + (Number(one) || 0), 0)} credits left`;
}

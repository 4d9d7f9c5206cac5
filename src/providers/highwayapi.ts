/**
 * HighwayAPI, which is JieKou.AI, and its relatives Novita and PPIO (docs.jiekou.ai and novita.ai, read 2026-11-20). The
 * path names the model, errors are flat with a `reason` to go by, and the result is asked for by `task_id`. There is no
 * list, no key against doubles and no cancel; of a lost answer only the webhook tells, whose address carries our attempt.
 */
import { type ErrorCode, ReelayError } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { Progress, Provider, Submission, Submitted } from "../core/provider.ts";
import type { ProviderKind, ProviderOptions } from "../core/provider-kind.ts";
import {
  answered,
  done,
  failed,
  percent,
  refuse,
  refuseForNow,
  toSubmitted,
  unanswered,
  unsaid,
} from "./upstream-answer.ts";
import { jsonOf, nest, openSayer, placeAt, type Say, textAt, valueAt } from "./upstream-body.ts";
import { type Answer, openUpstream } from "./upstream-call.ts";
import { asUrl } from "./upstream-file.ts";

export const highwayapi: ProviderKind = {
  kind: "highwayapi",
  title: "HighwayAPI (JieKou.AI, Novita)",
  url: "https://api.highwayapi.ai",
  key: "required",
  concurrency: 10,
  checksPerSecond: 5,
  settings: {},
  open: openHighwayapi,
};

interface Ticket {
  readonly task_id: string;
}

/** Long enough for a video to end and for the call about it to come, which is all that can heal a lost answer. */
const RECONCILE_MS = 10 * 60_000;
/** Of no task: a look at it costs nothing and shows whether the key is taken. */
const NO_TASK = "00000000-0000-4000-8000-000000000000";

function openHighwayapi(options: ProviderOptions): Provider {
  const { baseUrl, key } = options;
  const upstream = openUpstream({
    baseUrl,
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    connectMs: options.connectMs,
    totalMs: options.totalMs,
  });
  const say = openSayer(key, wordsOf);
  const result = (task_id: string, signal: AbortSignal) => {
    const path = `v3/async/task-result?${new URLSearchParams({ task_id })}`;
    return upstream.call({ method: "GET", path, signal });
  };

  return {
    id: options.id,
    kind: highwayapi.kind,
    free: false,
    concurrency: options.concurrency,
    pollEveryMs: options.pollEveryMs ?? 5_000,
    checksPerSecond: options.checksPerSecond,
    reconcileMs: options.reconcileMs ?? RECONCILE_MS,
    prior: ({ duration, duration_seconds }) => 30 + 6 * Number(duration ?? duration_seconds ?? 5),
    async submit(work, signal) {
      const body = await toBody(work);
      const called = await upstream.call({
        method: "POST",
        path: `v3/async/${work.endpoint}`,
        body,
        signal,
      });
      return toSubmitted(called, signal, (answer) => read(answer, say));
    },
    async check(ticket, signal) {
      const { task_id } = ticket as unknown as Ticket;
      return toProgress(answered(await result(task_id, signal), [404]), say);
    },
    // Not signed: of what it tells only the id is used, and how the work stands is asked.
    async readWebhook({ body }) {
      const event = jsonOf(body);
      const known = textAt(event, "event_type") === "ASYNC_TASK_RESULT";
      return { ticket: known ? toTicket(valueAt(event, "payload", "task") as Json) : undefined };
    },
    async ping(signal) {
      const called = await result(NO_TASK, signal);
      const { status, body } = "lost" in called ? answered(called) : called.answer;
      const reason = textAt(body, "reason") ?? "";
      if (reason === "TASK_NOT_FOUND") return "answers, and takes the key";
      if ((REASONS[reason] ?? STATUSES[status]) !== "provider_account") throw unanswered(status);
      throw new ReelayError(
        "provider_account",
        `The provider does not accept this server's key, or the URL is another's (${reason || `HTTP ${status}`}).`,
      );
    },
    close: upstream.close,
  };
}

const MIB = 1024 * 1024;

/** The pages of Veo take a picture inside the request, those of PixVerse and Wan a link only. */
const inlineBytes = (endpoint: string): number => (endpoint.startsWith("veo-") ? 10 * MIB : 0);

async function toBody({ endpoint, params, media, webhookUrl }: Submission): Promise<JsonObject> {
  const body = nest(params) as Record<string, Json>;
  for (const [name, file] of Object.entries(media))
    placeAt(body, name, await asUrl(name, file, inlineBytes(endpoint)));
  if (webhookUrl !== null) placeAt(body, "extra.webhook.url", webhookUrl);
  return body;
}

function toTicket(body: Json): JsonObject | undefined {
  const task_id = textAt(body, "task_id");
  return task_id ? { task_id } : undefined;
}

const SENTENCES: Readonly<Partial<Record<ErrorCode, string>>> = {
  provider_refused: "The provider refused the request",
  provider_account:
    "The provider did not accept this server's key, or its account may not use this model; its operator has to look",
  provider_balance:
    "This server's account with the provider has no credit left; its operator has to add some",
  content_refused: "The provider's content check refused the request",
  input_unreadable: "The provider could not read a file",
  input_out_of_limits: "The provider refused the size of the picture",
};

/**
 * By `reason`, from the family's "basic error code". The status beside it differs from page to page (a wrong key has
 * 400, 401 or 403), so it counts only where there is no reason. Those with 500 are left out: they do not say whether
 * the work was taken.
 */
const REASONS: Readonly<Record<string, ErrorCode>> = {
  INVALID_REQUEST_BODY: "provider_refused",
  IMAGE_FILE_EXCEEDS_MAX_SIZE: "input_out_of_limits",
  INVALID_IMAGE_FORMAT: "input_unreadable",
  IMAGE_EXCEEDS_MAX_RESOLUTION: "input_out_of_limits",
  INVALID_IMAGE_SIZE: "input_out_of_limits",
  IMAGE_NO_FACE_DETECTED: "provider_refused",
  INVALID_CUSTOM_OUTPUT_PATH: "provider_refused",
  ILLEGAL_PROMPT: "content_refused",
  ILLEGAL_IMAGE_CONTENT: "content_refused",
  INVALID_AUDIO_FILE: "input_unreadable",
  MISSING_API_KEY: "provider_account",
  BILLING_BALANCE_NOT_ENOUGH: "provider_balance",
  INVALID_API_KEY: "provider_account",
  BILLING_AUTH_FAILED: "provider_account",
  FEATURE_NOT_ALLOWED: "provider_account",
  API_NOT_ALLOWED: "provider_account",
  NEED_REAL_NAME_VERIFY: "provider_account",
  API_NOT_FOUND: "provider_account",
  RATE_LIMIT_EXCEEDED: "provider_busy",
};
const STATUSES: Readonly<Record<number, ErrorCode>> = {
  400: "provider_refused",
  401: "provider_account",
  402: "provider_balance",
  403: "provider_account",
  404: "provider_account",
  413: "provider_refused",
  422: "provider_refused",
  429: "provider_busy",
};

/** `metadata.details` says which field it was, where `message` does not. */
function wordsOf(body: Json): string | undefined {
  const message = textAt(body, "message") ?? "";
  const details = textAt(body, "metadata", "details") ?? "";
  return message.includes(details) ? message : [message, details].filter(Boolean).join(": ");
}

function read({ status, body, retryAfterMs }: Answer, say: Say): Submitted {
  if (status >= 200 && status < 300) {
    const ticket = toTicket(body);
    return ticket ? { accepted: ticket } : unsaid(status);
  }
  if (status < 400 || status >= 500) return unsaid(status);
  const code = REASONS[textAt(body, "reason") ?? ""] ?? STATUSES[status];
  if (code === undefined) return unsaid(status);
  if (code === "provider_busy") {
    return refuseForNow(`The provider takes no more work at present (HTTP ${status}).`, retryAfterMs);
  }
  return refuse(code, sentence(code, say(body)));
}

/** What is the operator's affair comes without the provider's own words, which may quote the account. */
function sentence(code: ErrorCode, words: string): string {
  const own = code === "provider_account" || code === "provider_balance" ? "" : words;
  return `${SENTENCES[code] ?? "The provider gave up on this video"}${own}.`;
}

function toProgress({ status, body }: Answer, say: Say): Progress {
  if (status === 404) {
    // Only in these words: a 404 without them may be a proxy's, or that of a wrong base URL.
    if (textAt(body, "reason") !== "TASK_NOT_FOUND") throw unanswered(status);
    return failed("provider_lost", "The provider no longer has this work.");
  }
  const word = textAt(body, "task", "status");
  if (word === undefined) {
    throw new ReelayError("provider_failed", "The provider's answer does not say how the work stands.");
  }
  if (word === "TASK_STATUS_SUCCEED") return toDone(body);
  if (word === "TASK_STATUS_FAILED") return toFailed(textAt(body, "task", "reason") ?? "", say);
  const progress = valueAt(body, "task", "progress_percent");
  if (word === "TASK_STATUS_PROCESSING") {
    return { state: "processing", progress: percent(typeof progress === "number" ? progress : 1) };
  }
  // Queued, or a word that came into use after this was written: neither is an end, so it is asked again.
  return { state: "pending" };
}

/** The reason is one of the names above, or free text; only a name tells what kind of failure it is. */
function toFailed(reason: string, say: Say): Progress {
  const code = REASONS[/^[A-Z][A-Z_]+/.exec(reason)?.[0] ?? ""] ?? "provider_failed";
  return failed(code, sentence(code, say({ message: reason })));
}

/** The link lives an hour and is signed anew at each look. */
function toDone(body: Json): Progress {
  const url = textAt(body, "videos", "0", "video_url");
  // Paid for and made: asking again costs nothing, giving up would lose it.
  if (!url) throw new ReelayError("provider_failed", "The provider reports success and names no file.");
  // Text there.
  const seed = textAt(body, "extra", "seed") ?? "";
  return done(url, /^\d{1,15}$/.test(seed) ? { seed: Number(seed) } : {});
}

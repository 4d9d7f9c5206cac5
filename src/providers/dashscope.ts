/**
 * Alibaba Cloud Model Studio, whose API is called DashScope: Wan, and in Beijing PixVerse. Every task is asked for with
 * one POST and then asked about; a task that failed is an HTTP 200 with a code inside. Facts are from its documentation
 * (alibabacloud.com/help/en/model-studio and help.aliyun.com/zh/model-studio, stored copies read 2026-11-20 and -21).
 */
import type { Json, JsonObject } from "../core/json.ts";
import type { Cancelled, Progress, Provider, Submission, Submitted } from "../core/provider.ts";
import type { ProviderKind, ProviderOptions } from "../core/provider-kind.ts";
import { judge, judgeStatus } from "./dashscope-codes.ts";
import { type Ask, likenessOf, openFind, TASKS } from "./dashscope-find.ts";
import {
  answered,
  done,
  failed,
  pinged,
  refuse,
  refuseForNow,
  toSubmitted,
  unanswered,
  unsaid,
} from "./upstream-answer.ts";
import { nest, openSayer, placeAt, type Say, textAt, valueAt } from "./upstream-body.ts";
import { type Answer, openUpstream } from "./upstream-call.ts";
import { asUrl } from "./upstream-file.ts";
import { openLost } from "./upstream-lost.ts";

export const dashscope: ProviderKind = {
  kind: "dashscope",
  title: "Alibaba Cloud Model Studio (DashScope)",
  // Singapore. A key, its models and its host are of one region.
  url: "https://dashscope-intl.aliyuncs.com",
  key: "required",
  concurrency: 5,
  // Documented: 20 a second for the whole account.
  checksPerSecond: 20,
  settings: {
    region: {
      about: "beijing, singapore or us; left out: what the URL's host says. PixVerse is in Beijing only",
      fallback: "",
    },
  },
  open: openDashscope,
};

interface Ticket {
  readonly task: string;
}

const SUBMIT = "api/v1/services/aigc/video-generation/video-synthesis";
const REGIONS: readonly string[] = ["", "beijing", "singapore", "us"];
const BEIJING_HOST = "dashscope.aliyuncs.com";
const PIXVERSE = "pixverse/";

function openDashscope(options: ProviderOptions): Provider {
  const { baseUrl, key = "", now } = options;
  const region = options.settings.region ?? "";
  if (!REGIONS.includes(region)) throw new Error(`region must be one of beijing, singapore, us, or left out`);
  const isBeijing = region === "" ? new URL(baseUrl).hostname === BEIJING_HOST : region === "beijing";
  const upstream = openUpstream({
    baseUrl,
    headers: { authorization: `Bearer ${key}` },
    connectMs: options.connectMs,
    totalMs: options.totalMs,
  });
  const say = openSayer(key, (body) => textAt(body, "message") ?? textAt(body, "output", "message"));
  // Documented: once 15 seconds is enough.
  const pollEveryMs = options.pollEveryMs ?? 15_000;
  const lost = openLost({ now, everyMs: pollEveryMs, keptMs: KEPT_MS });
  const ask: Ask = async (path) => answered(await upstream.call({ method: "GET", path })).body;

  return {
    id: options.id,
    kind: dashscope.kind,
    free: false,
    concurrency: options.concurrency,
    pollEveryMs,
    checksPerSecond: options.checksPerSecond,
    // A lost task is only known again once it is done, and that takes minutes.
    reconcileMs: options.reconcileMs ?? 1_800_000,
    prior: () => 150,
    serves: (endpoint) => isBeijing || !endpoint.startsWith(PIXVERSE),
    async submit(work, signal) {
      const body = await toBody(work);
      // Without the header: "current user api does not support synchronous calls".
      const headers = { "x-dashscope-async": "enable" };
      lost.begin(work.attemptId, likenessOf(work));
      const called = await upstream.call({ method: "POST", path: SUBMIT, body, headers, signal });
      const submitted = toSubmitted(called, signal, (answer) => read(answer, say));
      if ("accepted" in submitted) lost.end(work.attemptId, taskOf(submitted.accepted));
      if ("refused" in submitted) lost.end(work.attemptId);
      return submitted;
    },
    async check(ticket, signal) {
      const task = taskOf(ticket);
      lost.noteKnown(task);
      const path = `${TASKS}/${encodeURIComponent(task)}`;
      return toProgress(answered(await upstream.call({ method: "GET", path, signal })), say);
    },
    find: openFind(ask, lost),
    async cancel(ticket) {
      const path = `${TASKS}/${encodeURIComponent(taskOf(ticket))}/cancel`;
      return toCancelled(answered(await upstream.call({ method: "POST", path }), [400]));
    },
    async ping(signal) {
      const path = `${TASKS}/?page_no=1&page_size=1`;
      const { status } = pinged(await upstream.call({ method: "GET", path, signal }));
      return `answers ${status}`;
    },
    close: upstream.close,
  };
}

/** Tasks and their files are gone after a day. */
const KEPT_MS = 86_400_000;

function taskOf(ticket: Json): string {
  return (ticket as unknown as Ticket).task;
}

/** Most files are in a list and say there what they are; another name is a parameter of its own. */
const MEDIA = "input.media.";
const MEDIA_ORDER: readonly string[] = ["first_frame", "last_frame", "first_clip", "driving_audio"];
/** Wan's pictures may be data URIs; clips and sounds, and all that goes to PixVerse, must be links. */
const INLINE_BYTES = 20 * 1024 * 1024;
const INLINE_TYPES: readonly string[] = ["first_frame", "last_frame"];

async function toBody({ endpoint, params, media }: Submission): Promise<JsonObject> {
  const inlineBytes = (type: string): number =>
    INLINE_TYPES.includes(type) && !endpoint.startsWith(PIXVERSE) ? INLINE_BYTES : 0;
  const body: Record<string, unknown> = { model: endpoint, ...nest(params) };
  const list: JsonObject[] = [];
  for (const [name, file] of Object.entries(media)) {
    const type = name.startsWith(MEDIA) ? name.slice(MEDIA.length) : undefined;
    if (type === undefined) placeAt(body, name, await asUrl(name, file, 0));
    else list.push({ type, url: await asUrl(type, file, inlineBytes(type)) });
  }
  list.sort((a, b) => placeOf(String(a.type)) - placeOf(String(b.type)));
  body.input ??= {};
  if (list.length > 0) placeAt(body, "input.media", list);
  return body as JsonObject;
}

function placeOf(type: string): number {
  const place = MEDIA_ORDER.indexOf(type);
  return place < 0 ? MEDIA_ORDER.length : place;
}

function read({ status, body, retryAfterMs }: Answer, say: Say): Submitted {
  if (status >= 200 && status < 300) {
    const task = textAt(body, "output", "task_id") ?? "";
    return task === "" ? unsaid(status) : { accepted: { task } };
  }
  const judged = judgeStatus(status, textAt(body, "code") ?? "");
  if (judged === undefined) return unsaid(status);
  const { code, sentence } = judged;
  if (code === "provider_busy") {
    return refuseForNow(`The provider takes no more work at present (HTTP ${status}).`, retryAfterMs);
  }
  return refuse(code, sentence ?? `The provider refused the request${say(body)}.`);
}

function toProgress({ status, body }: Answer, say: Say): Progress {
  const word = textAt(body, "output", "task_status");
  if (word === undefined) throw unanswered(status);
  if (word === "SUCCEEDED") return toDone(body);
  if (word === "FAILED") {
    const { code, sentence } = judge(textAt(body, "output", "code") ?? "") ?? { code: "provider_failed" };
    return failed(code, sentence ?? `The provider gave up on this video${say(body)}.`);
  }
  // Nobody of ours asked for it, or the task would have ended.
  if (word === "CANCELED") return failed("provider_failed", "The work was cancelled at the provider.");
  if (word === "UNKNOWN") return failed("provider_lost", "The provider no longer has this work.");
  // It tells no percentage; one stands for "has begun".
  if (word === "RUNNING") return { state: "processing", progress: 1 };
  return { state: "pending" };
}

function toDone(body: Json): Progress {
  const url = textAt(body, "output", "video_url") ?? "";
  // Paid for and made: asking again costs nothing, giving up would lose it.
  if (url === "") throw new Error("The provider reports success and names no file.");
  const meta: Record<string, Json> = {};
  const seed = valueAt(body, "output", "seed");
  const prompt = textAt(body, "output", "actual_prompt");
  const usage = valueAt(body, "usage");
  if (typeof seed === "number") meta.seed = seed;
  if (prompt !== undefined) meta.actual_prompt = prompt;
  if (typeof usage === "object" && usage !== null) meta.usage = usage as Json;
  return done(url, meta);
}

/** Only while it waits: all else is one refusal, whether it runs, has ended or is unknown. */
function toCancelled({ status, body, retryAfterMs }: Answer): Cancelled {
  if (status < 300) return "cancelled";
  if (textAt(body, "code") === "UnsupportedOperation") return "too-late";
  throw unanswered(status, retryAfterMs);
}

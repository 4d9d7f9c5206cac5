/**
 * Servers of an operator's own that speak `/v1/videos`, the dialect that OpenAI left behind when it shut its video API
 * down on 2026-09-24. Two profiles, for they differ where it matters (sources read 2026-11-20 and 2026-11-21):
 *
 *   vllm-omni   a failed job is answered with an HTTP error status and the job as its body; DELETE stops the work; its
 *               list repeats the prompts, so an order whose answer was lost can be looked for
 *   sglang      a job is "queued" until it ends; DELETE drops the record while the work goes on, so nothing can be
 *               cancelled; its list has no prompts, and one client's video must not be guessed to be another's
 *
 * Both fetch URLs that a request names by themselves, so files go as bytes. Both keep their jobs in memory: 404 after a
 * restart.
 */
import { openAsBlob } from "node:fs";
import { FormData } from "undici";
import type { ErrorCode } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import { CONTENT_TYPES } from "../core/media.ts";
import type { Cancelled, Progress, Provider, Submission, Submitted } from "../core/provider.ts";
import type { ProviderKind, ProviderOptions } from "../core/provider-kind.ts";
import { type Finder, type Order, openFinder } from "./openai-videos-find.ts";
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
import { nest, openSayer, type Say, textAt, valueAt } from "./upstream-body.ts";
import { type Answer, openUpstream, type Upstream } from "./upstream-call.ts";
import { doneHere } from "./upstream-download.ts";

const PROFILES = ["vllm-omni", "sglang"];

export const openaiVideos: ProviderKind = {
  kind: "openai-videos",
  title: "a server of one's own that speaks /v1/videos (vLLM-Omni, SGLang Diffusion)",
  url: null,
  key: "optional",
  // It works on one at a time or batches as it sees fit; the second keeps it busy between two looks of ours.
  concurrency: 2,
  checksPerSecond: 10,
  settings: {
    profile: { about: `Which server it is: ${PROFILES.join(" or ")}`, fallback: "vllm-omni" },
    models: {
      about: "Names of the models that it serves, separated by commas; left out: all that routes name",
    },
  },
  open: openOpenaiVideos,
};

/** Its URL is made from the id: one from an answer could lead our key to somebody else's machine. */
interface Ticket {
  readonly video: string;
}

const VIDEOS = "v1/videos";
/** Enough for minutes of work, and short of a megabyte where every prompt is as long as they get. */
const NEWEST = `${VIDEOS}?limit=40&order=desc`;

function openOpenaiVideos(options: ProviderOptions): Provider {
  const { key, settings } = options;
  const { profile = "" } = settings;
  if (!PROFILES.includes(profile)) {
    throw new Error(`profile must be ${PROFILES.join(" or ")}, not "${profile}"`);
  }
  const upstream = openUpstream({
    // Clients of this dialect are given the URL with /v1 at its end.
    baseUrl: options.baseUrl.replace(/\/v1$/, ""),
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    connectMs: options.connectMs,
    totalMs: options.totalMs,
  });
  const say = openSayer(key, wordsOf);
  const finder = openFinder(options.now);
  const models = (settings.models ?? "").split(",").map((name) => name.trim());

  return {
    id: options.id,
    kind: openaiVideos.kind,
    free: false,
    concurrency: options.concurrency,
    pollEveryMs: options.pollEveryMs ?? 2_000,
    checksPerSecond: options.checksPerSecond,
    reconcileMs: options.reconcileMs ?? 60_000,
    prior: () => 180,
    serves: (endpoint) => models.join() === "" || models.includes(endpoint),
    submit: (work, signal) => submit({ upstream, finder, say }, work, signal),
    async check(ticket, signal) {
      const { video } = ticket as unknown as Ticket;
      finder.belongs(video);
      return toProgress(upstream, await readJob(upstream, video, signal), { video, say });
    },
    ...(profile === "vllm-omni" && {
      find: (attemptId, work) =>
        finder.find(attemptId, orderOf(work), async () =>
          answered(await upstream.call({ method: "GET", path: NEWEST })),
        ),
      cancel: (ticket) => cancel(upstream, (ticket as unknown as Ticket).video),
    }),
    async forget(ticket) {
      const path = pathOf((ticket as unknown as Ticket).video);
      // Gone already, or on its way there.
      answered(await upstream.call({ method: "DELETE", path }), [404, 409]);
    },
    async ping(signal) {
      const { status } = pinged(await upstream.call({ method: "GET", path: `${VIDEOS}?limit=1`, signal }));
      return `answers ${status}`;
    },
    close: upstream.close,
  };
}

function pathOf(video: string): string {
  return `${VIDEOS}/${encodeURIComponent(video)}`;
}

interface Parts {
  readonly upstream: Upstream;
  readonly finder: Finder;
  readonly say: Say;
}

async function submit(
  { upstream, finder, say }: Parts,
  work: Submission,
  signal: AbortSignal,
): Promise<Submitted> {
  const { attemptId } = work;
  const form = await toForm(work);
  finder.sending(attemptId, orderOf(work));
  const called = await upstream.call({ method: "POST", path: VIDEOS, form, signal });
  if ("lost" in called && !called.lost.sent) finder.answered(attemptId);
  const submitted = toSubmitted(called, signal, (answer) => read(answer, say));
  if ("accepted" in submitted) finder.answered(attemptId, (submitted.accepted as unknown as Ticket).video);
  else if ("refused" in submitted) finder.answered(attemptId);
  return submitted;
}

async function toForm(work: Submission): Promise<FormData> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fieldsOf(work))) form.append(name, value);
  for (const [name, { path, facts }] of Object.entries(work.media)) {
    const file = await openAsBlob(path, { type: CONTENT_TYPES[facts.type] });
    form.append(name, file, `${name}.${facts.type}`);
  }
  return form;
}

/** A form has texts only: "5" is a whole number to SGLang and text to vLLM-Omni, and objects go as JSON to both. */
function fieldsOf({ endpoint, params }: Pick<Submission, "endpoint" | "params">): Order {
  const fields = Object.entries(nest({ model: endpoint, ...params }));
  return Object.fromEntries(
    fields.map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

const REPEATED = ["model", "prompt", "seconds", "size"];

/** What the list of vLLM-Omni repeats of an order, in the order's own spelling. */
function orderOf(work: Pick<Submission, "endpoint" | "params">): Order {
  return Object.fromEntries(Object.entries(fieldsOf(work)).filter(([name]) => REPEATED.includes(name)));
}

/** `detail` is FastAPI's: a sentence, or a list with what is wrong of each field. */
function wordsOf(body: Json): string | undefined {
  const detail = valueAt(body, "detail");
  if (!Array.isArray(detail)) {
    return textAt(body, "detail") ?? textAt(body, "error", "message") ?? textAt(body, "message");
  }
  const fields = (detail as Json[]).map((one) => {
    const place = valueAt(one, "loc");
    return `${Array.isArray(place) ? place.at(-1) : "request"}: ${textAt(one, "msg")}`;
  });
  return fields.join("; ");
}

const OPERATORS: Readonly<Record<number, readonly [code: ErrorCode, sentence: string]>> = {
  401: [
    "provider_account",
    "The video server did not accept this server's key; its operator has to set a right one.",
  ],
  402: ["provider_balance", "This server's account with the video server has no credit left."],
  403: ["provider_account", "The video server does not let this server's key make videos."],
  404: ["provider_account", "The video server has no /v1/videos; the operator has to set another url."],
};
const MODEL_MISMATCH =
  "The video server runs another model than the route names; the operator has to set one right.";

/** Rejections that the sources have before a job is made. */
function read({ status, body, retryAfterMs }: Answer, say: Say): Submitted {
  if (status >= 200 && status < 300) {
    const video = textAt(body, "id") ?? "";
    return video === "" ? unsaid(status) : { accepted: { video } };
  }
  const words = wordsOf(body) ?? "";
  if (status === 429) return refuseForNow("The video server takes no more work at present.", retryAfterMs);
  const known = OPERATORS[status];
  if (known) return refuse(...known);
  if (status === 400 && /^model mismatch\b/i.test(words)) return refuse("provider_account", MODEL_MISMATCH);
  if (status === 400 && /^(invalid input reference|failed to process image)/i.test(words)) {
    return refuse("input_unreadable", `The video server could not read the file${say(body)}.`);
  }
  if (status !== 400 && status !== 413 && status !== 422) return unsaid(status);
  return refuse("provider_refused", `The video server refused the request${say(body)}.`);
}

/** null: the server does not know it. Rejects where it could not be asked. */
async function readJob(upstream: Upstream, video: string, signal?: AbortSignal): Promise<Json> {
  const called = await upstream.call({ method: "GET", path: pathOf(video), ...(signal && { signal }) });
  if ("answer" in called) {
    const { status, body } = called.answer;
    // The job itself says that it failed, whatever its HTTP status looks like.
    if (textAt(body, "object") === "video" && textAt(body, "status") === "failed") return body;
    // A proxy's 404, or FastAPI's "Not Found" for a path that does not exist, says nothing about the job.
    if (status === 404 && /^video not found/i.test(wordsOf(body) ?? "")) return null;
  }
  const job = answered(called).body;
  if (textAt(job, "status") === undefined) throw new Error("The video server's answer is no video.");
  return job;
}

const FAILURES: Readonly<Record<number, ErrorCode>> = {
  400: "provider_refused",
  422: "provider_refused",
  429: "provider_busy",
  503: "provider_busy",
};

function toProgress(
  upstream: Upstream,
  job: Json,
  { video, say }: { readonly video: string; readonly say: Say },
): Progress {
  if (job === null)
    return failed("provider_lost", "The video server no longer knows this work: it was restarted.");
  const word = textAt(job, "status");
  // SGLang may be set to keep its files in a cloud storage, and then gives out none itself.
  const url = textAt(job, "url") ?? "";
  if (word === "completed") return url === "" ? doneHere(upstream, `${pathOf(video)}/content`) : done(url);
  if (word === "failed") {
    const code = FAILURES[Number(valueAt(job, "error", "code"))] ?? "provider_failed";
    return failed(code, `The video server gave up on this video${say(job)}.`);
  }
  const progress = valueAt(job, "progress");
  if (word !== "in_progress") return { state: "pending" };
  return { state: "processing", progress: percent(typeof progress === "number" ? progress : 1) };
}

/** Asked first how it stands, because DELETE of a video that is ready deletes the video. */
async function cancel(upstream: Upstream, video: string): Promise<Cancelled> {
  const job = await readJob(upstream, video);
  const word = textAt(job, "status");
  if (job === null || word === "completed" || word === "failed") return "too-late";
  const { status, body } = answered(
    await upstream.call({ method: "DELETE", path: pathOf(video) }),
    [404, 409],
  );
  if (status === 409)
    return /^cancellation in progress/i.test(wordsOf(body) ?? "") ? "requested" : "too-late";
  return status === 404 ? "too-late" : "cancelled";
}

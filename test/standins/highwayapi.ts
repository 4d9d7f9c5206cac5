/**
 * HighwayAPI (JieKou.AI, Novita) as an upstream, as `served-dialects.md` section 2 has it. What is invented: the texts of
 * messages, the `task_type` of each model, and that limits which the pages leave open are those of their siblings.
 *
 * A script's `code` is a `reason`, of a refusal or of a check; its `fail` is what a failed task says in `task.reason`,
 * with _ for a space where it is all in lower case, or `nothing` for a success without a video. Its `word` is a status.
 */
import { randomUUID } from "node:crypto";
import type { Script } from "../support/fake-script.ts";
import { type Ask, type Job, type Reply, type StandIn, startStandIn, type World } from "./standin.ts";
import { fileUrl, flag, integer, matching, object, oneOf, type Shape, text } from "./strict.ts";

const link = matching(/^https?:\/\//);
const anything = (max: number): Shape => matching(new RegExp(`^[^]{0,${max}}$`));
const pixverseOptional = {
  negative_prompt: anything(2500),
  duration: integer(1, 15),
  resolution: oneOf("360p", "540p", "720p", "1080p"),
  thinking_type: oneOf("enabled", "disabled", "auto"),
  generate_audio_switch: flag,
};
const veoOptional = {
  aspect_ratio: oneOf("16:9", "9:16"),
  resolution: oneOf("720p", "1080p"),
  negative_prompt: text(),
  person_generation: oneOf("allow_adult", "dont_allow"),
  sample_count: integer(1, 4),
  seed: integer(0, 4294967295),
};
const veoLong = {
  ...veoOptional,
  duration_seconds: oneOf(4, 6, 8),
  enhance_prompt: oneOf(true),
  extra: webhook(),
};
const veoText = object({ prompt: text(), generate_audio: flag }, veoLong);
const veoWhole = object(
  { prompt: text(), generate_audio: flag },
  { ...veoLong, image: fileUrl, last_image: fileUrl },
);
const { thinking_type: _, ...pixverseOne } = pixverseOptional;
const seed = integer(0, 2147483647);
const WAN_SIZES = [
  ...["1280*720", "720*1280", "960*960", "1088*832", "832*1088"],
  ...["1920*1080", "1080*1920", "1440*1440", "1632*1248", "1248*1632"],
];

const MODELS: Readonly<Record<string, Shape>> = {
  "pixverse-v6-i2v": object(
    { prompt: anything(2500), image: link },
    {
      ...pixverseOptional,
      seed: integer(0, 2147483647),
      cfg_scale: (value, place) =>
        Number(value) >= 0 && Number(value) <= 1 ? [] : [`${place} is no number from 0 to 1`],
      extra: webhook(),
    },
  ),
  "pixverse-v6-t2v": object(
    { prompt: anything(2500) },
    {
      ...pixverseOptional,
      aspect_ratio: oneOf("16:9", "9:16", "1:1", "4:3", "3:4"),
      extra: webhook(),
    },
  ),
  "pixverse-v6-transition": object(
    { prompt: anything(2500), image: link },
    {
      ...pixverseOptional,
      end_image: link,
      aspect_ratio: oneOf("16:9", "9:16", "1:1", "4:3", "3:4"),
      style: text(),
      seed,
      // Not a word, as its siblings have it.
      thinking_type: flag,
      generate_multi_clip_switch: flag,
      extra: webhook(),
    },
  ),
  "pixverse-v6-extend": object(
    { prompt: anything(2500), video: link },
    { ...pixverseOne, style: text(), seed, extra: webhook() },
  ),
  "wan2.7-t2v": object(
    { prompt: anything(1500) },
    {
      negative_prompt: anything(500),
      audio_url: link,
      size: oneOf(...WAN_SIZES),
      duration: integer(2, 15),
      prompt_extend: flag,
      watermark: flag,
      seed,
      extra: webhook(),
    },
  ),
  "wan2.7-i2v": object(
    { image_url: link },
    {
      prompt: anything(5000),
      negative_prompt: anything(500),
      duration: integer(2, 15),
      resolution: oneOf("720P", "1080P"),
      seed: integer(0, 2147483647),
      first_clip_url: link,
      last_frame_url: link,
      driving_audio_url: link,
      prompt_extend: flag,
      watermark: flag,
      extra: webhook(),
    },
  ),
  "veo-3.1-lite-i2v": object(
    { prompt: text(), image: fileUrl },
    { ...veoOptional, duration: oneOf(4, 6, 8), generate_audio: flag, extra: webhook() },
  ),
  "veo-3.1-lite-t2v": object(
    { prompt: anything(2048) },
    {
      ...veoOptional,
      negative_prompt: anything(2048),
      duration: oneOf(4, 6, 8),
      enhance_prompt: flag,
      generate_audio: flag,
      extra: webhook(),
    },
  ),
  "veo-3.1-generate-text2video": veoText,
  "veo-3.1-fast-generate-text2video": veoText,
  "veo-3.1-generate-img2video": veoWhole,
  "veo-3.1-fast-generate-img2video": veoWhole,
};

function webhook(): Shape {
  const mode = object({
    enabled: flag,
    return_task_status: oneOf("TASK_STATUS_SUCCEED", "TASK_STATUS_FAILED"),
  });
  return object({}, { webhook: object({ url: link }, { test_mode: mode }) });
}

export async function startHighwayapi({ key }: { readonly key: string }): Promise<StandIn> {
  return startStandIn({ answer: (ask, world) => answer(ask, world, key) });
}

function answer(ask: Ask, world: World, key: string): Promise<Reply> | Reply {
  const { method, url, headers } = ask;
  const { authorization } = headers;
  if (authorization === undefined) return problem(400, "MISSING_API_KEY", "no key");
  if (authorization !== `Bearer ${key}`) return problem(403, "INVALID_API_KEY", `wrong key ${authorization}`);
  const { pathname } = url;
  if (method === "GET" && pathname === "/v3/async/task-result") return result(ask, world);
  const [, model = ""] = /^\/v3\/async\/([^/]+)$/.exec(pathname) ?? [];
  const shape = MODELS[model];
  if (method !== "POST" || !shape) {
    world.complain(`there is no ${method} ${pathname}`);
    return problem(404, "API_NOT_FOUND", "no such API");
  }
  const wrong = shape(ask.json, "the body");
  for (const one of wrong) world.complain(one);
  if (wrong.length > 0) return problem(400, "INVALID_REQUEST_BODY", wrong.join("; "));
  return order(ask, world, model);
}

interface Order {
  readonly model: string;
  readonly prompt?: string;
  readonly seed?: number;
  readonly extra?: { readonly webhook?: { readonly url: string } };
}

function order(ask: Ask, world: World, model: string): Promise<Reply> {
  const body = ask.json as Order;
  const id = randomUUID();
  return world.submit({
    prompt: body.prompt ?? "",
    id,
    webhook: body.extra?.webhook?.url ?? null,
    order: { ...body, model },
    accepted: () => ({ status: 200, body: { task_id: id } }),
    refused: (status, script) => refusal(ask, status, script),
    async tell(job) {
      const url = job.webhook ?? "";
      // A stand-in must not be talked into calling anybody else's machine.
      if (new URL(url).hostname !== "127.0.0.1") return;
      const event = { event_type: "ASYNC_TASK_RESULT", payload: viewOf(job, world) };
      await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(event),
      }).catch(() => undefined);
    },
  });
}

function result(ask: Ask, world: World): Reply {
  const job = world.jobs.get(ask.url.searchParams.get("task_id") ?? "");
  if (!job) return problem(404, "TASK_NOT_FOUND", "no such task");
  const fault = world.faultOf(job, (status, script) => refusal(ask, status, script));
  return fault ?? { status: 200, body: viewOf(job, world) };
}

const STATUSES: Readonly<Record<string, string>> = {
  queued: "TASK_STATUS_QUEUED",
  running: "TASK_STATUS_PROCESSING",
  succeeded: "TASK_STATUS_SUCCEED",
  failed: "TASK_STATUS_FAILED",
};

function viewOf(job: Job, world: World): unknown {
  const { model, seed = 42, extra } = job.order as Order;
  const empty = job.script.fail === "nothing";
  const { status: stands, progress } = world.stateOf(job);
  const status = empty && stands === "failed" ? "succeeded" : stands;
  const { fail = "" } = job.script;
  return {
    extra: {
      // Text, whatever was sent.
      seed: String(seed),
      ...extra,
      debug_info: {
        request_info: "",
        submit_time_ms: String(job.acceptedAt),
        execute_time_ms: "",
        complete_time_ms: "",
      },
    },
    task: {
      task_id: job.id,
      status: STATUSES[status] ?? status,
      reason: status === "failed" ? (/[A-Z]/.test(fail) ? fail : fail.replaceAll("_", " ")) : "",
      task_type: model.toUpperCase().replaceAll(/[.-]/g, "_"),
      eta: 0,
      progress_percent: status === "queued" ? 0 : Math.floor(progress),
    },
    images: [],
    videos:
      status === "succeeded" && !empty
        ? [{ video_url: world.fileUrl(job), video_url_ttl: "3600", video_type: "mp4" }]
        : [],
    audios: [],
  };
}

const problem = (status: number, reason: string, message: string): Reply => ({
  status,
  body: { code: status, reason, message, metadata: {} },
});

/** Without a reason it is something before the service that answers: a proxy with its page. */
function refusal(ask: Ask, status: number, script: Script): Reply {
  if (script.code === undefined) return { status, body: `<html>${status}</html>` };
  const echo = script["echo-key"] ? ` (${ask.headers.authorization})` : "";
  return problem(status, script.code, `it cannot be done${echo}`);
}

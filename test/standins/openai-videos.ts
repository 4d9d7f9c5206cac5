/**
 * A server that speaks `/v1/videos` as vLLM-Omni does (docs/serving/videos_api.md @0131cb55 and its api_server.py), or
 * SGLang Diffusion (its video_api.py and protocol.py), both read 2026-11-20 and 2026-11-21.
 */
import { randomUUID } from "node:crypto";
import type { Reply } from "../support/fake-exchange.ts";
import type { Script } from "../support/fake-script.ts";
import { type Ask, type Job, type StandIn, startStandIn, type World } from "./standin.ts";
import { matching, object, oneOf, type Shape, text } from "./strict.ts";

type Profile = "vllm-omni" | "sglang";

export interface OpenaiVideosOptions {
  readonly profile: Profile;
  /** What it was started with; left out: it is open to everybody. */
  readonly key?: string;
  /** The one model that it runs; left out: whatever is asked. */
  readonly model?: string;
  /** SGLang with a cloud storage: where the files are, for everybody. */
  readonly cloud?: true;
  /** Jobs of others that its list shows, too. */
  readonly listed?: readonly object[];
}

const WHOLE = matching(/^-?\d+$/);
const COUNT = matching(/^[1-9]\d*$/);
const NUMBER = matching(/^-?\d+(\.\d+)?$/);
const FLAG = oneOf("true", "false");
const JSON_TEXT = matching(/^\{.*\}$/s);
const SIZE = matching(/^[1-9]\d*x[1-9]\d*$/);
/** What arrived instead of a file's bytes. */
const FILE: Shape = matching(
  /^(image\/(jpeg|png|webp|bmp)|video\/(mp4|quicktime)|audio\/(wav|mpeg)) [1-9]\d*$/,
);

const SHARED: Readonly<Record<string, Shape>> = {
  ...{
    model: text(),
    seconds: COUNT,
    size: SIZE,
    width: COUNT,
    height: COUNT,
    fps: COUNT,
    num_frames: COUNT,
  },
  ...{ seed: WHOLE, negative_prompt: text(), num_inference_steps: COUNT, guidance_scale: NUMBER },
  ...{ guidance_scale_2: NUMBER, flow_shift: NUMBER, num_outputs_per_prompt: COUNT, extra_params: JSON_TEXT },
  ...{ input_reference: FILE },
};
const FIELDS: Readonly<Record<Profile, Readonly<Record<string, Shape>>>> = {
  "vllm-omni": {
    ...SHARED,
    ...{ aspect_ratio: text(), short_edge: COUNT, boundary_ratio: NUMBER, true_cfg_scale: NUMBER },
    ...{ generate_sound: FLAG, sound_duration: NUMBER, lora: JSON_TEXT, input_references: FILE },
    ...{
      enable_frame_interpolation: FLAG,
      frame_interpolation_exp: COUNT,
      frame_interpolation_scale: NUMBER,
    },
    ...{ image_reference: JSON_TEXT, video_reference: JSON_TEXT, audio_reference: JSON_TEXT },
  },
  sglang: { ...SHARED, n: COUNT, extra_body: JSON_TEXT, diffusers_kwargs: JSON_TEXT },
};

export async function startOpenaiVideos(options: OpenaiVideosOptions): Promise<StandIn> {
  const { key } = options;
  const state: State = { options, gone: new Set(), looks: new Map() };
  return startStandIn({
    answer: (ask, world) => {
      if (key !== undefined && ask.headers.authorization !== `Bearer ${key}`) {
        return { status: 401, body: { error: "Unauthorized" } };
      }
      return route(state, ask, world);
    },
  });
}

interface State {
  readonly options: OpenaiVideosOptions;
  /** Deleted. */
  readonly gone: Set<string>;
  /** How often the list was asked since a job was there. */
  readonly looks: Map<string, number>;
}

type Answer = ReturnType<Parameters<typeof startStandIn>[0]["answer"]>;

const NOT_FOUND: Reply = { status: 404, body: { detail: "Video not found" } };

function route(state: State, ask: Ask, world: World): Answer {
  const { method, url } = ask;
  const [, id, content] = /^\/v1\/videos(?:\/([^/]+)(\/content)?)?$/.exec(url.pathname) ?? [
    undefined,
    "",
    "",
  ];
  if (!url.pathname.startsWith("/v1/videos")) return { status: 404, body: { detail: "Not Found" } };
  if (id === undefined) {
    if (method === "POST") return create(state, ask, world);
    return method === "GET"
      ? list(state, ask, world)
      : { status: 405, body: { detail: "Method Not Allowed" } };
  }
  const job = state.gone.has(id) ? undefined : world.jobs.get(decodeURIComponent(id));
  if (!job) return NOT_FOUND;
  if (method === "DELETE") return remove(state, job, world);
  if (content !== undefined) return contentOf(state, job, world);
  return retrieve(state, job, world);
}

async function create({ options }: State, ask: Ask, world: World): Promise<Reply> {
  const type = String(ask.headers["content-type"]);
  if (!type.startsWith("multipart/form-data; boundary=")) {
    world.complain(`POST /v1/videos with ${type}`);
    return invalid("body", "Field required");
  }
  const order = await fieldsOf(ask);
  const mistakes = object({ prompt: text() }, FIELDS[options.profile])(order, "the form");
  for (const mistake of mistakes) world.complain(mistake);
  if (mistakes[0] !== undefined) return invalid("form", mistakes[0]);
  if (options.model !== undefined && order.model !== options.model)
    return mismatch(order.model, options.model);
  const id = options.profile === "vllm-omni" ? `video_gen_${randomUUID().replaceAll("-", "")}` : randomUUID();
  return world.submit({
    ...{ prompt: order.prompt ?? "", id, order },
    accepted: (job) => ({ status: 200, body: videoOf(options, job, "queued", world) }),
    refused: (status, script) => {
      const known = REFUSALS[script.code ?? ""];
      const words = `No, says ${status}${script["echo-key"] ? ` to ${ask.headers.authorization}` : ""}.`;
      return known?.(order) ?? { status, body: { detail: words } };
    },
  });
}

/** As its sources word them. */
const REFUSALS: Readonly<Record<string, (order: Readonly<Record<string, string>>) => Reply>> = {
  model: ({ model }) => mismatch(model, "Wan-AI/Wan2.1-T2V-1.3B-Diffusers"),
  picture: () => ({ status: 400, body: { detail: "Invalid input reference." } }),
  image: () => ({ status: 400, body: { detail: "Failed to process image source: not an image" } }),
  field: () => invalid("seconds", "String should match pattern '^[1-9]\\d*$'"),
  wrapped: () => ({
    status: 400,
    body: { error: { message: "size is too large", type: "BadRequestError", code: 400 } },
  }),
};

function mismatch(asked: string | undefined, runs: string): Reply {
  const detail = `Model mismatch: request specifies '${asked}' but server is running '${runs}'.`;
  return { status: 400, body: { detail } };
}

function invalid(field: string, msg: string): Reply {
  return { status: 422, body: { detail: [{ type: "value_error", loc: ["body", field], msg }] } };
}

/** Texts as they are, of a file its type and size. */
async function fieldsOf(ask: Ask): Promise<Readonly<Record<string, string>>> {
  const form = await ask.form();
  return Object.fromEntries(
    [...form].map(([name, value]) => [
      name,
      typeof value === "string" ? value : `${value.type} ${value.size}`,
    ]),
  );
}

/** SGLang repeats no prompt, and measures the frames that it was asked for. */
function videoOf({ profile, cloud }: OpenaiVideosOptions, job: Job, status: string, world: World): object {
  const { prompt, model, size = "", seconds = "4" } = job.order as Readonly<Record<string, string>>;
  const shared = {
    ...{ id: job.id, object: "video", model, status, progress: status === "completed" ? 100 : 0 },
    ...{ created_at: Math.floor(job.acceptedAt / 1000), completed_at: null, expires_at: null, size, seconds },
    ...{ quality: "standard", remixed_from_video_id: null, error: null },
  };
  if (profile === "vllm-omni") return { ...shared, prompt, media_type: "video/mp4", file_name: null };
  return {
    ...shared,
    url: cloud && status === "completed" ? world.fileUrl(job) : null,
    file_path: "outputs/x.mp4",
  };
}

/** What this dialect calls it. */
function wordOf(profile: Profile, status: string): string {
  if (status === "succeeded") return "completed";
  if (status === "cancelled") return "failed";
  if (status !== "running") return status;
  return profile === "sglang" ? "queued" : "in_progress";
}

function retrieve({ options }: State, job: Job, world: World): Reply {
  const fault = world.faultOf(job, (status) =>
    status === 404 ? NOT_FOUND : { status, body: { detail: `An answer of ${status}.` } },
  );
  if (fault) return fault;
  const { status, progress } = world.stateOf(job);
  const word = wordOf(options.profile, status);
  const video = videoOf(options, job, word, world);
  if (word === "failed") return failure(options, job, video);
  return {
    status: 200,
    body: options.profile === "sglang" || word !== "in_progress" ? video : { ...video, progress },
  };
}

/** vLLM-Omni tells the failure as the status of its answer. */
function failure({ profile }: OpenaiVideosOptions, { script }: Job, video: object): Reply {
  const message = `It failed with ${script.fail}.`;
  if (profile === "sglang") return { status: 200, body: { ...video, error: { message } } };
  const status = codeOf(script);
  return { status, body: { ...video, error: { code: status, message } } };
}

function codeOf({ fail }: Script): number {
  return fail === "capacity" ? 503 : Number(fail) >= 400 ? Number(fail) : 500;
}

function contentOf({ options }: State, job: Job, world: World): Answer {
  const { status } = world.stateOf(job);
  if (status === "failed" || status === "cancelled") {
    return { status: 422, body: { detail: "Video generation failed. Check job status for error details." } };
  }
  if (status !== "succeeded") return { status: 404, body: { detail: "Generation is still in-progress" } };
  if (options.cloud) {
    return {
      status: 400,
      body: { detail: `Video has been uploaded to cloud storage: ${world.fileUrl(job)}` },
    };
  }
  return world.sendVideo(job);
}

function remove({ options, gone }: State, job: Job, world: World): Reply {
  if (options.profile === "sglang") {
    gone.add(job.id);
    return { status: 200, body: { ...videoOf(options, job, "deleted", world) } };
  }
  if (!world.hasEnded(job)) {
    if (job.script.cancel === "ignored") {
      return { status: 409, body: { detail: "Cancellation in progress. Please try again later." } };
    }
    if (job.script.cancel === "too-late") {
      return { status: 409, body: { detail: "Video output not yet available. Please try again later." } };
    }
    world.cancel(job);
  }
  gone.add(job.id);
  return { status: 200, body: { id: job.id, deleted: true, object: "video.deleted" } };
}

/** The newest first; a job may be hidden by its script. */
function list({ options, gone, looks }: State, { url }: Ask, world: World): Reply {
  const limit = Number(url.searchParams.get("limit") ?? 100);
  if (!Number.isInteger(limit) || limit < 0 || limit > 100)
    return invalid("limit", "Input should be at most 100");
  for (const name of url.searchParams.keys()) {
    if (!["after", "limit", "order"].includes(name)) world.complain(`the list has no ${name}`);
  }
  const shown = [...world.jobs.values()].filter(({ id, script }) => {
    const times = (looks.get(id) ?? 0) + 1;
    looks.set(id, times);
    return !gone.has(id) && script.find !== "nothing" && (script.find !== "later" || times > 2);
  });
  const own = shown.map((job) =>
    videoOf(options, job, wordOf(options.profile, world.stateOf(job).status), world),
  );
  const all = [...own, ...(options.listed ?? [])] as { readonly id: string; readonly created_at: number }[];
  const data = all.sort((a, b) => b.created_at - a.created_at).slice(0, limit);
  if (options.profile === "sglang") return { status: 200, body: { object: "list", data } };
  const cursors = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
  return { status: 200, body: { object: "list", data, ...cursors, has_more: all.length > limit } };
}

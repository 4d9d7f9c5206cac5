/**
 * PixVerse Platform, openapi v2, as `upstreams.md` section 4 and Appendix A have it; the shapes of the balance and of a
 * refused picture are those of the vendor's OpenAPI pages. What is invented: the texts of messages, and that ids start
 * where a double can no longer tell two of them apart, so that one digit lost is somebody else's video.
 *
 * A script's `code` is an ErrCode, its `word` a status number that nobody knows, and its `fail` the status at the end:
 * 6, 7, 8, or 1 for a success whose url is empty.
 */
import { createHmac } from "node:crypto";
import type { Script } from "../support/fake-script.ts";
import { type Ask, type Job, type Reply, type StandIn, startStandIn, type World } from "./standin.ts";
import { flag, integer, matching, object, oneOf, text } from "./strict.ts";

export interface PixverseOptions {
  readonly key: string;
  /** Instead of the answer to an upload. */
  readonly upload?: Reply;
}

interface State {
  readonly options: PixverseOptions;
  /** Trace ids of requests that order nothing; none may come twice. */
  readonly traces: Set<string>;
  /** By the trace id of its order: the video that a repeated one is answered with. */
  readonly ordered: Map<string, string>;
  /** By its number: whether it is a picture or a clip. */
  readonly uploads: Map<string, "picture" | "clip">;
  videos: bigint;
}

const BASE = "/openapi/v2/";

export async function startPixverse(options: PixverseOptions): Promise<StandIn> {
  const state: State = {
    options,
    traces: new Set(),
    ordered: new Map(),
    uploads: new Map(),
    videos: 9_007_199_254_740_992n,
  };
  const standIn = await startStandIn({ answer: (ask, world) => answer(ask, world, state) });
  return { ...standIn, url: `${standIn.url}${BASE.slice(0, -1)}` };
}

const COMMON = {
  model: oneOf("v6"),
  prompt: text(2048),
  duration: integer(1, 15),
  quality: oneOf("360p", "540p", "720p", "1080p"),
};
const OPTIONAL = {
  negative_prompt: text(2048),
  seed: integer(0, 2147483647),
  style: oneOf("anime", "3d_animation", "clay", "comic", "cyberpunk"),
  generate_audio_switch: flag,
  generate_multi_clip_switch: flag,
  thinking_type: oneOf("enabled", "disabled", "auto"),
  water_mark: flag,
  webhook_id: text(),
};
const { generate_multi_clip_switch: _, thinking_type: __, ...IN_ONE_SHOT } = OPTIONAL;
const ORDERS = {
  "video/text/generate": object(
    {
      ...COMMON,
      aspect_ratio: oneOf("16:9", "4:3", "1:1", "3:4", "9:16", "2:3", "3:2", "21:9"),
    },
    OPTIONAL,
  ),
  "video/img/generate": object({ ...COMMON, img_id: integer(1, 2 ** 64) }, OPTIONAL),
  "video/transition/generate": object(
    { ...COMMON, first_frame_img: integer(1, 2 ** 64), last_frame_img: integer(1, 2 ** 64) },
    IN_ONE_SHOT,
  ),
  "video/extend/generate": object({ ...COMMON, video_media_id: integer(1, 2 ** 64) }, IN_ONE_SHOT),
};
/** What an order calls the number of an upload, and what it must be of. */
const NUMBERS: Readonly<Record<string, "picture" | "clip">> = {
  img_id: "picture",
  first_frame_img: "picture",
  last_frame_img: "picture",
  video_media_id: "clip",
};
const UUID = matching(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
const PICTURES = ["image/jpeg", "image/jpg", "image/png", "image/webp"];
const MOST_BYTES = 20_000_000;
const CLIPS = ["video/mp4", "video/mov", "video/webm", "video/quicktime"];

async function answer(ask: Ask, world: World, state: State): Promise<Reply> {
  const { method, headers, url } = ask;
  const path = url.pathname.startsWith(BASE) ? url.pathname.slice(BASE.length) : "";
  const shape = method === "POST" ? ORDERS[path as keyof typeof ORDERS] : undefined;
  const trace = String(headers["ai-trace-id"] ?? "");
  for (const wrong of UUID(trace, "Ai-trace-id")) world.complain(wrong);
  if (state.traces.has(trace) || (state.ordered.has(trace) && !shape)) {
    world.complain(`Ai-trace-id ${trace} came twice`);
  }
  if (headers["api-key"] !== state.options.key)
    return trouble(400012, `Invalid account ${headers["api-key"]}`);
  if (shape) return order(ask, { world, state, shape, trace });
  state.traces.add(trace);
  if (method === "POST" && path === "image/upload") return upload(ask, world, state);
  if (method === "POST" && path === "media/upload") return uploadMedia(ask, world, state);
  if (method === "GET" && path === "account/balance") {
    return said({ account_id: 123452341, credit_monthly: 1069020, credit_package: 3630 });
  }
  const [, id] = /^video\/result\/([^/]+)$/.exec(path) ?? [];
  if (method === "GET" && id !== undefined) return result(decodeURIComponent(id), ask, world);
  world.complain(`there is no ${method} ${url.pathname}`);
  return { status: 404, body: "404 page not found" };
}

async function upload(ask: Ask, world: World, state: State): Promise<Reply> {
  if (state.options.upload) return state.options.upload;
  const form = await ask.form();
  const image = form.get("image");
  if ([...form.keys()].join() !== "image" || !(image instanceof File)) {
    world.complain(`the upload has ${[...form.keys()].join()}`);
    return trouble(400011, "Empty parameter");
  }
  if (!PICTURES.includes(image.type) || !/\.(jpe?g|png|webp)$/.test(image.name)) {
    world.complain(`the picture is called ${image.name} and said to be ${image.type}`);
    return trouble(500032, "Invalid image format");
  }
  if (image.size === 0 || image.size > MOST_BYTES) {
    world.complain(`the picture has ${image.size} bytes`);
    return trouble(500030, "Image too large");
  }
  const id = numberFor(state, "picture");
  return said({ img_id: exactly(id), img_url: "https://media.pixverse.example/upload.jpg" });
}

/** From the second one on they have more digits than a double holds: they are uint64. */
function numberFor({ uploads }: State, kind: "picture" | "clip"): string {
  const id = uploads.size === 0 ? "81732" : String(9_107_199_254_740_991n + 2n * BigInt(uploads.size));
  uploads.set(id, kind);
  return id;
}

async function uploadMedia(ask: Ask, world: World, state: State): Promise<Reply> {
  if (state.options.upload) return state.options.upload;
  const form = await ask.form();
  const file = form.get("file");
  if ([...form.keys()].join() !== "file" || !(file instanceof File)) {
    world.complain(`the upload has ${[...form.keys()].join()}`);
    return trouble(400011, "Empty parameter");
  }
  if (!CLIPS.includes(file.type) || !/\.(mp4|mov)$/.test(file.name) || file.size === 0) {
    world.complain(`the clip is called ${file.name} and said to be ${file.type}, ${file.size} bytes`);
    return trouble(400017, "Invalid parameter");
  }
  const id = numberFor(state, "clip");
  const url = "https://media.pixverse.example/upload.mp4";
  return said({ media_id: exactly(id), media_type: "video", url });
}

interface Ordering {
  readonly world: World;
  readonly state: State;
  readonly shape: ReturnType<typeof object>;
  readonly trace: string;
}

async function order(ask: Ask, { world, state, shape, trace }: Ordering): Promise<Reply> {
  const earlier = state.ordered.get(trace);
  if (earlier !== undefined) return said({ video_id: exactly(earlier), credits: 45 });
  const wrong = shape(ask.json, "the body");
  for (const one of wrong) world.complain(one);
  if (wrong.length > 0) return trouble(400017, "Invalid parameter");
  // Digit for digit: parsed, they would be rounded.
  for (const [, name = "", number = ""] of ask.bytes.toString("utf8").matchAll(/"(\w+)":(\d+)/g)) {
    if (!NUMBERS[name] || state.uploads.get(number) === NUMBERS[name]) continue;
    world.complain(`nobody uploaded the ${NUMBERS[name]} ${number} that is ${name}`);
    return trouble(400032, "Invalid image id");
  }
  const id = String(++state.videos);
  const reply = await world.submit({
    prompt: (ask.json as { prompt: string }).prompt,
    id,
    order: ask.json,
    accepted: () => said({ video_id: exactly(id), credits: 45 }),
    refused: (status, script) => refusal(ask, status, script),
  });
  if (world.jobs.has(id)) state.ordered.set(trace, id);
  return reply;
}

function result(id: string, ask: Ask, world: World): Reply {
  const job = world.jobs.get(id);
  if (!job) return trouble(500008, "Data not found");
  const fault = world.faultOf(job, (status, script) => refusal(ask, status, script));
  if (fault) return fault;
  const { status } = world.stateOf(job);
  const numbers: Readonly<Record<string, number>> = {
    queued: 5,
    running: 5,
    succeeded: 1,
    failed: Number(job.script.fail ?? 8),
  };
  return said(
    viewOf(job, numbers[status] ?? Number(status), status === "succeeded" ? world.fileUrl(job) : ""),
  );
}

function viewOf(job: Job, status: number, url: string): unknown {
  const order = job.order as { readonly seed?: number; readonly prompt: string };
  return {
    create_time: new Date(job.acceptedAt).toISOString(),
    id: exactly(job.id),
    modify_time: new Date(job.acceptedAt).toISOString(),
    prompt: order.prompt,
    status,
    url,
    ...(status === 1
      ? { size: 3481221, outputWidth: 1280, outputHeight: 720, has_audio: false, credits: 45 }
      : {}),
    seed: order.seed ?? 42,
  };
}

const said = (resp: unknown): Reply => ({
  status: 200,
  body: { ErrCode: 0, ErrMsg: "Success", Resp: resp },
});

const trouble = (code: number, message: string, status = 200): Reply => ({
  status,
  body: { ErrCode: code, ErrMsg: message, Resp: null },
});

/** Without a code it is something before the service that answers: a proxy with its page. */
function refusal(ask: Ask, status: number, script: Script): Reply {
  if (script.code === undefined) return { status, body: `<html>${status}</html>` };
  const echo = script["echo-key"] ? ` (${ask.headers["api-key"]})` : "";
  return trouble(Number(script.code), `It cannot be done${echo}.`, status);
}

/** A number of any length, written digit for digit. */
function exactly(id: string): unknown {
  return (JSON as unknown as { readonly rawJSON: (digits: string) => unknown }).rawJSON(id);
}

interface CallOptions {
  readonly secret: string;
  /** As the header has it. */
  readonly timestamp: string;
  readonly nonce?: string;
  /** The payload that is signed for `body`; in the body's own order where it is not given. */
  readonly payload?: string;
}

/** The call by which PixVerse tells the registered address of a video, signed. */
export function pixverseCall(
  fields: Readonly<Record<string, string | number | boolean>>,
  { secret, timestamp, nonce = "n0nce0123456789abcdef0123456789x", ...options }: CallOptions,
): { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array } {
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const payload = options.payload ?? pairs.join("&");
  const hmac = createHmac("sha256", secret).update(`${timestamp}\n${nonce}\n${payload}`);
  return {
    headers: {
      "content-type": "application/json",
      "webhook-timestamp": timestamp,
      "webhook-nonce": nonce,
      "webhook-signature": hmac.digest("base64"),
    },
    body: Buffer.from(JSON.stringify(fields)),
  };
}

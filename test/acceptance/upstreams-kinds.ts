/**
 * Every kind of provider as an operator sets it up, with its stand-in as the upstream: one row each. What a row promises
 * is what the provider's own API allows; `upstreams-suite.ts` holds the server to it.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startComfyui } from "../standins/comfyui.ts";
import { DASHSCOPE_KEY, startDashscope } from "../standins/dashscope.ts";
import { FAL_KEY, startFal } from "../standins/fal.ts";
import { startFoxapi } from "../standins/foxapi.ts";
import { startHighwayapi } from "../standins/highwayapi.ts";
import { startOpenaiVideos } from "../standins/openai-videos.ts";
import { startPixverse } from "../standins/pixverse.ts";
import { REPLICATE_KEY, REPLICATE_SECRET, startReplicate } from "../standins/replicate.ts";
import { KEY_FILE, startVertex, TOKEN } from "../standins/vertex.ts";
import { IDS } from "../support/api.ts";
import { ROOT } from "../support/run.ts";
import { type Opened, opens, type Setup } from "./upstreams-opened.ts";

/** What becomes of an answer that was lost, by how it is learned; `unknown`: it never is. */
interface Lost {
  readonly heals: string;
  readonly end: "completed" | "unknown";
  /** Words of the script that leave this one way open. */
  readonly words: string;
  /** It is the provider that tells, once and by itself. */
  readonly called?: true;
}

export interface Kind {
  readonly name: string;
  readonly open: () => Promise<Opened>;
  /** Of each a video is made; the first is the one that things go wrong with. */
  readonly models: readonly string[];
  /** What it serves besides: they take a clip larger than the one at hand. */
  readonly besides?: readonly string[];
  readonly lost: readonly Lost[];
  readonly cancel: {
    /** Whether it can be told, and what is known of the bill then. */
    readonly told: boolean;
    readonly billing: "released" | "unknown";
    readonly words: string;
  };
  /** How work ends badly that it took: words of the script, and the code that the client is told. */
  readonly fails: { readonly words: string; readonly code: string };
  /** How it says "not now", and how often it is then sent the work; left out: with 429, and twice. */
  readonly busy?: { readonly words: string; readonly submits: number };
  /** Its video comes as a download of its own, which can break. */
  readonly downloads: boolean;
  /** What its answer says that does not show, where it was asked for. */
  readonly notes?: readonly string[];
  /** Its calls have a signature of its own. */
  readonly signs?: true;
  /** Its models have no price. */
  readonly free?: true;
  /** The client asks for a look at the provider: left to itself the server would not look again for 20 seconds. */
  readonly looks?: true;
}

const PIXVERSE = [IDS.pixverseImage, IDS.pixverseText, IDS.pixverseTransition];
const WAN = [IDS.wan, IDS.wanText];
const VEO = [
  ...[IDS.veo, IDS.veoFast, IDS.veoLite],
  ...[IDS.veoText, IDS.veoFastText, IDS.veoLiteText],
  ...[IDS.veoFrames, IDS.veoFastFrames, IDS.veoLiteFrames],
];
export const VEO_EXTENDS = [IDS.veoExtend, IDS.veoFastExtend];
export const ALL = [...PIXVERSE, IDS.pixverseExtend, ...WAN, ...VEO];
const OWN = ["wan-2.2-image-to-video", "wan-2.2-text-to-video"];

const CALLED: Lost = { heals: "its call", end: "completed", words: "find=nothing", called: true };
export const LISTED: Lost = { heals: "looking it up", end: "completed", words: "webhook=never" };
const NEVER: Lost = { heals: "nothing", end: "unknown", words: "webhook=never" };

export const JUDGED: Kind["fails"] = { words: "fail=content_policy", code: "content_policy_violation" };
/** One's own server judges nothing. */
const BROKEN: Kind["fails"] = { words: "fail=melted", code: "service_error" };

const UNTOLD: Kind["cancel"] = { told: false, billing: "unknown", words: "stuck" };
export const STOPPED: Kind["cancel"] = { told: true, billing: "released", words: "stuck" };

const KEY = "sk-5eCr3t-of-the-operator";

function opensVertex(more: Readonly<Record<string, string>>): Kind["open"] {
  return opens("vertex", startVertex, {
    set: ({ url }, folder) => ({
      ...{ credentials: join(folder, "key.json"), token_url: `${url}/token`, storage_url: url },
      ...more,
    }),
    write: (folder) => writeFile(join(folder, "key.json"), JSON.stringify(KEY_FILE)),
    secrets: [TOKEN, "PRIVATE KEY", KEY_FILE.private_key.split("\n")[1] ?? TOKEN],
  });
}

const SAMPLES = join(ROOT, "samples/models");
/** The samples as they are, which cost nothing; and with a price, as their text asks the operator to set one. */
const FREE: Setup = { env: () => ({ REELAY_MODELS_DIR: SAMPLES }) };
const PRICED: Setup = {
  env: (folder) => ({ REELAY_MODELS_DIR: folder }),
  async write(folder) {
    for (const name of await readdir(SAMPLES)) {
      const model = await readFile(join(SAMPLES, name), "utf8");
      await writeFile(join(folder, name), model.replace('"usdPerSecond": 0', '"usdPerSecond": 0.05'));
    }
  },
};

export const TOLD: readonly Kind[] = [
  {
    name: "fal",
    open: opens("fal", startFal, {
      key: FAL_KEY,
      set: ({ url }) => ({ jwks_url: `${url}/.well-known/jwks.json` }),
    }),
    models: ALL,
    besides: VEO_EXTENDS,
    fails: JUDGED,
    lost: [CALLED],
    // It takes the wish, and never says what came of it.
    cancel: { told: true, billing: "unknown", words: "stuck" },
    downloads: true,
    signs: true,
  },
  {
    name: "replicate",
    open: opens("replicate", startReplicate, { key: REPLICATE_KEY, secrets: [REPLICATE_SECRET] }),
    models: [...PIXVERSE, ...WAN, ...VEO],
    fails: JUDGED,
    lost: [CALLED, LISTED],
    cancel: STOPPED,
    downloads: true,
    signs: true,
  },
  {
    name: "highwayapi",
    open: opens("highwayapi", () => startHighwayapi({ key: KEY }), { key: KEY }),
    models: ALL.filter((id) => id !== IDS.veoLiteFrames),
    fails: { ...JUDGED, words: "fail=ILLEGAL_PROMPT" },
    lost: [CALLED],
    cancel: UNTOLD,
    downloads: true,
  },
];

export const ASKED: readonly Kind[] = [
  {
    name: "dashscope",
    open: opens("dashscope", () => startDashscope({ region: "beijing" }), {
      key: DASHSCOPE_KEY,
      set: () => ({ region: "beijing" }),
    }),
    models: [...PIXVERSE, ...WAN],
    fails: JUDGED,
    lost: [LISTED],
    // What runs cannot be stopped there.
    cancel: { ...STOPPED, words: "queued=600000" },
    downloads: true,
  },
  {
    name: "pixverse",
    open: opens("pixverse", () => startPixverse({ key: KEY }), { key: KEY }),
    models: [...PIXVERSE, IDS.pixverseExtend],
    fails: { ...JUDGED, words: "fail=7" },
    busy: { words: "status=200 code=500044", submits: 2 },
    lost: [NEVER],
    cancel: UNTOLD,
    downloads: true,
  },
  {
    name: "vertex",
    open: opensVertex({}),
    models: VEO,
    besides: VEO_EXTENDS,
    fails: JUDGED,
    lost: [NEVER],
    cancel: UNTOLD,
    downloads: false,
  },
  {
    name: "vertex with a bucket",
    open: opensVertex({ storage_uri: "gs://a-bucket/videos" }),
    models: VEO,
    besides: VEO_EXTENDS,
    fails: JUDGED,
    lost: [NEVER],
    cancel: UNTOLD,
    downloads: true,
  },
];

export const SELF_HOSTED: readonly Kind[] = [
  {
    name: "openai-videos (vLLM-Omni)",
    open: opens("openai-videos", () => startOpenaiVideos({ profile: "vllm-omni", key: KEY }), {
      ...FREE,
      key: KEY,
    }),
    models: OWN,
    fails: BROKEN,
    lost: [LISTED],
    cancel: STOPPED,
    downloads: true,
    free: true,
  },
  {
    name: "openai-videos (SGLang)",
    open: opens("openai-videos", () => startOpenaiVideos({ profile: "sglang" }), {
      ...PRICED,
      set: () => ({ profile: "sglang" }),
      // It is looked for until the deadline at the latest; else for a minute, which no setting shortens.
      env: (folder) => ({ ...PRICED.env?.(folder), REELAY_TASK_DEADLINE_SECONDS: "15" }),
    }),
    models: OWN,
    fails: BROKEN,
    lost: [NEVER],
    cancel: UNTOLD,
    downloads: true,
  },
  {
    name: "comfyui",
    open: opens("comfyui", () => startComfyui({ key: KEY }), {
      ...PRICED,
      key: KEY,
      set: () => ({ workflows: join(ROOT, "samples/comfyui") }),
    }),
    models: OWN,
    fails: BROKEN,
    lost: [LISTED],
    cancel: STOPPED,
    downloads: true,
  },
];

export const FOXAPI: readonly Kind[] = [
  {
    name: "foxapi",
    // It calls https addresses only, so nothing will ever be heard of a lost one here; callbacks=no says so at once.
    open: opens("foxapi", () => startFoxapi({ key: KEY }), { key: KEY, set: () => ({ callbacks: "no" }) }),
    models: ALL,
    besides: VEO_EXTENDS,
    fails: { ...JUDGED, words: "fail=content_policy_violation" },
    lost: [NEVER],
    cancel: UNTOLD,
    downloads: true,
    notes: ["negative_prompt"],
  },
  {
    name: "foxapi that is a Reelay",
    open: opens("foxapi", () => startFoxapi({ key: KEY, reelay: true }), {
      key: KEY,
      set: () => ({ reelay: "yes" }),
    }),
    models: ALL,
    besides: VEO_EXTENDS,
    fails: { ...JUDGED, words: "fail=content_policy_violation" },
    lost: [LISTED],
    cancel: STOPPED,
    downloads: true,
    notes: ["negative_prompt"],
  },
];

import {
  defineModel,
  flag,
  integer,
  type MediaLimits,
  oneOf,
  type Page,
  sound,
  text,
} from "../../../core/model.ts";
import image from "./wan-2.7-image-to-video.ts";

const TRACK: MediaLimits = { types: ["wav", "mp3"], maxBytes: 15 * 1024 * 1024, seconds: [3, 30] };

/** Those of its sizes that are what they are called; the others have the area of these in another shape. */
const SIZES: Readonly<Record<string, readonly [resolution: string, shape: string]>> = {
  "1280*720": ["720p", "16:9"],
  "720*1280": ["720p", "9:16"],
  "1920*1080": ["1080p", "16:9"],
  "1080*1920": ["1080p", "9:16"],
};
const ofSizes = (part: 0 | 1) =>
  Object.fromEntries(Object.entries(SIZES).map(([size, parts]) => [size, parts[part]]));

const PAGE: Page = {
  path: "wan2.7-t2v",
  type: "WAN_2_7_T2V",
  source: "HighwayAPI's page of the model; limits of the sound track those of the model",
  input: {
    prompt: text({ about: "What the video shows.", required: true, min: 1, max: 1500 }),
    negative_prompt: text({ about: "What to keep out.", max: 500 }),
    audio_url: sound({ about: "The sound track; without one the model makes its own.", limits: TRACK }),
    size: oneOf(Object.keys(SIZES), {
      about: "Width and height in pixels; the squarer sizes of the page are not made here.",
      default: "1920*1080",
    }),
    duration: integer(2, 15, { about: "Length in seconds.", default: 5 }),
    prompt_extend: flag({ about: "Rewrites the prompt.", default: true }),
    watermark: flag({ about: "Only false: no video gets a mark here.", default: false }),
    seed: integer(0, 2147483647, { about: "The same seed repeats a result; left out, one is drawn." }),
  },
  rules: [
    {
      when: {},
      must: { watermark: { is: [false] } },
      say: "watermark can only be false: no video gets a mark here.",
    },
  ],
  send: {
    prompt: "prompt",
    negative_prompt: "negative_prompt",
    audio_url: "audio_url",
    resolution: { field: "size", values: ofSizes(0) },
    aspect_ratio: { field: "size", values: ofSizes(1) },
    duration: "duration",
    enable_prompt_expansion: "prompt_extend",
    seed: "seed",
  },
  unsent: { watermark: "No video gets a mark here." },
  example: {
    prompt: "A lighthouse on a cliff at dusk, waves below, the camera glides slowly to the right",
    size: "1280*720",
    duration: 5,
  },
};

export default defineModel({
  name: "Wan 2.7, text to video",
  vendor: "alibaba",
  source:
    "the model's page at AihubMax, FoxAPI's twin (stored copy read 2026-11-21); lengths of texts and the seed's range from fal's published types",
  input: {
    prompt: text({ about: "What the video shows.", required: true, min: 1, max: 5000 }),
    audio_url: sound({
      about: "The sound track; without one the model makes its own.",
      nullable: true,
      limits: TRACK,
    }),
    aspect_ratio: oneOf(["16:9", "9:16", "1:1", "4:3", "3:4"], {
      about: "Shape of the video, width to height.",
      default: "16:9",
    }),
    duration: integer(2, 15, { about: "Length in seconds.", default: 5 }),
    resolution: oneOf(["720p", "1080p"], { about: "Length of the shorter side.", default: "1080p" }),
    negative_prompt: text({ about: "What to keep out.", nullable: true, max: 500 }),
    seed: integer(0, 2147483647, {
      about: "The same seed repeats a result; null draws one.",
      nullable: true,
    }),
    enable_prompt_expansion: flag({
      about: "Rewrites the prompt; null leaves it to the model.",
      nullable: true,
    }),
    enable_safety_checker: flag({
      about: "Checks the content; null leaves it to the model.",
      nullable: true,
    }),
  },
  rules: [],
  output: { duration: "duration", resolution: "resolution", aspect: "aspect_ratio" },
  price: {
    source:
      "fal's page of Wan 2.7, image to video, a stored copy read 2026-11-20; its page of text to video was not at hand",
    lines: image.price.lines,
  },
  routes: [
    {
      provider: "dashscope",
      endpoint: "wan2.7-t2v",
      send: {
        "input.prompt": "prompt",
        "input.negative_prompt": "negative_prompt",
        "input.audio_url": "audio_url",
        // Lower case is refused there.
        "parameters.resolution": { field: "resolution", values: { "720p": "720P", "1080p": "1080P" } },
        "parameters.ratio": "aspect_ratio",
        "parameters.duration": "duration",
        "parameters.prompt_extend": "enable_prompt_expansion",
        "parameters.watermark": { value: false },
        "parameters.seed": "seed",
      },
      unsent: {},
      unsupported: {
        enable_safety_checker: "Model Studio always checks the content; the check cannot be switched.",
      },
    },
    {
      provider: "fal",
      endpoint: "fal-ai/wan/v2.7/text-to-video",
      send: {
        prompt: "prompt",
        negative_prompt: "negative_prompt",
        audio_url: "audio_url",
        aspect_ratio: "aspect_ratio",
        resolution: "resolution",
        // A list of texts there, "2" to "15".
        duration: { field: "duration", text: "{}" },
        enable_prompt_expansion: "enable_prompt_expansion",
        enable_safety_checker: "enable_safety_checker",
        seed: "seed",
      },
      unsent: {},
    },
    {
      provider: "replicate",
      endpoint: "wan-video/wan-2.7-t2v",
      send: {
        prompt: "prompt",
        negative_prompt: "negative_prompt",
        audio: "audio_url",
        aspect_ratio: "aspect_ratio",
        resolution: "resolution",
        duration: "duration",
        enable_prompt_expansion: "enable_prompt_expansion",
        seed: "seed",
      },
      unsent: {},
      unsupported: { enable_safety_checker: "Replicate's version of the model has no such switch." },
    },
    {
      provider: "highwayapi",
      endpoint: "wan2.7-t2v",
      send: {
        prompt: "prompt",
        negative_prompt: "negative_prompt",
        audio_url: "audio_url",
        size: { frame: "{width}*{height}" },
        duration: "duration",
        prompt_extend: "enable_prompt_expansion",
        watermark: { value: false },
        seed: "seed",
      },
      unsent: {},
      unsupported: {
        enable_safety_checker: "HighwayAPI's page of the model has no such switch.",
      },
      rules: [
        // Its sizes for the other three have the area of the wide ones: 1:1 at 720p is 960*960 there.
        {
          when: {},
          must: { aspect_ratio: { is: ["16:9", "9:16"] } },
          say: "HighwayAPI makes this shape in a size of its own; it is asked for 16:9 and 9:16 only.",
        },
      ],
      // It cuts a longer one and says nothing.
      limits: { prompt: { max: 1500 } },
    },
    {
      provider: "animatic",
      endpoint: "animatic",
      send: {
        prompt: "prompt",
        sound_file: "audio_url",
        // The model has no switch for it: where it is given no sound, it makes one.
        sound: { value: true },
        negative_prompt: "negative_prompt",
        resolution: "resolution",
        aspect_ratio: "aspect_ratio",
        duration: "duration",
        seed: "seed",
        rewrite: "enable_prompt_expansion",
      },
      unsent: {
        enable_safety_checker:
          "Not applicable to an animatic: it shows nothing that the request did not bring, so there is nothing to check.",
      },
    },
  ],
  example: {
    prompt: "A sailing boat crosses a calm bay at sunrise, seen from above",
    aspect_ratio: "16:9",
    duration: 5,
    resolution: "1080p",
  },
  pages: { highwayapi: PAGE },
});

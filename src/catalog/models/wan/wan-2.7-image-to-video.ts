import {
  clip,
  defineModel,
  flag,
  integer,
  oneOf,
  picture,
  pictures,
  sound,
  text,
} from "../../../core/model.ts";

const MIB = 1024 * 1024;

/** Of a picture at either end. */
const FRAME = {
  types: ["jpeg", "png", "bmp", "webp"],
  maxBytes: 20 * MIB,
  side: [240, 8000],
  ratio: [1 / 8, 8],
} as const;
const CLIP = { types: ["mp4", "mov"], maxBytes: 100 * MIB, ratio: [1 / 8, 8], seconds: [2, 10] } as const;
const TRACK = { types: ["wav", "mp3"], maxBytes: 15 * MIB, seconds: [2, 30] } as const;

const FILES_SAY_IT = "The files given say it: one picture, two pictures, or a clip.";

export default defineModel({
  name: "Wan 2.7, image to video",
  vendor: "alibaba",
  source: "FoxAPI's page of the model; limits of files from the newer page of the same operator",
  input: {
    generation_type: oneOf(["image-to-video", "first-last-frame", "video-continuation"], {
      about: "Which of its three ways to work; null takes it from the files given.",
      nullable: true,
    }),
    image_urls: pictures({
      about: "The first frame, then the last one. The video takes the shape of the first.",
      nullable: true,
      max: 2,
      limits: FRAME,
    }),
    video_url: clip({
      about: "A clip to go on from; never together with image_urls.",
      nullable: true,
      limits: CLIP,
    }),
    prompt: text({ about: "What happens.", nullable: true, max: 5000 }),
    audio_url: sound({
      about: "The sound track; without one the model makes its own.",
      nullable: true,
      limits: TRACK,
    }),
    duration: integer(2, 15, { about: "Length of the whole video in seconds.", default: 5 }),
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
  rules: [
    {
      when: { image_urls: { given: true }, video_url: { given: true } },
      must: { image_urls: { given: false } },
      say: "image_urls and video_url exclude each other: send pictures, or a clip to go on from.",
    },
    {
      when: { generation_type: { given: false }, video_url: { given: false } },
      must: { image_urls: { given: true } },
      say: "Something to start from is needed: send one or two image_urls, or a video_url.",
    },
    {
      when: { generation_type: { is: ["image-to-video"] } },
      must: { image_urls: { count: 1 } },
      say: "generation_type image-to-video takes exactly 1 URL in image_urls, the first frame.",
    },
    {
      when: { generation_type: { is: ["first-last-frame"] } },
      must: { image_urls: { count: 2 } },
      say: "generation_type first-last-frame takes exactly 2 URLs in image_urls, the first frame and the last one.",
    },
    {
      when: { generation_type: { is: ["video-continuation"] } },
      must: { video_url: { given: true } },
      say: "generation_type video-continuation needs video_url, the clip to go on from.",
    },
    {
      when: { video_url: { given: true } },
      must: { audio_url: { given: false } },
      say: "audio_url cannot be combined with video_url: leave audio_url out when going on from a clip.",
    },
  ],
  output: { duration: "duration", resolution: "resolution", aspect: { of: ["image_urls", "video_url"] } },
  price: {
    source: "fal's page of Wan 2.7, image to video, a stored copy read 2026-11-20",
    lines: [
      { when: { resolution: { is: ["720p"] } }, usdPerSecond: 0.1 },
      { when: {}, usdPerSecond: 0.15 },
    ],
  },
  routes: [
    {
      provider: "dashscope",
      endpoint: "wan2.7-i2v",
      send: {
        "input.prompt": "prompt",
        "input.negative_prompt": "negative_prompt",
        "input.media.first_frame": { field: "image_urls", item: 0 },
        "input.media.last_frame": { field: "image_urls", item: 1 },
        "input.media.first_clip": "video_url",
        "input.media.driving_audio": "audio_url",
        // Lower case is refused there.
        "parameters.resolution": { field: "resolution", values: { "720p": "720P", "1080p": "1080P" } },
        "parameters.duration": "duration",
        "parameters.prompt_extend": "enable_prompt_expansion",
        "parameters.watermark": { value: false },
        "parameters.seed": "seed",
      },
      unsent: { generation_type: FILES_SAY_IT },
      unsupported: {
        enable_safety_checker: "Model Studio always checks the content; the check cannot be switched.",
      },
    },
    {
      provider: "fal",
      endpoint: "fal-ai/wan/v2.7/image-to-video",
      send: {
        prompt: "prompt",
        negative_prompt: "negative_prompt",
        image_url: { field: "image_urls", item: 0 },
        end_image_url: { field: "image_urls", item: 1 },
        video_url: "video_url",
        audio_url: "audio_url",
        resolution: "resolution",
        // A list of texts there, "2" to "15".
        duration: { field: "duration", text: "{}" },
        enable_prompt_expansion: "enable_prompt_expansion",
        enable_safety_checker: "enable_safety_checker",
        seed: "seed",
      },
      unsent: { generation_type: FILES_SAY_IT },
    },
    {
      provider: "replicate",
      endpoint: "wan-video/wan-2.7-i2v",
      send: {
        prompt: "prompt",
        negative_prompt: "negative_prompt",
        first_frame: { field: "image_urls", item: 0 },
        last_frame: { field: "image_urls", item: 1 },
        first_clip: "video_url",
        audio: "audio_url",
        resolution: "resolution",
        duration: "duration",
        enable_prompt_expansion: "enable_prompt_expansion",
        seed: "seed",
      },
      unsent: { generation_type: FILES_SAY_IT },
      unsupported: { enable_safety_checker: "Replicate's version of the model has no such switch." },
      limits: { audio_url: { seconds: [3, 30] } },
    },
    {
      provider: "highwayapi",
      endpoint: "wan2.7-i2v",
      send: {
        prompt: "prompt",
        negative_prompt: "negative_prompt",
        image_url: { field: "image_urls", item: 0 },
        last_frame_url: { field: "image_urls", item: 1 },
        driving_audio_url: "audio_url",
        resolution: { field: "resolution", values: { "720p": "720P", "1080p": "1080P" } },
        duration: "duration",
        prompt_extend: "enable_prompt_expansion",
        watermark: { value: false },
        seed: "seed",
      },
      unsent: { generation_type: FILES_SAY_IT },
      unsupported: {
        video_url: "HighwayAPI's page of the model asks for a picture in every request.",
        enable_safety_checker: "HighwayAPI's page of the model has no such switch.",
      },
    },
    {
      provider: "animatic",
      endpoint: "animatic",
      send: {
        prompt: "prompt",
        first_frame: { field: "image_urls", item: 0 },
        last_frame: { field: "image_urls", item: 1 },
        clip: "video_url",
        sound_file: "audio_url",
        // The model has no switch for it: where it is given no sound, it makes one.
        sound: { value: true },
        negative_prompt: "negative_prompt",
        resolution: "resolution",
        duration: "duration",
        seed: "seed",
        rewrite: "enable_prompt_expansion",
      },
      unsent: {
        generation_type: FILES_SAY_IT,
        enable_safety_checker:
          "Not applicable to an animatic: it shows nothing that the request did not bring, so there is nothing to check.",
      },
    },
  ],
  example: {
    image_urls: ["{media}/lighthouse.jpg"],
    prompt: "The camera pulls back slowly, clouds drift over the sea",
    duration: 5,
    resolution: "1080p",
  },
  pages: {
    highwayapi: {
      path: "wan2.7-i2v",
      type: "WAN_2_7_I2V",
      source:
        "HighwayAPI's page of the model as far as a stored copy has it; limits and defaults of its last six parameters from Alibaba's own documentation",
      input: {
        image_url: picture({ about: "The first frame; the video takes its shape.", limits: FRAME }),
        last_frame_url: picture({ about: "The last frame.", limits: FRAME }),
        first_clip_url: clip({ about: "A clip to go on from, in place of image_url.", limits: CLIP }),
        driving_audio_url: sound({
          about: "The sound track; without one the model makes its own.",
          limits: TRACK,
        }),
        prompt: text({ about: "What happens.", max: 5000 }),
        negative_prompt: text({ about: "What to keep out.", max: 500 }),
        duration: integer(2, 15, { about: "Length of the whole video in seconds.", default: 5 }),
        resolution: oneOf(["720P", "1080P"], { about: "Length of the shorter side.", default: "1080P" }),
        seed: integer(0, 2147483647, { about: "The same seed repeats a result; left out, one is drawn." }),
        prompt_extend: flag({ about: "Rewrites the prompt.", default: true }),
        watermark: flag({ about: "Only false: no video gets a mark here.", default: false }),
      },
      rules: [
        {
          when: { first_clip_url: { given: false } },
          must: { image_url: { given: true } },
          say: "image_url, the first frame, is required; only a first_clip_url to go on from may take its place.",
        },
        {
          when: { first_clip_url: { given: true } },
          must: { image_url: { given: false } },
          say: "image_url and first_clip_url exclude each other: the video begins with a picture, or goes on from a clip.",
        },
        {
          when: { first_clip_url: { given: true } },
          must: { last_frame_url: { given: false } },
          say: "last_frame_url cannot be combined with first_clip_url: it needs an image_url to lead away from.",
        },
        {
          when: { first_clip_url: { given: true } },
          must: { driving_audio_url: { given: false } },
          say: "driving_audio_url cannot be combined with first_clip_url: leave it out when going on from a clip.",
        },
        {
          when: {},
          must: { watermark: { is: [false] } },
          say: "watermark can only be false: no video gets a mark here.",
        },
      ],
      send: {
        image_urls: { list: ["image_url", "last_frame_url"] },
        video_url: "first_clip_url",
        audio_url: "driving_audio_url",
        prompt: "prompt",
        negative_prompt: "negative_prompt",
        duration: "duration",
        resolution: { field: "resolution", values: { "720P": "720p", "1080P": "1080p" } },
        seed: "seed",
        enable_prompt_expansion: "prompt_extend",
      },
      unsent: { watermark: "No video gets a mark here." },
      example: {
        image_url: "{media}/lighthouse.jpg",
        prompt: "The camera pulls back slowly, clouds drift over the sea",
        duration: 5,
        resolution: "1080P",
      },
    },
  },
});

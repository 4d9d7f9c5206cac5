import { defineModel, flag, integer, number, oneOf, type Page, picture, text } from "../../../core/model.ts";

export const PAGE: Page = {
  path: "pixverse-v6-i2v",
  type: "PIXVERSE_V6_I2V",
  source:
    "HighwayAPI's page of the model; range of the seed, values of thinking_type and longest side from PixVerse's own documentation",
  input: {
    image: picture({
      about: "The first frame; the video takes its shape.",
      required: true,
      limits: {
        types: ["jpeg", "png"],
        maxBytes: 10 * 1024 * 1024,
        side: [300, 10000],
        ratio: [0.4, 2.5],
      },
    }),
    prompt: text({
      about: "What happens, in Chinese or English; may be empty.",
      required: true,
      max: 2500,
    }),
    negative_prompt: text({ about: "What to keep out, separated by commas.", max: 2500 }),
    duration: integer(1, 15, { about: "Length in seconds.", default: 5 }),
    resolution: oneOf(["360p", "540p", "720p", "1080p"], {
      about: "Length of the shorter side.",
      default: "720p",
    }),
    cfg_scale: number(0, 1, { about: "Has no effect: the model has no such scale." }),
    thinking_type: oneOf(["enabled", "disabled", "auto"], {
      about: "Rewrites the prompt always, never, or where it helps.",
      default: "auto",
    }),
    seed: integer(0, 2147483647, { about: "The same seed repeats a result; left out, one is drawn." }),
    generate_audio_switch: flag({
      about: "Adds background sound, effects or speech.",
      default: false,
    }),
  },
  rules: [],
  send: {
    image_url: "image",
    prompt: "prompt",
    negative_prompt: "negative_prompt",
    duration: "duration",
    resolution: "resolution",
    // Left open, the model decides: not every provider has a word for it.
    thinking_type: {
      field: "thinking_type",
      values: { enabled: "enabled", disabled: "disabled", auto: null },
    },
    seed: "seed",
    generate_audio: "generate_audio_switch",
  },
  unsent: { cfg_scale: "PixVerse V6 has no such scale; nobody was told of it." },
  example: {
    image: "{media}/lighthouse.jpg",
    prompt: "The camera pushes in slowly while the light of the lighthouse turns",
    resolution: "720p",
    duration: 5,
    generate_audio_switch: true,
  },
};

export default defineModel({
  name: "PixVerse V6, image to video",
  vendor: "pixverse",
  source:
    "FoxAPI's page of the model; prompt length, seed range and picture limits from PixVerse's own documentation",
  input: {
    prompt: text({ about: "What happens, in Chinese or English.", required: true, min: 1, max: 2048 }),
    image_url: picture({
      about: "The first frame; the video takes its shape.",
      required: true,
      limits: {
        types: ["jpeg", "png", "webp"],
        maxBytes: 20 * 1024 * 1024,
        side: [300, 10000],
        ratio: [0.4, 2.5],
      },
    }),
    resolution: oneOf(["360p", "540p", "720p", "1080p"], {
      about: "Length of the shorter side.",
      default: "720p",
    }),
    duration: integer(1, 15, { about: "Length in seconds.", default: 5 }),
    generate_audio: flag({ about: "Adds background sound, effects or speech.", default: false }),
    negative_prompt: text({ about: "What to keep out, separated by commas.", nullable: true, max: 2048 }),
    style: oneOf(["anime", "3d_animation", "clay", "comic", "cyberpunk"], {
      about: "Look of the video.",
      nullable: true,
    }),
    seed: integer(0, 2147483647, {
      about: "The same seed repeats a result; null draws one.",
      nullable: true,
    }),
    generate_multi_clip: flag({
      about: "Several shots with changes of camera; null is off.",
      nullable: true,
    }),
    thinking_type: oneOf(["enabled", "disabled", "auto"], {
      about: "Rewrites the prompt always, never, or where it helps; null is auto.",
      nullable: true,
    }),
  },
  rules: [],
  output: { duration: "duration", resolution: "resolution", aspect: { of: ["image_url"] } },
  price: {
    source:
      "fal's pages of PixVerse V6, text to video and extend, which agree, stored copies read 2026-11-20; its page of image to video was not at hand",
    lines: [
      { when: { resolution: { is: ["360p"] }, generate_audio: { is: [false] } }, usdPerSecond: 0.025 },
      { when: { resolution: { is: ["360p"] }, generate_audio: { is: [true] } }, usdPerSecond: 0.035 },
      { when: { resolution: { is: ["540p"] }, generate_audio: { is: [false] } }, usdPerSecond: 0.035 },
      { when: { resolution: { is: ["540p"] }, generate_audio: { is: [true] } }, usdPerSecond: 0.045 },
      { when: { resolution: { is: ["720p"] }, generate_audio: { is: [false] } }, usdPerSecond: 0.045 },
      { when: { resolution: { is: ["720p"] }, generate_audio: { is: [true] } }, usdPerSecond: 0.06 },
      { when: { resolution: { is: ["1080p"] }, generate_audio: { is: [false] } }, usdPerSecond: 0.09 },
      { when: {}, usdPerSecond: 0.115 },
    ],
  },
  routes: [
    {
      provider: "pixverse",
      endpoint: "video/img/generate",
      send: {
        model: { value: "v6" },
        prompt: "prompt",
        img_id: "image_url",
        quality: "resolution",
        duration: "duration",
        generate_audio_switch: "generate_audio",
        negative_prompt: "negative_prompt",
        style: "style",
        seed: "seed",
        generate_multi_clip_switch: { field: "generate_multi_clip", otherwise: false },
        thinking_type: "thinking_type",
      },
      unsent: {},
      // "Less than 20MB" there, in the decimal sense.
      limits: { image_url: { maxBytes: 19_999_999 } },
    },
    {
      provider: "fal",
      endpoint: "fal-ai/pixverse/v6/image-to-video",
      send: {
        prompt: "prompt",
        image_url: "image_url",
        resolution: "resolution",
        duration: "duration",
        generate_audio_switch: "generate_audio",
        negative_prompt: "negative_prompt",
        style: "style",
        seed: "seed",
        generate_multi_clip_switch: { field: "generate_multi_clip", otherwise: false },
        thinking_type: "thinking_type",
      },
      unsent: {},
    },
    {
      provider: "replicate",
      endpoint: "pixverse/pixverse-v6",
      send: {
        prompt: "prompt",
        image: "image_url",
        // Always: its own default is 540p.
        quality: "resolution",
        duration: "duration",
        generate_audio_switch: "generate_audio",
        negative_prompt: "negative_prompt",
        seed: "seed",
        generate_multi_clip_switch: { field: "generate_multi_clip", otherwise: false },
      },
      unsent: {},
      unsupported: {
        style: "Replicate's version of the model has no styles.",
        thinking_type: "Replicate's version of the model has no switch for rewriting the prompt.",
      },
    },
    {
      provider: "dashscope",
      endpoint: "pixverse/pixverse-v6-it2v",
      send: {
        "input.prompt": "prompt",
        "input.media.image_url": "image_url",
        "parameters.resolution": {
          field: "resolution",
          values: { "360p": "360P", "540p": "540P", "720p": "720P", "1080p": "1080P" },
        },
        "parameters.duration": "duration",
        "parameters.audio": "generate_audio",
        "parameters.shot_type": {
          field: "generate_multi_clip",
          values: { true: "multi", false: "single" },
          otherwise: "single",
        },
        "parameters.watermark": { value: false },
        "parameters.seed": "seed",
      },
      unsent: {},
      unsupported: {
        negative_prompt: "Model Studio's version of the model has no negative prompt.",
        style: "Model Studio's version of the model has no styles.",
        thinking_type: "Model Studio's version of the model has no switch for rewriting the prompt.",
      },
    },
    {
      provider: "highwayapi",
      endpoint: "pixverse-v6-i2v",
      send: {
        prompt: "prompt",
        image: "image_url",
        resolution: "resolution",
        duration: "duration",
        generate_audio_switch: "generate_audio",
        negative_prompt: "negative_prompt",
        seed: "seed",
        thinking_type: "thinking_type",
      },
      unsent: {},
      unsupported: {
        style: "HighwayAPI's page of the model has no styles.",
        generate_multi_clip: "HighwayAPI's page of the model has no shots.",
      },
      limits: {
        prompt: { min: 0, max: 2500 },
        negative_prompt: { max: 2500 },
        image_url: { types: ["jpeg", "png"], maxBytes: 10 * 1024 * 1024 },
      },
    },
    {
      provider: "animatic",
      endpoint: "animatic",
      send: {
        prompt: "prompt",
        first_frame: "image_url",
        negative_prompt: "negative_prompt",
        resolution: "resolution",
        duration: "duration",
        seed: "seed",
        sound: "generate_audio",
        style: "style",
        shots: "generate_multi_clip",
        rewrite: "thinking_type",
      },
      unsent: {},
      limits: { prompt: { min: 0, max: 2500 }, negative_prompt: { max: 2500 } },
    },
  ],
  example: {
    prompt: "The camera pushes in slowly while the light of the lighthouse turns",
    image_url: "{media}/lighthouse.jpg",
    resolution: "720p",
    duration: 5,
    generate_audio: true,
  },
  pages: { highwayapi: PAGE },
});

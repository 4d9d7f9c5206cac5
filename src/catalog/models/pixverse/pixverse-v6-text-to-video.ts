import { defineModel, flag, integer, oneOf, text } from "../../../core/model.ts";

export default defineModel({
  name: "PixVerse V6, text to video",
  vendor: "pixverse",
  source: "FoxAPI's page of the model; prompt length and seed range from PixVerse's own documentation",
  input: {
    prompt: text({
      about: "What the video shows, in Chinese or English.",
      required: true,
      min: 1,
      max: 2048,
    }),
    resolution: oneOf(["360p", "540p", "720p", "1080p"], {
      about: "Length of the shorter side.",
      default: "720p",
    }),
    aspect_ratio: oneOf(["16:9", "4:3", "1:1", "3:4", "9:16", "2:3", "3:2", "21:9"], {
      about: "Shape of the video, width to height.",
      default: "16:9",
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
  output: { duration: "duration", resolution: "resolution", aspect: "aspect_ratio" },
  price: {
    source: "fal's page of PixVerse V6, text to video, a stored copy read 2026-11-20",
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
      endpoint: "video/text/generate",
      send: {
        model: { value: "v6" },
        prompt: "prompt",
        aspect_ratio: "aspect_ratio",
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
    },
    {
      provider: "fal",
      endpoint: "fal-ai/pixverse/v6/text-to-video",
      send: {
        prompt: "prompt",
        aspect_ratio: "aspect_ratio",
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
        aspect_ratio: "aspect_ratio",
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
      endpoint: "pixverse/pixverse-v6-t2v",
      send: {
        "input.prompt": "prompt",
        "parameters.size": { frame: "{width}*{height}" },
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
      // Its table of sizes is its own (540p of 16:9 is 1024*576 there); these are the ones that are what they are called.
      rules: [
        {
          when: {},
          must: { aspect_ratio: { is: ["16:9", "9:16"] }, resolution: { is: ["360p", "720p", "1080p"] } },
          say: "Model Studio makes this resolution and shape in a size of its own; it is asked for 16:9 and 9:16 at 360p, 720p and 1080p only.",
        },
      ],
    },
    {
      provider: "highwayapi",
      endpoint: "pixverse-v6-t2v",
      send: {
        prompt: "prompt",
        aspect_ratio: "aspect_ratio",
        resolution: "resolution",
        duration: "duration",
        generate_audio_switch: "generate_audio",
        negative_prompt: "negative_prompt",
        thinking_type: "thinking_type",
      },
      unsent: {},
      unsupported: {
        style: "HighwayAPI's page of the model has no styles.",
        seed: "HighwayAPI's page of the model has no seed.",
        generate_multi_clip: "HighwayAPI's page of the model has no shots.",
      },
      rules: [
        {
          when: {},
          must: { aspect_ratio: { is: ["16:9", "9:16", "1:1", "4:3", "3:4"] } },
          say: "HighwayAPI takes the shapes 16:9, 9:16, 1:1, 4:3 and 3:4 only.",
        },
      ],
      limits: { prompt: { min: 0, max: 2500 }, negative_prompt: { max: 2500 } },
    },
    {
      provider: "animatic",
      endpoint: "animatic",
      send: {
        prompt: "prompt",
        negative_prompt: "negative_prompt",
        resolution: "resolution",
        aspect_ratio: "aspect_ratio",
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
    prompt: "A lighthouse on a cliff at dusk, waves below, the camera glides slowly to the right",
    resolution: "720p",
    aspect_ratio: "16:9",
    duration: 5,
    generate_audio: true,
  },
  pages: {
    highwayapi: {
      path: "pixverse-v6-t2v",
      type: "PIXVERSE_V6_T2V",
      source: "HighwayAPI's page of the model; lengths of the texts from its page of image to video",
      input: {
        prompt: text({ about: "What the video shows, in Chinese or English.", required: true, max: 2500 }),
        negative_prompt: text({ about: "What to keep out, separated by commas.", max: 2500 }),
        duration: integer(1, 15, { about: "Length in seconds.", default: 5 }),
        resolution: oneOf(["360p", "540p", "720p", "1080p"], {
          about: "Length of the shorter side.",
          default: "720p",
        }),
        aspect_ratio: oneOf(["16:9", "9:16", "1:1", "4:3", "3:4"], {
          about: "Shape of the video, width to height.",
          default: "16:9",
        }),
        thinking_type: oneOf(["enabled", "disabled", "auto"], {
          about: "Rewrites the prompt always, never, or where it helps.",
          default: "auto",
        }),
        generate_audio_switch: flag({
          about: "Adds background sound, effects or speech.",
          default: false,
        }),
      },
      rules: [],
      send: {
        prompt: "prompt",
        negative_prompt: "negative_prompt",
        duration: "duration",
        resolution: "resolution",
        aspect_ratio: "aspect_ratio",
        // Left open, the model decides: not every provider has a word for it.
        thinking_type: {
          field: "thinking_type",
          values: { enabled: "enabled", disabled: "disabled", auto: null },
        },
        generate_audio: "generate_audio_switch",
      },
      unsent: {},
      example: {
        prompt: "A lighthouse on a cliff at dusk, waves below, the camera glides slowly to the right",
        aspect_ratio: "16:9",
        duration: 5,
      },
    },
  },
});

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
    },
  ],
  example: {
    prompt: "A lighthouse on a cliff at dusk, waves below, the camera glides slowly to the right",
    resolution: "720p",
    aspect_ratio: "16:9",
    duration: 5,
    generate_audio: true,
  },
});

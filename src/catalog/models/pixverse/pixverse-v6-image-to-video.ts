import { defineModel, flag, integer, oneOf, picture, text } from "../../../core/model.ts";

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
    },
  ],
  example: {
    prompt: "The camera pushes in slowly while the light of the lighthouse turns",
    image_url: "{media}/lighthouse.jpg",
    resolution: "720p",
    duration: 5,
    generate_audio: true,
  },
});

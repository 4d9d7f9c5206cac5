import { clip, defineModel, integer, type MediaLimits, oneOf, type Page } from "../../../core/model.ts";
import image, { PAGE as IMAGE_PAGE } from "./pixverse-v6-image-to-video.ts";

// A clip goes on in one shot, and by the prompt as it is: those two are parameters of the model's siblings only.
const { image_url: _, generate_multi_clip: __, thinking_type: ___, ...common } = image.input;

const CLIP: MediaLimits = {
  types: ["mp4", "mov"],
  maxBytes: 100 * 1024 * 1024,
  side: [2, 1920],
  ratio: [1 / 8, 8],
  // Less than 40 there.
  seconds: [1, 39],
};

const { cfg_scale: _p, image: __p, thinking_type, ...ofPage } = IMAGE_PAGE.input;
const { image_url, thinking_type: ___p, ...sent } = IMAGE_PAGE.send;

const PAGE: Page = {
  path: "pixverse-v6-extend",
  type: "PIXVERSE_V6_EXTEND",
  source:
    "HighwayAPI's page of the model; length of the texts from its page of image to video, limits of the clip those of the model",
  input: {
    ...ofPage,
    video: clip({
      about: "The clip to go on from; the video takes its shape.",
      required: true,
      limits: CLIP,
    }),
    duration: integer(1, 15, { about: "Length of the new part in seconds.", default: 5 }),
    style: oneOf(["anime", "3d_animation", "clay", "comic", "cyberpunk"], { about: "Look of the video." }),
  },
  rules: [],
  send: { ...sent, video_url: "video", style: "style" },
  unsent: {},
  example: {
    prompt: "The camera goes on to the right until the harbour comes into view",
    video: "{media}/clip.mp4",
    duration: 5,
  },
};

export default defineModel({
  name: "PixVerse V6, extend",
  vendor: "pixverse",
  source:
    "the model's page at AihubMax, FoxAPI's twin (stored copy read 2026-11-21); prompt length and seed range are those of its siblings; the clip's longest side and length are what ComfyUI's node holds PixVerse to, its size that of Wan's clips",
  input: {
    ...common,
    video_url: clip({
      about:
        "The clip to go on from; the video takes its shape. Some providers hand over the clip with the new part behind it, in the clip's own size.",
      required: true,
      limits: CLIP,
    }),
    duration: integer(1, 15, { about: "Length of the new part in seconds.", default: 5 }),
  },
  rules: [],
  output: { duration: "duration", resolution: "resolution", aspect: { of: ["video_url"] } },
  price: {
    source:
      "fal's page of PixVerse V6, extend, a stored copy read 2026-11-20; for each second that is made, so for the new part",
    lines: image.price.lines,
  },
  routes: [
    {
      provider: "pixverse",
      endpoint: "video/extend/generate",
      send: {
        model: { value: "v6" },
        prompt: "prompt",
        video_media_id: "video_url",
        quality: "resolution",
        duration: "duration",
        generate_audio_switch: "generate_audio",
        negative_prompt: "negative_prompt",
        style: "style",
        seed: "seed",
      },
      unsent: {},
    },
    {
      provider: "fal",
      endpoint: "fal-ai/pixverse/v6/extend",
      send: {
        prompt: "prompt",
        video_url: "video_url",
        resolution: "resolution",
        duration: "duration",
        generate_audio_switch: "generate_audio",
        negative_prompt: "negative_prompt",
        style: "style",
        seed: "seed",
      },
      unsent: {},
    },
    {
      provider: "highwayapi",
      endpoint: "pixverse-v6-extend",
      send: {
        prompt: "prompt",
        video: "video_url",
        resolution: "resolution",
        duration: "duration",
        generate_audio_switch: "generate_audio",
        negative_prompt: "negative_prompt",
        style: "style",
        seed: "seed",
      },
      unsent: {},
      limits: { prompt: { min: 0, max: 2500 }, negative_prompt: { max: 2500 } },
    },
    {
      provider: "animatic",
      endpoint: "animatic",
      send: {
        prompt: "prompt",
        clip: "video_url",
        negative_prompt: "negative_prompt",
        resolution: "resolution",
        duration: "duration",
        seed: "seed",
        sound: "generate_audio",
        style: "style",
      },
      unsent: {},
      limits: { prompt: { min: 0, max: 2500 }, negative_prompt: { max: 2500 } },
    },
  ],
  example: {
    prompt: "The camera goes on to the right until the harbour comes into view",
    video_url: "{media}/clip.mp4",
    resolution: "720p",
    duration: 5,
  },
  pages: { highwayapi: PAGE },
});

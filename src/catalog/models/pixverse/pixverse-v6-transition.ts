import { defineModel, flag, type MediaLimits, oneOf, type Page, picture, text } from "../../../core/model.ts";
import image, { PAGE as IMAGE_PAGE } from "./pixverse-v6-image-to-video.ts";

const FRAME: MediaLimits = {
  types: ["jpeg", "png", "webp"],
  maxBytes: 20 * 1024 * 1024,
  side: [300, 10000],
  ratio: [0.4, 2.5],
};
/** Of a first picture where the video takes its shape: 16:9, as 1366 x 768 is, too. */
const WIDE: readonly [number, number] = [1.77, 1.79];
const TAKES_SHAPE = "gives the video the shape of the first picture, whatever is asked.";
const BOTH_NEEDED = (who: string) => ({
  when: {},
  must: { image_tail_url: { given: true } },
  say: `${who} makes a transition of two pictures only: send image_tail_url, too.`,
});

const { cfg_scale: _, image: __, thinking_type, ...common } = IMAGE_PAGE.input;
const THEIR_FRAME: MediaLimits = { ...FRAME, types: ["jpeg", "png"], maxBytes: 10 * 1024 * 1024 };

const PAGE: Page = {
  path: "pixverse-v6-transition",
  type: "PIXVERSE_V6_TRANSITION",
  source:
    "HighwayAPI's page of the model as far as a stored copy has it; limits of pictures and texts, and the words of thinking_type, from its page of image to video",
  input: {
    ...common,
    prompt: text({
      about: "What happens between the two, in Chinese or English.",
      required: true,
      max: 2500,
    }),
    image: picture({
      about: "The first frame; cut where it has another shape than the video.",
      required: true,
      limits: THEIR_FRAME,
    }),
    end_image: picture({
      about: "The last frame; left out, the model ends as it likes.",
      limits: THEIR_FRAME,
    }),
    aspect_ratio: oneOf(["16:9", "9:16", "1:1", "4:3", "3:4"], {
      about: "Shape of the video, width to height.",
      default: "1:1",
    }),
    style: oneOf(["anime", "3d_animation", "clay", "comic", "cyberpunk"], { about: "Look of the video." }),
    thinking_type: oneOf([true, false, "enabled", "disabled", "auto"], {
      about: "Rewrites the prompt always, never, or where it helps.",
      default: "auto",
    }),
    generate_multi_clip_switch: flag({ about: "Several shots with changes of camera." }),
  },
  rules: [],
  send: {
    ...IMAGE_PAGE.send,
    image_tail_url: "end_image",
    aspect_ratio: "aspect_ratio",
    style: "style",
    generate_multi_clip: "generate_multi_clip_switch",
    thinking_type: {
      field: "thinking_type",
      values: { true: "enabled", false: "disabled", enabled: "enabled", disabled: "disabled", auto: null },
    },
  },
  unsent: {},
  example: {
    prompt: "Dusk falls over the lighthouse until its lamp is lit",
    image: "{media}/lighthouse.jpg",
    end_image: "{media}/lighthouse-at-night.jpg",
    aspect_ratio: "16:9",
  },
};

export default defineModel({
  name: "PixVerse V6, transition",
  vendor: "pixverse",
  source:
    "the model's page at AihubMax, FoxAPI's twin (stored copy read 2026-11-21); prompt length, seed range and picture limits are those of its siblings, from PixVerse's own documentation",
  input: {
    ...image.input,
    image_url: picture({
      about: "The first frame; cut where it has another shape than the video.",
      required: true,
      limits: FRAME,
    }),
    image_tail_url: picture({
      about: "The last frame; null leaves the end to the model.",
      nullable: true,
      limits: FRAME,
    }),
    aspect_ratio: oneOf(["16:9", "4:3", "1:1", "3:4", "9:16", "2:3", "3:2", "21:9"], {
      about: "Shape of the video, width to height.",
      default: "16:9",
    }),
  },
  rules: [],
  output: { duration: "duration", resolution: "resolution", aspect: "aspect_ratio" },
  price: {
    source:
      "fal's pages of PixVerse V6, text to video and extend, which agree, stored copies read 2026-11-20; its page of transition was not at hand, and Eachlabs, a reseller, lists the same",
    lines: image.price.lines,
  },
  routes: [
    {
      provider: "pixverse",
      endpoint: "video/transition/generate",
      send: {
        model: { value: "v6" },
        prompt: "prompt",
        first_frame_img: "image_url",
        last_frame_img: "image_tail_url",
        quality: "resolution",
        duration: "duration",
        generate_audio_switch: "generate_audio",
        negative_prompt: "negative_prompt",
        style: "style",
        seed: "seed",
      },
      unsent: {},
      unsupported: {
        aspect_ratio: `PixVerse's own API ${TAKES_SHAPE}`,
        generate_multi_clip: "PixVerse's own API makes a transition in one shot.",
        thinking_type: "PixVerse's own API has no switch for rewriting the prompt of a transition.",
      },
      rules: [BOTH_NEEDED("PixVerse's own API")],
      // "Less than 20MB" there, in the decimal sense.
      limits: {
        image_url: { maxBytes: 19_999_999, ratio: WIDE },
        image_tail_url: { maxBytes: 19_999_999 },
      },
    },
    {
      provider: "fal",
      endpoint: "fal-ai/pixverse/v6/transition",
      send: {
        prompt: "prompt",
        first_image_url: "image_url",
        end_image_url: "image_tail_url",
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
        image: "image_url",
        last_frame_image: "image_tail_url",
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
        aspect_ratio: `Replicate's version of the model ${TAKES_SHAPE}`,
        style: "Replicate's version of the model has no styles.",
        thinking_type: "Replicate's version of the model has no switch for rewriting the prompt.",
      },
      limits: { image_url: { ratio: WIDE } },
    },
    {
      provider: "dashscope",
      endpoint: "pixverse/pixverse-v6-kf2v",
      send: {
        "input.prompt": "prompt",
        "input.media.first_frame": "image_url",
        "input.media.last_frame": "image_tail_url",
        "parameters.resolution": {
          field: "resolution",
          values: { "360p": "360P", "540p": "540P", "720p": "720P", "1080p": "1080P" },
        },
        "parameters.duration": "duration",
        "parameters.audio": "generate_audio",
        "parameters.watermark": { value: false },
        "parameters.seed": "seed",
      },
      unsent: {},
      unsupported: {
        aspect_ratio: `Model Studio's version of the model ${TAKES_SHAPE}`,
        negative_prompt: "Model Studio's version of the model has no negative prompt.",
        style: "Model Studio's version of the model has no styles.",
        generate_multi_clip: "Model Studio's page of the model shows no shots for two pictures.",
        thinking_type: "Model Studio's version of the model has no switch for rewriting the prompt.",
      },
      rules: [BOTH_NEEDED("Model Studio")],
      limits: { image_url: { ratio: WIDE } },
    },
    {
      provider: "highwayapi",
      endpoint: "pixverse-v6-transition",
      send: {
        prompt: "prompt",
        image: "image_url",
        end_image: "image_tail_url",
        // Always: its own default is 1:1.
        aspect_ratio: "aspect_ratio",
        resolution: "resolution",
        duration: "duration",
        generate_audio_switch: "generate_audio",
        negative_prompt: "negative_prompt",
        style: "style",
        seed: "seed",
        generate_multi_clip_switch: "generate_multi_clip",
        // Yes or no on this page, a word on those of its siblings.
        thinking_type: { field: "thinking_type", values: { enabled: true, disabled: false, auto: null } },
      },
      unsent: {},
      rules: [
        {
          when: { thinking_type: { given: true } },
          must: { thinking_type: { is: ["enabled", "disabled"] } },
          say: "HighwayAPI rewrites the prompt of a transition always or never: send enabled or disabled, or leave thinking_type out.",
        },
        {
          when: {},
          must: { aspect_ratio: { is: ["16:9", "9:16", "1:1", "4:3", "3:4"] } },
          say: "HighwayAPI takes the shapes 16:9, 9:16, 1:1, 4:3 and 3:4 only.",
        },
      ],
      // Stated on its page of image to video; the page of transition is silent.
      limits: {
        prompt: { min: 0, max: 2500 },
        negative_prompt: { max: 2500 },
        image_url: { types: ["jpeg", "png"], maxBytes: 10 * 1024 * 1024 },
        image_tail_url: { types: ["jpeg", "png"], maxBytes: 10 * 1024 * 1024 },
      },
    },
    {
      provider: "animatic",
      endpoint: "animatic",
      send: {
        prompt: "prompt",
        first_frame: "image_url",
        last_frame: "image_tail_url",
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
    prompt: "Dusk falls over the lighthouse until its lamp is lit",
    image_url: "{media}/lighthouse.jpg",
    image_tail_url: "{media}/lighthouse-at-night.jpg",
    resolution: "720p",
    duration: 5,
  },
  pages: { highwayapi: PAGE },
});

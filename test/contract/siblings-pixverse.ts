/** PixVerse's transition and extend, by provider. The numbers of uploads are looked at digit for digit elsewhere. */
import { expect } from "vitest";
import { CLIP, link, OTHER, PICTURE, type Told } from "./siblings-bodies.ts";

const TRANSITION = "pixverse-v6-transition";
const EXTEND = "pixverse-v6-extend";
const NUMBER = expect.any(Number);

const TWO = { prompt: "A fox", image_url: PICTURE, image_tail_url: OTHER };
const GOES_ON = { prompt: "A fox", video_url: CLIP };
/** Everything that all of them have, false and 0 included. */
const MOST = { resolution: "1080p", duration: 15, generate_audio: true, seed: 0 };
const WORDS = { negative_prompt: "rain", style: "clay" };

export const PIXVERSE: readonly Told[] = [
  {
    ...{ kind: "pixverse", model: TRANSITION, body: TWO, path: "/video/transition/generate" },
    json: {
      ...{ model: "v6", prompt: "A fox", first_frame_img: NUMBER, last_frame_img: NUMBER },
      ...{ quality: "720p", duration: 5, generate_audio_switch: false },
    },
    files: { first_frame_img: "image_url", last_frame_img: "image_tail_url" },
  },
  {
    ...{ kind: "pixverse", model: TRANSITION, path: "/video/transition/generate" },
    body: { ...TWO, ...MOST, ...WORDS },
    json: {
      ...{ model: "v6", prompt: "A fox", first_frame_img: NUMBER, last_frame_img: NUMBER },
      ...{ quality: "1080p", duration: 15, generate_audio_switch: true, seed: 0, ...WORDS },
    },
  },
  {
    ...{ kind: "pixverse", model: EXTEND, body: GOES_ON, path: "/video/extend/generate" },
    json: {
      ...{ model: "v6", prompt: "A fox", video_media_id: NUMBER },
      ...{ quality: "720p", duration: 5, generate_audio_switch: false },
    },
    files: { video_media_id: "video_url" },
  },
  {
    ...{ kind: "pixverse", model: EXTEND, path: "/video/extend/generate" },
    body: { ...GOES_ON, ...MOST, ...WORDS },
    json: {
      ...{ model: "v6", prompt: "A fox", video_media_id: NUMBER },
      ...{ quality: "1080p", duration: 15, generate_audio_switch: true, seed: 0, ...WORDS },
    },
  },
  {
    ...{ kind: "replicate", model: TRANSITION, path: "/pixverse/pixverse-v6/predictions" },
    body: { prompt: "A fox", image_url: PICTURE },
    json: {
      input: {
        ...{ prompt: "A fox", image: link("image"), quality: "720p", duration: 5 },
        ...{ generate_audio_switch: false, generate_multi_clip_switch: false },
      },
    },
  },
  {
    ...{ kind: "replicate", model: TRANSITION, path: "/pixverse/pixverse-v6/predictions" },
    body: { ...TWO, ...MOST, negative_prompt: "rain", generate_multi_clip: true },
    json: {
      input: {
        ...{ prompt: "A fox", image: link("image"), last_frame_image: link("last_frame_image") },
        ...{ quality: "1080p", duration: 15, generate_audio_switch: true, seed: 0 },
        ...{ negative_prompt: "rain", generate_multi_clip_switch: true },
      },
    },
    files: { image: "image_url", last_frame_image: "image_tail_url" },
  },
  {
    ...{ kind: "dashscope", model: TRANSITION, body: TWO, path: "/video-synthesis" },
    json: {
      model: "pixverse/pixverse-v6-kf2v",
      input: {
        prompt: "A fox",
        media: [
          { type: "first_frame", url: link("input.media.first_frame") },
          { type: "last_frame", url: link("input.media.last_frame") },
        ],
      },
      parameters: { resolution: "720P", duration: 5, audio: false, watermark: false },
    },
    files: { "input.media.first_frame": "image_url", "input.media.last_frame": "image_tail_url" },
  },
  {
    ...{ kind: "dashscope", model: TRANSITION, body: { ...TWO, ...MOST }, path: "/video-synthesis" },
    json: {
      model: "pixverse/pixverse-v6-kf2v",
      input: { prompt: "A fox", media: [expect.anything(), expect.anything()] },
      parameters: { resolution: "1080P", duration: 15, audio: true, watermark: false, seed: 0 },
    },
  },
  {
    ...{ kind: "highwayapi", model: TRANSITION, path: "/v3/async/pixverse-v6-transition" },
    body: { prompt: "A fox", image_url: PICTURE },
    json: {
      ...{ prompt: "A fox", image: link("image"), aspect_ratio: "16:9", resolution: "720p" },
      ...{ duration: 5, generate_audio_switch: false },
    },
  },
  {
    ...{ kind: "highwayapi", model: TRANSITION, path: "/v3/async/pixverse-v6-transition" },
    body: {
      ...{ ...TWO, ...MOST, ...WORDS, aspect_ratio: "3:4" },
      ...{ generate_multi_clip: false, thinking_type: "disabled" },
    },
    json: {
      ...{ prompt: "A fox", image: link("image"), end_image: link("end_image"), aspect_ratio: "3:4" },
      ...{ resolution: "1080p", duration: 15, generate_audio_switch: true, seed: 0, ...WORDS },
      ...{ generate_multi_clip_switch: false, thinking_type: false },
    },
    files: { image: "image_url", end_image: "image_tail_url" },
  },
  {
    ...{ kind: "highwayapi", model: EXTEND, body: GOES_ON, path: "/v3/async/pixverse-v6-extend" },
    json: {
      ...{ prompt: "A fox", video: link("video"), resolution: "720p", duration: 5 },
      generate_audio_switch: false,
    },
  },
  {
    ...{ kind: "highwayapi", model: EXTEND, path: "/v3/async/pixverse-v6-extend" },
    body: { ...GOES_ON, ...MOST, ...WORDS },
    json: {
      ...{ prompt: "A fox", video: link("video"), resolution: "1080p", duration: 15 },
      ...{ generate_audio_switch: true, seed: 0, ...WORDS },
    },
    files: { video: "video_url" },
  },
];

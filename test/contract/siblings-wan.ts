/** Wan from text, by provider. */
import { link, SOUND, type Told } from "./siblings-bodies.ts";

const model = "wan-2.7-text-to-video";
const LEAST = { prompt: "A fox" };
const MOST = {
  ...{ prompt: "A fox", audio_url: SOUND, aspect_ratio: "9:16", duration: 15, resolution: "720p" },
  ...{ negative_prompt: "rain", seed: 0, enable_prompt_expansion: false },
};

export const WAN: readonly Told[] = [
  {
    ...{ kind: "dashscope", model, body: LEAST, path: "/video-synthesis" },
    json: {
      model: "wan2.7-t2v",
      input: { prompt: "A fox" },
      parameters: { resolution: "1080P", ratio: "16:9", duration: 5, watermark: false },
    },
  },
  {
    ...{ kind: "dashscope", model, body: MOST, path: "/video-synthesis" },
    json: {
      model: "wan2.7-t2v",
      input: { prompt: "A fox", negative_prompt: "rain", audio_url: link("input.audio_url") },
      parameters: {
        ...{ resolution: "720P", ratio: "9:16", duration: 15, prompt_extend: false, watermark: false },
        seed: 0,
      },
    },
    files: { "input.audio_url": "audio_url" },
  },
  {
    ...{ kind: "replicate", model, body: LEAST, path: "/wan-video/wan-2.7-t2v/predictions" },
    json: { input: { prompt: "A fox", aspect_ratio: "16:9", resolution: "1080p", duration: 5 } },
  },
  {
    ...{ kind: "replicate", model, body: MOST, path: "/wan-video/wan-2.7-t2v/predictions" },
    json: {
      input: {
        ...{ prompt: "A fox", negative_prompt: "rain", audio: link("audio"), aspect_ratio: "9:16" },
        ...{ resolution: "720p", duration: 15, enable_prompt_expansion: false, seed: 0 },
      },
    },
    files: { audio: "audio_url" },
  },
  {
    ...{ kind: "highwayapi", model, body: LEAST, path: "/v3/async/wan2.7-t2v" },
    json: { prompt: "A fox", size: "1920*1080", duration: 5, watermark: false },
  },
  {
    ...{ kind: "highwayapi", model, body: MOST, path: "/v3/async/wan2.7-t2v" },
    json: {
      ...{ prompt: "A fox", negative_prompt: "rain", audio_url: link("audio_url"), size: "720*1280" },
      ...{ duration: 15, prompt_extend: false, watermark: false, seed: 0 },
    },
    files: { audio_url: "audio_url" },
  },
];

/** What HighwayAPI is to be told: the least and the most that a client may send, for every model that has a route to it. */
import type { JsonObject } from "../../src/core/json.ts";

interface Told {
  /** In our own names. */
  readonly body: JsonObject;
  readonly path: string;
  readonly json: JsonObject;
}

const PICTURE = "https://host.example/a.jpg";
const link = (name: string) => `https://reelay.example/files/file_${name}/in?expires=1&signature=s`;

/** Defaults are sent, since theirs are others. */
export const MINIMAL: readonly [model: string, told: Told][] = [
  [
    "pixverse-v6-text-to-video",
    {
      body: { prompt: "A fox" },
      path: "pixverse-v6-t2v",
      json: {
        prompt: "A fox",
        aspect_ratio: "16:9",
        resolution: "720p",
        duration: 5,
        generate_audio_switch: false,
      },
    },
  ],
  [
    "pixverse-v6-image-to-video",
    {
      body: { prompt: "A fox", image_url: PICTURE },
      path: "pixverse-v6-i2v",
      json: {
        prompt: "A fox",
        image: link("image"),
        resolution: "720p",
        duration: 5,
        generate_audio_switch: false,
      },
    },
  ],
  [
    "wan-2.7-image-to-video",
    {
      body: { image_urls: [PICTURE] },
      path: "wan2.7-i2v",
      json: { image_url: link("image_url"), resolution: "1080P", duration: 5, watermark: false },
    },
  ],
  [
    "veo-3.1-lite-image-to-video",
    {
      body: { prompt: "A fox", image_url: PICTURE },
      path: "veo-3.1-lite-i2v",
      json: {
        prompt: "A fox",
        image: link("image"),
        aspect_ratio: "16:9",
        duration: 8,
        resolution: "1080p",
        generate_audio: false,
        sample_count: 1,
      },
    },
  ],
  ...(["veo-3.1", "veo-3.1-fast"] as const).map((name): [string, Told] => [
    `${name}-image-to-video`,
    {
      body: { prompt: "A fox", image_url: PICTURE },
      path: `${name}-generate-img2video`,
      json: {
        prompt: "A fox",
        image: link("image"),
        aspect_ratio: "16:9",
        duration_seconds: 8,
        resolution: "1080p",
        generate_audio: false,
        sample_count: 1,
      },
    },
  ]),
];

/** false and 0 included. */
export const FULL: readonly [model: string, told: Told][] = [
  [
    "pixverse-v6-text-to-video",
    {
      body: {
        prompt: "A fox",
        aspect_ratio: "3:4",
        resolution: "1080p",
        duration: 15,
        generate_audio: true,
        negative_prompt: "rain",
        thinking_type: "disabled",
      },
      path: "pixverse-v6-t2v",
      json: {
        prompt: "A fox",
        aspect_ratio: "3:4",
        resolution: "1080p",
        duration: 15,
        generate_audio_switch: true,
        negative_prompt: "rain",
        thinking_type: "disabled",
      },
    },
  ],
  [
    "pixverse-v6-image-to-video",
    {
      body: {
        prompt: "A fox",
        image_url: PICTURE,
        resolution: "360p",
        duration: 1,
        generate_audio: true,
        negative_prompt: "rain",
        seed: 0,
        thinking_type: "enabled",
      },
      path: "pixverse-v6-i2v",
      json: {
        prompt: "A fox",
        image: link("image"),
        resolution: "360p",
        duration: 1,
        generate_audio_switch: true,
        negative_prompt: "rain",
        seed: 0,
        thinking_type: "enabled",
      },
    },
  ],
  [
    "wan-2.7-image-to-video",
    {
      body: {
        generation_type: "first-last-frame",
        image_urls: [PICTURE, PICTURE],
        audio_url: "https://host.example/a.wav",
        prompt: "A fox",
        negative_prompt: "rain",
        resolution: "720p",
        duration: 15,
        enable_prompt_expansion: false,
        seed: 0,
      },
      path: "wan2.7-i2v",
      json: {
        prompt: "A fox",
        negative_prompt: "rain",
        image_url: link("image_url"),
        last_frame_url: link("last_frame_url"),
        driving_audio_url: link("driving_audio_url"),
        resolution: "720P",
        duration: 15,
        prompt_extend: false,
        watermark: false,
        seed: 0,
      },
    },
  ],
  [
    "veo-3.1-lite-image-to-video",
    {
      body: {
        prompt: "A fox",
        image_url: PICTURE,
        aspect_ratio: "9:16",
        duration: 4,
        resolution: "720p",
        generate_audio: true,
        negative_prompt: "rain",
        seed: 0,
      },
      path: "veo-3.1-lite-i2v",
      json: {
        prompt: "A fox",
        image: link("image"),
        aspect_ratio: "9:16",
        duration: 4,
        resolution: "720p",
        generate_audio: true,
        negative_prompt: "rain",
        seed: 0,
        sample_count: 1,
      },
    },
  ],
  [
    "veo-3.1-fast-image-to-video",
    {
      body: {
        prompt: "A fox",
        image_url: PICTURE,
        aspect_ratio: "9:16",
        duration: 6,
        resolution: "720p",
        generate_audio: true,
        negative_prompt: "rain",
        seed: 4294967295,
      },
      path: "veo-3.1-fast-generate-img2video",
      json: {
        prompt: "A fox",
        image: link("image"),
        aspect_ratio: "9:16",
        duration_seconds: 6,
        resolution: "720p",
        generate_audio: true,
        negative_prompt: "rain",
        seed: 4294967295,
        sample_count: 1,
      },
    },
  ],
  [
    "veo-3.1-image-to-video",
    {
      body: {
        prompt: "A fox",
        image_url: PICTURE,
        aspect_ratio: "9:16",
        duration: 4,
        resolution: "720p",
        generate_audio: true,
        enhance_prompt: true,
        person_generation: "dont_allow",
        negative_prompt: "rain",
        seed: 0,
      },
      path: "veo-3.1-generate-img2video",
      json: {
        prompt: "A fox",
        image: link("image"),
        aspect_ratio: "9:16",
        duration_seconds: 4,
        resolution: "720p",
        generate_audio: true,
        enhance_prompt: true,
        person_generation: "dont_allow",
        negative_prompt: "rain",
        seed: 0,
        sample_count: 1,
      },
    },
  ],
];

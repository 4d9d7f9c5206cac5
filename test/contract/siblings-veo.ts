/** Veo from text, between two frames, and on from a clip, by provider and variant. */
import { expect } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import { CLIP, link, OTHER, PICTURE, type Told } from "./siblings-bodies.ts";

const VARIANTS = ["", "-fast", "-lite"] as const;
type Variant = (typeof VARIANTS)[number];

/** The bytes themselves, and what they are. */
const inside = (mimeType: string) => ({ bytesBase64Encoded: expect.any(String), mimeType });

const LEAST = { prompt: "A fox" };
const ALL = {
  ...{ prompt: "A fox", aspect_ratio: "9:16", duration: 4, resolution: "720p", generate_audio: true },
  ...{ negative_prompt: "rain", seed: 0 },
};
/** What the standard model has besides. */
const MORE: Readonly<Record<Variant, JsonObject>> = {
  "": { enhance_prompt: true, person_generation: "dont_allow" },
  "-fast": {},
  "-lite": {},
};
const FRAMES = { first_image_url: PICTURE, last_image_url: OTHER };

const USUAL = { aspectRatio: "16:9", durationSeconds: 8, resolution: "1080p", generateAudio: false };
const VERTEX_ALL = {
  ...{ aspectRatio: "9:16", durationSeconds: 4, resolution: "720p", generateAudio: true },
  ...{ negativePrompt: "rain", seed: 0, sampleCount: 1 },
};
const VERTEX_MORE: Readonly<Record<Variant, object>> = {
  "": { enhancePrompt: true, personGeneration: "dont_allow" },
  "-fast": {},
  "-lite": {},
};

function vertex(variant: Variant, mode: string, files: JsonObject, sent: object): readonly Told[] {
  const where = {
    kind: "vertex",
    model: `veo-3.1${variant}-${mode}`,
    path: `/models/veo-3.1${variant}-generate-001:predictLongRunning`,
  };
  const instances = [{ prompt: "A fox", ...sent }];
  return [
    {
      ...where,
      body: { ...LEAST, ...files },
      json: { instances, parameters: { ...USUAL, sampleCount: 1 } },
    },
    {
      ...where,
      body: { ...ALL, ...MORE[variant], ...files },
      json: { instances, parameters: { ...VERTEX_ALL, ...VERTEX_MORE[variant] } },
      files: "first_image_url" in files ? OF_VERTEX : {},
    },
  ];
}
const OF_VERTEX = { "instances.0.image": "first_image_url", "instances.0.lastFrame": "last_image_url" };

const SHORT = { aspect_ratio: "16:9", duration: 8, resolution: "1080p", generate_audio: false };

function replicate(variant: Variant, mode: string, files: JsonObject, sent: object): readonly Told[] {
  const where = {
    kind: "replicate",
    model: `veo-3.1${variant}-${mode}`,
    path: `/google/veo-3.1${variant}/predictions`,
  };
  return [
    {
      ...where,
      body: { ...LEAST, ...files },
      json: { input: { prompt: "A fox", ...SHORT, ...sent } },
    },
    {
      ...where,
      body: { ...ALL, ...files },
      json: { input: { ...ALL, ...sent } },
      files: "first_image_url" in files ? { image: "first_image_url", last_frame: "last_image_url" } : {},
    },
  ];
}

const { duration: _, ...REST } = ALL;
const { duration: __, ...SHORT_REST } = SHORT;

function highwayapi(
  variant: Variant,
  [mode, endpoint]: readonly [string, string],
  files: JsonObject,
  sent: object,
): readonly Told[] {
  const where = { kind: "highwayapi", model: `veo-3.1${variant}-${mode}`, path: `/v3/async/${endpoint}` };
  const length = variant === "-lite" ? "duration" : "duration_seconds";
  return [
    {
      ...where,
      body: { ...LEAST, ...files },
      json: { prompt: "A fox", ...SHORT_REST, [length]: 8, sample_count: 1, ...sent },
    },
    {
      ...where,
      body: { ...ALL, ...MORE[variant], ...files },
      json: { ...REST, ...MORE[variant], [length]: 4, sample_count: 1, ...sent },
      files: "first_image_url" in files ? { image: "first_image_url", last_image: "last_image_url" } : {},
    },
  ];
}

const TEXT = "text-to-video";
const BETWEEN = "first-last-frame-to-video";
const JPEG = inside("image/jpeg");
const TWO_LINKS = { image: link("image"), last_image: link("last_image") };

const EXTENDS: readonly Told[] = (["", "-fast"] as const).flatMap((variant) => {
  const where = {
    kind: "vertex",
    model: `veo-3.1-extend${variant}`,
    path: `/models/veo-3.1${variant}-generate-001:predictLongRunning`,
  };
  const instances = [{ prompt: "A fox", video: inside("video/mp4") }];
  const fixed = { resolution: "720p", sampleCount: 1 };
  return [
    {
      ...where,
      body: { prompt: "A fox", video_url: CLIP },
      json: { instances, parameters: { aspectRatio: "16:9", generateAudio: true, ...fixed } },
    },
    {
      ...where,
      body: {
        ...{ prompt: "A fox", video_url: CLIP, aspect_ratio: "9:16", generate_audio: false },
        ...{ negative_prompt: "rain", seed: 0 },
      },
      json: {
        instances,
        parameters: { aspectRatio: "9:16", generateAudio: false, negativePrompt: "rain", seed: 0, ...fixed },
      },
      files: { "instances.0.video": "video_url" },
    },
  ];
});

export const VEO: readonly Told[] = [
  ...VARIANTS.flatMap((variant) => [
    ...vertex(variant, TEXT, {}, {}),
    ...vertex(variant, BETWEEN, FRAMES, { image: JPEG, lastFrame: JPEG }),
    ...replicate(variant, TEXT, {}, {}),
    ...replicate(variant, BETWEEN, FRAMES, { image: link("image"), last_frame: link("last_frame") }),
  ]),
  ...highwayapi("", [TEXT, "veo-3.1-generate-text2video"], {}, {}),
  ...highwayapi("-fast", [TEXT, "veo-3.1-fast-generate-text2video"], {}, {}),
  ...highwayapi("-lite", [TEXT, "veo-3.1-lite-t2v"], {}, {}),
  ...highwayapi("", [BETWEEN, "veo-3.1-generate-img2video"], FRAMES, TWO_LINKS),
  ...highwayapi("-fast", [BETWEEN, "veo-3.1-fast-generate-img2video"], FRAMES, TWO_LINKS),
  ...EXTENDS,
];

import { findModel, loadCatalog } from "../src/catalog/catalog.ts";
import { validate } from "../src/catalog/validate.ts";
import { ReelayError } from "../src/core/errors.ts";
import type { JsonObject } from "../src/core/json.ts";

export const catalog = await loadCatalog();

export const URL_1 = "https://host.example/a.jpg";
export const PIXVERSE_I2V = "pixverse-v6-image-to-video";
export const PIXVERSE_T2V = "pixverse-v6-text-to-video";
export const WAN = "wan-2.7-image-to-video";
export const VEO = "veo-3.1-image-to-video";
export const FAST = "veo-3.1-fast-image-to-video";
export const LITE = "veo-3.1-lite-image-to-video";
export const VEOS = [VEO, FAST, LITE];
export const TRANSITION = "pixverse-v6-transition";
export const PIXVERSE_EXTEND = "pixverse-v6-extend";
export const WAN_TEXT = "wan-2.7-text-to-video";
/** Standard, fast and lite. */
export const VEO_TEXTS = [
  "veo-3.1-text-to-video",
  "veo-3.1-fast-text-to-video",
  "veo-3.1-lite-text-to-video",
] as const;
export const VEO_FRAMES = [
  "veo-3.1-first-last-frame-to-video",
  "veo-3.1-fast-first-last-frame-to-video",
  "veo-3.1-lite-first-last-frame-to-video",
] as const;
export const VEO_EXTENDS = ["veo-3.1-extend", "veo-3.1-extend-fast"] as const;
const CLIP = "https://host.example/a.mp4";

/** The required parameters alone. */
export const REQUIRED: Readonly<Record<string, JsonObject>> = {
  [PIXVERSE_I2V]: { prompt: "x", image_url: URL_1 },
  [PIXVERSE_T2V]: { prompt: "x" },
  [WAN]: { image_urls: [URL_1] },
  [VEO]: { prompt: "x", image_url: URL_1 },
  [FAST]: { prompt: "x", image_url: URL_1 },
  [LITE]: { prompt: "x", image_url: URL_1 },
  [TRANSITION]: { prompt: "x", image_url: URL_1 },
  [PIXVERSE_EXTEND]: { prompt: "x", video_url: CLIP },
  [WAN_TEXT]: { prompt: "x" },
  ...Object.fromEntries(VEO_TEXTS.map((id) => [id, { prompt: "x" }])),
  ...Object.fromEntries(
    VEO_FRAMES.map((id) => [id, { prompt: "x", first_image_url: URL_1, last_image_url: URL_1 }]),
  ),
  ...Object.fromEntries(VEO_EXTENDS.map((id) => [id, { prompt: "x", video_url: CLIP }])),
};

/** "ok", or the code and the fields that a body is refused for. `undefined` in a change removes the parameter. */
export function judge(id: string, change: Readonly<Record<string, unknown>>): string {
  const body = JSON.parse(JSON.stringify({ ...REQUIRED[id], ...change })) as JsonObject;
  try {
    validate(findModel(catalog, id), body);
    return "ok";
  } catch (error) {
    if (!(error instanceof ReelayError)) throw error;
    return [error.code, ...error.problems.map((problem) => problem.field)].join(" ");
  }
}

/** What `judge` says of one field with an impossible value. */
export const wrong = (field: string) => `invalid_parameters ${field}`;

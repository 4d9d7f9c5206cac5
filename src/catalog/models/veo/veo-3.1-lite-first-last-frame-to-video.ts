import { defineModel, oneOf, unsupported } from "../../../core/model.ts";
import standard from "./veo-3.1-first-last-frame-to-video.ts";
import lite from "./veo-3.1-lite-image-to-video.ts";

const ENDPOINTS: Readonly<Record<string, string>> = {
  // A preview id there, unlike the other two.
  vertex: "veo-3.1-lite-generate-001",
  fal: "fal-ai/veo3.1/lite/first-last-frame-to-video",
  replicate: "google/veo-3.1-lite",
};
const BOTH = "veo-3.1-first-last-frame-to-video and veo-3.1-fast-first-last-frame-to-video";

export default defineModel({
  ...standard,
  name: "Veo 3.1 Lite, first and last frame to video",
  input: {
    ...standard.input,
    resolution: oneOf(["720p", "1080p"], {
      about: "Length of the shorter side; 1080p only with a duration of 8.",
      default: "1080p",
    }),
    safety_tolerance: unsupported(`only ${BOTH} have it`),
    enhance_prompt: unsupported("only veo-3.1-first-last-frame-to-video has it"),
    person_generation: unsupported("only veo-3.1-first-last-frame-to-video has it"),
  },
  rules: lite.rules,
  price: lite.price,
  // HighwayAPI has a page for these two pictures, of which no copy at hand says what it calls the second one.
  routes: standard.routes
    .filter(({ provider }) => provider !== "highwayapi")
    .map((route) => ({ ...route, endpoint: ENDPOINTS[route.provider] ?? route.endpoint })),
  pages: {},
});

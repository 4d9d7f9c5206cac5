import { defineModel, unsupported } from "../../../core/model.ts";
import fast, { PAGE } from "./veo-3.1-fast-image-to-video.ts";
import standard, { lastFramePage } from "./veo-3.1-first-last-frame-to-video.ts";

const ENDPOINTS: Readonly<Record<string, string>> = {
  vertex: "veo-3.1-fast-generate-001",
  fal: "fal-ai/veo3.1/fast/first-last-frame-to-video",
  replicate: "google/veo-3.1-fast",
  highwayapi: "veo-3.1-fast-generate-img2video",
};

export default defineModel({
  ...standard,
  name: "Veo 3.1 Fast, first and last frame to video",
  input: {
    ...standard.input,
    enhance_prompt: unsupported("only veo-3.1-first-last-frame-to-video has it"),
    person_generation: unsupported("only veo-3.1-first-last-frame-to-video has it"),
  },
  price: {
    source: "fal's page of Veo 3.1 Fast, first and last frame to video, a stored copy read 2026-11-20",
    lines: fast.price.lines,
  },
  routes: standard.routes.map((route) => ({
    ...route,
    endpoint: ENDPOINTS[route.provider] ?? route.endpoint,
  })),
  pages: { highwayapi: lastFramePage(PAGE) },
});

import { defineModel, unsupported } from "../../../core/model.ts";
import fast, { PAGE } from "./veo-3.1-fast-image-to-video.ts";
import standard, { withoutPictures } from "./veo-3.1-text-to-video.ts";

const ENDPOINTS: Readonly<Record<string, string>> = {
  vertex: "veo-3.1-fast-generate-001",
  fal: "fal-ai/veo3.1/fast",
  replicate: "google/veo-3.1-fast",
  highwayapi: "veo-3.1-fast-generate-text2video",
};

const page = withoutPictures(PAGE);

export default defineModel({
  ...standard,
  name: "Veo 3.1 Fast, text to video",
  input: {
    ...standard.input,
    enhance_prompt: unsupported("only veo-3.1-text-to-video has it"),
    person_generation: unsupported("only veo-3.1-text-to-video has it"),
  },
  price: {
    source:
      "fal's page of Veo 3.1 Fast, first and last frame to video, a stored copy read 2026-11-20; its page of text to video was not at hand",
    lines: fast.price.lines,
  },
  routes: standard.routes.map((route) => ({
    ...route,
    endpoint: ENDPOINTS[route.provider] ?? route.endpoint,
  })),
  pages: {
    highwayapi: {
      ...page,
      path: "veo-3.1-fast-generate-text2video",
      type: "VEO_3_1_FAST_TEXT2VIDEO",
      input: {
        ...page.input,
        person_generation: unsupported("only veo-3.1-generate-text2video has it"),
      },
    },
  },
});

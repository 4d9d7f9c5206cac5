import { defineModel, type Page, unsupported } from "../../../core/model.ts";
import standard, { PAGE as STANDARD_PAGE } from "./veo-3.1-image-to-video.ts";

// It has no switch for these two.
const { enhance_prompt, person_generation, ...send } = STANDARD_PAGE.send;
const { reference_images, ...input } = STANDARD_PAGE.input;

const ENDPOINTS: Readonly<Record<string, string>> = {
  vertex: "veo-3.1-fast-generate-001",
  fal: "fal-ai/veo3.1/fast/image-to-video",
  replicate: "google/veo-3.1-fast",
  highwayapi: "veo-3.1-fast-generate-img2video",
};

export const PAGE: Page = {
  ...STANDARD_PAGE,
  path: "veo-3.1-fast-generate-img2video",
  type: "VEO_3_1_FAST_IMG2VIDEO",
  input: {
    ...input,
    person_generation: unsupported("only veo-3.1-generate-img2video has it"),
  },
  send,
  unsent: {
    ...STANDARD_PAGE.unsent,
    enhance_prompt: "Veo 3.1 Fast has no such switch, and does as it does; nobody was told of it.",
  },
};

export default defineModel({
  ...standard,
  name: "Veo 3.1 Fast, image to video",
  input: {
    ...standard.input,
    enhance_prompt: unsupported("only veo-3.1-image-to-video has it"),
    person_generation: unsupported("only veo-3.1-image-to-video has it"),
  },
  price: {
    source:
      "fal's page of Veo 3.1 Fast, first and last frame to video, a stored copy read 2026-11-20; its page of image to video was not at hand",
    lines: [
      { when: { resolution: { is: ["720p", "1080p"] }, generate_audio: { is: [false] } }, usdPerSecond: 0.1 },
      { when: { resolution: { is: ["720p", "1080p"] }, generate_audio: { is: [true] } }, usdPerSecond: 0.15 },
      { when: { resolution: { is: ["4k"] }, generate_audio: { is: [false] } }, usdPerSecond: 0.3 },
      { when: {}, usdPerSecond: 0.35 },
    ],
  },
  routes: standard.routes.map((route) => ({
    ...route,
    endpoint: ENDPOINTS[route.provider] ?? route.endpoint,
  })),
  pages: { highwayapi: PAGE },
});

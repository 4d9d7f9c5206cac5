import { defineModel } from "../../../core/model.ts";
import standard from "./veo-3.1-extend.ts";

const ENDPOINTS: Readonly<Record<string, string>> = {
  vertex: "veo-3.1-fast-generate-001",
  fal: "fal-ai/veo3.1/fast/extend-video",
};

export default defineModel({
  ...standard,
  name: "Veo 3.1 Fast, extend",
  price: {
    source:
      "fal's page of Veo 3.1 Fast, first and last frame to video, a stored copy read 2026-11-20; its page of extend was not at hand",
    lines: [
      { when: { generate_audio: { is: [false] } }, usdPerSecond: 0.1 },
      { when: {}, usdPerSecond: 0.15 },
    ],
  },
  routes: standard.routes.map((route) => ({
    ...route,
    endpoint: ENDPOINTS[route.provider] ?? route.endpoint,
  })),
});

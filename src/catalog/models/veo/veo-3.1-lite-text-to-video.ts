import { defineModel, flag, oneOf, text, unsupported } from "../../../core/model.ts";
import lite, { PAGE } from "./veo-3.1-lite-image-to-video.ts";
import standard, { withoutPictures } from "./veo-3.1-text-to-video.ts";

const ENDPOINTS: Readonly<Record<string, string>> = {
  // A preview id there, unlike the other two.
  vertex: "veo-3.1-lite-generate-001",
  fal: "fal-ai/veo3.1/lite",
  replicate: "google/veo-3.1-lite",
  highwayapi: "veo-3.1-lite-t2v",
};

const page = withoutPictures(PAGE);

export default defineModel({
  ...standard,
  name: "Veo 3.1 Lite, text to video",
  input: {
    ...standard.input,
    resolution: oneOf(["720p", "1080p"], {
      about: "Length of the shorter side; 1080p only with a duration of 8.",
      default: "1080p",
    }),
    safety_tolerance: unsupported("only veo-3.1-text-to-video and veo-3.1-fast-text-to-video have it"),
    enhance_prompt: unsupported("only veo-3.1-text-to-video has it"),
    person_generation: unsupported("only veo-3.1-text-to-video has it"),
  },
  rules: lite.rules,
  price: lite.price,
  routes: standard.routes.map((route) => {
    const own = { ...route, endpoint: ENDPOINTS[route.provider] ?? route.endpoint };
    if (route.provider !== "highwayapi") return own;
    // On this page the length is called as everywhere else.
    const { duration_seconds: duration = "duration", ...send } = route.send;
    const limits = { prompt: { max: 2048 }, negative_prompt: { max: 2048 } };
    return { ...own, send: { ...send, duration }, rules: [], limits };
  }),
  pages: {
    highwayapi: {
      ...page,
      path: "veo-3.1-lite-t2v",
      type: "VEO_3_1_LITE_T2V",
      source: "HighwayAPI's page of the model",
      input: {
        ...page.input,
        prompt: text({ about: "What happens, in Chinese or English.", required: true, min: 1, max: 2048 }),
        negative_prompt: text({ about: "What to keep out, separated by commas.", max: 2048 }),
        enhance_prompt: flag({ about: "Has no effect: the model has no such switch." }),
        person_generation: unsupported("only veo-3.1-generate-text2video has it"),
      },
      unsent: {
        ...page.unsent,
        enhance_prompt: "Veo 3.1 Lite has no such switch; nobody was told of it.",
      },
    },
  },
});

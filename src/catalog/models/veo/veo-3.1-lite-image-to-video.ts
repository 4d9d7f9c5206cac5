import { defineModel, flag, oneOf, type Page, unsupported } from "../../../core/model.ts";
import standard, { PAGE as STANDARD_PAGE } from "./veo-3.1-image-to-video.ts";

const { last_image, reference_images, duration_seconds, enhance_prompt, ...input } = STANDARD_PAGE.input;
const { enhance_prompt: _, person_generation, ...send } = STANDARD_PAGE.send;

const ENDPOINTS: Readonly<Record<string, string>> = {
  // A preview id there, unlike the other two.
  vertex: "veo-3.1-lite-generate-001",
  fal: "fal-ai/veo3.1/lite/image-to-video",
  replicate: "google/veo-3.1-lite",
  highwayapi: "veo-3.1-lite-i2v",
};

export const PAGE: Page = {
  ...STANDARD_PAGE,
  path: "veo-3.1-lite-i2v",
  type: "VEO_3_1_LITE_I2V",
  source: "HighwayAPI's page of the model; length of the texts as the model's",
  input: {
    ...input,
    generate_audio: flag({ about: "Adds sound.", default: false }),
    duration: oneOf([4, 6, 8], { about: "Length in seconds; 1080p takes only 8.", default: 8 }),
    person_generation: unsupported("only veo-3.1-generate-img2video has it"),
  },
  rules: [
    ...STANDARD_PAGE.rules.filter(({ must }) => !Object.hasOwn(must, "enhance_prompt")),
    {
      when: { resolution: { is: ["1080p"] } },
      must: { duration: { is: [8] } },
      say: "1080p is made only with a duration of 8: send duration 8, or resolution 720p.",
    },
  ],
  send: { ...send, duration: "duration" },
  example: {
    image: "{media}/lighthouse.jpg",
    prompt: "Waves roll in below the lighthouse as the camera pans slowly to the left",
    duration: 8,
    resolution: "1080p",
  },
};

export default defineModel({
  ...standard,
  name: "Veo 3.1 Lite, image to video",
  input: {
    ...standard.input,
    resolution: oneOf(["720p", "1080p"], {
      about: "Length of the shorter side; 1080p only with a duration of 8.",
      default: "1080p",
    }),
    safety_tolerance: unsupported("only veo-3.1-image-to-video and veo-3.1-fast-image-to-video have it"),
    enhance_prompt: unsupported("only veo-3.1-image-to-video has it"),
    person_generation: unsupported("only veo-3.1-image-to-video has it"),
  },
  rules: [
    {
      when: { resolution: { is: ["1080p"] } },
      must: { duration: { is: [8] } },
      say: "1080p, the default, is made only with a duration of 8: send duration 8, or resolution 720p.",
    },
  ],
  price: {
    source:
      "Google's prices as resellers list them (Runware with sound, Lumenfall with and without), stored copies read 2026-11-20; not confirmed on a page of fal's or Google's own",
    lines: [
      { when: { resolution: { is: ["720p"] }, generate_audio: { is: [false] } }, usdPerSecond: 0.03 },
      { when: { resolution: { is: ["720p"] }, generate_audio: { is: [true] } }, usdPerSecond: 0.05 },
      { when: { resolution: { is: ["1080p"] }, generate_audio: { is: [false] } }, usdPerSecond: 0.05 },
      { when: {}, usdPerSecond: 0.08 },
    ],
  },
  routes: standard.routes.map((route) => {
    const own = { ...route, endpoint: ENDPOINTS[route.provider] ?? route.endpoint };
    if (route.provider !== "highwayapi") return own;
    // On this page the length is called as everywhere else.
    const { duration_seconds: duration = "duration", ...send } = route.send;
    return { ...own, send: { ...send, duration } };
  }),
  pages: { highwayapi: PAGE },
});

import { defineModel, type Page } from "../../../core/model.ts";
import image, { PAGE } from "./veo-3.1-image-to-video.ts";

const { image_url: _, ...input } = image.input;

const ENDPOINTS: Readonly<Record<string, string>> = {
  fal: "fal-ai/veo3.1",
  highwayapi: "veo-3.1-generate-text2video",
};

/** HighwayAPI's page of text to video has what that of image to video has, but for the pictures. */
export function withoutPictures(page: Page): Omit<Page, "path" | "type"> {
  const { image: _i, last_image, reference_images, ...texts } = page.input;
  const { image_url, ...send } = page.send;
  const { image: _e, prompt, ...example } = page.example;
  return {
    ...{ ...page, input: texts, send },
    source: "HighwayAPI's page of the model; length of the texts as the model's",
    example: { prompt: "A lighthouse on a cliff at dusk, waves below, the camera rises slowly", ...example },
  };
}

export default defineModel({
  name: "Veo 3.1, text to video",
  vendor: "google",
  source:
    "the model's page at AihubMax, FoxAPI's twin (stored copy read 2026-11-21); prompt length and seed range from sibling services",
  input,
  rules: [],
  output: image.output,
  price: image.price,
  // Every provider takes the same as for a picture, but for the picture.
  routes: image.routes.map(({ limits: __, ...route }) => ({
    ...route,
    endpoint: ENDPOINTS[route.provider] ?? route.endpoint,
    send: Object.fromEntries(Object.entries(route.send).filter(([, source]) => source !== "image_url")),
    unsent: Object.fromEntries(
      Object.entries(route.unsent).map(([name, reason]) => [
        name,
        name === "person_generation" ? "Not applicable to an animatic: it draws no people." : reason,
      ]),
    ),
  })),
  example: {
    prompt: "A lighthouse on a cliff at dusk, waves below, the camera rises slowly",
    aspect_ratio: "16:9",
    duration: 8,
    resolution: "1080p",
    generate_audio: true,
  },
  pages: {
    highwayapi: {
      ...withoutPictures(PAGE),
      path: "veo-3.1-generate-text2video",
      type: "VEO_3_1_TEXT2VIDEO",
    },
  },
});

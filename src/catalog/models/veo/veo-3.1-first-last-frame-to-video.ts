import {
  defineModel,
  type MediaLimits,
  type Page,
  picture,
  type Route,
  type Source,
} from "../../../core/model.ts";
import image, { PAGE } from "./veo-3.1-image-to-video.ts";

const { image_url: _, ...common } = image.input;

const FRAME: MediaLimits = { types: ["jpeg", "png"], maxBytes: 20 * 1024 * 1024 };

/** Where a provider takes two pictures, and what it calls them. */
interface Frames {
  readonly endpoint: string;
  readonly first: string;
  readonly last: string;
}

const FRAMES: Readonly<Record<string, Frames>> = {
  vertex: {
    endpoint: "veo-3.1-generate-001",
    first: "instances.0.image",
    last: "instances.0.lastFrame",
  },
  fal: {
    endpoint: "fal-ai/veo3.1/first-last-frame-to-video",
    first: "first_frame_url",
    last: "last_frame_url",
  },
  replicate: { endpoint: "google/veo-3.1", first: "image", last: "last_frame" },
  highwayapi: { endpoint: "veo-3.1-generate-img2video", first: "image", last: "last_image" },
  animatic: { endpoint: "animatic", first: "first_frame", last: "last_frame" },
};

/** A route for one picture, taking two. */
function withTwo(route: Route, { endpoint, first, last }: Frames): Route {
  const others = Object.entries(route.send).filter(([, source]) => source !== "image_url");
  const send: Record<string, Source> = Object.fromEntries(others);
  const limits = route.limits?.image_url;
  return {
    ...route,
    endpoint,
    send: { ...send, [first]: "first_image_url", [last]: "last_image_url" },
    ...(limits ? { limits: { first_image_url: limits, last_image_url: limits } } : {}),
  };
}

/** A page of image to video, for the requests with a last picture: HighwayAPI has one page for both. */
export function lastFramePage(page: Page): Page {
  const { image_url, ...send } = page.send;
  return {
    ...page,
    when: { last_image: { given: true } },
    input: {
      ...page.input,
      last_image: picture({
        about: "The last frame; best in the shape of the first one.",
        required: true,
        inline: true,
        limits: FRAME,
      }),
    },
    send: { ...send, first_image_url: "image", last_image_url: "last_image" },
    example: { ...page.example, last_image: "{media}/lighthouse-at-night.jpg" },
  };
}

export default defineModel({
  name: "Veo 3.1, first and last frame to video",
  vendor: "google",
  source:
    "the model's page at AihubMax, FoxAPI's twin (stored copy read 2026-11-21); prompt length, seed range and picture limits from sibling services",
  input: {
    ...common,
    first_image_url: picture({
      about: "The first frame; best with a shorter side of 720 pixels or more, 16:9 or 9:16.",
      required: true,
      limits: FRAME,
    }),
    last_image_url: picture({
      about: "The last frame; best in the shape of the first one.",
      required: true,
      limits: FRAME,
    }),
  },
  rules: [],
  output: image.output,
  price: image.price,
  routes: image.routes.flatMap((route) => {
    const frames = FRAMES[route.provider];
    return frames ? [withTwo(route, frames)] : [];
  }),
  example: {
    prompt: "Dusk falls over the lighthouse until its lamp is lit",
    first_image_url: "{media}/lighthouse.jpg",
    last_image_url: "{media}/lighthouse-at-night.jpg",
    aspect_ratio: "16:9",
    duration: 8,
    resolution: "1080p",
  },
  pages: { highwayapi: lastFramePage(PAGE) },
});

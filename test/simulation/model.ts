import type { Catalog } from "../../src/catalog/catalog.ts";
import { type CatalogModel, oneOf, text } from "../../src/core/model.ts";
import type { Measured } from "../../src/media/codec.ts";

export const SECONDS = 5;

/** Of providers; each has a route of its own. */
export const KINDS = ["alpha", "beta"] as const;

export const MODEL: CatalogModel = {
  id: "simulated",
  name: "Simulated",
  vendor: "nobody",
  source: "nowhere",
  input: {
    prompt: text({ about: "The task's id.", required: true, max: 100 }),
    duration: oneOf([SECONDS], { about: "Seconds.", default: SECONDS }),
    resolution: oneOf(["720p"], { about: "Size.", default: "720p" }),
    aspect: oneOf(["16:9"], { about: "Shape.", default: "16:9" }),
  },
  rules: [],
  output: { duration: "duration", resolution: "resolution", aspect: "aspect" },
  price: { source: "nowhere", lines: [{ when: {}, usdPerSecond: 0.1 }] },
  routes: KINDS.map((kind) => ({
    provider: kind,
    endpoint: `${kind}/e`,
    send: { prompt: "prompt" },
    unsent: {},
  })),
  example: {},
};

/** In micros. */
export const PRICE = SECONDS * 100_000;

export const CATALOG: Catalog = { models: new Map([[MODEL.id, MODEL]]), operators: new Set() };

export const measured = (seconds: number): Measured => ({
  ...{ seconds, width: 1280, height: 720, fps: 24, frames: 24 * seconds, sound: null, faststart: true },
  ...{ videoCodec: "h264", pixelFormat: "yuv420p", profile: "High", colour: "bt709" },
});

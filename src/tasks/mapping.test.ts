import { describe, expect, it } from "vitest";
import type { JsonObject } from "../core/json.ts";
import {
  type CatalogModel,
  clip,
  flag,
  integer,
  oneOf,
  picture,
  pictures,
  type Route,
  sound,
  text,
} from "../core/model.ts";
import type { InputFile } from "../core/provider.ts";
import { askedRatio, mapMedia, mapParams, unshown } from "./mapping.ts";
import { modelFor, routeTo } from "./testing/place-lab.ts";

const about = "-";
const limits = { types: [], maxBytes: 1 };

const MODEL: CatalogModel = {
  ...modelFor([]),
  input: {
    prompt: text({ about, max: 1_000 }),
    duration: integer(1, 15, { about, default: 5 }),
    resolution: oneOf(["720p", "4k"], { about, default: "720p" }),
    aspect: oneOf(["16:9", "9:16", "1:1"], { about, default: "16:9" }),
    seed: integer(0, 9, { about, nullable: true }),
    audio: flag({ about, default: false }),
    image: picture({ about, limits }),
    frames: pictures({ about, max: 2, limits }),
    video: clip({ about, limits }),
    track: sound({ about, limits }),
  },
};

const mapped = (send: Route["send"], input: JsonObject, ratio: number | undefined = 16 / 9): JsonObject =>
  mapParams(MODEL, routeTo("p", { send }), { input, ratio });

describe("a parameter", () => {
  it("has the provider's name and the client's value", () => {
    expect(mapped({ text: "prompt", "video.length": "duration" }, { prompt: "fox", duration: 8 })).toEqual({
      ...{ text: "fox", "video.length": 8 },
    });
  });

  it("that the client left open is left out, never null: that is not the same to most of them", () => {
    expect(mapped({ seed: "seed", style: "prompt" }, { seed: null })).toEqual({});
  });

  it.each([
    ["seed", 0],
    ["audio", false],
    ["prompt", ""],
  ])("%s is sent although it is %j: it was asked for", (field, value) => {
    expect(mapped({ it: field }, { [field]: value })).toEqual({ it: value });
    expect(mapped({ it: { field, otherwise: "left open" } }, { [field]: value })).toEqual({ it: value });
  });

  it("is written into a text wherever that has room for it", () => {
    const send = { duration: { field: "duration", text: "{}s" }, both: { field: "duration", text: "{}-{}" } };
    expect(mapped(send, { duration: 8 })).toEqual({ duration: "8s", both: "8-8" });
    expect(mapped({ seed: { field: "seed", text: "n{}" } }, { seed: 0 })).toEqual({ seed: "n0" });
    expect(mapped({ seed: { field: "seed", text: "n{}" } }, { seed: null })).toEqual({});
  });

  it("of a text with a dollar or a brace in it arrives as it is", () => {
    const send = { prompt: { field: "prompt", text: "<{}>" } };
    expect(mapped(send, { prompt: "$& {} $1" })).toEqual({ prompt: "<$& {} $1>" });
  });

  it("has the provider's own value for each of ours, which may be of another type, or nothing", () => {
    const values = { "720p": 720, "4k": { tier: "uhd" } };
    const send = { size: { field: "resolution", values } };
    expect(mapped(send, { resolution: "720p" })).toEqual({ size: 720 });
    expect(mapped(send, { resolution: "4k" })).toEqual({ size: { tier: "uhd" } });
    const shot = { shot: { field: "audio", values: { true: "multi", false: null } } };
    expect([mapped(shot, { audio: true }), mapped(shot, { audio: false })]).toEqual([{ shot: "multi" }, {}]);
  });

  it("that the client left open is said otherwise where the provider's default is another than ours", () => {
    const multi = { field: "audio", values: { true: "multi", false: "single" }, otherwise: "single" };
    expect(mapped({ shot: multi }, { audio: null })).toEqual({ shot: "single" });
    expect(mapped({ shot: multi }, { audio: true })).toEqual({ shot: "multi" });
    expect(mapped({ seed: { field: "seed", otherwise: 0 } }, { seed: null })).toEqual({ seed: 0 });
    expect(mapped({ on: { field: "audio", otherwise: false } }, { audio: null })).toEqual({ on: false });
  });

  it("may be the same whatever is asked, and a constant of null is none", () => {
    expect(mapped({ model: { value: "v6" }, mark: { value: false }, n: { value: null } }, {})).toEqual({
      ...{ model: "v6", mark: false },
    });
  });
});

describe("the frame", () => {
  const send = { size: { frame: "{width}*{height}" } };

  it.each([
    ["720p", "16:9", "1280*720"],
    ["720p", "9:16", "720*1280"],
    ["4k", "1:1", "2160*2160"],
  ])("of %s at %s is %s", (resolution, aspect, size) => {
    const input = { resolution, aspect };
    expect(mapped(send, input, askedRatio(MODEL, input, {}))).toEqual({ size });
  });

  it("is left out before the shape is known, and the rest is not", () => {
    const both = { ...send, prompt: "prompt" };
    const input = { resolution: "720p", prompt: "fox" };
    expect(mapParams(MODEL, routeTo("p", { send: both }), { input, ratio: undefined })).toEqual({
      ...{ prompt: "fox" },
    });
  });
});

describe("the shape of what is asked for", () => {
  const file = (facts: object): InputFile => ({ facts }) as unknown as InputFile;
  const ofFiles: CatalogModel = {
    ...MODEL,
    output: { ...MODEL.output, aspect: { of: ["image", "video"] } },
  };

  it("is a parameter's, whatever the files are, where the model has one", () => {
    const files = { image: [file({ kind: "picture", width: 100, height: 200 })] };
    expect(askedRatio(MODEL, { aspect: "9:16" }, files)).toBe(9 / 16);
  });

  it("is that of the first of the files that the model names, and not known without", () => {
    const track = file({ kind: "sound", seconds: 3 });
    const wide = file({ kind: "picture", width: 300, height: 100 });
    const tall = file({ kind: "clip", width: 100, height: 300 });
    expect(askedRatio(ofFiles, {}, { track: [track], video: [tall], image: [wide, tall] })).toBe(3);
    expect(askedRatio(ofFiles, {}, { style: [wide], video: [tall] })).toBe(1 / 3);
    expect(askedRatio(ofFiles, {}, { image: [], track: [track] })).toBeUndefined();
    expect(askedRatio(ofFiles, {}, {})).toBeUndefined();
  });
});

describe("files", () => {
  const route = routeTo("p", {
    send: {
      prompt: "prompt",
      image_url: "image",
      "input.first": { field: "frames", item: 0 },
      "input.last": { field: "frames", item: 1 },
      clip: { field: "video" },
      audio: "track",
      mark: { value: "image" },
    },
  });

  it("are told apart from values, each with its name there and its place here", () => {
    expect(mapMedia(MODEL, route)).toEqual([
      { name: "image_url", field: "image", item: 0 },
      { name: "input.first", field: "frames", item: 0 },
      { name: "input.last", field: "frames", item: 1 },
      { name: "clip", field: "video", item: 0 },
      { name: "audio", field: "track", item: 0 },
    ]);
  });

  it("are no parameters, even where their URLs are at hand", () => {
    const input = { prompt: "fox", image: "https://x/a", frames: ["https://x/b"], video: "https://x/c" };
    expect(mapParams(MODEL, route, { input, ratio: 1 })).toEqual({ prompt: "fox", mark: "image" });
  });
});

describe("what the result does not show", () => {
  const route = routeTo("p", {
    send: { text: "prompt", length: { field: "duration", text: "{}s" }, size: { frame: "{width}{height}" } },
    unsent: { seed: "It draws its own." },
  });

  it("is told in the client's own names, and only of what the client asked for", () => {
    const ignored = { length: "It is always 5 seconds.", text: "It does not read.", size: "-", gone: "-" };
    expect(unshown(route, ["seed", "duration"], ignored)).toEqual([
      { field: "seed", message: "It draws its own." },
      { field: "duration", message: "It is always 5 seconds." },
    ]);
    expect(unshown(route, [], ignored)).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import type { JsonObject } from "../core/json.ts";
import { type CatalogModel, flag, integer, oneOf, pictures, type Route, text } from "../core/model.ts";
import { misfits } from "./misfits.ts";

const about = "-";
const MODEL = {
  id: "m",
  input: {
    prompt: text({ about, required: true, max: 1_000 }),
    duration: integer(1, 15, { about, default: 5 }),
    style: oneOf(["clay", "comic"], { about, nullable: true }),
    audio: flag({ about, default: false }),
    seed: integer(0, 9, { about, nullable: true }),
    frames: pictures({ about, max: 2, limits: { types: ["png"], maxBytes: 1 } }),
  },
} as unknown as CatalogModel;
const CLEAN: JsonObject = {
  prompt: "fox",
  duration: 5,
  style: null,
  audio: false,
  seed: null,
  frames: null,
};

const found = (route: Partial<Route>, input: JsonObject) =>
  misfits(MODEL, { provider: "p", endpoint: "e", send: {}, unsent: {}, ...route }, { ...CLEAN, ...input });

/** Everything that the model could leave open or to a default. */
const LACKS_ALL = Object.fromEntries(
  ["duration", "style", "audio", "seed", "frames"].map((field) => [field, `It has no ${field}.`]),
);

describe("what a provider lacks", () => {
  it("is no reason while the client asks for the default, said or unsaid", () => {
    expect(found({ unsupported: LACKS_ALL }, {})).toEqual([]);
    expect(found({ unsupported: LACKS_ALL }, { duration: 5, audio: false })).toEqual([]);
  });

  it.each<[JsonObject, string, unknown, unknown]>([
    [{ duration: 8 }, 'It has no duration. With "duration": send 5 or leave it out.', 8, 5],
    [{ audio: true }, 'It has no audio. With "audio": send false or leave it out.', true, false],
    [{ style: "clay" }, 'It has no style. With "style": leave it out.', "clay", null],
    [{ seed: 0 }, 'It has no seed. With "seed": leave it out.', 0, null],
    [{ frames: ["https://x/a"] }, 'It has no frames. With "frames": leave it out.', "a list of 1", null],
  ])("is one with %j, and the sentence says what would be right", (input, message, received, allowed) => {
    const [field] = Object.keys(input);
    expect(found({ unsupported: LACKS_ALL }, input)).toEqual([{ field, message, received, allowed }]);
  });

  it("is told of every field at once, long values cut", () => {
    const style = "x".repeat(1_000);
    const problems = found({ unsupported: LACKS_ALL }, { style, seed: 3 });
    expect(problems.map(({ field }) => field)).toEqual(["style", "seed"]);
    expect(String(problems[0]?.received).length).toBeLessThanOrEqual(120);
  });

  it("is compared by value: a list like the default is the default", () => {
    const model = {
      ...MODEL,
      input: { ...MODEL.input, frames: { ...MODEL.input.frames, default: ["a", "b"] } },
    } as unknown as CatalogModel;
    const route: Route = {
      ...{ provider: "p", endpoint: "e", send: {}, unsent: {} },
      unsupported: LACKS_ALL,
    };
    expect(misfits(model, route, { ...CLEAN, frames: ["a", "b"] })).toEqual([]);
    expect(misfits(model, route, { ...CLEAN, frames: ["b", "a"] })).toHaveLength(1);
  });
});

describe("a text that a page took and the model alone would not", () => {
  const long = { prompt: "x".repeat(1_001) };

  it("is one for a route that says nothing of it, with what it takes", () => {
    expect(found({}, { prompt: "x".repeat(1_000) })).toEqual([]);
    expect(found({}, long)).toEqual([
      {
        field: "prompt",
        message: '"prompt" must be a string of at most 1000 characters, not of 1001.',
        received: expect.any(String),
        allowed: "a string of at most 1000 characters",
      },
    ]);
  });

  it("is none for a route that takes more, and a route may take less", () => {
    expect(found({ limits: { prompt: { max: 1_001 } } }, long)).toEqual([]);
    expect(found({ limits: { prompt: { max: 2 } } }, { prompt: "fox" })).toHaveLength(1);
    expect(found({ limits: { prompt: { min: 4 } } }, { prompt: "fox" })).toHaveLength(1);
  });

  it("is measured in characters, not in halves of them, and not where it is not there", () => {
    const limits = { prompt: { max: 4 } };
    expect(found({ limits }, { prompt: "🎬🎬🎬🎬" })).toEqual([]);
    expect(found({ limits }, { prompt: null })).toEqual([]);
    expect(found({ limits }, { prompt: "foxes" })).toMatchObject([
      { field: "prompt", received: "foxes", allowed: "a string of at most 4 characters" },
    ]);
  });
});

describe("a route's own rules", () => {
  const rules: Route["rules"] = [
    {
      when: { audio: { is: [true] } },
      must: { duration: { is: [5, 8] } },
      say: "Sound needs 5 or 8 seconds.",
    },
  ];

  it("hold besides the model's, with their own words", () => {
    expect(found({ rules }, { audio: true, duration: 8 })).toEqual([]);
    expect(found({ rules }, { audio: false, duration: 3 })).toEqual([]);
    expect(found({ rules }, { audio: true, duration: 3 })).toEqual([
      { field: "duration", message: "Sound needs 5 or 8 seconds.", received: 3, allowed: [5, 8] },
    ]);
  });

  it("come after what is lacking, so that one answer has all of it", () => {
    const both = found({ rules, unsupported: LACKS_ALL }, { audio: true, duration: 3, seed: 1 });
    expect(both.map(({ field }) => field)).toEqual(["duration", "audio", "seed", "duration"]);
  });
});

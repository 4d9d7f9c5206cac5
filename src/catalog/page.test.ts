import { expect, test } from "vitest";
import { ReelayError } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/json.ts";
import {
  type CatalogModel,
  defineModel,
  flag,
  integer,
  number,
  oneOf,
  type Page,
  picture,
  pictures,
  text,
} from "../core/model.ts";
import { findPage, mediaPlace, pageOf, pagesIn, readBody, unsentNotes } from "./page.ts";
import { inPageWords, taskInPageWords } from "./page-words.ts";

const about = "-";
const OURS = { types: ["png", "webp"], maxBytes: 20 } as const;
const THEIRS = { types: ["png"], maxBytes: 10 } as const;
const A = "https://host.example/a.png";
const B = "https://host.example/b.png";

const PAGE: Page = {
  path: "short-name",
  type: "SHORT",
  source: "-",
  input: {
    prompt: text({ about, required: true, max: 20 }),
    image: picture({ about, limits: THEIRS, inline: true }),
    last: picture({ about, limits: OURS }),
    size: oneOf(["S", "L"], { about, default: "L" }),
    length: integer(1, 9, { about, default: 5 }),
    mode: oneOf(["on", "auto", true, false], { about, default: "auto" }),
    scale: number(0, 1, { about }),
    mark: flag({ about, default: false }),
  },
  rules: [],
  send: {
    prompt: "prompt",
    image_urls: { list: ["image", "last"] },
    resolution: { field: "size", values: { S: "720p", L: "1080p" } },
    duration: "length",
    thinking: { field: "mode", values: { on: "on", true: "on", false: "off", auto: null } },
  },
  unsent: { scale: "There is no scale.", mark: "There is no mark." },
  example: {},
};

const MODEL: CatalogModel = {
  id: "m",
  ...defineModel({
    name: "M",
    vendor: "v",
    source: "-",
    input: {
      prompt: text({ about, required: true, min: 1, max: 10 }),
      image_urls: pictures({ about, max: 2, limits: OURS, nullable: true }),
      duration: integer(2, 8, { about, default: 4 }),
      resolution: oneOf(["720p", "1080p"], { about, default: "720p" }),
      thinking: oneOf(["on", "off"], { about, nullable: true }),
      seed: integer(0, 9, { about, nullable: true }),
    },
    rules: [
      {
        when: { image_urls: { count: 2 } },
        must: { duration: { is: [8] } },
        say: "image_urls[1] and image_urls need a duration of 8; durations of others do not matter.",
      },
    ],
    output: { duration: "duration", resolution: "resolution", aspect: { of: ["image_urls"] } },
    price: { source: "-", lines: [] },
    routes: [],
    example: {},
    pages: { theirs: PAGE },
  }),
};

const read = (body: JsonObject) => readBody(MODEL, PAGE, body);

function refusal(body: JsonObject): ReelayError {
  try {
    read(body);
  } catch (error) {
    if (error instanceof ReelayError) return error;
    throw error;
  }
  throw new Error("not refused");
}

test("a page's defaults are the model's, or a parameter is lost under its other name", () => {
  expect(read({ prompt: "fox" })).toEqual({
    input: { prompt: "fox", image_urls: null, duration: 5, resolution: "1080p", thinking: null, seed: null },
    asked: ["prompt"],
  });
  expect(read({ prompt: "fox", size: "S", length: 8, image: A, last: B, mode: false })).toEqual({
    input: {
      prompt: "fox",
      image_urls: [A, B],
      duration: 8,
      resolution: "720p",
      thinking: "off",
      seed: null,
    },
    asked: ["prompt", "image_urls", "duration", "resolution", "thinking"],
  });
});

test.each<[Json, Json]>([
  ["on", "on"],
  [true, "on"],
  [false, "off"],
  ["auto", null],
])("a value of two types, %j, becomes another than %j", (mode, thinking) => {
  expect(read({ prompt: "x", mode }).input.thinking).toBe(thinking);
});

test("a text of the page's length is refused with the model's, or of any length taken", () => {
  expect(read({ prompt: "" }).input.prompt).toBe("");
  expect(read({ prompt: "x".repeat(20) }).input.prompt).toHaveLength(20);
  expect(refusal({ prompt: "x".repeat(21) }).problems).toMatchObject([{ field: "prompt" }]);
});

test("what has no effect is forgotten where it was asked for, or told where it was not", () => {
  expect(read({ prompt: "x", scale: 0, mark: false }).asked).toEqual(["prompt", "scale"]);
  const { asked } = read({ prompt: "x", mark: true });
  expect(unsentNotes(PAGE, asked)).toEqual([{ field: "mark", message: "There is no mark." }]);
  expect(unsentNotes(undefined, ["mark"])).toEqual([]);
});

test.each<[Json, string]>([
  [-0.1, "-0.1"],
  [1.01, "1.01"],
  ["0.5", 'the string "0.5"'],
  [null, "null"],
])("a number of %j is taken, or converted", (scale, shown) => {
  const { message } = refusal({ prompt: "x", scale });
  expect(message).toContain(`"scale" must be a number from 0 to 1, not ${shown}`);
});

test("a problem is told under a name that the client never used", () => {
  expect(refusal({ duration: 5, image_urls: [A] }).message).toContain('"prompt" is required');
  expect(refusal({ prompt: "x", lenght: 5 }).message).toContain(
    '"lenght" is not a parameter of short-name (did you mean "length"?)',
  );
  const missed = refusal({ prompt: "x", length: 1 });
  expect(missed.problems).toMatchObject([{ field: "length", received: 1 }]);
  expect(missed.message).toBe('"length" must be an integer from 2 to 8, not 1.');
  const broken = refusal({ prompt: "x", image: A, last: B });
  expect(broken.problems[0]).toMatchObject({
    field: "length",
    message: "last and image need a length of 8; durations of others do not matter.",
  });
});

test("a file in base64 is taken where the page says so only", () => {
  const bytes = `data:image/png;base64,${"A".repeat(40)}`;
  expect(read({ prompt: "x", image: bytes }).input.image_urls).toEqual([bytes]);
  expect(read({ prompt: "x", image: "A".repeat(100) }).asked).toContain("image_urls");
  expect(refusal({ prompt: "x", last: bytes }).message).toContain('"last" must be a string');
  expect(refusal({ prompt: "x", image: "a.png" }).message).toContain("or the file itself in base64");
});

test("a picture is held to the model's limits instead of those of its own parameter", () => {
  const place = (item: number, page: Page | undefined = PAGE) =>
    mediaPlace(MODEL, page, { field: "image_urls", item });
  expect(place(0)).toEqual({ name: "image", limits: THEIRS });
  expect(place(1)).toEqual({ name: "last", limits: OURS });
  expect(mediaPlace(MODEL, undefined, { field: "image_urls", item: 1 })).toEqual({
    name: "image_urls",
    limits: OURS,
  });
  expect(mediaPlace(MODEL, PAGE, { field: "seed", item: 0 })).toBeUndefined();
});

test("a page is found in another dialect, or under the name of every object", () => {
  const { pages, ...plain } = MODEL;
  expect(pagesIn([MODEL, plain], "theirs")).toEqual([{ model: MODEL, page: PAGE }]);
  expect(pagesIn([MODEL, plain], "others")).toEqual([]);
  expect(pageOf(MODEL, "constructor")).toBeUndefined();
});

test("of two models with one path the wrong one is taken, or one that a request does not mean", () => {
  const two: CatalogModel = {
    ...MODEL,
    id: "two",
    pages: { theirs: { ...PAGE, when: { last: { given: true } } } },
  };
  const find = (body: JsonObject, models = [MODEL, two]) =>
    findPage(models, { dialect: "theirs", path: "short-name", body })?.model.id;
  expect([find({ last: A }), find({}), find({ last: null })]).toEqual(["two", "m", "m"]);
  expect([find({ last: A }, [two]), find({}, [two]), find({}, [])]).toEqual(["two", undefined, undefined]);
  expect(findPage([MODEL], { dialect: "theirs", path: "m", body: {} })).toBeUndefined();
});

test("a name inside of a longer word is taken for a parameter, or one that both share is changed", () => {
  const said =
    "durations, my_duration, x.duration and prompt stay; duration, (image_urls[0]) and resolution: do not.";
  const { message } = inPageWords(PAGE, new ReelayError("bug", said));
  expect(message).toBe(
    "durations, my_duration, x.duration and prompt stay; length, (image) and size: do not.",
  );
});

test("what is told twice is changed twice", () => {
  const once = inPageWords(PAGE, refusal({ prompt: "x", length: 1 }));
  expect(inPageWords(PAGE, once).message).toBe(once.message);
});

test("a retry's time or the cause of an error is lost on the way", () => {
  const cause = new Error("inner");
  const error = inPageWords(PAGE, new ReelayError("rate_limited", "Wait.", { retryAfter: 7, cause }));
  expect([error.code, error.retryAfter, error.cause]).toEqual(["rate_limited", 7, cause]);
});

test("a task's error and notes are told in the model's names", () => {
  const task = {
    error: { code: "input_unreadable", message: "image_urls: no.", field: "image_urls" } as const,
    notes: [{ field: "resolution", message: "Another resolution came." }],
  };
  expect(taskInPageWords(PAGE, task)).toEqual({
    error: { code: "input_unreadable", message: "image: no.", field: "image" },
    notes: [{ field: "size", message: "Another size came." }],
  });
  const clean = { error: null, notes: [] };
  expect(taskInPageWords(PAGE, clean)).toBe(clean);
});

import { expect, test } from "vitest";
import { ReelayError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import {
  type CatalogModel,
  clip,
  flag,
  integer,
  type Model,
  oneOf,
  picture,
  pictures,
  text,
  unsupported,
} from "../core/model.ts";
import { validate } from "./validate.ts";

const LIMITS = { types: ["jpeg"], maxBytes: 1000 } as const;
const URL_1 = "https://host.example/a.jpg?sig=secret";

const MODEL: CatalogModel = {
  id: "test-model",
  name: "Test",
  vendor: "test",
  source: "this file",
  input: {
    prompt: text({ about: "-", required: true, min: 1, max: 10 }),
    note: text({ about: "-", nullable: true, max: 5 }),
    image_url: picture({ about: "-", nullable: true, limits: LIMITS }),
    image_urls: pictures({ about: "-", nullable: true, max: 2, limits: LIMITS }),
    clip_url: clip({ about: "-", limits: { types: ["mp4"], maxBytes: 1000 } }),
    size: oneOf(["720p", "1080p", "4k"], { about: "-", default: "1080p" }),
    seconds: oneOf([4, 6, 8], { about: "-", default: 8 }),
    seed: integer(0, 100, { about: "-", nullable: true }),
    sound: flag({ about: "-", default: false }),
    extra: unsupported("only other-model has it"),
    more: unsupported("only other-model has it"),
  },
  rules: [
    { when: { size: { is: ["4k"] } }, ...must({ seconds: { is: [8] } }), say: "4k takes 8 seconds." },
    { when: { note: { given: true } }, ...must({ image_urls: { count: 2 } }), say: "A note takes 2." },
  ],
  output: { duration: "seconds", resolution: "size", aspect: { of: ["image_url"] } },
  price: { source: "this file", lines: [{ when: {}, usdPerSecond: 0.1 }] },
  routes: [],
  example: { prompt: "x" },
};

function must(condition: Model["rules"][number]["must"]) {
  return { must: condition };
}

function refusal(body: JsonObject): ReelayError {
  try {
    validate(MODEL, body);
  } catch (error) {
    if (error instanceof ReelayError) return error;
    throw error;
  }
  throw new Error("the body was taken");
}

test("a parameter is lost, or a default is not filled in", () => {
  const { input, asked } = validate(MODEL, { sound: true, prompt: "hi", seed: null, image_urls: [] });
  expect(input).toEqual({
    prompt: "hi",
    note: null,
    image_url: null,
    image_urls: null,
    clip_url: null,
    size: "1080p",
    seconds: 8,
    seed: null,
    sound: true,
    extra: null,
    more: null,
  });
  expect(asked).toEqual(["prompt", "sound"]);
});

test("a default that the client sent itself counts as asked", () => {
  expect(validate(MODEL, { prompt: "hi", size: "1080p", sound: false }).asked).toEqual([
    "prompt",
    "size",
    "sound",
  ]);
});

test("what was given is changed on its way", () => {
  const body = {
    prompt: " hi\n",
    note: "",
    image_url: URL_1,
    image_urls: [URL_1, URL_1],
    seed: 0,
    seconds: 4,
  };
  const { input } = validate(MODEL, { ...body, note: "n", image_url: URL_1 });
  expect(input).toMatchObject({ prompt: " hi\n", image_urls: [URL_1, URL_1], seed: 0, seconds: 4 });
  expect(validate(MODEL, { ...body, note: null }).input.image_url).toBe(URL_1);
});

test.each<[JsonObject, string, string]>([
  [{}, "prompt", '"prompt" is required: send a string of 1 to 10 characters.'],
  [{ prompt: null }, "prompt", '"prompt" must be a string of 1 to 10 characters, not null.'],
  [{ prompt: "" }, "prompt", '"prompt" must be a string of 1 to 10 characters, not an empty one.'],
  [{ prompt: 5 }, "prompt", '"prompt" must be a string of 1 to 10 characters, not 5.'],
  [{ prompt: ["a"] }, "prompt", '"prompt" must be a string of 1 to 10 characters, not a list of 1.'],
  [{ prompt: { a: 1 } }, "prompt", '"prompt" must be a string of 1 to 10 characters, not an object.'],
  [{ prompt: "12345678901" }, "prompt", '"prompt" must be a string of 1 to 10 characters, not of 11.'],
  [{ note: "123456" }, "note", '"note" must be a string of at most 5 characters, not of 6.'],
  [{ size: null }, "size", '"size" must be one of "720p", "1080p", "4k", not null: leave it out instead.'],
  [{ size: "480p" }, "size", '"size" must be one of "720p", "1080p", "4k", not the string "480p".'],
  [
    { size: "4K" },
    "size",
    '"size" must be one of "720p", "1080p", "4k", not the string "4K" (did you mean "4k"?).',
  ],
  [{ size: 720 }, "size", '"size" must be one of "720p", "1080p", "4k", not 720.'],
  [{ seconds: 5 }, "seconds", '"seconds" must be one of 4, 6, 8, not 5.'],
  [{ seconds: "6" }, "seconds", '"seconds" must be one of 4, 6, 8, not the string "6" (did you mean 6?).'],
  [{ seed: "5" }, "seed", '"seed" must be an integer from 0 to 100, not the string "5".'],
  [{ seed: 5.5 }, "seed", '"seed" must be an integer from 0 to 100, not 5.5.'],
  [{ seed: true }, "seed", '"seed" must be an integer from 0 to 100, not true.'],
  [{ seed: -1 }, "seed", '"seed" must be an integer from 0 to 100, not -1.'],
  [{ seed: 101 }, "seed", '"seed" must be an integer from 0 to 100, not 101.'],
  [{ seed: 1e300 }, "seed", '"seed" must be an integer from 0 to 100, not 1e+300.'],
  [{ sound: 1 }, "sound", '"sound" must be true or false, not 1.'],
  [{ sound: "true" }, "sound", '"sound" must be true or false, not the string "true".'],
  [{ sound: null }, "sound", '"sound" must be true or false, not null: leave it out instead.'],
  [{ promt: "x" }, "promt", '"promt" is not a parameter of test-model (did you mean "prompt"?).'],
  [{ Seed: 1 }, "Seed", '"Seed" is not a parameter of test-model (did you mean "seed"?).'],
  [{ size: "4k", seconds: 4 }, "seconds", "4k takes 8 seconds."],
  [{ note: "n" }, "image_urls", "A note takes 2."],
])("%j is taken, or told with other words", (change, field, message) => {
  const body =
    Object.hasOwn(change, "prompt") || Object.keys(change).length === 0 ? change : { prompt: "x", ...change };
  const error = refusal(body);
  expect(error.message).toBe(message);
  expect(error.code).toBe("invalid_parameters");
  expect(error.problems).toMatchObject([{ field, message }]);
});

const A_URL = "public http(s) URL of at most 2048 characters";

test.each<[unknown, string]>([
  ["", "an empty one"],
  ["host.example/a.jpg", "one without http(s) URL syntax"],
  ["ftp://host.example/a.jpg", "one without http(s) URL syntax"],
  ["file:///etc/passwd", "one without http(s) URL syntax"],
  ["http:host.example", "one without http(s) URL syntax"],
  ["http://", "one without http(s) URL syntax"],
  ["https://host.example/a b.jpg", "one without http(s) URL syntax"],
  [" https://host.example/a.jpg", "one without http(s) URL syntax"],
  ["data:image/png;base64,AAAA", "a data: URL: send a public http(s) URL or upload the file first"],
  ["DATA:image/png;base64,AAAA", "a data: URL: send a public http(s) URL or upload the file first"],
  [`https://host.example/${"a".repeat(2048)}`, "one of 2069 characters"],
  [5, "5"],
  [["https://host.example/a.jpg"], "a list of 1"],
])("%j passes for the URL of a file", (value, fault) => {
  const error = refusal({ prompt: "x", image_url: value as string });
  expect(error.message).toBe(`"image_url" must be a string, a ${A_URL}, not ${fault}.`);
});

test("a URL of 2048 characters is refused", () => {
  const longest = "https://host.example/".padEnd(2048, "a");
  expect(validate(MODEL, { prompt: "x", image_url: longest }).input.image_url).toBe(longest);
});

test.each<[unknown, string]>([
  [URL_1, `"image_urls" must be a list of 1 to 2 strings, each a ${A_URL}, not the string`],
  [[URL_1, URL_1, URL_1], `"image_urls" must be a list of 1 to 2 strings, each a ${A_URL}, not of 3.`],
  [[URL_1, null], `"image_urls[1]" must be a string, a ${A_URL}, not null.`],
  [[[URL_1]], `"image_urls[0]" must be a string, a ${A_URL}, not a list of 1.`],
  [["data:,x"], `"image_urls[0]" must be a string, a ${A_URL}, not a data: URL: send`],
  [{ "0": URL_1 }, `"image_urls" must be a list of 1 to 2 strings, each a ${A_URL}, not an object.`],
])("%j passes for a list of URLs", (value, message) => {
  expect(refusal({ prompt: "x", image_urls: value as string }).message).toContain(message);
});

test("every bad item of a list is told", () => {
  const { problems } = refusal({ prompt: "x", image_urls: ["a", "b"] });
  expect(problems.map((problem) => problem.message.slice(0, 15))).toEqual([
    '"image_urls[0]"',
    '"image_urls[1]"',
  ]);
});

test("length is counted in UTF-16 units instead of characters", () => {
  expect(validate(MODEL, { prompt: "🎬".repeat(10) }).input.prompt).toBe("🎬".repeat(10));
  expect(refusal({ prompt: "🎬".repeat(11) }).message).toContain("not of 11.");
});

test.each(["a\0b", "a\ud83c"])("%j reaches a database that cannot hold it", (prompt) => {
  expect(refusal({ prompt }).message).toContain("not one with U+0000 or half a surrogate pair in it");
});

test("only the first of several problems is told", () => {
  const error = refusal({ size: "8k", seed: "5", fps: 24 });
  expect(error.message).toBe(
    '4 problems: "prompt" is required: send a string of 1 to 10 characters; ' +
      '"size" must be one of "720p", "1080p", "4k", not the string "8k"; ' +
      '"seed" must be an integer from 0 to 100, not the string "5"; ' +
      '"fps" is not a parameter of test-model (it takes prompt, note, image_url, image_urls, clip_url, size, ' +
      "seconds, seed, sound).",
  );
  expect(error.problems).toMatchObject([
    { field: "prompt", allowed: "a string of 1 to 10 characters" },
    { field: "size", received: "8k", allowed: ["720p", "1080p", "4k"] },
    { field: "seed", received: "5", allowed: "an integer from 0 to 100" },
    { field: "fps", received: 24 },
  ]);
});

test("a rule about a field that is wrong by itself adds a second complaint", () => {
  expect(refusal({ prompt: "x", size: "4k", seconds: 5 }).problems).toHaveLength(1);
});

test("a parameter of another variant is told like a typing mistake", () => {
  const error = refusal({ prompt: "x", extra: true, more: 1 });
  expect(error.code).toBe("unsupported_parameters");
  expect(error.problems[0]?.message).toBe(
    '"extra" does not apply to test-model: only other-model has it. Leave it out or send null.',
  );
  expect(refusal({ prompt: "x", extra: true, seed: -1 }).code).toBe("invalid_parameters");
  expect(refusal({ extra: true }).code).toBe("invalid_parameters");
  expect(validate(MODEL, { prompt: "x", extra: null }).asked).toEqual(["prompt"]);
});

test.each(["__proto__", "constructor", "toString"])("the name %s slips past the table of fields", (name) => {
  const body = JSON.parse(`{"prompt":"x","${name}":{"a":1}}`);
  expect(refusal(body).problems).toMatchObject([{ field: name }]);
});

test("a field inherited from the body's prototype counts as sent", () => {
  const body = Object.create({ seed: 5 }, { prompt: { value: "x", enumerable: true } });
  expect(validate(MODEL, body).input.seed).toBeNull();
});

test("a hostile body makes a hostile answer", () => {
  const long = "x".repeat(100_000);
  const names = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`${long.slice(0, 50)}${index}`, 1]),
  );
  let nested: JsonObject = {};
  for (let depth = 0; depth < 100_000; depth++) nested = { a: nested };
  const error = refusal({ ...names, prompt: nested, size: long, image_url: long, [long]: long });
  expect(error.message.length).toBeLessThan(10_000);
  expect(JSON.stringify(error.problems).length).toBeLessThan(20_000);
  for (const problem of error.problems)
    expect(String(problem.received ?? "").length).toBeLessThanOrEqual(120);
});

test("an error message quotes a prompt or the query of a URL", () => {
  const error = refusal({ prompt: "secret words", image_url: "ftp://host.example/a?key=secret" });
  expect(error.message).not.toContain("secret");
});

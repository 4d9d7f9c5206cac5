import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

const FIELDS = ["prompt", "negative_prompt", "image_url", "seed", "duration", "generate_audio"];

test.each([
  ["promt", "prompt"],
  ["promtp", "prompt"],
  ["Prompt", "prompt"],
  ["sed", "seed"],
  ["sede", "seed"],
  ["image_urls", "image_url"],
  ["negativePrompt", "negative_prompt"],
  ["generateAudio", "generate_audio"],
])("%s is taken for %s", (word, meant) => {
  expect(nearest(word, FIELDS)).toBe(meant);
});

test.each(["", "n", "fps", "watermark", "audio", "callback_url", "constructor"])(
  "%j is no typing mistake of anything",
  (word) => {
    expect(nearest(word, FIELDS)).toBeUndefined();
  },
);

test("a short value is not mistaken for its neighbour, only for its other letter case", () => {
  expect(nearest("4:5", ["4:3"])).toBeUndefined();
  expect(nearest("4K", ["720p", "4k"])).toBe("4k");
  expect(nearest("1080P", ["720p", "1080p"])).toBe("1080p");
  expect(nearest("480p", ["360p", "540p", "720p", "1080p"])).toBeUndefined();
});

test("a megabyte of letters costs nothing", () => {
  const started = performance.now();
  expect(nearest("a".repeat(1_000_000), FIELDS)).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(50);
});

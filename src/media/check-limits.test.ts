import { describe, expect, test } from "vitest";
import type { ClipFacts, PictureFacts, SoundFacts } from "../core/media.ts";
import type { MediaLimits } from "../core/model.ts";
import { checkLimits, listTypes } from "./check-limits.ts";

const picture: PictureFacts = { kind: "picture", type: "png", width: 1000, height: 400, bytes: 5000 };
const clip: ClipFacts = {
  ...{ kind: "clip", type: "mp4", width: 1280, height: 720, seconds: 10, fps: 25, sound: false, bytes: 9000 },
};
const sound: SoundFacts = { kind: "sound", type: "mp3", seconds: 2, channels: 2, rate: 44_100, bytes: 900 };
const limits: MediaLimits = {
  types: ["jpeg", "png", "webp", "mp4", "mp3"],
  maxBytes: 20_000_000,
  side: [300, 8192],
  ratio: [0.4, 2.5],
  seconds: [2, 10],
};
const messages = (facts: PictureFacts | ClipFacts | SoundFacts, changed: Partial<MediaLimits> = {}) =>
  checkLimits(facts, { ...limits, ...changed }, "image_url").map(({ message }) => message);

describe("what is within the limits has no problem", () => {
  test("exactly on every limit", () => {
    expect(messages({ ...picture, bytes: 20_000_000 })).toEqual([]);
    expect(messages({ ...picture, width: 400, height: 1000 })).toEqual([]);
    expect(messages({ ...picture, width: 300, height: 300 })).toEqual([]);
    expect(messages(clip)).toEqual([]);
    expect(messages(sound)).toEqual([]);
  });

  test("where the model states none", () => {
    const open = { types: limits.types, maxBytes: 1e9 };
    expect(checkLimits({ ...clip, width: 1, height: 9000, seconds: 9000 }, open, "video_url")).toEqual([]);
  });
});

describe("each broken limit is a sentence with what came and what is allowed", () => {
  test("type, alone, because the other limits are about the right type", () => {
    const problems = checkLimits(
      { ...clip, bytes: 1e12 },
      { ...limits, types: ["jpeg", "png"] },
      "image_url",
    );
    const message = "image_url is a clip of type MP4; it must be JPEG or PNG.";
    expect(problems).toEqual([{ field: "image_url", message, received: "mp4", allowed: ["jpeg", "png"] }]);
  });

  test("bytes, to the byte, so that the two numbers never look alike", () => {
    const message = "image_url has 20,000,001 bytes; at most 20,000,000 are allowed.";
    expect(messages({ ...picture, bytes: 20_000_001 })).toEqual([message]);
  });

  test("either side", () => {
    expect(messages({ ...picture, width: 299, height: 400 })).toEqual([
      "image_url is 299 x 400 pixels; each side must be 300 to 8192 pixels.",
    ]);
    expect(messages({ ...picture, width: 8193, height: 4000 })).toHaveLength(1);
  });

  test("ratio, even by a hair", () => {
    expect(messages({ ...picture, width: 7501, height: 3000 })).toEqual([
      "image_url is 7501 x 3000 pixels, which is 2.5003 as width over height; it must be 0.4 to 2.5.",
    ]);
    expect(messages({ ...picture, width: 399, height: 1000 })).toHaveLength(1);
  });

  test("seconds, but not by one packet of sound", () => {
    expect(messages({ ...clip, seconds: 10.027 })).toEqual([]);
    expect(messages({ ...clip, seconds: 10.06 })).toEqual([
      "image_url is 10.06 seconds long; it must be 2 to 10 seconds.",
    ]);
    expect(messages({ ...sound, seconds: 1.23456 })).toEqual([
      "image_url is 1.23 seconds long; it must be 2 to 10 seconds.",
    ]);
  });

  test("all that are broken, together", () => {
    const long = { ...clip, width: 9000, height: 100, seconds: 60, bytes: 1e9 };
    expect(checkLimits(long, limits, "video_url")).toHaveLength(4);
  });
});

test("a list of types reads as a person would say it", () => {
  expect(listTypes([])).toBe("");
  expect(listTypes(["mp4"])).toBe("MP4");
  expect(listTypes(["mp4", "mov"])).toBe("MP4 or MOV");
  expect(listTypes(["jpeg", "png", "webp"])).toBe("JPEG, PNG or WebP");
});

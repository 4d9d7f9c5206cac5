import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aspectRatio, frameSize, shortSide } from "./frame.ts";

const SIDES = {
  "360p": 360,
  "540p": 540,
  "720p": 720,
  "1080p": 1080,
  "720P": 720,
  "1080P": 1080,
  "4k": 2160,
  "4K": 2160,
};
const ASPECTS = ["16:9", "4:3", "1:1", "3:4", "9:16", "2:3", "3:2", "21:9"];

describe.each(Object.entries(SIDES))("%s", (resolution, side) => {
  it.each(ASPECTS)("%s has even sides, the right shorter one, and that shape to a pixel", (aspect) => {
    const { width, height } = frameSize(resolution, aspectRatio(aspect));
    const [across = 0, down = 0] = aspect.split(":").map(Number);
    expect([width % 2, height % 2]).toEqual([0, 0]);
    expect(Math.min(width, height)).toBe(side);
    expect(
      Math.abs(Math.max(width, height) - (side * Math.max(across, down)) / Math.min(across, down)),
    ).toBeLessThanOrEqual(1);
    expect(Math.sign(width - height)).toBe(Math.sign(across - down));
  });
});

it.each([
  ["720p", "16:9", 1280, 720],
  ["1080p", "16:9", 1920, 1080],
  ["4k", "16:9", 3840, 2160],
  ["720p", "9:16", 720, 1280],
  ["360p", "16:9", 640, 360],
  ["540p", "16:9", 960, 540],
  ["1080p", "21:9", 2520, 1080],
  ["720p", "1:1", 720, 720],
] as const)("%s at %s is %ix%i, as every player expects", (resolution, aspect, width, height) => {
  expect(frameSize(resolution, aspectRatio(aspect))).toEqual({ width, height });
});

it("a picture of any shape gives even sides that turn with it", () => {
  const picture = fc.record({
    width: fc.integer({ min: 1, max: 20_000 }),
    height: fc.integer({ min: 1, max: 20_000 }),
  });
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(SIDES)), picture, (resolution, { width, height }) => {
      const frame = frameSize(resolution, width / height);
      expect([frame.width % 2, frame.height % 2]).toEqual([0, 0]);
      expect(Math.min(frame.width, frame.height)).toBe(shortSide(resolution));
      const turned = frameSize(resolution, height / width);
      expect(
        Math.abs(turned.width - frame.height) + Math.abs(turned.height - frame.width),
      ).toBeLessThanOrEqual(2);
    }),
    { numRuns: 1000 },
  );
});

it.each(["", "p", "HD", "0p", "-720p", "k4"])(
  "%j is no resolution: a wrong model file fails loudly",
  (resolution) => {
    expect(() => shortSide(resolution)).toThrow(`not a resolution: ${resolution}`);
  },
);

it.each(["", "16", "16x9", "16:0", "0:9", "a:b", ":"])("%j is no aspect ratio", (aspect) => {
  expect(() => aspectRatio(aspect)).toThrow(`not an aspect ratio: ${aspect}`);
});

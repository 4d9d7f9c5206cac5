import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { exif, join, riff, riffChunk, vp8, vp8l, vp8x, zeros } from "../../../test/media/samples.ts";
import { bytesSource } from "./source.ts";
import { readWebp } from "./webp.ts";

const read = (bytes: Uint8Array) => readWebp(bytesSource(bytes));
const create = {
  width: 300,
  height: 17,
  channels: 4 as const,
  background: { r: 9, g: 99, b: 9, alpha: 0.5 },
};

describe("a good WebP", () => {
  test("is measured when it is lossy, lossless or extended", async () => {
    for (const options of [{ lossless: true }, { lossless: false }, { alphaQuality: 50 }]) {
      const bytes = await sharp({ create }).webp(options).toBuffer();
      const size = { width: 300, height: 17, bytes: bytes.length };
      expect(await read(bytes)).toEqual({ kind: "picture", type: "webp", ...size });
    }
    const opaque = await sharp({ create }).removeAlpha().webp().toBuffer();
    expect(await read(opaque)).toMatchObject({ width: 300, height: 17 });
  });

  test("is measured up to the largest sides there are", async () => {
    expect(await read(riff("WEBP", vp8(16_383, 16_383)))).toMatchObject({ width: 16_383, height: 16_383 });
    expect(await read(riff("WEBP", vp8l(16_384, 1)))).toMatchObject({ width: 16_384, height: 1 });
  });

  test("is measured without the upscaling that its sides may carry in two spare bits", async () => {
    expect(await read(riff("WEBP", vp8(64 | 0x4000, 48 | 0x8000)))).toMatchObject({ width: 64, height: 48 });
  });

  test("with a chunk of odd length before the picture is measured", async () => {
    const bytes = riff("WEBP", vp8x(64, 48, 0x20), riffChunk("ICCP", zeros(7)), vp8(64, 48));
    expect(await read(bytes)).toMatchObject({ width: 64, height: 48 });
  });

  test.each([1, 3, 5, 6, 8])("with EXIF orientation %i has its sides as displayed", async (orientation) => {
    const bytes = await sharp({ create }).withMetadata({ orientation }).webp().toBuffer();
    const shown = await sharp(bytes).autoOrient().toBuffer({ resolveWithObject: true });
    expect(await read(bytes)).toMatchObject({ width: shown.info.width, height: shown.info.height });
  });

  test("whose EXIF has the prefix of a JPEG is turned all the same", async () => {
    const note = riffChunk("EXIF", join("Exif\0\0", exif(6)));
    expect(await read(riff("WEBP", vp8x(64, 48, 8), vp8(64, 48), note))).toMatchObject({ width: 48 });
  });
});

describe("a WebP that is no single picture is unreadable", () => {
  const good = riff("WEBP", vp8(64, 48));
  const interFrame = riff("WEBP", vp8(64, 48));
  interFrame[20] = 1;
  test.each([
    [
      "animated",
      riff("WEBP", vp8x(64, 48, 2), riffChunk("ANIM", zeros(6))),
      "animated WebP; send one picture",
    ],
    [
      "a canvas unlike its picture",
      riff("WEBP", vp8x(640, 48), vp8(64, 48)),
      "640 x 48 pixels and holds 64 x 48",
    ],
    ["a canvas alone", riff("WEBP", vp8x(64, 48)), "no picture"],
    ["no pixels wide", riff("WEBP", vp8(0, 48)), "0 x 48"],
    ["no key frame", interFrame, "key frame"],
    ["a chunk beyond the end", riff("WEBP", riffChunk("ICCP", zeros(8), 4_000_000_000)), '"ICCP" chunk'],
    ["a chunk that is too short", riff("WEBP", riffChunk("VP8L", [0x2f])), '"VP8L" chunk'],
    [
      "chunks without end",
      riff("WEBP", ...new Array(300).fill(riffChunk("junk", []))),
      "more than 256 chunks",
    ],
    ["cut off", good.subarray(0, good.length - 1), "cut off: it says it has 32 bytes and there are 31"],
  ])("%s", async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: "input_unreadable",
      message: expect.stringContaining(message),
    });
  });

  test("as sharp writes it with two frames", async () => {
    const frames = ["red", "blue"].map((background) => ({ create: { ...create, background } }));
    const pictures = await Promise.all(frames.map((frame) => sharp(frame).png().toBuffer()));
    const bytes = await sharp(pictures, { join: { animated: true } })
      .webp()
      .toBuffer();
    await expect(read(bytes)).rejects.toThrow("animated");
  });
});

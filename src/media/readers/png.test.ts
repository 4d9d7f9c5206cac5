import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { exif, join, png, pngChunk, zeros } from "../../../test/media/samples.ts";
import { readPng } from "./png.ts";
import { bytesSource } from "./source.ts";

const read = (bytes: Uint8Array) => readPng(bytesSource(bytes));
const picture = sharp({ create: { width: 40, height: 30, channels: 4, background: "teal" } });

describe("a good PNG", () => {
  test("is measured in every colour format that sharp writes", async () => {
    const size = { kind: "picture", type: "png", width: 40, height: 30 };
    for (const options of [{}, { palette: true }, { progressive: true }]) {
      const bytes = await picture.clone().png(options).toBuffer();
      expect(await read(bytes)).toEqual({ ...size, bytes: bytes.length });
    }
    expect(await read(await picture.clone().greyscale().toColourspace("b-w").png().toBuffer())).toMatchObject(
      size,
    );
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "with EXIF orientation %i has its sides as displayed",
    async (orientation) => {
      const bytes = await picture.clone().withMetadata({ orientation }).png().toBuffer();
      const shown = await sharp(bytes).autoOrient().toBuffer({ resolveWithObject: true });
      expect(await read(bytes)).toMatchObject({ width: shown.info.width, height: shown.info.height });
    },
  );

  test("that is animated counts as the still it begins with", async () => {
    const bytes = png({ before: [pngChunk("acTL", zeros(8)), pngChunk("fcTL", zeros(26))] });
    expect(await read(bytes)).toMatchObject({ width: 64, height: 48 });
  });

  test("whose EXIF is nonsense is taken as upright", async () => {
    for (const content of [zeros(3), join("MM", zeros(30)), exif(9), join("II", exif(6).subarray(2))]) {
      expect(await read(png({ before: [pngChunk("eXIf", content)] }))).toMatchObject({ width: 64 });
    }
  });
});

describe("a broken PNG is unreadable", () => {
  const damaged = png();
  damaged[19] = 200;
  const many = Array.from({ length: 300 }, () => pngChunk("tEXt", []));
  test.each([
    ["no pixels wide", png({ width: 0 }), "0 x 48 pixels"],
    ["more than 2^31 pixels high", png({ height: 0x80000000 }), "64 x 2147483648"],
    ["a colour format that does not exist", png({ format: [3, 2, 0, 0, 0] }), "colour format"],
    ["an unknown compression", png({ format: [8, 2, 1, 0, 0] }), "colour format"],
    ["a header that was changed", damaged, "checksum"],
    [
      "another chunk first",
      join("\x89PNG\r\n\x1a\n", pngChunk("CgBI", zeros(13)), zeros(20)),
      '"CgBI" chunk',
    ],
    ["chunks without end before the pixels", png({ before: many }), "more than 256 chunks"],
    ["an end before the pixels", png({ before: [pngChunk("IEND", [])] }), "no pixels"],
    ["nothing behind its header", png().subarray(0, 33), "cut off at byte 33"],
  ])("%s", async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: "input_unreadable",
      message: expect.stringContaining(message),
    });
  });
});

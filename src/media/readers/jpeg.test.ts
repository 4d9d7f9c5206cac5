import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { exif, join, jpeg, jpegSegment, zeros } from "../../../test/media/samples.ts";
import { readJpeg } from "./jpeg.ts";
import { bytesSource } from "./source.ts";

const read = (bytes: Uint8Array) => readJpeg(bytesSource(bytes));
const app1 = (orientation: number, order?: "II" | "MM") =>
  jpegSegment(0xe1, join("Exif\0\0", exif(orientation, order)));

describe("a good JPEG", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "with EXIF orientation %i has its sides as displayed",
    async (orientation) => {
      const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: "teal" } });
      const bytes = await picture.withMetadata({ orientation }).jpeg().toBuffer();
      const shown = await sharp(bytes).autoOrient().toBuffer({ resolveWithObject: true });
      const { width, height } = shown.info;
      expect(await read(bytes)).toEqual({
        kind: "picture",
        type: "jpeg",
        width,
        height,
        bytes: bytes.length,
      });
    },
  );

  test("is measured when it is progressive, grey or CMYK", async () => {
    const picture = sharp({ create: { width: 41, height: 30, channels: 3, background: "teal" } });
    for (const made of [
      picture.clone().jpeg({ progressive: true }),
      picture.clone().toColourspace("b-w").jpeg(),
      picture.clone().toColourspace("cmyk").jpeg(),
    ]) {
      expect(await read(await made.toBuffer())).toMatchObject({ width: 41, height: 30 });
    }
  });

  test("with EXIF in either byte order is turned, and only the first EXIF counts", async () => {
    const upright = { width: 64, height: 48 };
    const turned = { width: 48, height: 64 };
    expect(await read(jpeg({ before: [app1(6, "II")] }))).toMatchObject(turned);
    expect(await read(jpeg({ before: [app1(8, "MM")] }))).toMatchObject(turned);
    expect(await read(jpeg({ before: [app1(1), app1(6)] }))).toMatchObject(upright);
    const xmp = jpegSegment(0xe1, "http://ns.adobe.com/xap/1.0/\0");
    expect(await read(jpeg({ before: [xmp, app1(6)] }))).toMatchObject(turned);
  });

  test("with a megabyte of metadata before its frame header is read to there", async () => {
    const profile = Array.from({ length: 16 }, () => jpegSegment(0xe2, zeros(65_533)));
    expect(await read(jpeg({ before: [...profile, join([0xff, 0xff, 0xff])] }))).toMatchObject({ width: 64 });
  });
});

describe("a broken JPEG is unreadable", () => {
  test.each([
    ["no pixels wide", jpeg({ width: 0 }), "0 x 48 pixels"],
    ["a height that is told after the pixels", jpeg({ height: 0 }), "64 x 0 pixels"],
    ["pixels before any frame header", jpeg({ before: [jpegSegment(0xda, zeros(10))] }), "no frame header"],
    [
      "a segment shorter than its own length",
      jpeg({ before: [join([0xff, 0xe0, 0, 1])] }),
      "segment of 1 bytes",
    ],
    ["no marker where one should be", jpeg({ before: [join("text")] }), "no marker at byte 2"],
    [
      "a frame header that ends before its sides",
      jpeg({ before: [jpegSegment(0xc0, zeros(4))] }),
      "too short",
    ],
    ["lossless", jpeg({ marker: 0xc3 }), "lossless"],
    ["nothing but fill bytes", join([0xff, 0xd8], new Array(9000).fill(0xff)), "more than 1024"],
    ["cut off in its frame header", jpeg().subarray(0, 8), "cut off at byte 8"],
  ])("%s", async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: "input_unreadable",
      message: expect.stringContaining(message),
    });
  });
});

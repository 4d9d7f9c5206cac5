import { describe, expect, test } from "vitest";
import { bmp } from "../../../test/media/samples.ts";
import { readBmp } from "./bmp.ts";
import { bytesSource } from "./source.ts";

const read = (bytes: Uint8Array) => readBmp(bytesSource(bytes));

describe("a good BMP", () => {
  test.each([40, 52, 56, 64, 108, 124])("with a header of %i bytes is measured", async (header) => {
    const bytes = bmp({ header });
    expect(await read(bytes)).toEqual({
      kind: "picture",
      type: "bmp",
      width: 5,
      height: 4,
      bytes: bytes.length,
    });
  });

  test("with its rows from the top down has a positive height", async () => {
    expect(await read(bmp({ height: -4 }))).toMatchObject({ height: 4 });
  });

  test("has rows of whole 32-bit words at every depth", async () => {
    for (const depth of [1, 4, 8, 16, 24, 32]) expect(await read(bmp({ depth }))).toMatchObject({ width: 5 });
  });

  test("with run lengths needs fewer bytes than its pixels", async () => {
    expect(await read(bmp({ depth: 8, compression: 1, pixels: 6 }))).toMatchObject({ width: 5 });
  });
});

describe("a broken BMP is unreadable", () => {
  test.each([
    ["fewer bytes than its pixels take", bmp({ pixels: 63 }), "bytes 54 to 118 and it has 117"],
    ["sizes that no file could hold", bmp({ width: 0x7fffffff, height: 0x7fffffff }), "cut off"],
    ["no pixels wide", bmp({ width: 0 }), "0 x 4 pixels"],
    ["a negative width", bmp({ width: -5 }), "-5 x 4 pixels"],
    ["the one height that cannot be made positive", bmp({ height: -0x80000000 }), "2147483648 pixels"],
    ["a depth that does not exist", bmp({ depth: 7 }), "7 bits a pixel"],
    ["another picture inside", bmp({ compression: 4 }), "compression 4"],
    ["cut off in its header", bmp().subarray(0, 53), "cut off at byte 53"],
  ])("%s", async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: "input_unreadable",
      message: expect.stringContaining(message),
    });
  });
});

import { expect, test } from "vitest";
import { decodeBitmap } from "./bitmap.ts";

interface Sketch {
  readonly bits: 8 | 16 | 24 | 32;
  readonly topDown?: boolean;
  readonly masks?: readonly number[];
  readonly headerSize?: number;
}

/** 3 by 2 pixels: red green blue / white black grey. */
const COLOURS = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
  [0, 0, 0],
  [128, 128, 128],
] as const;

function bitmap({ bits, topDown = false, masks = [], headerSize = 40 }: Sketch): Uint8Array {
  const stride = Math.ceil((3 * bits) / 32) * 4;
  const between = headerSize > 40 ? 0 : masks.length * 4;
  const pixelsAt = 14 + headerSize + between + (bits === 8 ? 6 * 4 : 0);
  const bytes = Buffer.alloc(pixelsAt + stride * 2);
  bytes.write("BM");
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(pixelsAt, 10);
  bytes.writeUInt32LE(headerSize, 14);
  bytes.writeInt32LE(3, 18);
  bytes.writeInt32LE(topDown ? -2 : 2, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(bits, 28);
  bytes.writeUInt32LE(masks.length > 0 ? 3 : 0, 30);
  if (bits === 8) {
    bytes.writeUInt32LE(6, 46);
    COLOURS.forEach(([r, g, b], i) => {
      bytes.set([b, g, r, 0], 14 + headerSize + i * 4);
    });
  }
  masks.forEach((mask, i) => {
    bytes.writeUInt32LE(mask >>> 0, 54 + i * 4);
  });
  COLOURS.forEach(([r, g, b], i) => {
    const line = Math.floor(i / 3);
    const at = pixelsAt + (topDown ? line : 1 - line) * stride + (i % 3) * (bits / 8);
    if (bits === 8) bytes[at] = i;
    else if (bits === 16) bytes.writeUInt16LE(((r >> 3) << 11) | ((g >> 2) << 5) | (b >> 3), at);
    else if (masks.length > 0) bytes.writeUInt32LE(((r << 24) | (g << 16) | (b << 8)) >>> 0, at);
    else bytes.set([b, g, r], at);
  });
  return bytes;
}

const RGB_HIGH = [0xff000000, 0x00ff0000, 0x0000ff00];

test.each<[string, Sketch]>([
  ["8 bit palette", { bits: 8 }],
  ["8 bit palette behind a long header", { bits: 8, headerSize: 124 }],
  ["24 bit", { bits: 24 }],
  ["24 bit top-down", { bits: 24, topDown: true }],
  ["32 bit", { bits: 32 }],
  ["32 bit with masks", { bits: 32, masks: RGB_HIGH }],
  ["32 bit with masks in a long header", { bits: 32, masks: RGB_HIGH, headerSize: 108 }],
])("%s does not decode to its colours", (_, sketch) => {
  const bytes = bitmap(sketch);
  const { data, width, height } = decodeBitmap(bytes);
  expect([width, height]).toEqual([3, 2]);
  expect([...data]).toEqual(COLOURS.flat());
});

test("16 bit 5-6-5 does not reach full white", () => {
  const { data } = decodeBitmap(bitmap({ bits: 16, masks: [0xf800, 0x07e0, 0x001f] }));
  expect([...data.slice(0, 12)]).toEqual(COLOURS.slice(0, 4).flat());
});

test.each([{ bits: 24 }, { bits: 8 }, { bits: 32, masks: RGB_HIGH }] as const)(
  "bytes missing at the end of %j are read from beyond",
  (sketch) => {
    const bytes = bitmap(sketch);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeBitmap(bytes.slice(0, length))).toThrow(
        expect.objectContaining({ code: "input_unreadable" }),
      );
    }
  },
);

test.each<[string, number, number]>([
  ["a size beyond any memory", 18, 0x7fffffff],
  ["no width", 18, 0],
  ["pixels inside the header", 10, 8],
  ["pixels beyond the end", 10, 0xfffffff0],
  ["run-length compression", 30, 1],
  ["an unknown header", 14, 12],
])("%s is believed", (_, at, value) => {
  const bytes = Buffer.from(bitmap({ bits: 24 }));
  bytes.writeUInt32LE(value, at);
  expect(() => decodeBitmap(bytes)).toThrow(expect.objectContaining({ code: "input_unreadable" }));
});

test("an index beyond the palette reads what lies behind it", () => {
  const bytes = bitmap({ bits: 8 });
  bytes[bytes.length - 4] = 255;
  expect([...decodeBitmap(bytes).data.slice(0, 3)]).toEqual([128, 128, 128]);
});

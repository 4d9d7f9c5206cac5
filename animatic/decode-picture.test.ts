import { writeFile } from "node:fs/promises";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodePicture } from "./decode-picture.ts";
import { openKernels } from "./kernels.ts";
import { openPicture } from "./source.ts";
import { type Desk, openDesk } from "./testing/pictures.ts";

const FRAME = { width: 64, height: 64 };
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.clear());

let saved = 0;
/** Under a new name each time: libvips remembers what it has read by its name. */
async function save(name: string, picture: Sharp | Buffer): Promise<string> {
  const path = desk.path(`${++saved}-${name}`);
  await writeFile(path, Buffer.isBuffer(picture) ? picture : await picture.toBuffer());
  return path;
}

/** Luma and chroma in the middle of each quarter: left above, right above, left below, right below. */
async function quarters(path: string): Promise<number[][]> {
  const kernels = await openKernels(FRAME.width, FRAME.height);
  const canvas = await (await openPicture(path, FRAME, "first frame")).place(kernels, { x: 4, y: 4 });
  const target = kernels.target();
  kernels.draw(canvas, { step: 1, x: 0, y: 0 }, target);
  const { y, uv } = kernels.frame(target);
  return [
    [16, 16],
    [48, 16],
    [16, 48],
    [48, 48],
  ].map(([column = 0, row = 0]) => {
    const at = (row >> 1) * 64 + column;
    return [y[row * 64 + column]!, uv[at]!, uv[at + 1]!];
  });
}

/** Red, green, blue, white. BT.709 limited range. */
const CORNERS = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
];
const YUV = [
  [63, 102, 240],
  [173, 42, 26],
  [32, 240, 118],
  [235, 128, 128],
];

function corners(size = 128): Sharp {
  const data = new Uint8Array(size * size * 3);
  for (let i = 0; i < size * size; i++) {
    const quarter = (i % size < size / 2 ? 0 : 1) + (i < (size * size) / 2 ? 0 : 2);
    data.set(CORNERS[quarter]!, i * 3);
  }
  return sharp(data, { raw: { width: size, height: size, channels: 3 } });
}

function expectYuv(received: number[][], wanted: number[][], off: number): void {
  received.forEach((colour, i) => {
    colour.forEach((value, c) => {
      const message = `${received.join(" ")} is not ${wanted.join(" ")}`;
      expect(Math.abs(value - wanted[i]![c]!), message).toBeLessThanOrEqual(off);
    });
  });
}

/** Which stored quarter is seen where, for each EXIF orientation. */
const SEEN: Readonly<Record<number, readonly number[]>> = {
  1: [0, 1, 2, 3],
  2: [1, 0, 3, 2],
  3: [3, 2, 1, 0],
  4: [2, 3, 0, 1],
  5: [0, 2, 1, 3],
  6: [2, 0, 3, 1],
  7: [3, 1, 2, 0],
  8: [1, 3, 0, 2],
};
test.each(Object.entries(SEEN))("EXIF orientation %s is not heeded", async (orientation, seen) => {
  const turned = corners().withMetadata({ orientation: Number(orientation) });
  for (const path of [
    await save("turned.jpg", turned.clone().jpeg({ quality: 98, chromaSubsampling: "4:4:4" })),
    await save("turned.webp", turned.clone().webp({ lossless: true })),
    await save("turned.png", turned.clone().png()),
  ])
    expectYuv(
      await quarters(path),
      seen.map((quarter) => YUV[quarter]!),
      4,
    );
});

const grey = (size = 128): Sharp => {
  const data = Uint8Array.from({ length: size * size }, (_, i) => (i % size < size / 2 ? 40 : 200));
  return sharp(data, { raw: { width: size, height: size, channels: 1 } });
};
const GREY = [40, 200, 40, 200].map((value) => [Math.round(16 + (219 * value) / 255), 128, 128]);
/** Half through: what lies below is a middle grey. */
const veil = (picture: Sharp) => picture.ensureAlpha(0.5);
const VEILED = CORNERS.map((colour) => colour.map((value) => Math.round((value + 128) / 2)));
const yuvOf = ([r = 0, g = 0, b = 0]: readonly number[]) => [
  Math.round(16 + 0.18259 * r + 0.61423 * g + 0.06201 * b),
  Math.round(128 - 0.10064 * r - 0.33857 * g + 0.43922 * b),
  Math.round(128 + 0.43922 * r - 0.39894 * g - 0.04027 * b),
];

describe("a picture of an unusual kind does not come out in its colours", () => {
  test.each<[string, string, () => Sharp, number[][], number]>([
    ["16 bits", "deep.png", () => corners().toColourspace("rgb16").png(), YUV, 2],
    [
      "16 bits and alpha",
      "deep-veil.png",
      () => veil(corners()).toColourspace("rgb16").png(),
      VEILED.map(yuvOf),
      4,
    ],
    ["alpha", "veil.png", () => veil(corners()).png(), VEILED.map(yuvOf), 4],
    ["alpha in a WebP", "veil.webp", () => veil(corners()).webp({ lossless: true }), VEILED.map(yuvOf), 4],
    ["grey", "grey.png", () => grey().toColourspace("b-w").png(), GREY, 2],
    ["grey JPEG", "grey.jpg", () => grey().toColourspace("b-w").jpeg({ quality: 98 }), GREY, 2],
    ["grey of 16 bits", "grey16.png", () => grey().toColourspace("grey16").png(), GREY, 2],
    [
      "grey and alpha",
      "grey-veil.png",
      () => veil(grey().toColourspace("b-w")).png(),
      [84, 164, 84, 164].map((v) => yuvOf([v, v, v])),
      4,
    ],
    ["a palette", "palette.png", () => corners().png({ palette: true, colours: 8 }), YUV, 3],
    ["interlaced", "interlaced.png", () => corners().png({ progressive: true }), YUV, 2],
    [
      "progressive",
      "progressive.jpg",
      () => corners().jpeg({ progressive: true, quality: 98, chromaSubsampling: "4:4:4" }),
      YUV,
      4,
    ],
  ])("%s", async (_, name, make, wanted, off) => {
    expectYuv(await quarters(await save(name, make())), wanted, off);
  });

  test("CMYK: inverted, or of no colour", async () => {
    const path = await save("cmyk.jpg", corners().toColourspace("cmyk").jpeg({ quality: 98 }));
    const [red, , blue, white] = await quarters(path);
    expect(white![0]).toBeGreaterThan(220);
    expect(red![2]).toBeGreaterThan(190);
    expect(blue![1]).toBeGreaterThan(150);
  });
});

test("a moving picture is more than its first frame", async () => {
  const colours = [CORNERS[0]!, CORNERS[2]!].map(([r = 0, g = 0, b = 0]) =>
    sharp({ create: { width: 64, height: 64, channels: 3, background: { r, g, b } } })
      .png()
      .toBuffer(),
  );
  const frames = sharp(await Promise.all(colours), { join: { animated: true } });
  const path = await save("moving.webp", frames.webp({ lossless: true }));
  expectYuv(await quarters(path), [YUV[0]!, YUV[0]!, YUV[0]!, YUV[0]!], 4);
});

describe("a picture is refused without a word why", () => {
  test("too many pixels, before one is unpacked", async () => {
    const wide = sharp({
      create: { width: 12_000, height: 9_000, channels: 3, background: "red" },
      limitInputPixels: false,
    });
    const path = await save("huge.png", wide.png({ compressionLevel: 1 }));
    await expect(decodePicture(path, "first frame")).rejects.toMatchObject({
      code: "input_unreadable",
      message:
        "The first frame is 12000 x 9000 pixels, 309 MiB unpacked; at most 100 megapixels and 512 MiB unpacked are read.",
    });
  });

  test.each([
    ["an SVG", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ["a GIF", Buffer.from("GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;", "latin1")],
    ["a TIFF", Buffer.from("II*\0\x08\0\0\0", "latin1")],
    ["nothing", Buffer.alloc(0)],
  ])("%s, which libvips would take", async (name, bytes) => {
    await expect(decodePicture(await save("other", bytes), "last frame")).rejects.toMatchObject({
      code: "input_unreadable",
      message: "The last frame is no JPEG, PNG, WebP or BMP picture.",
    });
    expect(name).not.toBe("");
  });
});

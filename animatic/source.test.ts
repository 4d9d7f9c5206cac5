import { writeFile } from "node:fs/promises";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Frame } from "../src/media/codec.ts";
import { writeOpaque } from "./colour.ts";
import { openKernels } from "./kernels.ts";
import { frameSource, type Margin, openPicture, type Size, type Source } from "./source.ts";
import { type Desk, openDesk, twoColours, varianceOf, writePhoto } from "./testing/pictures.ts";

const FRAME = { width: 96, height: 54 };
/** BT.709 limited range. */
const RED = [63, 102, 240];
const BLUE = [32, 240, 118];
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.clear());

async function placed(source: Source, size: Size = FRAME, margin: Margin = { x: 4, y: 4 }) {
  const kernels = await openKernels(size.width, size.height);
  const canvas = await source.place(kernels, margin);
  const target = kernels.target();
  kernels.draw(canvas, { step: 1, x: 0, y: 0 }, target);
  return { frame: kernels.frame(target), canvas, luma: kernels.bytes(canvas.y) };
}

function colourAt(frame: Frame, x: number, y: number): number[] {
  const at = (y >> 1) * frame.width + (x & ~1);
  return [frame.y[y * frame.width + x]!, frame.uv[at]!, frame.uv[at + 1]!];
}

function expectColour(received: number[], wanted: number[], within = 3): void {
  received.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!), `${received} is not ${wanted}`).toBeLessThanOrEqual(within);
  });
}

async function saved(name: string, picture: Sharp): Promise<string> {
  await picture.toFile(desk.path(name));
  return desk.path(name);
}

test("the first frame is not the picture as sharp crops it", async () => {
  const path = await writePhoto(desk.path("photo.png"), 400, 300);
  const { frame } = await placed(await openPicture(path, FRAME, "first frame"));
  const { data } = await sharp(path).resize(FRAME).raw().toBuffer({ resolveWithObject: true });
  const [y, uv] = [new Uint8Array(96 * 54), new Uint8Array(96 * 27)];
  writeOpaque({ data, ...FRAME, channels: 3 }, { bytes: y, stride: 96 }, { bytes: uv, stride: 96 });
  const off = frame.y.map((value, i) => Math.abs(value - y[i]!));
  expect(Math.max(...off)).toBeLessThanOrEqual(2);
});

test.each<[string, () => Promise<string>]>([
  ["a JPEG", () => saved("two.jpg", twoColours(400, 226).jpeg({ quality: 95, chromaSubsampling: "4:4:4" }))],
  ["a WebP", () => saved("two.webp", twoColours(400, 226).webp({ lossless: true }))],
  ["16 bits", () => saved("deep.png", twoColours(400, 226).toColourspace("rgb16").png())],
  ["a palette", () => saved("palette.png", twoColours(400, 226).png({ palette: true }))],
  ["a tiny picture", () => saved("tiny.png", twoColours(16, 9).png())],
  ["odd sides", () => saved("odd.png", twoColours(401, 227).png())],
  ["8:1", () => saved("wide.png", twoColours(1600, 200).png())],
  ["1:8", () => saved("high.png", twoColours(200, 1600).png())],
])("%s does not come out in its colours", async (_, make) => {
  const { frame } = await placed(await openPicture(await make(), FRAME, "first frame"));
  expectColour(colourAt(frame, 8, 10), RED);
  expectColour(colourAt(frame, 88, 44), BLUE);
});

test("a picture turned by EXIF stays on its side", async () => {
  const upright = twoColours(226, 400).withMetadata({ orientation: 6 });
  const { frame } = await placed(
    await openPicture(await saved("turned.jpg", upright.jpeg()), FRAME, "first frame"),
  );
  // A quarter turn to the right: what was left is now above.
  expectColour(colourAt(frame, 48, 6), RED, 8);
  expectColour(colourAt(frame, 48, 48), BLUE, 8);
});

test("a grey picture gets a colour, or one row of it becomes three", async () => {
  const data = Uint8Array.from({ length: 200 * 100 }, (_, i) => (i % 200 < 100 ? 40 : 200));
  const grey = sharp(data, { raw: { width: 200, height: 100, channels: 1 } }).toColourspace("b-w");
  const { frame } = await placed(
    await openPicture(await saved("grey.png", grey.png()), FRAME, "first frame"),
  );
  expectColour(colourAt(frame, 10, 20), [50, 128, 128]);
  expectColour(colourAt(frame, 86, 40), [188, 128, 128]);
});

test("a CMYK picture comes out inverted or far off", async () => {
  const cmyk = await saved("cmyk.jpg", twoColours(400, 226).toColourspace("cmyk").jpeg({ quality: 95 }));
  const { frame } = await placed(await openPicture(cmyk, FRAME, "first frame"));
  const [red, blue] = [colourAt(frame, 8, 10), colourAt(frame, 88, 44)];
  expect(red[2]).toBeGreaterThan(190);
  expect(blue[1]).toBeGreaterThan(140);
});

test("transparent pixels show what colour they once had", async () => {
  const clear = sharp({
    create: { width: 96, height: 54, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } },
  });
  const { frame } = await placed(
    await openPicture(await saved("clear.png", clear.png()), FRAME, "first frame"),
  );
  expectColour(colourAt(frame, 40, 20), [126, 128, 128], 1);
});

test("a bitmap does not open like any other picture", async () => {
  const bytes = Buffer.alloc(54 + 96 * 54 * 3, 0);
  bytes.write("BM");
  for (const [at, value] of [
    [10, 54],
    [14, 40],
    [18, 96],
    [22, 54],
  ] as const)
    bytes.writeUInt32LE(value, at);
  bytes.writeUInt16LE(24, 28);
  for (let i = 54; i < bytes.length; i += 3) bytes[i + 2] = 255;
  await writeFile(desk.path("red.bmp"), bytes);
  const { frame } = await placed(await openPicture(desk.path("red.bmp"), FRAME, "first frame"));
  expectColour(colourAt(frame, 40, 20), RED);
  await writeFile(desk.path("cut.bmp"), bytes.subarray(0, 900));
  await expect(openPicture(desk.path("cut.bmp"), FRAME, "first frame")).rejects.toMatchObject({
    code: "input_unreadable",
  });
});

test.each(["nothing", "garbage", "cut"])("%s is taken for a picture", async (kind) => {
  const whole = await twoColours(400, 226).jpeg().toBuffer();
  const bytes = {
    nothing: Buffer.alloc(0),
    garbage: Buffer.alloc(5000, 0x5a),
    cut: whole.subarray(0, whole.length >> 1),
  };
  const path = desk.path(`${kind}.jpg`);
  await writeFile(path, bytes[kind as keyof typeof bytes]);
  const work = async () => placed(await openPicture(path, FRAME, "last frame"));
  await expect(work()).rejects.toMatchObject({
    code: "input_unreadable",
    message: expect.stringContaining("last frame"),
  });
});

test("what lies beyond the edge is smeared, or torn from the picture", async () => {
  const path = await writePhoto(desk.path("edge.png"), 96, 54, 3);
  const margin = { x: 20, y: 12 };
  const { canvas, luma } = await placed(await openPicture(path, FRAME, "first frame"), FRAME, margin);
  const row = (y: number) => luma.subarray(y * canvas.width, (y + 1) * canvas.width);
  const middle = row(30);
  // Goes on where the picture ends, and does not repeat one value outwards.
  expect(Math.abs(middle[19]! - middle[20]!)).toBeLessThan(12);
  expect(Math.abs(middle[116]! - middle[115]!)).toBeLessThan(12);
  expect(varianceOf(middle.slice(0, 20))).toBeGreaterThan(1);
  expect(Math.abs(row(11)[60]! - row(12)[60]!)).toBeLessThan(12);
  expect(luma.every((value) => value >= 16)).toBe(true);
});

test("a picture wider than the frame is mirrored where it goes on by itself", async () => {
  const path = await saved("long.png", twoColours(384, 54).png());
  const source = await openPicture(path, FRAME, "first frame");
  expect(source.room).toEqual({ x: 0.35, y: 0 });
  const { canvas, luma } = await placed(source, FRAME, { x: 32, y: 4 });
  expect(luma[20 * canvas.width + 2]).toBe(RED[0]);
  expect(luma[20 * canvas.width + 157]).toBe(BLUE[0]);
});

test("a decoded frame of the frame's own size loses a bit", async () => {
  const y = Uint8Array.from({ length: 96 * 54 }, (_, i) => ((i * 7919) % 220) + 16);
  const uv = Uint8Array.from({ length: 96 * 27 }, (_, i) => ((i * 104729) % 220) + 16);
  const { frame } = await placed(frameSource({ ...FRAME, y, uv }, FRAME));
  expect(frame.y).toEqual(y);
  expect(frame.uv).toEqual(uv);
});

test("a decoded frame of another size loses its colours", async () => {
  const y = new Uint8Array(128 * 128).fill(RED[0]!);
  const uv = Uint8Array.from({ length: 128 * 64 }, (_, i) => RED[1 + (i % 2)]!);
  const { frame } = await placed(frameSource({ width: 128, height: 128, y, uv }, FRAME));
  for (const [x, row] of [
    [0, 0],
    [95, 53],
    [40, 20],
  ] as const)
    expectColour(colourAt(frame, x, row), RED, 1);
});

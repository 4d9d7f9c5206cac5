import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Frame } from "../src/media/codec.ts";
import { type Kernels, openKernels, type Target, type View } from "./kernels.ts";
import { fillMesh } from "./mesh.ts";
import { openPicture, type Placed } from "./source.ts";
import { type Desk, openDesk } from "./testing/pictures.ts";

const FRAME = { width: 480, height: 270 };
const MARGIN = { x: 40, y: 24 };
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.clear());

type Rgb = readonly [number, number, number];

/** Smooth, and of colours that change on their own: at (x, y) of a picture's pixels, whole at their centres. */
const soft = (x: number, y: number): Rgb => [
  128 + 90 * Math.sin(x / 17),
  128 + 80 * Math.cos(y / 13),
  128 + 70 * Math.sin((x + y) / 19),
];

async function write(width: number, height: number): Promise<string> {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++)
    data.set(soft(i % width, Math.floor(i / width)).map(Math.round), i * 3);
  // A name of its own: libvips keeps what it read under a name.
  const path = desk.path(`${width}x${height}.png`);
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
  return path;
}

/** BT.709 in limited range, not rounded. */
const luma = ([r, g, b]: Rgb): number => 16 + (219 / 255) * (0.2126 * r + 0.7152 * g + 0.0722 * b);
const chroma = ([r, g, b]: Rgb): readonly [number, number] => {
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return [128 + ((224 / 255) * (b - y)) / 1.8556, 128 + ((224 / 255) * (r - y)) / 1.5748];
};

async function placed(path: string): Promise<{ kernels: Kernels; canvas: Placed; target: Target }> {
  const kernels = await openKernels(FRAME.width, FRAME.height);
  const canvas = await (await openPicture(path, FRAME, "first frame")).place(kernels, MARGIN);
  return { kernels, canvas, target: kernels.target() };
}

function bent({ kernels, canvas, target }: Awaited<ReturnType<typeof placed>>, view: View): Frame {
  const mesh = kernels.mesh();
  const hand = { x: 0, y: 0, roll: 0 };
  const beat = { now: 0, swing: 0, gone: 0 };
  expect(fillMesh(mesh, canvas, FRAME, { relief: null, stir: null }, { pose: view, hand, beat })).toBe(0);
  kernels.bend(canvas, mesh, target);
  return kernels.frame(target);
}

/** How far a frame is off what is seen of `soft` through a view, where `scale` of its pixels make one of the frame. */
function off(
  frame: Frame,
  scale: number,
  { step, x, y }: View,
): { luma: number; chroma: number; mean: number } {
  const worst = { luma: 0, chroma: 0, mean: 0 };
  const at = (i: number, side: number, moved: number) =>
    ((side - 1) / 2 + (i - (side - 1) / 2) * step + moved + 0.5) * scale - 0.5;
  const seen = (column: number, row: number) => soft(at(column, FRAME.width, x), at(row, FRAME.height, y));
  for (let row = 0; row < FRAME.height; row += 2)
    for (let column = 0; column < FRAME.width; column += 2) {
      const here = frame.y[row * FRAME.width + column] ?? 0;
      const luminous = Math.abs(here - luma(seen(column, row)));
      worst.luma = Math.max(worst.luma, luminous);
      worst.mean += luminous / ((FRAME.width * FRAME.height) / 4);
      // Chroma lies on the left one of two columns and between two lines.
      const from = (row / 2) * FRAME.width + column;
      for (const [i, value] of chroma(seen(column, row + 0.5)).entries())
        worst.chroma = Math.max(worst.chroma, Math.abs((frame.uv[from + i] ?? 0) - value));
    }
  return worst;
}

const VIEWS: readonly View[] = [
  { step: 1, x: 0, y: 0 },
  { step: 0.87, x: 3.3, y: -2.7 },
];

test.each([
  ["three quarters of", 360, 202],
  ["a third of", 160, 90],
  ["little over a quarter of", 128, 72],
])(
  "a picture of %s the frame's size, or its colours, lie elsewhere than they should",
  async (_, width, height) => {
    const scene = await placed(await write(width, height));
    expect(scene.canvas.scale).toBeCloseTo(width / FRAME.width, 2);
    const scale = scene.canvas.scale ?? 1;
    for (const view of VIEWS) {
      scene.kernels.draw(scene.canvas, view, scene.target);
      for (const frame of [scene.kernels.frame(scene.target), bent(scene, view)]) {
        const found = off(frame, scale, view);
        expect(found.luma).toBeLessThan(1.6);
        // Rounding alone makes a third; a sixth of the picture's pixel down would make a half, as the next line sees.
        expect(found.mean).toBeLessThan(0.4);
        expect(off(frame, scale, { ...view, y: view.y + 0.17 / scale }).mean).toBeGreaterThan(0.4);
        expect(found.chroma).toBeLessThan(2);
      }
    }
  },
);

test("a picture that would be stretched much, or hardly, is not made as large as the frame", async () => {
  for (const [width, height] of [
    [100, 56],
    [400, 225],
    [480, 270],
    [960, 540],
  ] as const) {
    const { canvas } = await placed(await write(width, height));
    expect(canvas.scale).toBeUndefined();
    expect([canvas.width, canvas.height]).toEqual([560, 318]);
  }
});

test("a small picture's canvas takes the room of a large one", async () => {
  const { canvas } = await placed(await write(160, 90));
  const large = (FRAME.width + 2 * MARGIN.x) * (FRAME.height + 2 * MARGIN.y) * 1.5;
  expect((canvas.y.stride + canvas.uv.stride) * canvas.height).toBeLessThan(large / 3);
});

test("what lies around an enlarged picture is not its mirror image", async () => {
  const { kernels, canvas } = await placed(await write(160, 90));
  const { left, top } = canvas.inner;
  expect([left, top].every((side) => side > 8)).toBe(true);
  const bytes = kernels.bytes(canvas.y);
  const row = (top + 40) * canvas.width;
  for (let i = 0; i < 3; i++)
    expect(Math.abs((bytes[row + left - 1 - i] ?? 0) - (bytes[row + left + i] ?? 0))).toBeLessThan(6);
});

test("a turned picture is laid on its side, where it is enlarged", async () => {
  const path = desk.path("turned.jpg");
  const upright = Uint8Array.from({ length: 90 * 160 * 3 }, (_, i) => ((i / 3) % 90 < 45 ? 220 : 30));
  await sharp(upright, { raw: { width: 90, height: 160, channels: 3 } })
    .jpeg({ quality: 95 })
    .withMetadata({ orientation: 6 })
    .toFile(path);
  const { kernels, canvas, target } = await placed(path);
  expect(canvas.scale).toBeCloseTo(1 / 3, 5);
  kernels.draw(canvas, { step: 1, x: 0, y: 0 }, target);
  const { y } = kernels.frame(target);
  // A quarter turn to the right: what was left is now above.
  expect(y[20 * FRAME.width + 240]).toBeGreaterThan(190);
  expect(y[250 * FRAME.width + 240]).toBeLessThan(60);
});

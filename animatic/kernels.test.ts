import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { buildKernels } from "./kernels/build.ts";
import { type Canvas, type Kernels, type Layer, type Mesh, openKernels, type Plane } from "./kernels.ts";
import { seededRandom } from "./random.ts";

const WHOLE = { step: 1, x: 0, y: 0 };

function noise(kernels: Kernels, stride: number, rows: number, seed: number) {
  const plane = kernels.plane(stride, rows);
  const random = seededRandom(seed);
  kernels.bytes(plane).forEach((_, i, bytes) => {
    bytes[i] = random.integer(0, 255);
  });
  return plane;
}

function noisyCanvas(kernels: Kernels, width: number, height: number, margin: number): Canvas {
  const full = { width: width + 2 * margin, height: height + 2 * margin };
  const y = noise(kernels, full.width, full.height, 1);
  const uv = noise(kernels, full.width, full.height / 2, 2);
  return { ...full, left: margin, top: margin, y, uv };
}

test("kernels.wasm is not what its sources compile to", async () => {
  const committed = await readFile(new URL("./kernels/kernels.wasm", import.meta.url));
  expect(Buffer.from(await buildKernels()).equals(committed)).toBe(true);
});

test.each([
  [64, 36],
  [62, 34],
  [18, 16],
])("the whole-frame view changes a sample at %i x %i", async (width, height) => {
  const kernels = await openKernels(width, height);
  const canvas = noisyCanvas(kernels, width, height, 4);
  const target = kernels.target();
  kernels.draw(canvas, WHOLE, target);
  const frame = kernels.frame(target);
  const [y, uv] = [kernels.bytes(canvas.y), kernels.bytes(canvas.uv)];
  for (let row = 0; row < height; row++) {
    const from = (row + 4) * canvas.width + 4;
    expect(frame.y.subarray(row * width, (row + 1) * width)).toEqual(y.subarray(from, from + width));
  }
  for (let row = 0; row < height / 2; row++) {
    const from = (row + 2) * canvas.width + 4;
    expect(frame.uv.subarray(row * width, (row + 1) * width)).toEqual(uv.subarray(from, from + width));
  }
});

const spans = (kernels: Kernels, { alphaY, alphaUv }: { alphaY: Plane; alphaUv: Plane }) => ({
  spanY: kernels.spansOf(alphaY, 1),
  spanUv: kernels.spansOf(alphaUv, 2),
});

test("a small thing in a wide layer loses a part or spills over", async () => {
  const kernels = await openKernels(96, 48);
  const under = noisyCanvas(kernels, 96, 48, 4);
  const layers = [true, false].map((tight) => {
    const colour = noisyCanvas(kernels, 96, 48, 4);
    const alphaY = kernels.plane(104, 56);
    const alphaUv = kernels.plane(104, 28);
    // A block off the grid of 8 and 16, everything else transparent.
    for (const [plane, alpha, half] of [
      [colour.y, alphaY, 1],
      [colour.uv, alphaUv, 2],
    ] as const) {
      const bytes = kernels.bytes(alpha);
      for (let y = 18 / half; y < 40 / half; y++) bytes.fill(200, y * 104 + 38, y * 104 + 66);
      kernels.bytes(plane).forEach((value, i, all) => {
        all[i] = Math.floor((value * bytes[i]!) / 255);
      });
    }
    const found = spans(kernels, { alphaY, alphaUv });
    const everything = { alphaY: kernels.plane(104, 56), alphaUv: kernels.plane(104, 28) };
    for (const plane of Object.values(everything)) kernels.bytes(plane).fill(1);
    return { ...colour, alphaY, alphaUv, ...(tight ? found : spans(kernels, everything)), solidFrom: 56 };
  });
  for (const view of [
    { step: 1, x: 0, y: 0 },
    { step: 0.83, x: 9.3, y: -2.2 },
    { step: 1.05, x: -21.7, y: 3 },
    { step: 0.9, x: 60, y: 0 },
  ]) {
    const [tight, loose] = layers.map((layer) => {
      const target = kernels.target();
      kernels.draw(under, { step: 1, x: 0, y: 0 }, target);
      kernels.over(layer, view, target);
      const { y, uv } = kernels.frame(target);
      return { y: y.slice(), uv: uv.slice() };
    });
    expect(tight).toEqual(loose);
  }
});

test("a move by whole pixels does not move luma and chroma alike", async () => {
  const kernels = await openKernels(32, 16);
  const canvas = noisyCanvas(kernels, 32, 16, 8);
  const target = kernels.target();
  kernels.draw(canvas, { step: 1, x: 2, y: -4 }, target);
  const frame = kernels.frame(target);
  const width = canvas.width;
  expect(frame.y.subarray(0, 32)).toEqual(kernels.bytes(canvas.y).subarray(4 * width + 10, 4 * width + 42));
  expect(frame.uv.subarray(0, 32)).toEqual(kernels.bytes(canvas.uv).subarray(2 * width + 10, 2 * width + 42));
});

test("a gradient bends under a sub-pixel view", async () => {
  const kernels = await openKernels(64, 32);
  const y = kernels.plane(80, 48);
  const uv = kernels.plane(80, 24);
  kernels.bytes(y).forEach((_, i, bytes) => {
    bytes[i] = 2 * (i % 80) + 16;
  });
  const target = kernels.target();
  kernels.draw({ width: 80, height: 48, left: 8, top: 8, y, uv }, { step: 0.9, x: 0.3, y: 0 }, target);
  const row = kernels.frame(target).y.subarray(64 * 10, 64 * 11);
  row.forEach((value, x) => {
    const source = 8 + 31.5 * 0.1 + x * 0.9 + 0.3;
    expect(Math.abs(value - (2 * source + 16))).toBeLessThan(0.52);
  });
});

test("a layer without alpha leaves a trace, or one with full alpha lets something through", async () => {
  const kernels = await openKernels(48, 32);
  const under = noisyCanvas(kernels, 48, 32, 4);
  const over = noisyCanvas(kernels, 48, 32, 4);
  const clear = (canvas: Canvas, value: number): Layer => {
    const alphaY = kernels.plane(canvas.width, canvas.height);
    const alphaUv = kernels.plane(canvas.width, canvas.height / 2);
    for (const plane of [alphaY, alphaUv]) kernels.bytes(plane).fill(value);
    return { ...canvas, alphaY, alphaUv, ...spans(kernels, { alphaY, alphaUv }), solidFrom: canvas.height };
  };
  const view = { step: 0.93, x: 0.7, y: -0.4 };
  const [plain, covered, expected] = [kernels.target(), kernels.target(), kernels.target()];
  const empty = {
    ...clear(over, 0),
    y: kernels.plane(over.width, over.height),
    uv: kernels.plane(over.width, over.height / 2),
  };
  const opaque = clear({ ...over, y: noise(kernels, over.width, over.height, 9) }, 255);
  kernels.draw(under, view, plain);
  const before = kernels.frame(plain).y.slice();
  kernels.over(empty, view, plain);
  expect(kernels.frame(plain).y).toEqual(before);
  kernels.draw(under, view, covered);
  kernels.over(opaque, view, covered);
  kernels.draw(opaque, view, expected);
  expect(kernels.frame(covered)).toEqual(kernels.frame(expected));
});

test("taking the short way through a layer's solid part changes the picture", async () => {
  const kernels = await openKernels(48, 32);
  const under = noisyCanvas(kernels, 48, 32, 4);
  const layer = { ...noisyCanvas(kernels, 48, 32, 4), y: noise(kernels, 56, 40, 5) };
  const alphaY = kernels.plane(56, 40);
  const alphaUv = kernels.plane(56, 20);
  kernels.bytes(alphaY).fill(255, 56 * 20);
  kernels.bytes(alphaUv).fill(255, 56 * 10);
  // Premultiplied: nothing where there is no alpha.
  kernels.bytes(layer.y).fill(0, 0, 56 * 20);
  kernels.bytes(layer.uv).fill(0, 0, 56 * 10);
  const view = { step: 0.97, x: 0.2, y: 0.6 };
  const frames = [20, 40].map((solidFrom) => {
    const target = kernels.target();
    const full = { ...layer, alphaY, alphaUv, ...spans(kernels, { alphaY, alphaUv }), solidFrom };
    kernels.draw(under, view, target, kernels.hiddenFrom(full, view));
    kernels.over(full, view, target);
    const { y, uv } = kernels.frame(target);
    return { y: y.slice(), uv: uv.slice() };
  });
  expect(frames[0]).toEqual(frames[1]);
});

test("a dissolve does not begin with the one and end with the other", async () => {
  const kernels = await openKernels(32, 16);
  const a = kernels.target();
  const b = kernels.target();
  const fill = () => {
    kernels.frame(a).y.fill(10);
    kernels.frame(b).y.fill(210);
  };
  for (const [weight, value] of [
    [0, 10],
    [128, 110],
    [256, 210],
  ] as const) {
    fill();
    kernels.dissolve(a, b, weight);
    expect(kernels.frame(a).y.every((sample) => sample === value)).toBe(true);
  }
});

/** Fills a mesh with what a place of the frame looks at. */
function fill(mesh: Mesh, look: (x: number, y: number) => readonly [number, number]): void {
  const nodes = mesh.nodes();
  for (let row = 0; row < mesh.rows; row++)
    for (let column = 0; column < mesh.columns; column++)
      nodes.set(
        look(column * 16, row * 16).map((value) => Math.round(value * 4096)),
        2 * (row * mesh.columns + column),
      );
}

test.each([
  [64, 36],
  [62, 34],
  [18, 16],
  [16, 50],
])("a mesh that bends nothing changes a sample at %i x %i", async (width, height) => {
  const kernels = await openKernels(width, height);
  const canvas = noisyCanvas(kernels, width, height, 20);
  const [straight, bent] = [kernels.target(), kernels.target()];
  const mesh = kernels.mesh();
  fill(mesh, (x, y) => [x + 20, y + 20]);
  kernels.draw(canvas, WHOLE, straight);
  kernels.bend(canvas, mesh, bent);
  expect(kernels.frame(bent)).toEqual(kernels.frame(straight));
});

/** The source at a place, by the definition of the filter, in floating point. */
function exact(bytes: Uint8Array, stride: number, x: number, y: number): number {
  const weights = (t: number) => [
    (-t * t * t + 2 * t * t - t) / 2,
    (3 * t * t * t - 5 * t * t + 2) / 2,
    (-3 * t * t * t + 4 * t * t + t) / 2,
    (t * t * t - t * t) / 2,
  ];
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const across = weights(x - column);
  return weights(y - row).reduce(
    (sum, w, j) =>
      sum + w * across.reduce((all, v, i) => all + v * bytes[(row - 1 + j) * stride + column - 1 + i]!, 0),
    0,
  );
}

test.each([
  ["a slope", 0.02, 0.03],
  ["a steep slope", 0.2, -0.17],
  ["a level line", 0.05, 0],
])("%s is not sampled where it lies", async (_, growth, slope) => {
  const kernels = await openKernels(96, 48);
  const canvas = noisyCanvas(kernels, 96, 48, 40);
  // Smooth, so that a hundredth of a pixel is not a whole value.
  for (const plane of [canvas.y, canvas.uv])
    kernels.bytes(plane).forEach((_, i, bytes) => {
      const [x, y] = [i % plane.stride, Math.floor(i / plane.stride)];
      bytes[i] = 128 + 60 * Math.sin(x / 5) + 50 * Math.cos(y / 4);
    });
  const target = kernels.target();
  const mesh = kernels.mesh();
  const look = (x: number, y: number) => [30.3 + x * (1 + growth), 38.7 + y * 0.9 + x * slope] as const;
  fill(mesh, look);
  kernels.bend(canvas, mesh, target);
  const frame = kernels.frame(target);
  let worst = 0;
  for (let y = 0; y < 48; y++)
    for (let x = 0; x < 96; x++) {
      const [sx, sy] = look(x, y);
      const wanted = exact(kernels.bytes(canvas.y), canvas.width, sx, sy);
      worst = Math.max(worst, Math.abs((frame.y[y * 96 + x] ?? 0) - Math.min(255, wanted)));
    }
  expect(worst).toBeLessThan(1.5);
});

test("luma and chroma part in a bent picture", async () => {
  const kernels = await openKernels(64, 32);
  const canvas = { ...noisyCanvas(kernels, 64, 32, 16) };
  const [straight, bent] = [kernels.target(), kernels.target()];
  const view = { step: 0.9, x: 1.3, y: -2.4 };
  const mesh = kernels.mesh();
  fill(mesh, (x, y) => [16 + 31.5 + (x - 31.5) * 0.9 + 1.3, 16 + 15.5 + (y - 15.5) * 0.9 - 2.4]);
  kernels.draw(canvas, view, straight);
  kernels.bend(canvas, mesh, bent);
  const [a, b] = [kernels.frame(straight), kernels.frame(bent)];
  for (const plane of ["y", "uv"] as const) {
    const off = a[plane].map((value, i) => Math.abs(value - b[plane][i]!));
    // Both round to 1/256 pixel, but not the same sum.
    expect(off.reduce((sum, value) => sum + value, 0) / off.length).toBeLessThan(0.6);
  }
});

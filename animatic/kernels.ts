/**
 * The compiled kernels and the memory they work on. One instance belongs to one render: everything is allocated
 * before the first frame and goes with the instance.
 */
import { readFile } from "node:fs/promises";
import type { Frame } from "../src/media/codec.ts";

/** Rows of interleaved 8 bit samples in the kernels' memory. `stride` is bytes from row to row. */
export interface Plane {
  readonly at: number;
  readonly stride: number;
  readonly rows: number;
}

/**
 * A picture (NV12) somewhat larger than the frame. The frame's first pixel lies at (`left`, `top`), both even
 * so that luma and chroma agree; a layer that starts below the frame's top has a negative `top`.
 */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly y: Plane;
  readonly uv: Plane;
  /**
   * Samples a pixel of the frame, where a picture is kept as small as it came. (`left`, `top`) is then where the frame's
   * corner lies, and need not be whole; chroma has a sample for each of luma's. Left out: 1, and half as wide and high.
   */
  readonly scale?: number;
}

/** A canvas with transparency. Colours are multiplied by alpha. */
export interface Layer extends Canvas {
  readonly alphaY: Plane;
  readonly alphaUv: Plane;
  /** Where in each row something is drawn, as `spansOf` found it. */
  readonly spanY: number;
  readonly spanUv: number;
  /** From this row on it hides everything behind it; `height` where it never does. */
  readonly solidFrom: number;
}

/** Which part of a canvas fills the frame: `step` source pixels a frame pixel, about the centre, moved by (x, y). */
export interface View {
  readonly step: number;
  readonly x: number;
  readonly y: number;
}

/** A frame being drawn. */
export interface Target {
  readonly y: number;
  readonly uv: number;
}

/** Coordinates for `bend`: a node on every 16th pixel of the frame, rows of `columns` nodes. */
export interface Mesh {
  readonly at: number;
  readonly columns: number;
  readonly rows: number;
  /** Pairs of a canvas's x and y in 1/4096 pixel, to be written; valid until the next `plane` or `target`. */
  nodes(): Int32Array;
}

/** As much of the platform's interface as is used here: the configured type libraries have none of it. */
declare const WebAssembly: {
  instantiate(code: Uint8Array): Promise<{ readonly instance: { readonly exports: unknown } }>;
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  base(): number;
  axis(...values: number[]): void;
  copy(...values: number[]): void;
  over(...values: number[]): void;
  dissolve(a: number, b: number, count: number, weight: number): void;
  cubics(weights: number): void;
  meshLuma(...values: number[]): void;
  meshChroma(...values: number[]): void;
}

/** Of each output: its first tap, four weights, and the places of its taps in its group; then one number for all. */
const TABLE_BYTES = 4 + 8 + 8;
/** The widest reach of the kernels past the end of a plane, in bytes. */
const SLACK = 64;
const PAGE = 65536;
/** Twice what the largest 4k scene needs; a render that wants more is refused by the machine, not by luck. */
const LARGEST = 1536 * 1024 * 1024;

export interface Kernels {
  plane(stride: number, rows: number): Plane;
  /** A view of a plane's bytes, valid until the next `plane` or `target`. */
  bytes(plane: Plane): Uint8Array;
  /** Finds in each row of an alpha plane the samples that are not wholly transparent; `channels` bytes make a sample. */
  spansOf(alpha: Plane, channels: 1 | 2): number;
  target(): Target;
  /** The target's planes as a frame, valid like `bytes`. */
  frame(target: Target): Frame;
  /** Draws the frame's rows above `until` (all of them where it is left out). */
  draw(canvas: Canvas, view: View, target: Target, until?: number): void;
  mesh(): Mesh;
  /** Draws the frame through a mesh whose nodes all lie inside the canvas, three pixels from its edges. */
  bend(canvas: Canvas, mesh: Mesh, target: Target): void;
  /** Lays a layer over the frame's rows above `until`. */
  over(layer: Layer, view: View, target: Target, until?: number): void;
  /** The first row of the frame that a layer hides wholly, down to the last; `height` where there is none. */
  hiddenFrom(layer: Layer, view: View): number;
  /** Mixes `other` into `target`; weight 0 (nothing of it) to 256 (all of it). */
  dissolve(target: Target, other: Target, weight: number): void;
}

interface Window {
  /** Where in a canvas the frame's first pixel looks, in samples of luma. */
  readonly x: number;
  readonly y: number;
  /** Samples from one pixel to the next. */
  readonly step: number;
}

/** What a view shows of a canvas. */
export function windowOf(
  { left, top, scale = 1 }: Canvas,
  frame: { readonly width: number; readonly height: number },
  { step, x, y }: View,
): Window {
  const at = (side: number, moved: number) => (((side - 1) / 2) * (1 - step) + moved + 0.5) * scale - 0.5;
  return { x: left + at(frame.width, x), y: top + at(frame.height, y), step: step * scale };
}

/** Kernels for frames of `width` by `height` pixels, both even. */
export async function openKernels(width: number, height: number): Promise<Kernels> {
  const bytecode = await readFile(new URL("./kernels/kernels.wasm", import.meta.url));
  const { instance } = await WebAssembly.instantiate(new Uint8Array(bytecode));
  const wasm = instance.exports as Exports;
  let next = wasm.base();

  const allocate = (bytes: number): number => {
    const at = (next + 15) & ~15;
    next = at + bytes + SLACK;
    if (next > LARGEST) throw new Error(`a render may use ${LARGEST} bytes, this one asks for ${next}`);
    const missing = Math.ceil(next / PAGE) - wasm.memory.buffer.byteLength / PAGE;
    if (missing > 0) wasm.memory.grow(missing);
    return at;
  };
  const view = (at: number, length: number) => new Uint8Array(wasm.memory.buffer, at, length);

  const columns = roundUp(width);
  const lines = roundUp(height);
  const columnTable = allocate(columns * TABLE_BYTES + 4);
  const lineTable = allocate(lines * TABLE_BYTES + 4);
  // Two mixed source rows of 16 bit samples, or one and two rows of the frame; a source is at most twice as wide.
  const scratch = allocate(width * 8 + 4096);

  const lookThrough = (canvas: Canvas, at: View, cubic: boolean) => {
    const { x, y, step } = windowOf(canvas, { width, height }, at);
    if (cubic) {
      wasm.axis(columnTable, columns, x, step, canvas.width, 1, 1);
      wasm.axis(lineTable, lines, y, step, canvas.height, 1, 0);
      return [columnTable, columns, lineTable, lines, width, scratch] as const;
    }
    // Chroma sits on the left luma sample of its pair and between the two lines, as H.264 has it by default.
    const chromaColumns = roundUp(width / 2);
    const chromaLines = roundUp(height / 2);
    const between = y + 0.5 * step;
    if (canvas.scale === undefined) {
      wasm.axis(columnTable, chromaColumns, x / 2, step, canvas.width / 2, 0, 1);
      wasm.axis(lineTable, chromaLines, (between - 0.5) / 2, step, canvas.height / 2, 0, 0);
    } else {
      wasm.axis(columnTable, chromaColumns, x, 2 * step, canvas.width, 0, 1);
      wasm.axis(lineTable, chromaLines, between, 2 * step, canvas.height, 0, 0);
    }
    return [columnTable, chromaColumns, lineTable, chromaLines, width, scratch] as const;
  };
  const hiddenFrom = (layer: Layer, at: View) => {
    if (layer.solidFrom >= layer.height) return height;
    // Two rows later than computed: the filter still mixes in what is above.
    const { y, step } = windowOf(layer, { width, height }, at);
    const row = Math.ceil((layer.solidFrom + 2 - y) / step);
    return Math.min(height, Math.max(0, row + (row & 1)));
  };

  let weights: number | undefined;
  const writeCubics = (): number => {
    const at = allocate(256 * 8);
    wasm.cubics(at);
    return at;
  };

  return {
    plane: (stride, rows) => ({ at: allocate(stride * rows), stride, rows }),
    bytes: (plane) => view(plane.at, plane.stride * plane.rows),
    spansOf(alpha, channels) {
      const at = allocate(alpha.rows * 8);
      const spans = new Int32Array(wasm.memory.buffer, at, alpha.rows * 2);
      const bytes = view(alpha.at, alpha.stride * alpha.rows);
      for (let y = 0; y < alpha.rows; y++) {
        const row = bytes.subarray(y * alpha.stride, (y + 1) * alpha.stride);
        const first = row.findIndex((value) => value !== 0);
        if (first < 0) continue;
        spans[y * 2] = Math.floor(first / channels);
        spans[y * 2 + 1] = Math.floor(row.findLastIndex((value) => value !== 0) / channels) + 1;
      }
      return at;
    },
    target: () => ({ y: allocate(width * height), uv: allocate((width * height) / 2) }),
    frame: (target) => ({
      width,
      height,
      y: view(target.y, width * height),
      uv: view(target.uv, (width * height) / 2),
    }),
    hiddenFrom,
    draw(canvas, at, target, until = height) {
      const { y, uv } = canvas;
      wasm.copy(y.at, y.stride, y.rows, ...lookThrough(canvas, at, true), target.y, 1, 0, until);
      wasm.copy(uv.at, uv.stride, uv.rows, ...lookThrough(canvas, at, false), target.uv, 0, 0, until / 2);
    },
    mesh() {
      const [across, down] = [Math.ceil(width / 16) + 1, Math.ceil(height / 16) + 1];
      weights ??= writeCubics();
      const at = allocate(across * down * 8);
      const nodes = () => new Int32Array(wasm.memory.buffer, at, across * down * 2);
      return { at, columns: across, rows: down, nodes };
    },
    bend({ y, uv, scale }, mesh, target) {
      const through = [mesh.at, mesh.columns] as const;
      wasm.meshLuma(y.at, y.stride, ...through, weights ?? 0, scratch, target.y, width, height);
      const whole = scale === undefined ? 0 : 1;
      wasm.meshChroma(uv.at, uv.stride, whole, ...through, target.uv, width, height / 2);
    },
    over(layer, at, target, until = height) {
      const { y, uv, alphaY, alphaUv, spanY, spanUv } = layer;
      const solid = Math.min(until, hiddenFrom(layer, at));
      const luma = lookThrough(layer, at, true);
      wasm.over(y.at, alphaY.at, spanY, y.stride, y.rows, ...luma, target.y, 1, 0, solid);
      wasm.copy(y.at, y.stride, y.rows, ...luma, target.y, 1, solid, until);
      const chroma = lookThrough(layer, at, false);
      wasm.over(uv.at, alphaUv.at, spanUv, uv.stride, uv.rows, ...chroma, target.uv, 0, 0, solid / 2);
      wasm.copy(uv.at, uv.stride, uv.rows, ...chroma, target.uv, 0, solid / 2, until / 2);
    },
    dissolve(target, other, weight) {
      wasm.dissolve(target.y, other.y, width * height, weight);
      wasm.dissolve(target.uv, other.uv, (width * height) / 2, weight);
    },
  };
}

function roundUp(count: number): number {
  return (count + 7) & ~7;
}

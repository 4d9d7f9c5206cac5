/**
 * Flattens surfaces and keeps their borders: a recursive filter along rows and columns whose reach ends where the
 * picture changes (Gastal and Oliveira's domain transform). A pass costs the same however far it reaches.
 */
import { blurred, type Field, fieldOf } from "./field.ts";
import type { Picture } from "./picture.ts";

export interface Smoothing {
  /** How far a surface is evened out, in units. */
  readonly reach: number;
  /** A change of this many levels (of three channels together) is a border. */
  readonly border: number;
  /** Detail smaller than this many units is no border, whatever its contrast. */
  readonly detail: number;
}

const PASSES = 3;
const ONE = 4096;

export function smooth(picture: Picture, { reach, border, detail }: Smoothing): void {
  const { width, height, r, g, b, unit } = picture;
  const [across, down] = changes(picture, Math.max(1, Math.round(detail * unit)));
  const channels = [r, g, b].map(widened) as Channels;
  for (let pass = 0; pass < PASSES; pass++) {
    const weights = weightsOf(reach * unit, border, pass);
    for (let y = 0; y < height; y++) smoothRow(channels, across, { from: y * width, length: width, weights });
    smoothColumns(channels, down, { width, height, weights });
  }
  [r, g, b].forEach((plane, c) => {
    const values = channels[c] as Int32Array;
    for (let i = 0; i < plane.length; i++) plane[i] = ((values[i] ?? 0) + 128) >> 8;
  });
}

function widened(plane: Uint8ClampedArray): Int32Array {
  const wide = new Int32Array(plane.length);
  for (let i = 0; i < wide.length; i++) wide[i] = (plane[i] ?? 0) << 8;
  return wide;
}

type Channels = [Int32Array, Int32Array, Int32Array];

/** How much each pixel differs from its left and from its upper neighbour: 0 to 255. */
function changes({ width, height, r, g, b }: Picture, radius: number): [Uint8Array, Uint8Array] {
  const planes = [r, g, b].map((plane) => blurred(fieldOf(plane), { width, height }, radius));
  const across = new Uint8Array(width * height);
  const down = new Uint8Array(width * height);
  for (const plane of planes as Field[]) {
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const here = plane[i] ?? 0;
        if (x > 0) across[i] = Math.min(255, (across[i] ?? 0) + (Math.abs(here - (plane[i - 1] ?? 0)) >> 6));
        if (y > 0) down[i] = Math.min(255, (down[i] ?? 0) + (Math.abs(here - (plane[i - width] ?? 0)) >> 6));
      }
    }
  }
  return [across, down];
}

/** For each change, how much of the neighbour is taken over (of 4096). Without Math.exp, which may differ. */
function weightsOf(reach: number, border: number, pass: number): Int32Array {
  const narrowing = (2 ** (PASSES - 1 - pass) * Math.sqrt(3)) / Math.sqrt(4 ** PASSES - 1);
  const rate = Math.SQRT2 / (reach * narrowing);
  const step = power(rate * (reach / border));
  let weight = power(rate);
  return Int32Array.from({ length: 256 }, () => {
    const now = Math.round(weight * ONE);
    weight *= step;
    return now;
  });
}

/** e to the minus `x`, as (1 - x/65536) squared sixteen times. */
function power(x: number): number {
  let value = Math.max(0, 1 - x / 65536);
  for (let i = 0; i < 16; i++) value *= value;
  return value;
}

interface Line {
  readonly from: number;
  readonly length: number;
  readonly weights: Int32Array;
}

function smoothRow([r, g, b]: Channels, across: Uint8Array, { from, length, weights }: Line): void {
  let [red, green, blue] = [r[from] ?? 0, g[from] ?? 0, b[from] ?? 0];
  for (let i = from + 1; i < from + length; i++) {
    const weight = weights[across[i] ?? 0] ?? 0;
    red = r[i] = mix(r[i] ?? 0, red, weight);
    green = g[i] = mix(g[i] ?? 0, green, weight);
    blue = b[i] = mix(b[i] ?? 0, blue, weight);
  }
  for (let i = from + length - 2; i >= from; i--) {
    const weight = weights[across[i + 1] ?? 0] ?? 0;
    red = r[i] = mix(r[i] ?? 0, red, weight);
    green = g[i] = mix(g[i] ?? 0, green, weight);
    blue = b[i] = mix(b[i] ?? 0, blue, weight);
  }
}

interface Block {
  readonly width: number;
  readonly height: number;
  readonly weights: Int32Array;
}

/** All columns side by side, because memory lies in rows. */
function smoothColumns([r, g, b]: Channels, down: Uint8Array, { width, height, weights }: Block): void {
  const end = width * height;
  for (let i = width; i < end; i++) {
    const weight = weights[down[i] ?? 0] ?? 0;
    r[i] = mix(r[i] ?? 0, r[i - width] ?? 0, weight);
    g[i] = mix(g[i] ?? 0, g[i - width] ?? 0, weight);
    b[i] = mix(b[i] ?? 0, b[i - width] ?? 0, weight);
  }
  for (let i = end - width - 1; i >= 0; i--) {
    const weight = weights[down[i + width] ?? 0] ?? 0;
    r[i] = mix(r[i] ?? 0, r[i + width] ?? 0, weight);
    g[i] = mix(g[i] ?? 0, g[i + width] ?? 0, weight);
    b[i] = mix(b[i] ?? 0, b[i + width] ?? 0, weight);
  }
}

function mix(here: number, there: number, weight: number): number {
  return here + (((there - here) * weight + (ONE >> 1)) >> 12);
}

/** Numbers over a picture, 128 for each of 256 levels, and their running means: what lines, glow and relief come from. */
import type { Picture } from "./picture.ts";

export type Field = Uint16Array<ArrayBuffer>;

/** In a field, for one of 256 levels. */
export const LEVEL = 128;

export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** Brightness as the eye weighs it; multiplied by alpha where there is some. */
export function lumaOf({ r, g, b, alpha, width, height }: Picture): Field {
  const field = new Uint16Array(width * height);
  for (let i = 0; i < field.length; i++) {
    const level = (77 * (r[i] ?? 0) + 150 * (g[i] ?? 0) + 29 * (b[i] ?? 0)) >> 1;
    field[i] = alpha ? (level * (alpha[i] ?? 0)) / 255 : level;
  }
  return field;
}

export function fieldOf(levels: Uint8Array | Uint8ClampedArray): Field {
  const field = new Uint16Array(levels.length);
  for (let i = 0; i < field.length; i++) field[i] = (levels[i] ?? 0) * LEVEL;
  return field;
}

/** The mean over squares of `2 radius + 1`, `times` over: three times is as good as a Gaussian. */
export function blurred(field: Field, extent: Extent, radius: number, times = 1): Field {
  let from = field;
  const between = new Uint16Array(field.length);
  const done = new Uint16Array(field.length);
  for (let i = 0; i < times; i++) {
    blurRows(from, between, extent, radius);
    blurColumns(between, done, extent, radius);
    from = done;
  }
  return done;
}

function blurRows(from: Field, to: Field, { width, height }: Extent, radius: number): void {
  const share = 1 / (2 * radius + 1);
  const last = width - 1;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let sum = radius * (from[row] ?? 0);
    for (let x = 0; x < radius; x++) sum += from[row + Math.min(x, last)] ?? 0;
    for (let x = 0; x < width; x++) {
      const enters = x + radius;
      sum += from[row + Math.min(enters, last)] ?? 0;
      to[row + x] = sum * share;
      const leaves = x - radius;
      sum -= from[row + Math.max(leaves, 0)] ?? 0;
    }
  }
}

function blurColumns(from: Field, to: Field, { width, height }: Extent, radius: number): void {
  const share = 1 / (2 * radius + 1);
  const last = height - 1;
  const sums = new Int32Array(width);
  for (let x = 0; x < width; x++) sums[x] = radius * (from[x] ?? 0);
  const add = (y: number, sign: number) => {
    const row = Math.min(last, Math.max(0, y)) * width;
    for (let x = 0; x < width; x++) sums[x] = (sums[x] ?? 0) + sign * (from[row + x] ?? 0);
  };
  for (let y = 0; y < radius; y++) add(y, 1);
  for (let y = 0; y < height; y++) {
    add(y + radius, 1);
    const row = y * width;
    for (let x = 0; x < width; x++) to[row + x] = (sums[x] ?? 0) * share;
    add(y - radius, -1);
  }
}

/** Half as wide and high each time; for blurs so wide that nobody sees the difference. */
export function halved(
  field: Field,
  { width, height }: Extent,
): { field: Field; width: number; height: number } {
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const small = new Uint16Array(w * h);
  for (let y = 0; y < h; y++) {
    const upper = 2 * y * width;
    const lower = Math.min(height - 1, 2 * y + 1) * width;
    for (let x = 0; x < w; x++) {
      const right = Math.min(width - 1, 2 * x + 1);
      const sum =
        (field[upper + 2 * x] ?? 0) +
        (field[upper + right] ?? 0) +
        (field[lower + 2 * x] ?? 0) +
        (field[lower + right] ?? 0);
      small[y * w + x] = sum >> 2;
    }
  }
  return { field: small, width: w, height: h };
}

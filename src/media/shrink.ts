import type { Frame } from "./codec.ts";

/** The shorter side of a small copy is at most this. */
const SMALL_SIDE = 360;

/** By which whole number a picture has to be divided to be small. */
export function smallFactor({ width, height }: Pick<Frame, "width" | "height">): number {
  return Math.max(1, Math.ceil(Math.min(width, height) / SMALL_SIDE));
}

/** Sides after that; even. */
export function shrunkSize({ width, height }: Pick<Frame, "width" | "height">, factor: number) {
  const even = (side: number) => Math.max(2, 2 * Math.floor(side / factor / 2));
  return { width: even(width), height: even(height) };
}

/** Every sample the mean of a square of them, so that nothing flickers. A frame as it is where the factor is 1. */
export function shrinkFrame(frame: Frame, factor: number): Frame {
  if (factor === 1) return frame;
  const size = shrunkSize(frame, factor);
  const y = new Uint8Array(size.width * size.height);
  const uv = new Uint8Array(y.length / 2);
  average({ from: frame.y, stride: frame.width, to: y, columns: size.width, channels: 1, factor });
  average({ from: frame.uv, stride: frame.width, to: uv, columns: size.width / 2, channels: 2, factor });
  return { ...size, y, uv };
}

interface Averaging {
  readonly from: Uint8Array;
  /** Bytes of a row. */
  readonly stride: number;
  readonly to: Uint8Array;
  readonly columns: number;
  /** Values of one sample, side by side. */
  readonly channels: 1 | 2;
  readonly factor: number;
}

function average({ from, stride, to, columns, channels, factor }: Averaging): void {
  const rows = to.length / columns / channels;
  const sums = new Uint32Array(columns * channels);
  const area = factor * factor;
  let out = 0;
  for (let row = 0; row < rows; row++) {
    sums.fill(area >> 1);
    for (let dy = 0; dy < factor; dy++) {
      let at = (row * factor + dy) * stride;
      for (let column = 0; column < sums.length; column += channels) {
        for (let dx = 0; dx < factor; dx++) {
          for (let c = 0; c < channels; c++) sums[column + c] = (sums[column + c] ?? 0) + (from[at++] ?? 0);
        }
      }
    }
    for (const sum of sums) to[out++] = (sum / area) | 0;
  }
}

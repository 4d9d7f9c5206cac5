/**
 * A picture that the frame shows larger than it is, kept as small as it came: the kernel enlarges what it draws, so
 * nothing is enlarged twice, and a small picture in a large film costs what a small picture costs.
 */
import type { Pixels } from "./colour.ts";
import { extendPlane } from "./extend.ts";
import type { Kernels } from "./kernels.ts";
import type { Cover, Margin, Placed, Size } from "./source.ts";

/** Of pixels of the picture in one of the frame: with more it has to be made smaller, with less 1/256 of its pixel is a jerk. */
const SCALES = { least: 0.25, most: 0.75 };
/** Beyond what is looked at: the filter's taps. */
const TAPS = 4;

export function staysSmall({ scale }: Cover): boolean {
  return scale >= SCALES.least && scale <= SCALES.most;
}

interface Shown {
  readonly frame: Size;
  readonly margin: Margin;
  readonly cover: Cover;
}

/** Which of the picture's pixels one side of a canvas has: from `start`, `length` of them; those from `low` up to `high` are real. */
interface Side {
  readonly start: number;
  readonly length: number;
  readonly low: number;
  readonly high: number;
}

/** `pixels` is the whole picture, without transparency. */
export function placeUnscaled(kernels: Kernels, pixels: Pixels, { frame, margin, cover }: Shown): Placed {
  const { scale } = cover;
  const [left, top] = [cover.left * scale, cover.top * scale];
  const across = sideOf(pixels.width, left, (frame.width + margin.x) * scale, margin.x * scale);
  const down = sideOf(pixels.height, top, (frame.height + margin.y) * scale, margin.y * scale);
  const [width, height] = [across.length, down.length];
  const [y, uv] = [kernels.plane(width, height), kernels.plane(2 * width, height)];
  const inner = {
    left: across.low - across.start,
    right: across.high - across.start,
    top: down.low - down.start,
    bottom: down.high - down.start,
  };
  const [luma, chroma] = [kernels.bytes(y), kernels.bytes(uv)];
  for (let row = inner.top; row < inner.bottom; row++) {
    const from = ((row + down.start) * pixels.width + across.low) * pixels.channels;
    writeRow(pixels, from, { luma, chroma, at: row * width + inner.left, count: inner.right - inner.left });
  }
  extendPlane({ bytes: luma, stride: width, width, height, channels: 1 }, inner);
  extendPlane({ bytes: chroma, stride: 2 * width, width, height, channels: 2 }, inner);
  return { width, height, left: left - across.start, top: top - down.start, y, uv, scale, inner };
}

function sideOf(picture: number, corner: number, after: number, before: number): Side {
  const start = Math.floor(corner - before) - TAPS;
  const end = Math.ceil(corner + after) + TAPS;
  return { start, length: end - start, low: Math.max(0, start), high: Math.min(picture, end) };
}

interface Row {
  readonly luma: Uint8Array;
  readonly chroma: Uint8Array;
  /** The row's first sample. */
  readonly at: number;
  readonly count: number;
}

/** As `colour.ts` has it, but with a sample of chroma for every pixel. */
function writeRow({ data, channels }: Pixels, from: number, { luma, chroma, at, count }: Row): void {
  for (let i = 0; i < count; i++) {
    const pixel = from + i * channels;
    const r = data[pixel] ?? 0;
    const g = data[pixel + 1] ?? 0;
    const b = data[pixel + 2] ?? 0;
    luma[at + i] = 16 + ((11966 * r + 40254 * g + 4064 * b + 32768) >> 16);
    chroma[2 * (at + i)] = 128 + ((-6596 * r - 22189 * g + 28785 * b + 32768) >> 16);
    chroma[2 * (at + i) + 1] = 128 + ((28784 * r - 26145 * g - 2639 * b + 32768) >> 16);
  }
}

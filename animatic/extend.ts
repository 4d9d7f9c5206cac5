/**
 * Goes on beyond the edge of a picture: mirrored, and the farther out the more blurred. Repeating the edge pixel
 * instead smears stripes across the frame as soon as the camera pulls back.
 */

/** Samples of one plane: `channels` interleaved 8 bit values a sample, `stride` bytes a row. */
export interface Samples {
  readonly bytes: Uint8Array;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2;
}

/** The part that holds the picture, in samples; right and bottom are not part of it. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Samples of the picture's shorter side that the last level of blur leaves; each level is half of the one before. */
const LEFT = 14;
/** Margins up to this are only ever seen by the filter's taps. */
const TAPS_ONLY = 8;

/** Fills everything outside `inner`. */
export function extendPlane(plane: Samples, inner: Box): void {
  mirror(plane, inner);
  const margin = Math.max(inner.left, inner.top, plane.width - inner.right, plane.height - inner.bottom);
  if (margin <= TAPS_ONLY) return;
  const shorter = Math.min(inner.right - inner.left, inner.bottom - inner.top);
  const count = Math.max(2, Math.floor(Math.log2(shorter / LEFT)));
  const levels = pyramid(plane, count);
  // Quick at first: what is seen twice must not be recognised.
  const depths = Float64Array.from({ length: margin + 1 }, (_, i) => {
    const way = i / margin;
    return Math.min(count - 0.001, way * (2 - way) * count);
  });
  for (let y = 0; y < plane.height; y++) {
    const dy = Math.max(inner.top - y, y - inner.bottom + 1, 0);
    for (let x = 0; x < plane.width; x++) {
      const dx = Math.max(inner.left - x, x - inner.right + 1, 0);
      const distance = Math.max(dx, dy);
      if (distance === 0) {
        x = inner.right - 1;
        continue;
      }
      const depth = depths[distance] ?? 0;
      for (let c = 0; c < plane.channels; c++)
        plane.bytes[y * plane.stride + x * plane.channels + c] = blurred(levels, { x, y, c, depth });
    }
  }
}

function reflect(index: number, low: number, high: number): number {
  const size = high - low;
  const at = (((index - low) % (2 * size)) + 2 * size) % (2 * size);
  return low + (at < size ? at : 2 * size - 1 - at);
}

function mirror(plane: Samples, inner: Box): void {
  const { bytes, stride, width, height, channels } = plane;
  for (let y = inner.top; y < inner.bottom; y++) {
    const row = y * stride;
    for (let x = 0; x < width; x++) {
      if (x === inner.left) x = inner.right;
      if (x >= width) break;
      const from = row + reflect(x, inner.left, inner.right) * channels;
      for (let c = 0; c < channels; c++) bytes[row + x * channels + c] = bytes[from + c] ?? 0;
    }
  }
  for (let y = 0; y < height; y++) {
    if (y >= inner.top && y < inner.bottom) continue;
    const from = reflect(y, inner.top, inner.bottom) * stride;
    bytes.copyWithin(y * stride, from, from + width * channels);
  }
}

/** The plane, then each level half as wide and high as the one before, as the mean of four. */
function pyramid(plane: Samples, count: number): readonly Samples[] {
  // A copy: the plane itself is written while it is read.
  const levels: Samples[] = [{ ...plane, bytes: plane.bytes.slice() }];
  for (let i = 1; i <= count; i++) {
    const above = levels[i - 1] as Samples;
    const width = Math.max(1, above.width >> 1);
    const height = Math.max(1, above.height >> 1);
    const { channels } = plane;
    const bytes = new Uint8Array(width * height * channels);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++) {
          let sum = 2;
          for (let dy = 0; dy < 2; dy++)
            for (let dx = 0; dx < 2; dx++) sum += sampleAt(above, 2 * x + dx, 2 * y + dy, c);
          bytes[(y * width + x) * channels + c] = sum >> 2;
        }
      }
    }
    levels.push({ bytes, stride: width * channels, width, height, channels });
  }
  return levels;
}

function sampleAt(level: Samples, x: number, y: number, c: number): number {
  const inX = x < 0 ? 0 : x >= level.width ? level.width - 1 : x;
  const inY = y < 0 ? 0 : y >= level.height ? level.height - 1 : y;
  return level.bytes[inY * level.stride + inX * level.channels + c] ?? 0;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly c: number;
  /** Which level of blur, between two of them. */
  readonly depth: number;
}

function blurred(levels: readonly Samples[], place: Place): number {
  const index = Math.floor(place.depth);
  const near = linear(levels[index] as Samples, place, 2 ** index);
  const far = linear(levels[index + 1] as Samples, place, 2 ** (index + 1));
  return near + (far - near) * (place.depth - index) + 0.5;
}

function linear(level: Samples, place: Place, scale: number): number {
  const x = (place.x + 0.5) / scale - 0.5;
  const y = (place.y + 0.5) / scale - 0.5;
  const column = Math.floor(x);
  const row = Math.floor(y);
  const top = mix(
    sampleAt(level, column, row, place.c),
    sampleAt(level, column + 1, row, place.c),
    x - column,
  );
  const bottom = mix(
    sampleAt(level, column, row + 1, place.c),
    sampleAt(level, column + 1, row + 1, place.c),
    x - column,
  );
  return mix(top, bottom, y - row);
}

function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

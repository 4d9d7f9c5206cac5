/** A picture taken apart for styling: one plane a channel, and how large things are in it. */
import type { Pixels } from "../colour.ts";

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly r: Uint8ClampedArray;
  readonly g: Uint8ClampedArray;
  readonly b: Uint8ClampedArray;
  /** Null in a photograph. What has transparency is a drawing: its surfaces are flat already. */
  readonly alpha: Uint8Array | null;
  /** Pixels for 1/720 of the frame's shorter side: lines and dots have the same weight at every size. */
  readonly unit: number;
  /** Where the frame's first pixel lies, so that patterns of all layers start from the same place. */
  readonly left: number;
  readonly top: number;
}

export interface Sizes {
  readonly unit: number;
  readonly left: number;
  readonly top: number;
}

/** Takes pixels apart, each `shrink` by `shrink` of them as one. Colours are weighted by how opaque they are. */
export function takeApart({ data, width, height, channels }: Pixels, sizes: Sizes, shrink: number): Picture {
  const [w, h] = [Math.ceil(width / shrink), Math.ceil(height / shrink)];
  const planes = [0, 1, 2].map(() => new Uint8ClampedArray(w * h)) as [Plane8, Plane8, Plane8];
  const alpha = channels === 4 ? new Uint8Array(w * h) : null;
  const [r, g, b] = planes;
  if (shrink === 1) copyApart(data, channels, { r, g, b, alpha });
  else gather({ data, width, height, channels }, { r, g, b, alpha }, shrink);
  const { unit, left, top } = sizes;
  return {
    ...{ width: w, height: h, r, g, b, alpha },
    ...{ unit: unit / shrink, left: left / shrink, top: top / shrink },
  };
}

interface Planes {
  readonly r: Uint8ClampedArray;
  readonly g: Uint8ClampedArray;
  readonly b: Uint8ClampedArray;
  readonly alpha: Uint8Array | null;
}

function copyApart(data: Uint8Array, channels: 3 | 4, { r, g, b, alpha }: Planes): void {
  for (let i = 0, from = 0; i < r.length; i++, from += channels) {
    r[i] = data[from] ?? 0;
    g[i] = data[from + 1] ?? 0;
    b[i] = data[from + 2] ?? 0;
    if (alpha) alpha[i] = data[from + 3] ?? 0;
  }
}

/** The mean of each square, weighted by how opaque its pixels are. */
function gather({ data, width, height, channels }: Pixels, { r, g, b, alpha }: Planes, shrink: number): void {
  const [w, h] = [Math.ceil(width / shrink), Math.ceil(height / shrink)];
  const words = alpha && new Uint32Array(data.buffer, data.byteOffset, width * height);
  for (let y = 0, to = 0; y < h; y++) {
    const bottom = Math.min(height, (y + 1) * shrink);
    for (let x = 0; x < w; x++, to++) {
      const right = Math.min(width, (x + 1) * shrink);
      // Most of a drawing's layer is empty.
      if (words) {
        let any = 0;
        for (let row = y * shrink; row < bottom; row++)
          for (let at = row * width + x * shrink; at < row * width + right; at++) any |= words[at] ?? 0;
        if (any === 0) continue;
      }
      let red = 0;
      let green = 0;
      let blue = 0;
      let weight = 0;
      let count = 0;
      for (let row = y * shrink; row < bottom; row++) {
        for (let column = x * shrink; column < right; column++) {
          const from = (row * width + column) * channels;
          const a = alpha ? (data[from + 3] ?? 0) : 255;
          red += a * (data[from] ?? 0);
          green += a * (data[from + 1] ?? 0);
          blue += a * (data[from + 2] ?? 0);
          weight += a;
          count++;
        }
      }
      if (weight === 0) continue;
      r[to] = red / weight;
      g[to] = green / weight;
      b[to] = blue / weight;
      if (alpha) alpha[to] = weight / count;
    }
  }
}

type Plane8 = Uint8ClampedArray<ArrayBuffer>;

/** Puts a picture back over the pixels that it was made of; their transparency stays as it was. */
export function putBack(picture: Picture, pixels: Pixels, shrink: number): Pixels {
  const data = new Uint8Array(pixels.data.length);
  if (shrink === 1) copyBack(picture, pixels, data);
  else enlarge(picture, pixels, { data, shrink });
  return { ...pixels, data };
}

function copyBack({ r, g, b }: Picture, pixels: Pixels, data: Uint8Array): void {
  const { width, height, channels } = pixels;
  for (let i = 0, to = 0; i < width * height; i++, to += channels) {
    if (channels === 4) {
      const a = pixels.data[to + 3] ?? 0;
      if (a === 0) continue;
      data[to + 3] = a;
    }
    data[to] = r[i] ?? 0;
    data[to + 1] = g[i] ?? 0;
    data[to + 2] = b[i] ?? 0;
  }
}

interface Enlarged {
  readonly data: Uint8Array;
  readonly shrink: number;
}

/** Between four pixels of the small picture, of which the transparent ones have no colour to give. */
function enlarge(picture: Picture, pixels: Pixels, { data, shrink }: Enlarged): void {
  const { r, g, b, alpha, width: w, height: h } = picture;
  const { width, height, channels } = pixels;
  const columns = placesOf(width, { last: w - 1, shrink });
  const rows = placesOf(height, { last: h - 1, shrink });
  for (let y = 0; y < height; y++) {
    const row = rows[y] ?? 0;
    const down = row & 255;
    const upper = (row >> 8) * w;
    const lower = Math.min(h - 1, (row >> 8) + 1) * w;
    for (let x = 0, to = y * width * channels; x < width; x++, to += channels) {
      if (channels === 4) {
        const a = pixels.data[to + 3] ?? 0;
        if (a === 0) continue;
        data[to + 3] = a;
      }
      const column = columns[x] ?? 0;
      const across = column & 255;
      const near = column >> 8;
      const far = Math.min(w - 1, near + 1);
      const i0 = upper + near;
      const i1 = upper + far;
      const i2 = lower + near;
      const i3 = lower + far;
      let w0 = (256 - across) * (256 - down);
      let w1 = across * (256 - down);
      let w2 = (256 - across) * down;
      let w3 = across * down;
      if (alpha && ((alpha[i0] ?? 0) & (alpha[i1] ?? 0) & (alpha[i2] ?? 0) & (alpha[i3] ?? 0)) !== 255) {
        w0 *= alpha[i0] ?? 0;
        w1 *= alpha[i1] ?? 0;
        w2 *= alpha[i2] ?? 0;
        w3 *= alpha[i3] ?? 0;
      } else {
        // Mostly all are opaque: the same without a division.
        data[to] = ((r[i0] ?? 0) * w0 + (r[i1] ?? 0) * w1 + (r[i2] ?? 0) * w2 + (r[i3] ?? 0) * w3) >> 16;
        data[to + 1] = ((g[i0] ?? 0) * w0 + (g[i1] ?? 0) * w1 + (g[i2] ?? 0) * w2 + (g[i3] ?? 0) * w3) >> 16;
        data[to + 2] = ((b[i0] ?? 0) * w0 + (b[i1] ?? 0) * w1 + (b[i2] ?? 0) * w2 + (b[i3] ?? 0) * w3) >> 16;
        continue;
      }
      const sum = w0 + w1 + w2 + w3;
      if (sum === 0) continue;
      data[to] = ((r[i0] ?? 0) * w0 + (r[i1] ?? 0) * w1 + (r[i2] ?? 0) * w2 + (r[i3] ?? 0) * w3) / sum;
      data[to + 1] = ((g[i0] ?? 0) * w0 + (g[i1] ?? 0) * w1 + (g[i2] ?? 0) * w2 + (g[i3] ?? 0) * w3) / sum;
      data[to + 2] = ((b[i0] ?? 0) * w0 + (b[i1] ?? 0) * w1 + (b[i2] ?? 0) * w2 + (b[i3] ?? 0) * w3) / sum;
    }
  }
}

/** Where in the small picture each row or column lies, in 256ths of a small pixel. */
function placesOf(
  count: number,
  { last, shrink }: { readonly last: number; readonly shrink: number },
): Int32Array {
  const at = (index: number) => Math.floor(((2 * index + 1) * 128) / shrink) - 128;
  return Int32Array.from({ length: count }, (_, index) => Math.min(last * 256, Math.max(0, at(index))));
}

/** Puffs every surface up from its borders, as modelling clay or a rendered figure is round, and lights it. */
import { blurred, type Field, lumaOf } from "./field.ts";
import type { Picture } from "./picture.ts";

export interface Relief {
  /** How bright each place is turned towards the light: below 0 away from it, about -128 to 128. */
  readonly light: Int16Array;
  /** How deep it lies between surfaces: 0 (open) to 255. */
  readonly depth: Uint8ClampedArray;
}

/** `round` is how far from a border a surface bends, in units. The light comes from the upper left. */
export function reliefOf(picture: Picture, round: number): Relief {
  const { width, height, unit } = picture;
  const radius = Math.max(1, Math.round((round * unit) / 3));
  const surface = surfaceOf(picture);
  const high = blurred(surface, picture, radius, 3);
  const light = new Int16Array(width * height);
  const depth = new Uint8ClampedArray(width * height);
  const slope = radius / 24;
  for (let y = 0, i = 0; y < height; y++) {
    const up = y > 0 ? -width : 0;
    const below = y < height - 1 ? width : 0;
    for (let x = 0; x < width; x++, i++) {
      const across = (high[x < width - 1 ? i + 1 : i] ?? 0) - (high[x > 0 ? i - 1 : i] ?? 0);
      const down = (high[i + below] ?? 0) - (high[i + up] ?? 0);
      // Ever less of ever steeper places, as a matt surface has it: without that every edge is a line of chalk or soot.
      const steep = (across * 0.6 + down) * slope * 0.25;
      light[i] = (128 * steep) / (96 + Math.abs(steep));
      depth[i] = 255 - (high[i] ?? 0) / 128;
    }
  }
  return { light, depth };
}

/** High on a surface, low on its borders and outside of it. */
function surfaceOf(picture: Picture): Field {
  const { width, height, alpha } = picture;
  const luma = blurred(lumaOf(picture), picture, Math.max(1, Math.round(picture.unit)));
  const surface = new Uint16Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const cover = alpha ? (alpha[i] ?? 0) : 255;
      if (cover === 0) continue;
      const here = luma[i] ?? 0;
      const across = x > 0 ? Math.abs(here - (luma[i - 1] ?? 0)) : 0;
      const down = y > 0 ? Math.abs(here - (luma[i - width] ?? 0)) : 0;
      const edge = Math.min(255, Math.max(0, (across + down) * picture.unit - 320) >> 2);
      // A drawing's layer is one body, and what is painted on it only dents it.
      surface[i] = (255 - (alpha ? edge >> 2 : edge)) * (cover >> 1);
    }
  }
  return surface;
}

/** Where somebody with a pen would draw: between colours, beside what is brighter, around what stands before something. */
import { blurred, type Field, fieldOf, LEVEL, lumaOf } from "./field.ts";
import type { Picture } from "./picture.ts";
import { luma as levelOf } from "./tone.ts";

export interface Pen {
  /** Width of a line in units. */
  readonly width: number;
  /** How many levels two colours must differ by to have a line between them, and how fast it fills beyond that. */
  readonly from: number;
  readonly gain: number;
}

/** 0 (none) to 255 of ink for each pixel. */
export function inkOf(picture: Picture, pen: Pen): Uint8ClampedArray {
  const { width, height, alpha, unit } = picture;
  const radius = Math.max(1, Math.round(pen.width * 0.35 * unit));
  const ink = new Uint8ClampedArray(width * height);
  const cover = alpha && fieldOf(alpha);
  const luma = lumaOf(picture);
  for (const [plane, share] of [
    [luma, 1],
    [warmthOf(picture), 0.8],
  ] as const) {
    const even = withoutAlpha(blurred(plane, picture, radius), cover && blurred(cover, picture, radius));
    drawBorders(even, picture, { ink, from: pen.from, gain: pen.gain * share, radius });
  }
  keepLights(ink, picture, blurred(luma, picture, 2 * radius));
  if (alpha && cover) drawOutline(picture, alpha, { ink, around: blurred(cover, picture, 2 * radius, 2) });
  return ink;
}

/** How much more red than blue there is; multiplied by alpha as brightness is. */
function warmthOf({ r, b, alpha, width, height }: Picture): Field {
  const field = new Uint16Array(width * height);
  for (let i = 0; i < field.length; i++) {
    const level = 16320 + 64 * ((r[i] ?? 0) - (b[i] ?? 0));
    field[i] = alpha ? (level * (alpha[i] ?? 0)) / 255 : level;
  }
  return field;
}

/** Blurred where only opaque things are, so that a layer's own edge is not taken for a change of colour. */
function withoutAlpha(field: Field, cover: Field | null): Field {
  if (!cover) return field;
  for (let i = 0; i < field.length; i++) {
    const share = cover[i] ?? 0;
    if (share > 0) field[i] = Math.min(65535, ((field[i] ?? 0) * 255 * LEVEL) / share);
  }
  return field;
}

interface Borders {
  readonly ink: Uint8ClampedArray;
  readonly from: number;
  readonly gain: number;
  readonly radius: number;
}

function drawBorders(
  even: Field,
  { width, height, alpha }: Picture,
  { ink, from, gain, radius }: Borders,
): void {
  const reach = Math.max(1, radius);
  for (let y = 0, i = 0; y < height; y++) {
    const up = Math.min(y, reach) * width;
    const down = Math.min(height - 1 - y, reach) * width;
    for (let x = 0; x < width; x++, i++) {
      if (alpha && alpha[i] !== 255) continue;
      const left = Math.min(reach, x);
      const right = Math.min(reach, width - 1 - x);
      if (alpha && !(alpha[i - left] && alpha[i + right] && alpha[i - up] && alpha[i + down])) continue;
      const across = Math.abs((even[i + right] ?? 0) - (even[i - left] ?? 0));
      const along = Math.abs((even[i + down] ?? 0) - (even[i - up] ?? 0));
      const change = (across > along ? across + along / 2 : along + across / 2) / LEVEL;
      // In the dark smaller differences are seen.
      const seen = (change * 140) / (70 + (even[i] ?? 0) / LEVEL);
      const drawn = (seen - from) * gain;
      if (drawn > (ink[i] ?? 0)) ink[i] = drawn;
    }
  }
}

/** Ink lies on the darker side: a lit window of a few pixels would be all line. */
function keepLights(ink: Uint8ClampedArray, picture: Picture, even: Field): void {
  const { r, g, b, alpha } = picture;
  for (let i = 0; i < ink.length; i++) {
    if (!ink[i] || (alpha && alpha[i] !== 255)) continue;
    const over = levelOf(r[i] ?? 0, g[i] ?? 0, b[i] ?? 0) - (even[i] ?? 0) / LEVEL;
    if (over > 0) ink[i] = (ink[i] ?? 0) * Math.max(0, Math.min(1, 1.3 - over / 26));
  }
}

/** A soft light has no outline: only where something ends at once is there an edge. */
function drawOutline(
  { width, height }: Picture,
  alpha: Uint8Array,
  { ink, around }: { readonly ink: Uint8ClampedArray; readonly around: Field },
): void {
  for (let i = 0; i < width * height; i++) {
    const a = alpha[i] ?? 0;
    if (a === 0) continue;
    const outline = (a - (around[i] ?? 0) / LEVEL - 54) * 6;
    if (outline > (ink[i] ?? 0)) ink[i] = outline;
  }
}

/** Light that spills from bright places over what is beside them. */
import { blurred, type Field, halved, LEVEL } from "./field.ts";
import type { Picture } from "./picture.ts";

export interface Spill {
  /** The level from which a channel shines. */
  readonly from: number;
  /** 0 to 1. */
  readonly strength: number;
  /** Units. */
  readonly reach: number;
}

/** Screens the blurred bright parts of each channel over it. Worked out at half size: a blur this wide hides that. */
export function spilled(picture: Picture, { from, strength, reach }: Spill): void {
  const { width, height, r, g, b, alpha, unit } = picture;
  const radius = Math.max(1, Math.round((reach * unit) / 4));
  const gain = (255 * LEVEL) / (255 - from);
  const shining = Float64Array.from({ length: 256 }, (_, level) => Math.max(0, level - from) * gain);
  const half = Math.ceil(width / 2);
  for (const plane of [r, g, b]) {
    const small = brightOf(plane, picture, shining);
    const glow: Field = blurred(small.field, small, radius, 3);
    for (let y = 0, i = 0; y < height; y++) {
      const row = (y >> 1) * half;
      for (let x = 0; x < width; x++, i++) {
        const spill = glow[row + (x >> 1)] ?? 0;
        if (spill === 0 || alpha?.[i] === 0) continue;
        const level = plane[i] ?? 0;
        plane[i] = level + ((spill / LEVEL) * strength * (255 - level)) / 255;
      }
    }
  }
}

/** How much each place shines, at half size. */
function brightOf(plane: Uint8ClampedArray, { width, height, alpha }: Picture, shining: Float64Array) {
  const rows = new Uint16Array(2 * width);
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const field: Field = new Uint16Array(w * h);
  for (let y = 0; y < h; y++) {
    const here = 2 * y * width;
    const count = 2 * y + 1 < height ? 2 * width : width;
    for (let i = 0; i < count; i++) {
      const over = shining[plane[here + i] ?? 0] ?? 0;
      rows[i] = alpha ? (over * (alpha[here + i] ?? 0)) / 255 : over;
    }
    const pair = halved(rows, { width, height: count / width });
    field.set(pair.field, y * w);
  }
  return { field, width: w, height: h };
}

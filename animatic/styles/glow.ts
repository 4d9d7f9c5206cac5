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
  const half = Math.ceil(width / 2);
  for (const plane of [r, g, b]) {
    const bright = new Uint16Array(width * height);
    for (let i = 0; i < bright.length; i++) {
      const over = Math.max(0, (plane[i] ?? 0) - from) * gain;
      bright[i] = alpha ? (over * (alpha[i] ?? 0)) / 255 : over;
    }
    const small = halved(bright, { width, height });
    const glow: Field = blurred(small.field, small, radius, 3);
    for (let y = 0, i = 0; y < height; y++) {
      const row = (y >> 1) * half;
      for (let x = 0; x < width; x++, i++) {
        const light = ((glow[row + (x >> 1)] ?? 0) / LEVEL) * strength;
        const level = plane[i] ?? 0;
        plane[i] = level + (light * (255 - level)) / 255;
      }
    }
  }
}

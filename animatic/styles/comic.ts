/** Few colours, shaded with a grid of dots, and bold ink: a page from a cheap press. */

import { sine } from "../wave.ts";
import { inkOf } from "./lines.ts";
import type { Picture } from "./picture.ts";
import { smooth } from "./smooth.ts";
import { contrasted, curve, greenOf, lifted, luma } from "./tone.ts";

const LIGHT = curve((level) => 16 + 0.94 * lifted(contrasted(level, 0.4), 0.34));
/** Brightnesses that there is a colour for; between two of them dots of the darker lie on the lighter. */
const TONES = [34, 104, 176, 246] as const;
/** Below this everything is ink. */
const BLACK = 22;
const COLOUR = 1.75;
/** Colours differ by steps of this. */
const STEP = 34;
/** Units from dot to dot, and the fewest pixels that can show one. */
const PITCH = 10;
const LEAST_PITCH = 6;

export function comic(picture: Picture): void {
  if (!picture.alpha) smooth(picture, { reach: 30, border: 30, detail: 1.4 });
  const ink = inkOf(picture, { width: 6.6, from: 26, gain: 11 });
  const { width, height, r, g, b, alpha } = picture;
  const screen = dots(picture);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (alpha && alpha[i] === 0) continue;
      const was = luma(r[i] ?? 0, g[i] ?? 0, b[i] ?? 0);
      const level = tone(LIGHT[was] ?? 0, screen(x, y));
      const red = snap(((r[i] ?? 0) - was) * COLOUR);
      const blue = snap(((b[i] ?? 0) - was) * COLOUR);
      const black = Math.max((ink[i] ?? 0) / 255, Math.min(1, Math.max(0, (BLACK - was) / 8)));
      const paper = 1 - black;
      r[i] = (level + red) * paper + 14 * black;
      g[i] = greenOf(level, red, blue) * paper + 12 * black;
      b[i] = (level + blue - 6) * paper + 18 * black;
    }
  }
}

/** How high the screen stands at a place, -1 to 1: a dot grows from each of its peaks. Turned by 45 degrees. */
function dots({ unit, left, top }: Picture): (x: number, y: number) => number {
  const pitch = Math.max(LEAST_PITCH, PITCH * unit);
  const table = Float64Array.from({ length: 512 }, (_, i) => sine(i / 512) / 2);
  const step = (512 * Math.SQRT1_2) / pitch;
  return (x, y) => {
    const [u, v] = [x - left, y - top];
    return (table[((u + v) * step) & 511] ?? 0) + (table[((u - v) * step) & 511] ?? 0);
  };
}

function tone(level: number, screen: number): number {
  let i = 0;
  while (i < TONES.length - 2 && level > (TONES[i + 1] ?? 255)) i++;
  const [low, high] = [TONES[i] ?? 0, TONES[i + 1] ?? 255];
  const share = (level - low) / (high - low);
  // Nearly the one or the other is wholly so: specks and pinholes would only look like dirt.
  const held = (share - 0.12) / 0.76;
  const light = Math.min(1, Math.max(0, (held * 2 - 1 - screen) * 2.2 + 0.5));
  const amount = held <= 0 ? 0 : held >= 1 ? 1 : light;
  return low + (high - low) * amount;
}

function snap(colour: number): number {
  return Math.round(colour / STEP) * STEP;
}

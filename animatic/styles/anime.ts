/** Flat, bright colours in few steps of light with violet shadows, and clean dark lines. */
import { inkOf } from "./lines.ts";
import type { Picture } from "./picture.ts";
import { smooth } from "./smooth.ts";
import { contrasted, curve, greenOf, lifted, luma, stepped } from "./tone.ts";

const INK = { r: 30, g: 20, b: 46 };
const LIGHT = curve((level) => stepped(lifted(contrasted(level, 0.35), 0.28), 6, 0.72));
const COLOUR = 1.5;

export function anime(picture: Picture): void {
  if (!picture.alpha) smooth(picture, { reach: 26, border: 26, detail: 1.2 });
  const ink = inkOf(picture, { width: 4, from: 14, gain: 12 });
  const { r, g, b } = picture;
  for (let i = 0; i < r.length; i++) {
    const was = luma(r[i] ?? 0, g[i] ?? 0, b[i] ?? 0);
    const level = LIGHT[was] ?? 0;
    const shadow = Math.max(0, 96 - level) >> 3;
    const red = ((r[i] ?? 0) - was) * COLOUR + shadow * 0.4;
    const blue = ((b[i] ?? 0) - was) * COLOUR + shadow * 1.6;
    const dark = ((ink[i] ?? 0) * 230) / 65025;
    r[i] = (level + red) * (1 - dark) + INK.r * dark;
    g[i] = greenOf(level, red, blue) * (1 - dark) + INK.g * dark;
    b[i] = (level + blue) * (1 - dark) + INK.b * dark;
  }
}

/** Matt, warm colours in few steps, every shape rounded by hand, and the prints of the fingers that did it. */
import type { Picture } from "./picture.ts";
import { printsOf } from "./prints.ts";
import { reliefOf } from "./relief.ts";
import { smooth } from "./smooth.ts";
import { curve, greenOf, lifted, luma, stepped } from "./tone.ts";

/** Clay is neither black nor white. */
const LIGHT = curve((level) => 38 + 0.74 * stepped(lifted(level, 0.1), 7, 0.5));
const COLOUR = 1.12;

export function clay(picture: Picture): void {
  if (!picture.alpha) smooth(picture, { reach: 50, border: 40, detail: 2.6 });
  const { light, depth } = reliefOf(picture, 20);
  const prints = printsOf(picture);
  const { r, g, b } = picture;
  for (let i = 0; i < r.length; i++) {
    const was = luma(r[i] ?? 0, g[i] ?? 0, b[i] ?? 0);
    const hollow = Math.max(0, (depth[i] ?? 0) - 60) * 0.2;
    const level = (LIGHT[was] ?? 0) + (light[i] ?? 0) * 0.62 + (prints[i] ?? 0) - hollow;
    const red = ((r[i] ?? 0) - was) * COLOUR + 9;
    const blue = ((b[i] ?? 0) - was) * COLOUR - 10;
    r[i] = level + red;
    g[i] = greenOf(level, red, blue) + 1;
    b[i] = level + blue;
  }
}

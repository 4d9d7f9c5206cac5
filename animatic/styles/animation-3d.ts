/** Smooth, softly lit, rounded surfaces with a little light spilling over, as from a renderer. */
import { spilled } from "./glow.ts";
import type { Picture } from "./picture.ts";
import { reliefOf } from "./relief.ts";
import { smooth } from "./smooth.ts";
import { contrasted, curve, greenOf, lifted, luma } from "./tone.ts";

const LIGHT = curve((level) => 8 + 0.96 * lifted(contrasted(level, 0.25), 0.12));
const COLOUR = 1.28;

export function animation3d(picture: Picture): void {
  if (!picture.alpha) smooth(picture, { reach: 30, border: 34, detail: 1.6 });
  const { light, depth } = reliefOf(picture, 24);
  const { r, g, b } = picture;
  for (let i = 0; i < r.length; i++) {
    const was = luma(r[i] ?? 0, g[i] ?? 0, b[i] ?? 0);
    const turned = light[i] ?? 0;
    const hollow = Math.max(0, (depth[i] ?? 0) - 60) * 0.14;
    // Towards the light a white sheen, away from it a deeper colour.
    const level = (LIGHT[was] ?? 0) + turned * 0.5 - hollow;
    const sheen = Math.max(0, turned - 44) * 0.8;
    const red = ((r[i] ?? 0) - was) * COLOUR + 4;
    const blue = ((b[i] ?? 0) - was) * COLOUR - 3;
    r[i] = level + red + sheen;
    g[i] = greenOf(level, red, blue) + sheen;
    b[i] = level + blue + sheen;
  }
  spilled(picture, { from: 150, strength: 0.5, reach: 22 });
}

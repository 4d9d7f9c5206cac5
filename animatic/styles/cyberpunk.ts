/** Night, whatever the hour: teal against magenta, lights that glow, edges lit from both sides, lines of a screen. */
import { sine } from "../wave.ts";
import { blurred, halved, LEVEL, lumaOf } from "./field.ts";
import { spilled } from "./glow.ts";
import type { Picture } from "./picture.ts";
import { contrasted, curve, lifted, luma } from "./tone.ts";

const LIGHT = curve((level) => lifted(contrasted(level, 0.8), -0.3));
const TEAL = { r: 0.05, g: 0.95, b: 1.15 };
const MAGENTA = { r: 1.35, g: 0.22, b: 1.1 };
/** What black turns into. */
const NIGHT = { r: 9, g: 6, b: 26 };
/** How much of a thing's own colour is left; of a light's more. */
const OWN = 0.2;
/** Units from line to line, the fewest pixels that can show one, and how much darker it is. */
const LINES = { apart: 3.6, least: 3, dark: 0.2 };

export function cyberpunk(picture: Picture): void {
  const { width, height, r, g, b, alpha } = picture;
  const lines = scan(picture);
  const around = surroundings(picture);
  const half = Math.ceil(width / 2);
  for (let y = 0, i = 0; y < height; y++) {
    const bright = lines[y] ?? 1;
    const row = (y >> 1) * half;
    for (let x = 0; x < width; x++, i++) {
      if (alpha && alpha[i] === 0) continue;
      const [red, green, blue] = [r[i] ?? 0, g[i] ?? 0, b[i] ?? 0];
      const was = luma(red, green, blue);
      // A wide bright sky would be no night: what is no brighter than its surroundings goes down, a light stays.
      const beside = (around[row + (x >> 1)] ?? 0) / LEVEL;
      const lamp = Math.max(0, was - beside);
      const level = (LIGHT[was] ?? 0) * (1.06 - beside / 520) + lamp * 0.9;
      // Warm things turn magenta and cold ones teal; grey ones teal in the dark, magenta in the light.
      const warm = (red - (green + blue) / 2) * 1.2 + (was - 110) * 0.65 + 26;
      const pink = Math.min(1, Math.max(0, warm / 96));
      const share = OWN + lamp / 800;
      const own = was > 0 ? (share * level) / was : 0;
      const rest = level * (1 - share);
      r[i] = ((TEAL.r + (MAGENTA.r - TEAL.r) * pink) * rest + red * own + NIGHT.r) * bright;
      g[i] = ((TEAL.g + (MAGENTA.g - TEAL.g) * pink) * rest + green * own + NIGHT.g) * bright;
      b[i] = ((TEAL.b + (MAGENTA.b - TEAL.b) * pink) * rest + blue * own + NIGHT.b) * bright;
    }
  }
  spilled(picture, { from: 120, strength: 0.7, reach: 40 });
}

/** How bright it is far around each place, at half size. */
function surroundings(picture: Picture): Uint16Array {
  const small = halved(lumaOf(picture), picture);
  return blurred(small.field, small, Math.max(1, Math.round(picture.unit * 26)), 2);
}

/** How bright each row is: 1, or less on a line. */
function scan({ height, unit, top }: Picture): Float64Array {
  const apart = Math.max(LINES.least, LINES.apart * unit);
  return Float64Array.from(
    { length: height },
    (_, y) => 1 - LINES.dark * (0.5 - sine((y - top) / apart) / 2),
  );
}

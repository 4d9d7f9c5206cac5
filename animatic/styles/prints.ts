/** Fingerprints and the unevenness of kneaded clay, laid out from the frame's corner: the same for every layer. */
import { seededRandom } from "../random.ts";
import { sine } from "../wave.ts";
import type { Picture } from "./picture.ts";

/** Units between two prints, and between two ridges of one. */
const APART = 78;
const RIDGE = 5.2;
const SEED = 51;

interface Print {
  readonly x: number;
  readonly y: number;
  readonly wide: number;
  /** Where the loops turn, in parts of its size from its middle: mostly outside, so that they are arcs. */
  readonly turnX: number;
  readonly turnY: number;
  readonly high: number;
  /** Levels that a ridge stands out. */
  readonly strength: number;
}

const WAVE = Int16Array.from({ length: 256 }, (_, i) => Math.round(sine(i / 256) * 256));

/** Levels, above and below 0, for each pixel. */
export function printsOf(picture: Picture): Int8Array {
  const { width, height, unit, left, top } = picture;
  const marks = new Int8Array(width * height);
  lumps(picture, marks);
  const cell = APART * unit;
  for (let row = Math.floor(-top / cell) - 1; row * cell < height - top + cell; row++)
    for (let column = Math.floor(-left / cell) - 1; column * cell < width - left + cell; column++) {
      const print = printIn(column, row);
      if (!print) continue;
      const at = { ...print, x: left + (column + print.x) * cell, y: top + (row + print.y) * cell };
      press(picture, marks, at);
    }
  return marks;
}

/** The print that a cell of the pattern has, if any: `x` and `y` in cells. */
function printIn(column: number, row: number): Print | null {
  const random = seededRandom(SEED + column * 7919 + row * 104729);
  if (random.chance(0.3)) return null;
  return {
    x: random.next(),
    y: random.next(),
    turnX: random.between(-0.9, 0.9),
    turnY: random.between(0.35, 1.1),
    wide: random.between(20, 32),
    high: random.between(28, 46),
    strength: random.between(5, 9),
  };
}

function press({ width, height, unit }: Picture, marks: Int8Array, print: Print): void {
  const [wide, high] = [print.wide * unit, print.high * unit];
  const scale = 256 / (RIDGE * Math.max(unit, 0.6));
  const turn = { x: print.x + wide * print.turnX, y: print.y + high * print.turnY };
  for (let y = Math.max(0, Math.ceil(print.y - high)); y < Math.min(height, print.y + high); y++) {
    for (let x = Math.max(0, Math.ceil(print.x - wide)); x < Math.min(width, print.x + wide); x++) {
      const dx = (x - print.x) / wide;
      const dy = (y - print.y) / high;
      const out = dx * dx + dy * dy;
      if (out >= 1) continue;
      const far = Math.sqrt((x - turn.x) ** 2 * 1.5 + (y - turn.y) ** 2);
      const ridge = WAVE[(far * scale) & 255] ?? 0;
      const at = y * width + x;
      marks[at] = (marks[at] ?? 0) + (ridge * print.strength * (1 - out)) / 256 - 2 * (1 - out);
    }
  }
}

/** Slow ups and downs, as hands leave them: waves in directions that never meet in a pattern. */
function lumps({ width, height, unit, left, top }: Picture, marks: Int8Array): void {
  const step = 256 / (120 * unit);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const [u, v] = [(x - left) * step, (y - top) * step];
      const bend = (WAVE[(u * 0.31 + v * 0.47) & 255] ?? 0) * 0.6;
      const other = (WAVE[(v * 0.37 - u * 0.23) & 255] ?? 0) * 0.6;
      const a = WAVE[(u + 0.3 * v + bend) & 255] ?? 0;
      const b = WAVE[(1.27 * v - 0.4 * u + other) & 255] ?? 0;
      const c = WAVE[(2.1 * u + 1.7 * v - bend - other) & 255] ?? 0;
      const d = WAVE[(2.9 * v - 2.3 * u + 2 * bend) & 255] ?? 0;
      marks[i] = (a + b) / 100 + (c + d) / 190;
    }
  }
}

/** From two small pictures to one motion of all of them: blocks are found again, and most of them must agree. */
import type { Small } from "./momentum.ts";

export interface Moved {
  /** Samples that the middle of the picture went, right and down. */
  readonly x: number;
  readonly y: number;
  /** How much larger everything became: 0.01 for one percent. */
  readonly growth: number;
}

const BLOCK = 16;
/** Samples that a block may have gone. */
const REACH = 14;
/** A block whose samples differ less than this on average shows nothing that could be found again. */
const LEAST_CONTRAST = 3;
/** Of all blocks with contrast, so many have to agree. */
const AGREE = 0.4;

interface Found {
  /** Of the block in the first picture, from the picture's middle. */
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

/** Null where there is nothing to follow or no common motion. */
export function fitMotion(a: Small, b: Small): Moved | null {
  const found: Found[] = [];
  let seen = 0;
  for (let top = 4; top + BLOCK + 4 <= a.height; top += BLOCK) {
    for (let left = 4; left + BLOCK + 4 <= a.width; left += BLOCK) {
      if (contrast(a, left, top) < LEAST_CONTRAST) continue;
      seen++;
      const moved = findAgain(a, b, { left, top });
      if (!moved) continue;
      const x = left + BLOCK / 2 - a.width / 2;
      const y = top + BLOCK / 2 - a.height / 2;
      found.push({ x, y, ...moved });
    }
  }
  let kept: readonly Found[] = withMost(found);
  let motion = solve(kept);
  for (let round = 0; round < 4 && motion; round++) {
    const { x, y, growth } = motion;
    kept = found.filter(
      (one) => Math.abs(one.dx - x - growth * one.x) + Math.abs(one.dy - y - growth * one.y) < 0.7,
    );
    motion = solve(kept);
  }
  return motion && kept.length >= Math.max(3, AGREE * seen) ? motion : null;
}

/** The blocks near the middle value of both ways: where things of their own cross the picture, the rest is heard. */
function withMost(found: readonly Found[]): readonly Found[] {
  const middle = (values: readonly number[]) => values.toSorted((p, q) => p - q)[values.length >> 1] ?? 0;
  const dx = middle(found.map((one) => one.dx));
  const dy = middle(found.map((one) => one.dy));
  // Wide enough for a zoom, whose blocks go apart.
  return found.filter((one) => Math.abs(one.dx - dx) + Math.abs(one.dy - dy) < 6);
}

/** Least squares of dx = x + growth * place, dy likewise. */
function solve(found: readonly Found[]): Moved | null {
  const n = found.length;
  if (n < 3) return null;
  let [px, py, dx, dy] = [0, 0, 0, 0];
  for (const one of found) {
    px += one.x / n;
    py += one.y / n;
    dx += one.dx / n;
    dy += one.dy / n;
  }
  let [common, spread] = [0, 0];
  for (const one of found) {
    common += (one.x - px) * (one.dx - dx) + (one.y - py) * (one.dy - dy);
    spread += (one.x - px) * (one.x - px) + (one.y - py) * (one.y - py);
  }
  const growth = spread > 0 ? common / spread : 0;
  return { x: dx - growth * px, y: dy - growth * py, growth };
}

interface Place {
  readonly left: number;
  readonly top: number;
}

function contrast({ y, width }: Small, left: number, top: number): number {
  let sum = 0;
  for (let row = top; row < top + BLOCK; row++)
    for (let column = left; column < left + BLOCK; column++) {
      const at = row * width + column;
      sum += Math.abs((y[at] ?? 0) - (y[at - 1] ?? 0)) + Math.abs((y[at] ?? 0) - (y[at - width] ?? 0));
    }
  return sum / (BLOCK * BLOCK);
}

/** Where the block is in `b`, to a part of a sample; null where the best place is at the end of the reach. */
function findAgain(a: Small, b: Small, { left, top }: Place): { dx: number; dy: number } | null {
  const low = { x: Math.max(-REACH, -left), y: Math.max(-REACH, -top) };
  const high = {
    x: Math.min(REACH, b.width - left - BLOCK),
    y: Math.min(REACH, b.height - top - BLOCK),
  };
  let best = Number.POSITIVE_INFINITY;
  let [bx, by] = [0, 0];
  for (let dy = low.y; dy <= high.y; dy++) {
    for (let dx = low.x; dx <= high.x; dx++) {
      const off = difference(a, b, { left, top, dx, dy, enough: best });
      // Of equals the nearest: a picture that stands still has not jumped by one stripe of its pattern.
      if (off < best || (off === best && dx * dx + dy * dy < bx * bx + by * by))
        [best, bx, by] = [off, dx, dy];
    }
  }
  if (bx === low.x || bx === high.x || by === low.y || by === high.y) return null;
  const at = (dx: number, dy: number) =>
    difference(a, b, { left, top, dx, dy, enough: Number.POSITIVE_INFINITY });
  return {
    dx: bx + lowest(at(bx - 1, by), best, at(bx + 1, by)),
    dy: by + lowest(at(bx, by - 1), best, at(bx, by + 1)),
  };
}

/** Where a parabola through three neighbours is lowest, from the middle one. */
function lowest(before: number, here: number, after: number): number {
  const bend = before - 2 * here + after;
  return bend > 0 ? (before - after) / 2 / bend : 0;
}

interface Try extends Place {
  readonly dx: number;
  readonly dy: number;
  /** Worse than this need not be known exactly. */
  readonly enough: number;
}

function difference(a: Small, b: Small, { left, top, dx, dy, enough }: Try): number {
  let sum = 0;
  for (let row = 0; row < BLOCK; row++) {
    const from = (top + row) * a.width + left;
    const to = (top + dy + row) * b.width + left + dx;
    for (let column = 0; column < BLOCK; column++) {
      const off = (a.y[from + column] ?? 0) - (b.y[to + column] ?? 0);
      sum += off * off;
    }
    if (sum > enough) return sum;
  }
  return sum;
}

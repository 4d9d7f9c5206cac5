/** Small soft things drawn straight onto a frame: lights, flakes, streaks of rain. Pixels of the frame. */
import type { Frame } from "../src/media/codec.ts";

/** BT.709 limited range. */
export interface Ink {
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

/** From `#rrggbb`. */
export function inkOf(colour: string): Ink {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return {
    y: 16 + ((11966 * r + 40254 * g + 4064 * b + 32768) >> 16),
    u: 128 + ((-6596 * r - 22189 * g + 28785 * b + 32768) >> 16),
    v: 128 + ((28784 * r - 26145 * g - 2639 * b + 32768) >> 16),
  };
}

export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** How many times wider than high; 1 where it is left out. */
  readonly stretch?: number;
  /** 0 to 1. */
  readonly strength: number;
}

/** How much of the ink lands at a distance, both in radii: full in the middle, nothing at 1, no edge between. */
function falloff(distance: number): number {
  const rest = 1 - distance * distance;
  return rest <= 0 ? 0 : rest * rest;
}

/** A round spot without an edge, at any fraction of a pixel. */
export function drawSpot(frame: Frame, spot: Spot, ink: Ink): void {
  const { width, height } = frame;
  const radius = Math.max(0.8, spot.radius);
  const wide = radius * (spot.stretch ?? 1);
  const top = Math.max(0, Math.ceil(spot.y - radius));
  const bottom = Math.min(height - 1, Math.floor(spot.y + radius));
  const left = Math.max(0, Math.ceil(spot.x - wide));
  const right = Math.min(width - 1, Math.floor(spot.x + wide));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const dx = (x - spot.x) / wide;
      const dy = (y - spot.y) / radius;
      const amount = spot.strength * falloff(Math.sqrt(dx * dx + dy * dy));
      blend(frame.y, y * width + x, ink.y, amount);
      if ((x | y) % 2 === 0) {
        const at = (y >> 1) * width + x;
        blend(frame.uv, at, ink.u, amount);
        blend(frame.uv, at + 1, ink.v, amount);
      }
    }
  }
}

export interface Streak {
  /** Its upper end. */
  readonly x: number;
  readonly y: number;
  readonly length: number;
  /** Pixels to the right for each pixel down. */
  readonly slant: number;
  readonly thickness: number;
  readonly strength: number;
}

/** A thin slanted line that fades in from its upper end; brightness only. */
export function drawStreak(frame: Frame, streak: Streak, brightness: number): void {
  const { width, height } = frame;
  const top = Math.max(0, Math.ceil(streak.y));
  const bottom = Math.min(height - 1, Math.floor(streak.y + streak.length));
  const half = streak.thickness / 2;
  for (let y = top; y <= bottom; y++) {
    const along = (y - streak.y) / streak.length;
    const centre = streak.x + (y - streak.y) * streak.slant;
    for (
      let x = Math.max(0, Math.ceil(centre - half - 1));
      x <= Math.min(width - 1, centre + half + 1);
      x++
    ) {
      const cover = Math.min(1, Math.max(0, half + 0.5 - Math.abs(x - centre)));
      blend(frame.y, y * width + x, brightness, streak.strength * cover * along);
    }
  }
}

/** Mixes `value` into one sample; `amount` 0 to 1. */
export function blend(plane: Uint8Array, at: number, value: number, amount: number): void {
  const under = plane[at] ?? 0;
  plane[at] = under + (value - under) * amount + 0.5;
}

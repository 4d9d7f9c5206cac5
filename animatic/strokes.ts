/** Small things with an edge and a colour, as styles draw them: discs, balls, strokes of a pen. Pixels of the frame. */
import type { Frame } from "../src/media/codec.ts";
import { blend, type Ink, type Spot, type Streak } from "./particles.ts";

/** What of a thing a pixel shows, 0 to 1, and how much brighter it is there than its ink. */
interface Touch {
  cover: number;
  light: number;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Asks `touch` for each pixel of the box, and for each place of chroma with `wide` pixels more of a soft edge. */
function paint(frame: Frame, box: Box, ink: Ink, touch: (x: number, y: number, wide: number) => Touch): void {
  const { width, height } = frame;
  const left = Math.max(0, Math.floor(box.left));
  const right = Math.min(width - 1, Math.ceil(box.right));
  const top = Math.max(0, Math.floor(box.top));
  const bottom = Math.min(height - 1, Math.ceil(box.bottom));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const { cover, light } = touch(x, y, 0);
      if (cover > 0) blend(frame.y, y * width + x, Math.min(235, Math.max(16, ink.y + light)), cover);
    }
  }
  // A line of chroma lies between two of luma.
  for (let y = top >> 1; 2 * y <= bottom; y++) {
    for (let x = left & ~1; x <= right; x += 2) {
      const { cover } = touch(x, 2 * y + 0.5, 0.5);
      if (cover <= 0) continue;
      blend(frame.uv, y * width + x, ink.u, cover);
      blend(frame.uv, y * width + x + 1, ink.v, cover);
    }
  }
}

/** A disc; a ball, lit from above on the left, where `relief` (levels of brightness) is more than 0. */
export function drawDisc(frame: Frame, spot: Spot, ink: Ink, relief = 0): void {
  const { x, y, radius, strength, stretch = 1 } = spot;
  const wide = radius * stretch;
  const touched: Touch = { cover: 0, light: 0 };
  const box = { left: x - wide - 1, right: x + wide + 1, top: y - radius - 1, bottom: y + radius + 1 };
  paint(frame, box, ink, (px, py, soft) => {
    const dx = (px - x) / wide;
    const dy = (py - y) / radius;
    const inside = (1 - Math.sqrt(dx * dx + dy * dy)) * Math.min(radius, wide);
    touched.cover = strength * Math.min(1, Math.max(0, (inside + 0.5 + soft) / (1 + 2 * soft)));
    touched.light = -relief * (0.45 * dx + 0.75 * dy);
    return touched;
  });
}

/** How wide a stroke is along its way (0 to 1), as a part of its thickness. */
export type Nib = (along: number) => number;

/** As broad at its end as at its beginning. */
export const even: Nib = () => 1;
/** Set down, pressed, and lifted: broadest after two thirds. */
export const pressed: Nib = (along) => (along < 0.66 ? along / 0.66 : (1 - along) / 0.34);

/** A slanted line with a hard edge. */
export function drawStroke(frame: Frame, streak: Streak, ink: Ink, nib: Nib): void {
  const { x, y, length, slant, thickness, strength } = streak;
  const half = thickness / 2;
  const end = x + length * slant;
  const touched: Touch = { cover: 0, light: 0 };
  const box = {
    left: Math.min(x, end) - half - 1,
    right: Math.max(x, end) + half + 1,
    top: y,
    bottom: y + length,
  };
  paint(frame, box, ink, (px, py, soft) => {
    const along = (py - y) / length;
    const reach = along < 0 || along > 1 ? -1 : half * nib(along);
    const inside = reach - Math.abs(px - x - (py - y) * slant);
    touched.cover = reach < 0 ? 0 : strength * Math.min(1, Math.max(0, inside + 0.5 + soft));
    return touched;
  });
}

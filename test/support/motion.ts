/** What the camera did between two frames, found by trying: no part of our renderer has a say in it. */
import type { Planes } from "./probe.ts";

export interface Motion {
  /** Above 1: what is seen has grown, the camera came closer. */
  readonly scale: number;
  /** Where what is seen went, in percent of the width and height: positive is right and down. */
  readonly right: number;
  readonly down: number;
}

/** Points compared; enough to be sure, few enough to try some thousand motions in a second. */
const GRID = 48;
const SCALES = [0.7, 0.76, 0.82, 0.88, 0.94, 1, 1.06, 1.13, 1.21, 1.3, 1.4];
const REACH = 30;

/** The motion that carries `from` best onto `to`. */
export function motionBetween(from: Planes, to: Planes): Motion {
  let best: Motion = { scale: 1, right: 0, down: 0 };
  let bestError = Number.POSITIVE_INFINITY;
  const consider = (scale: number, right: number, down: number): void => {
    const error = meanError(from, to, { scale, right, down });
    if (error >= bestError) return;
    bestError = error;
    best = { scale, right, down };
  };
  for (const scale of SCALES) {
    for (let right = -REACH; right <= REACH; right += 3) {
      for (let down = -REACH; down <= REACH; down += 3) consider(scale, right, down);
    }
  }
  const coarse = best;
  for (let right = -2; right <= 2; right++) {
    for (let down = -2; down <= 2; down++) consider(coarse.scale, coarse.right + right, coarse.down + down);
  }
  return best;
}

/** Squared difference over the points of the grid that are inside both frames; too few of them count as none. */
function meanError(from: Planes, to: Planes, { scale, right, down }: Motion): number {
  let sum = 0;
  let count = 0;
  for (let row = 1; row < GRID; row++) {
    for (let column = 1; column < GRID; column++) {
      const x = (column / GRID - 0.5 - right / 100) / scale + 0.5;
      const y = (row / GRID - 0.5 - down / 100) / scale + 0.5;
      if (x < 0 || x >= 1 || y < 0 || y >= 1) continue;
      const was = light(from, x, y);
      const is = light(to, column / GRID, row / GRID);
      sum += (was - is) ** 2;
      count += 1;
    }
  }
  return count < GRID * GRID * 0.3 ? Number.POSITIVE_INFINITY : sum / count;
}

function light({ y, width, height }: Planes, across: number, along: number): number {
  return y[Math.floor(along * height) * width + Math.floor(across * width)] ?? 0;
}

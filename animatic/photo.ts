/**
 * One picture in front of the camera. As long as nothing but a lens and a tripod is asked for it is drawn row by
 * row; depth, a hand or life in it need the mesh, which costs two to four times as much.
 */
import type { Pose } from "./camera.ts";
import { reliefOf } from "./depth.ts";
import { reachOf } from "./handheld.ts";
import { type Canvas, type Kernels, type Target, windowOf } from "./kernels.ts";
import { reachOfLife, stirOf } from "./life.ts";
import { fillMesh, type Moment } from "./mesh.ts";
import type { Life } from "./plan.ts";
import type { Margin, Size, Source } from "./source.ts";

/** What will be asked of a picture. */
export interface Use {
  readonly size: Size;
  /** The pose farthest from the whole picture. */
  readonly farthest: Pose;
  readonly handheld: number;
  readonly life: Life;
}

/** Draws the picture as it is seen at a moment. Returns how often it would have looked beyond its canvas: never. */
export type Photo = (moment: Moment, target: Target) => number;

/** Beyond what the camera sees: the filter's taps. Even. */
const TAPS = 4;

export async function openPhoto(kernels: Kernels, source: Source, use: Use): Promise<Photo> {
  const { size, life, farthest, handheld } = use;
  const canvas = await source.place(kernels, marginFor(use));
  const alive = life.sway > 0 || life.ripple > 0 || life.drift > 0;
  if (!alive && !farthest.near && handheld === 0) {
    return ({ pose }, target) => {
      kernels.draw(canvas, pose, target);
      return sidesBeyond(canvas, size, pose);
    };
  }
  const relief = alive || farthest.near ? reliefOf(kernels, canvas, canvas.inner) : null;
  const ground = { relief, stir: relief && stirOf(life, relief, size) };
  const mesh = kernels.mesh();
  return (moment, target) => {
    const held = fillMesh(mesh, canvas, size, ground, moment);
    kernels.bend(canvas, mesh, target);
    return held;
  };
}

/** What has to lie beyond the frame on each side. */
function marginFor({ size, farthest, handheld, life }: Use): Margin {
  const { step, near = { step: 0, x: 0, y: 0 } } = farthest;
  const hand = reachOf(handheld, size);
  const alive = reachOfLife(life, size);
  const widest = Math.max(1, step) + Math.abs(near.step) / 2;
  const side = (length: number, pose: number, other: number) => {
    const seen = (length / 2) * (step + Math.abs(near.step) / 2 - 1) + pose;
    return TAPS + 2 * Math.ceil((Math.max(0, seen) + other) / 2);
  };
  const across = hand.x + (hand.roll * widest * size.height) / 2 + alive.x;
  const down = hand.y + (hand.roll * widest * size.width) / 2 + alive.y;
  return {
    x: side(size.width, Math.abs(farthest.x) + Math.abs(near.x) / 2, across),
    y: side(size.height, Math.abs(farthest.y) + Math.abs(near.y) / 2, down),
  };
}

/** How many sides of the frame look past where the filter still has all its taps. */
function sidesBeyond(canvas: Canvas, size: Size, pose: Pose): number {
  const { x, y, step } = windowOf(canvas, size, pose);
  const right = x + (size.width - 1) * step;
  const bottom = y + (size.height - 1) * step;
  return [x < 1, y < 1, right > canvas.width - 3, bottom > canvas.height - 3].filter(Boolean).length;
}

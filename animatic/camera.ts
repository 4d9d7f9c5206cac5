/**
 * From a camera move and a moment to the part of the picture in view. Every move starts from the whole frame and
 * without speed, so that the first frame is the picture itself.
 */
import type { Move } from "./camera-words.ts";
import type { View } from "./kernels.ts";

export interface Motion {
  readonly moves: readonly Move[];
  /** How far, 1 being 12 % of zoom or 9 % of the frame's width. */
  readonly strength: number;
  /** How much the hand that holds the camera shakes: 0 not at all, 1 as a hand does. */
  readonly handheld: number;
}

/** What the camera may show beyond the frame on each side without leaving the picture, as a part of the frame. */
export interface Room {
  readonly x: number;
  readonly y: number;
}

/**
 * Where a camera is: a view of things in the middle distance (depth 0.5), and by how much more the nearest things
 * (depth 1) have moved than the farthest (depth 0). Without `near` all depths move alike, and a picture can be drawn
 * row by row.
 */
export interface Pose extends View {
  readonly near?: View;
}

const NO_VIEW: View = { step: 0, x: 0, y: 0 };
/** What is made up around a picture may be a rim, not a second picture. */
const MOST_BACK = 0.18;
/** The most that near and far part, as a share of the frame's width; beyond it a guessed depth begins to show. */
const MOST_PARALLAX = 0.05;

/** Where the camera is at the end of its move. Frames of `width` by `height` pixels. */
export function endOf(motion: Motion, size: { width: number; height: number }, room: Room): Pose {
  const side = (negative: Move, positive: Move) => signOf(motion, negative, positive);
  const { strength } = motion;
  const pan = (sign: number, space: number) => sign * (Math.min(0.18, 0.09 * strength) + 0.5 * space);
  const rise = side("crane-up", "crane-down") * Math.min(0.1, 0.06 * strength);
  const x = pan(side("left", "right"), room.x);
  const y = pan(side("up", "down"), room.y) + rise;
  const near = nearOf(motion, size) ?? NO_VIEW;
  // Looking aside needs room: what the picture does not have beyond the frame is won by moving closer.
  const spread = Math.abs(near.step) / 2;
  const insideX = 1 + 2 * (room.x - Math.abs(x)) - Math.abs(near.x) / size.width - spread;
  const insideY = 1 + 2 * (room.y - Math.abs(y)) - Math.abs(near.y) / size.height - spread;
  const back = Math.max(0, side("push", "pull"), side("dolly-in", "dolly-out")) > 0;
  const wanted = stepOf(motion);
  const step = back ? wanted : Math.min(insideX, insideY, 1, wanted);
  const end = { step, x: x * size.width, y: y * size.height };
  return near === NO_VIEW ? end : { ...end, near };
}

function signOf({ moves }: Motion, negative: Move, positive: Move): number {
  return moves.includes(positive) ? 1 : moves.includes(negative) ? -1 : 0;
}

/** A lens zooms by 12 %; a dolly by less, because what is near grows by more. */
function stepOf(motion: Motion): number {
  const lens = signOf(motion, "push", "pull") * 0.12;
  const dolly = signOf(motion, "dolly-in", "dolly-out") * 0.1;
  const way = (lens + dolly) * motion.strength;
  return way < 0 ? 1 / (1 - way) : 1 + Math.min(MOST_BACK, way);
}

function nearOf(motion: Motion, { width, height }: { width: number; height: number }): View | null {
  const amount = Math.min(MOST_PARALLAX, 0.04 * motion.strength);
  const dolly = signOf(motion, "dolly-in", "dolly-out");
  const orbit = signOf(motion, "orbit-left", "orbit-right");
  const crane = signOf(motion, "crane-up", "crane-down");
  if (dolly === 0 && orbit === 0 && crane === 0) return null;
  // At the frame's edge a step is worth half the width. An orbit leans what stands upright, so it goes less far.
  return {
    step: 2 * dolly * amount,
    x: 0.8 * orbit * amount * width,
    y: crane * amount * Math.min(width, height),
  };
}

/** The pose at `progress` along the way to `end`: 0 is the whole frame, below 0 what the camera saw before it came there. */
export function viewAt(end: Pose, progress: number): Pose {
  const part = ({ step, x, y }: View, whole: number): View => ({
    step: whole + (step - whole) * progress,
    x: x * progress,
    y: y * progress,
  });
  return end.near ? { ...part(end, 1), near: part(end.near, 0) } : part(end, 1);
}

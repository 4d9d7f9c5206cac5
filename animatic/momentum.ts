/**
 * How a clip moves at its end, so that a video which goes on from it does not stop dead: found by comparing small
 * copies of its last frames, block by block. Integers and plain fractions only, so it is the same everywhere.
 */
import type { Codec, Frame } from "../src/media/codec.ts";
import type { View } from "./kernels.ts";
import { fitMotion } from "./momentum-fit.ts";
import { ease } from "./wave.ts";

/** The camera's speed: parts of the frame's width and height a second, and growth of the step (see `View`) a second. */
export interface Momentum {
  readonly x: number;
  readonly y: number;
  /** Below 0 the camera comes closer. */
  readonly step: number;
}

export const REST: Momentum = { x: 0, y: 0, step: 0 };

/** A plane of luma, small. */
export interface Small {
  readonly width: number;
  readonly height: number;
  readonly y: Uint8Array;
}

const LOOK_BACK_SECONDS = 0.5;
/** Of the small copies, about: enough for a quarter of a pixel of a large frame, little enough to compare in no time. */
const SMALL_WIDTH = 240;
/** Slower is the noise of the codec: a part of the frame a second. */
const SLOWEST = 0.002;
/** Faster cannot be told from a cut. */
const FASTEST = 1.2;

/** The motion at the very end of a clip; `REST` where it stands still, cuts, or shows nothing that can be followed. */
export async function momentumOf(codec: Codec, path: string): Promise<Momentum> {
  const { seconds, fps } = await codec.measure(path);
  const from = Math.max(0, seconds - LOOK_BACK_SECONDS);
  const last: Small[] = [];
  const wanted = Math.max(2, Math.min(32, Math.round(fps * LOOK_BACK_SECONDS)) + 1);
  for await (const frame of codec.frames(path, from > 0 ? { fromSeconds: from } : {})) {
    last.push(shrink(frame));
    if (last.length > wanted) last.shift();
  }
  return motionOfFrames(last, fps);
}

/** The same of frames in order, the last one being the end. */
export function motionOfFrames(frames: readonly Small[], fps: number): Momentum {
  if (frames.length < 2 || !(fps > 0)) return REST;
  const whole = Math.max(1, (frames.length - 1) >> 1);
  // What is too fast to be found again after six frames may be after two, or one.
  for (const apart of new Set([whole, Math.max(1, whole >> 1), Math.min(2, whole), 1])) {
    const speed = speedAtEnd(frames, apart, fps);
    if (speed) return speed.x === 0 && speed.y === 0 && speed.step === 0 ? REST : speed;
  }
  return REST;
}

/** From the last frame, the one `apart` before it, and the one as much before that. */
function speedAtEnd(frames: readonly Small[], apart: number, fps: number): Momentum | null {
  const [start, middle, end] = [frames.at(-1 - 2 * apart), frames.at(-1 - apart), frames.at(-1)];
  const late = middle && end && speedBetween(middle, end, apart / fps);
  if (!late) return null;
  const early = start && speedBetween(start, middle, apart / fps);
  // Speeds are of the middle of each part. What slows down is slower still at the end, and never turns round.
  const atEnd = (was: number, is: number) => {
    const ahead = is + (is - was) / 2;
    return ahead * is <= 0 ? 0 : Math.sign(is) * Math.min(Math.abs(ahead), 1.5 * Math.abs(is));
  };
  const clean = (value: number) => (Math.abs(value) < SLOWEST ? 0 : value);
  return {
    x: clean(early ? atEnd(early.x, late.x) : late.x),
    y: clean(early ? atEnd(early.y, late.y) : late.y),
    step: clean(early ? atEnd(early.step, late.step) : late.step),
  };
}

/** Null where the two cannot be told to be of one shot. */
function speedBetween(a: Small, b: Small, seconds: number): Momentum | null {
  if (a.width !== b.width || a.height !== b.height) return null;
  const motion = fitMotion(a, b);
  if (!motion) return null;
  // What the picture does, the camera does the other way round.
  const speed = {
    x: -motion.x / b.width / seconds,
    y: -motion.y / b.height / seconds,
    step: (1 / (1 + motion.growth) - 1) / seconds,
  };
  return Math.max(Math.abs(speed.x), Math.abs(speed.y), Math.abs(speed.step)) > FASTEST ? null : speed;
}

/** Every sample the mean of a square of them. */
export function shrink({ width, height, y }: Frame): Small {
  const factor = Math.max(1, Math.round(width / SMALL_WIDTH));
  const small = { width: Math.floor(width / factor), height: Math.floor(height / factor) };
  const out = new Uint8Array(small.width * small.height);
  const area = factor * factor;
  for (let row = 0; row < small.height; row++) {
    for (let column = 0; column < small.width; column++) {
      let sum = area >> 1;
      for (let dy = 0; dy < factor; dy++) {
        const at = (row * factor + dy) * width + column * factor;
        for (let dx = 0; dx < factor; dx++) sum += y[at + dx] ?? 0;
      }
      out[row * small.width + column] = (sum / area) | 0;
    }
  }
  return { ...small, y: out };
}

/** How long the clip's motion lasts where the prompt asks for another move. */
const GLIDE_SECONDS = 1.5;
/** As parts of the frame: farther, and there would be little left of the picture. */
const MOST_WAY = 0.12;
const MOST_GROWTH = 0.2;
/** Faster, and coming closer would look like a move of its own; a little of the mirrored edge is then seen instead. */
const CLOSER_A_SECOND = 0.05;

/** What is left of the clip's motion at a moment of the shot, to be laid under the shot's own move. */
export type Carry = (seconds: number) => View;

interface Carried {
  readonly size: { readonly width: number; readonly height: number };
  /** Length of the shot. */
  readonly seconds: number;
  /** Whether the shot has a move of its own to come to. */
  readonly asked: boolean;
}

/**
 * At moment 0 nothing has moved and the speed is the clip's. With a move of its own to come it glides out within a second
 * and a half; without one it goes on to the shot's end, or as far as the picture reaches. To look aside it comes
 * closer little by little, for there is nothing beyond the picture's edge.
 */
export function carryOn(momentum: Momentum, { size, seconds, asked }: Carried): Carry {
  const part = (speed: number, most: number) => along(speed, lastsFor(speed, { most, seconds, asked }));
  const x = part(momentum.x, MOST_WAY);
  const y = part(momentum.y, MOST_WAY);
  const step = part(momentum.step, MOST_GROWTH);
  const way = Math.max(Math.abs(x(seconds)), Math.abs(y(seconds)));
  const closer = Math.min(2 * way, CLOSER_A_SECOND * seconds);
  return (now) => ({
    step: (1 + step(now)) * (1 - closer * ease(now / seconds)),
    x: x(now) * size.width,
    y: y(now) * size.height,
  });
}

/** Seconds until it has come to rest; infinite where it need not. */
function lastsFor(
  speed: number,
  { most, seconds, asked }: { readonly most: number; readonly seconds: number; readonly asked: boolean },
): number {
  if (!asked && Math.abs(speed) * seconds <= most) return Number.POSITIVE_INFINITY;
  // A glide comes a third as far as full speed would.
  const reaches = (3 * most) / Math.abs(speed);
  return asked ? Math.min(GLIDE_SECONDS, seconds, reaches) : reaches;
}

/** The way gone after a time, of what starts with `speed` and has stopped after `lasts` seconds. */
function along(speed: number, lasts: number): (seconds: number) => number {
  if (speed === 0) return () => 0;
  if (lasts === Number.POSITIVE_INFINITY) return (seconds) => speed * seconds;
  return (seconds) => {
    const left = 1 - Math.min(1, Math.max(0, seconds) / lasts);
    return (speed * lasts * (1 - left * left * left)) / 3;
  };
}

/** `inner` seen through `outer`: first the clip's motion, within it the shot's own move, whatever else belongs to it. */
export function within<Inner extends View>(outer: View, inner: Inner): Inner {
  return {
    ...inner,
    step: outer.step * inner.step,
    x: outer.x + outer.step * inner.x,
    y: outer.y + outer.step * inner.y,
  };
}

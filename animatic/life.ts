/**
 * What moves in a photograph by itself: leaves sway, water ripples, clouds drift. Each is a displacement of at most
 * a percent or two, held to the parts of the picture that could be such a thing; nothing moves in the first frame,
 * and what starts, starts without speed.
 */
import type { Chart, Relief } from "./depth.ts";
import type { Life } from "./plan.ts";
import { ease, sine } from "./wave.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pixels that a full amount of each kind is worth. */
interface Amounts {
  readonly swayBy: number;
  readonly rippleBy: number;
  readonly driftBy: number;
}

/** Where each kind of life may be, 0 to 1, and how far it goes there. */
export interface Stir extends Amounts, Size {
  readonly sway: Chart;
  readonly ripple: Chart;
  readonly drift: Chart;
}

const SWAY = 0.007;
const RIPPLE = 0.006;
const DRIFT = 0.03;
/** The quicker swing on top of the slow one, and how high a wave is to its length. */
const OVERTONE = 0.35;
const FLAT = 0.6;
/** Seconds until what sways has found its rhythm. */
const START = 1.2;

function amountsOf(life: Life, { width, height }: Size): Amounts {
  return {
    swayBy: life.sway * SWAY * width,
    rippleBy: life.ripple * RIPPLE * height,
    driftBy: life.drift * DRIFT * width,
  };
}

/** The most that anything is displaced by. */
export function reachOfLife(life: Life, size: Size): { readonly x: number; readonly y: number } {
  const { swayBy, rippleBy, driftBy } = amountsOf(life, size);
  return { x: swayBy * (1 + OVERTONE) + rippleBy + driftBy, y: rippleBy * FLAT };
}

export function stirOf(life: Life, relief: Relief, size: Size): Stir | null {
  if (life.sway === 0 && life.ripple === 0 && life.drift === 0) return null;
  const { columns, rows, near, detail, green, airy } = relief;
  const at = (i: number) => Math.floor(i / columns) / (rows - 1);
  return {
    // Rooted below: nothing at the lower edge, where stems come out of the ground.
    sway: detail.map(
      (value, i) => Math.min(1, 1.6 * value) * (0.3 + 0.7 * (green[i] ?? 0)) * (1 - at(i) * at(i)),
    ),
    // Water lies low, and its far end keeps as still as a shore.
    ripple: near.map((value, i) => ease((at(i) - 0.5) / 0.3) * value * (0.3 + 0.7 * (airy[i] ?? 0))),
    drift: airy.map((value, i) => (0.4 + 0.6 * value) * (1 - (detail[i] ?? 0)) * ease((0.62 - at(i)) / 0.4)),
    ...amountsOf(life, size),
    width: size.width,
    height: size.height,
  };
}

/** How far everything is at one moment: what the whole picture has in common. */
export interface Beat {
  /** Seconds that phases are counted from. */
  readonly now: number;
  /** How far waves swing out, 0 to 1. */
  readonly swing: number;
  /** How far clouds have gone, -1 to 1 of the most they go. */
  readonly gone: number;
}

/** `left`: seconds until the picture has to be itself; without end where it need not. */
export function beatAt(seconds: number, left = Number.POSITIVE_INFINITY): Beat {
  return { now: seconds, swing: swingAt(seconds) * swingAt(left), gone: goneAfter(seconds) };
}

/** The same, of a picture that is come to rather than left. */
export function beatBefore(seconds: number, left: number): Beat {
  return { now: seconds, swing: swingAt(seconds) * swingAt(left), gone: -goneAfter(left) };
}

function swingAt(seconds: number): number {
  return seconds >= START ? 1 : ease(seconds / START);
}

/** Gathers speed in the first second, and slows down before the sky is stretched too far. */
function goneAfter(seconds: number): number {
  const way = (0.16 * seconds * seconds) / (seconds + 0.8);
  return way / (1 + way);
}

/** How much of each kind there is at one place. */
export interface Share {
  sway: number;
  ripple: number;
  drift: number;
}

/** Pixels of the frame that a place is displaced by, which is (x, y) of them from the canvas's corner. Writes into `out`. */
export function stirAt(
  stir: Stir,
  beat: Beat,
  share: Share,
  place: { readonly x: number; readonly y: number },
  out: { x: number; y: number },
): void {
  const across = place.x / stir.width;
  const along = place.y / stir.height;
  out.x = -share.drift * stir.driftBy * beat.gone;
  out.y = 0;
  if (share.sway > 0.002 && stir.swayBy > 0) {
    const phase = 1.7 * across + 0.6 * along;
    const swing = sine(beat.now / 3.3 + phase) + OVERTONE * sine(beat.now / 1.45 + 2.6 * phase);
    out.x += share.sway * stir.swayBy * beat.swing * swing;
  }
  if (share.ripple > 0.002 && stir.rippleBy > 0) {
    const phase = beat.now / 2.4 - 5.5 * along + 1.6 * across;
    const amount = share.ripple * stir.rippleBy * beat.swing;
    out.x += amount * sine(phase);
    out.y += FLAT * amount * sine(phase + 0.25);
  }
}

/** The hand that holds the camera: slow swings on top of one another, seeded, at rest in the first frame. */
import type { Random } from "./random.ts";
import { ease, sine } from "./wave.ts";

/** Pixels the view is moved by, and how far it is rolled (radians, so small that its sine is itself). */
export interface Hand {
  readonly x: number;
  readonly y: number;
  readonly roll: number;
}

export const STEADY: Hand = { x: 0, y: 0, roll: 0 };

/** Swings a second and how wide they are: breathing, then the arms. Quicker ones read as a fault, not as a hand. */
const SWINGS = [
  { rate: 0.31, width: 0.62 },
  { rate: 0.73, width: 0.28 },
  { rate: 1.37, width: 0.1 },
];
/** The widest swing: of the frame's shorter side, and in radians. */
const WIDEST = 0.011;
const ROLL = 0.0045;
/** Seconds until the hand is heard of in full. */
const START = 1.5;

/** The most that a hand of this strength moves the view. */
export function reachOf(strength: number, size: { width: number; height: number }): Hand {
  const side = WIDEST * strength * Math.min(size.width, size.height);
  return { x: side, y: side, roll: ROLL * strength };
}

/** `left`: seconds until the view has to be the picture again. */
export type Shake = (seconds: number, left?: number) => Hand;

export function shakeOf(strength: number, size: { width: number; height: number }, random: Random): Shake {
  const reach = reachOf(strength, size);
  const axis = () =>
    SWINGS.map(({ rate, width }) => ({
      rate: rate * random.between(0.85, 1.15),
      width,
      phase: random.next(),
    }));
  const [x, y, roll] = [axis(), axis(), axis()];
  const sum = (swings: ReturnType<typeof axis>, seconds: number) =>
    swings.reduce((total, { rate, width, phase }) => total + width * sine(seconds * rate + phase), 0);
  return (seconds, left = START) => {
    const felt = ease(seconds / START) * ease(left / START);
    return {
      x: reach.x * felt * sum(x, seconds),
      y: reach.y * felt * sum(y, seconds),
      roll: reach.roll * felt * sum(roll, seconds),
    };
  };
}

/** What falls: rain and snow over the whole frame, seeded, the same at the same moment. */
import type { Frame } from "../src/media/codec.ts";
import type { Look } from "./looks.ts";
import type { Random } from "./random.ts";
import type { Setting } from "./scenes/setting.ts";
import { sine } from "./wave.ts";

/** Draws onto a frame the weather `seconds` into the shot. */
export type Fall = (frame: Frame, seconds: number) => void;

/** One drop or flake, in parts of the frame. `near` is 0 (far) to 1. */
interface Falling {
  readonly x: number;
  readonly y: number;
  readonly near: number;
  readonly phase: number;
}

const SLANT = -0.16;

/** So many at most, and how much of what is behind it a drop hides. */
const DROPS = 420;
const FLAKES = 330;
const STRENGTH = { day: 0.5, night: 0.36 };

export function weatherOf(setting: Setting, look: Look, random: Random): Fall | null {
  if (setting.place === "space") return null;
  if (setting.weather === "rain") {
    const drops = scatter(random.fork("rain"), Math.round(DROPS * look.drops));
    return rain(drops, look, setting.time === "night" ? STRENGTH.night : STRENGTH.day);
  }
  if (setting.weather === "snow")
    return snow(scatter(random.fork("snow"), Math.round(FLAKES * look.flakes)), look);
  return null;
}

function scatter(random: Random, count: number): readonly Falling[] {
  return Array.from({ length: count }, (_, i) => ({
    x: random.next(),
    y: random.next(),
    near: (i / count) ** 2,
    phase: random.next(),
  }));
}

/** Where something is that falls `speed` frame heights a second and comes in again above. */
function fallen(thing: Falling, speed: number, seconds: number, over: number): number {
  const way = thing.y + speed * seconds;
  return (way - Math.floor(way)) * (1 + over) - over;
}

function rain(drops: readonly Falling[], look: Look, strength: number): Fall {
  return (frame, seconds) => {
    const { width, height } = frame;
    const unit = Math.min(width, height) / 720;
    for (const drop of drops) {
      const length = (20 + 74 * drop.near) * unit;
      const y = fallen(drop, 0.9 + 1.3 * drop.near + drop.phase * 0.2, seconds, 0.2) * height;
      // Wide enough to the side that the slant leaves no dry corner.
      const x = drop.x * (width - SLANT * height) + SLANT * y;
      look.drop(
        frame,
        {
          x,
          y,
          length,
          slant: SLANT,
          thickness: (0.5 + 1.1 * drop.near) * unit,
          strength: strength * (0.45 + 0.55 * drop.near),
        },
        drop.phase,
      );
    }
  };
}

function snow(flakes: readonly Falling[], look: Look): Fall {
  return (frame, seconds) => {
    const { width, height } = frame;
    const unit = Math.min(width, height) / 720;
    for (const flake of flakes) {
      const radius = (1.6 + 5.2 * flake.near) * unit;
      const y = fallen(flake, 0.07 + 0.13 * flake.near + 0.03 * flake.phase, seconds, 0.04) * height;
      const swing = sine(seconds / (3 + 2 * flake.phase) + flake.phase) * (8 + 22 * flake.near) * unit;
      const x = flake.x * width + swing - seconds * 9 * unit * flake.near;
      const inside = x - Math.floor(x / width) * width;
      look.flake(frame, { x: inside, y, radius, strength: 0.55 + 0.4 * flake.near }, flake.phase);
    }
  };
}

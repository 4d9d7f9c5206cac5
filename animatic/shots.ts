/** Several shots with hard cuts: how long each is, what part of the picture it shows and how its camera moves. */
import type { Motion } from "./camera.ts";
import type { Move } from "./camera-words.ts";
import type { Heard } from "./hear.ts";
import { compatible, type Filming, lengthOf, motionFrom, movesSaid, paceOf } from "./motion-words.ts";
import type { Framing } from "./plan.ts";
import type { Random } from "./random.ts";

export interface Cut {
  readonly frames: number;
  /** Null: all of the picture. */
  readonly framing: Framing | null;
  readonly motion: Motion;
  /** Closes on the last picture: it is come to, and no other picture is seen. */
  readonly closes: boolean;
}

export interface Cutting {
  readonly frames: number;
  readonly fps: number;
  /** The last shot closes on a picture of its own. */
  readonly closes: boolean;
  readonly random: Random;
  readonly banned: Filming["banned"];
  readonly literal: boolean;
}

export const SHORTEST_SECONDS = 1.5;
/** From how many seconds there are two, three and four shots. */
const ENOUGH = [3, 5, 8];

function countOf(seconds: number): number {
  return 1 + ENOUGH.filter((least) => seconds >= least).length;
}

/** How near, and moves that suit it where none is said. The first shot is the whole picture, as it was given. */
const SIZES: readonly { readonly zoom: readonly [number, number]; readonly moves: readonly Move[] }[] = [
  { zoom: [1, 1], moves: ["push", "right", "left", "crane-up"] },
  { zoom: [1.4, 1.55], moves: ["left", "right", "dolly-in", "orbit-left", "orbit-right"] },
  { zoom: [1.85, 2.1], moves: ["push", "up", "down", "dolly-in"] },
  { zoom: [1.2, 1.3], moves: ["pull", "crane-up", "orbit-right", "dolly-out"] },
];

/** The shots of a video of `frames` in all; what was said of the camera is done in its order, one shot after another. */
export function cutsOf(
  said: readonly Heard[],
  work: Cutting,
): { readonly cuts: readonly Cut[]; readonly dropped: readonly string[] } {
  const { random } = work;
  const lengths = lengthsOf(work);
  const told = steps(said);
  const motions = motionsOf(said, { lengths, told }, work);
  const cuts = lengths.map((frames, index) => {
    const closes = work.closes && index === lengths.length - 1;
    const whole = index === 0 || closes;
    return {
      frames,
      framing: whole
        ? null
        : framingOf(index, random.fork("side").chance(0.5), random.fork(`framing ${index}`)),
      motion: motions[index] ?? { moves: [], strength: 0, handheld: 0 },
      closes,
    };
  });
  const late = told.slice(lengths.length).flat();
  return { cuts, dropped: late.map((move) => `${move} after ${lengths.length} shots`) };
}

function lengthsOf({ frames, fps, random }: Cutting): readonly number[] {
  const count = countOf(frames / fps);
  const least = Math.ceil(SHORTEST_SECONDS * fps);
  const stream = random.fork("lengths");
  let rest = frames;
  return Array.from({ length: count }, (_, index) => {
    const left = count - index;
    if (left === 1) return rest;
    const length = Math.round((rest / left) * stream.between(0.85, 1.15));
    const kept = Math.min(Math.max(length, least), rest - least * (left - 1));
    rest -= kept;
    return kept;
  });
}

function framingOf(index: number, turned: boolean, random: Random): Framing {
  const [low, high] = SIZES[index % SIZES.length]?.zoom ?? [1, 1];
  const zoom = round(random.between(low, high));
  // Where eyes rest: about the thirds, by turns on either side, and never so far that the frame would leave the picture.
  const inside = (value: number) => round(Math.min(Math.max(value, 0.5 / zoom), 1 - 0.5 / zoom));
  const left = (index % 2 === 0) === turned;
  const side = left ? random.between(0.36, 0.43) : random.between(0.57, 0.64);
  return { zoom, x: inside(side), y: inside(random.between(0.46, 0.56)) };
}

const round = (value: number) => Math.round(value * 1000) / 1000;

const SHORT = 0.6;

interface Sequence {
  readonly lengths: readonly number[];
  readonly told: readonly (readonly Move[])[];
}

function motionsOf(said: readonly Heard[], { lengths, told }: Sequence, work: Cutting): readonly Motion[] {
  const { fps, banned, literal, random } = work;
  const whole = motionFrom(said, { seconds: 5, banned, literal }).motion;
  const stands = whole.moves.length === 0 && told.length === 0;
  const pace = told.length > 0 ? paceOf(said) : 0.8;
  const before: Move[] = [];
  return lengths.map((frames, index) => {
    // A shot is short, and what it does has to be seen before the cut.
    const strength = pace * Math.max(SHORT, lengthOf(frames / fps));
    if (stands) return whole;
    const asked = told[index];
    const moves = asked ?? chosen(index, { banned, before, random: random.fork(`move ${index}`) });
    before.push(...moves);
    const motion = { moves, strength: moves.length === 0 ? 0 : round(strength), handheld: whole.handheld };
    return motion;
  });
}

/** More than any video has shots, so that what is left out can be told. */
const MOST_STEPS = 8;

/** Moves said together in a part of a sentence, part after part: "pan left, then zoom in" are two steps. */
function steps(said: readonly Heard[]): readonly (readonly Move[])[] {
  const all = movesSaid(said);
  if (said.some(({ kind, value }) => kind === "camera" && value === "static")) return [];
  const parts = [...new Set(all.map(({ heard }) => heard.part))].slice(0, MOST_STEPS);
  return parts.map((part) => compatible(all.filter(({ heard }) => heard.part === part)).kept);
}

interface Choice {
  readonly banned: ReadonlySet<string>;
  readonly before: readonly Move[];
  readonly random: Random;
}

function chosen(index: number, { banned, before, random }: Choice): readonly Move[] {
  const free = (SIZES[index % SIZES.length]?.moves ?? []).filter((move) => !banned.has(`camera:${move}`));
  const fresh = free.filter((move) => !before.includes(move));
  const choices = fresh.length > 0 ? fresh : free;
  return choices.length > 0 ? [random.pick(choices)] : [];
}

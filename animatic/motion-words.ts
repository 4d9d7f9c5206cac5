/** From the words of a prompt to what the camera does. */
import type { Motion } from "./camera.ts";
import type { Move } from "./camera-words.ts";
import { type Heard, hear } from "./hear.ts";

export interface Filmed {
  readonly motion: Motion;
  /** What was said and cannot be, for people: a move against one that was said before. */
  readonly dropped: readonly string[];
}

export interface Filming {
  /** Length of the shot. */
  readonly seconds: number;
  /** What may not be, by `kind:value`. */
  readonly banned: ReadonlySet<string>;
  /** Nothing is made up: no words, no move. */
  readonly literal: boolean;
}

const AXES: readonly (readonly [Move, Move])[] = [
  ["push", "pull"],
  ["dolly-in", "dolly-out"],
  ["left", "right"],
  ["orbit-left", "orbit-right"],
  ["up", "down"],
  ["crane-up", "crane-down"],
];
const PACES: Readonly<Record<string, number>> = { "very-slow": 0.35, slow: 0.6, fast: 1.7, "very-fast": 2.4 };
const SHAKES: Readonly<Record<string, number>> = { steady: 0, held: 0.5, shaky: 1 };
/** What the camera does where nothing is said: the first that may be. */
const UNASKED: readonly Move[] = ["push", "right", "left", "up", "dolly-in"];
const MOST_MOVES = 3;

const opposite = (move: Move): Move | undefined => {
  const axis = AXES.find((pair) => pair.includes(move));
  return axis?.[axis[0] === move ? 1 : 0];
};

const ofKind = (said: readonly Heard[], kind: string) => said.filter((heard) => heard.kind === kind);

/** The moves that are said, in their order; each with the part of a sentence that says it. */
export function movesSaid(said: readonly Heard[]): readonly { readonly move: Move; readonly heard: Heard }[] {
  const camera = ofKind(said, "camera").filter(({ value }) => value !== "static");
  const kind = camera.length > 0 ? camera : ofKind(said, "undirected");
  return kind.flatMap((heard) => {
    const moves: readonly Move[] = heard.value === "vertigo" ? ["dolly-in", "pull"] : [heard.value as Move];
    return moves.map((move) => ({ move, heard }));
  });
}

/** The motion that the words ask for. */
export function motionFrom(said: readonly Heard[], { seconds, banned, literal }: Filming): Filmed {
  const length = lengthOf(seconds);
  const moves = movesSaid(said);
  const handheld = handheldOf(said);
  const fixed = ofKind(said, "camera").find(({ value }) => value === "static");
  if (fixed) {
    const dropped = moves.map(({ heard }) => `"${heard.words}" against "${fixed.words}"`);
    return { motion: { moves: [], strength: 0, handheld }, dropped: [...new Set(dropped)] };
  }
  if (moves.length > 0) {
    const { kept, dropped } = compatible(moves);
    return { motion: { moves: kept, strength: paceOf(said) * length, handheld }, dropped };
  }
  const unasked = UNASKED.find((move) => !banned.has(`camera:${move}`));
  if (literal || handheld > 0 || !unasked)
    return { motion: { moves: [], strength: 0, handheld }, dropped: [] };
  return { motion: { moves: [unasked], strength: 0.6 * length, handheld }, dropped: [] };
}

/** Longer shots go further, but not in proportion: a minute's push would end in the pixels. */
export function lengthOf(seconds: number): number {
  return Math.min(2, Math.max(0.4, seconds / 5));
}

/** Of two opposite moves the one said first stays. */
export function compatible(moves: ReturnType<typeof movesSaid>): {
  readonly kept: readonly Move[];
  readonly dropped: readonly string[];
} {
  const kept = new Map<Move, string>();
  const dropped = new Set<string>();
  for (const { move, heard } of moves) {
    const against = kept.get(opposite(move) ?? move);
    if (kept.has(move)) continue;
    if (against !== undefined) dropped.add(`"${heard.words}" against "${against}"`);
    else if (kept.size === MOST_MOVES) dropped.add(`"${heard.words}" beside ${MOST_MOVES} other moves`);
    else kept.set(move, heard.words);
  }
  return { kept: [...kept.keys()], dropped: [...dropped] };
}

/** How fast: the speed said nearest to a move, in its part of a sentence or in one that says little else. */
export function paceOf(said: readonly Heard[]): number {
  const [speed] = nearCamera(said, "speed");
  return PACES[speed?.value ?? ""] ?? 1;
}

const LITTLE_ELSE = 2;

function nearCamera(said: readonly Heard[], kind: string): readonly Heard[] {
  const places = said.filter((one) => ["camera", "undirected", "handheld"].includes(one.kind));
  const parts = new Set(places.map(({ part }) => part));
  const near = ofKind(said, kind).filter((one) => parts.has(one.part) || one.partWords <= LITTLE_ELSE);
  if (near.length < 2 || places.length === 0) return near;
  const first = places[0]?.at ?? 0;
  return [...near].sort((a, b) => Math.abs(a.at - first) - Math.abs(b.at - first));
}

function handheldOf(said: readonly Heard[]): number {
  const amounts = ofKind(said, "handheld").map(({ value }) => SHAKES[value] ?? 0);
  if (amounts.length === 0) return 0;
  const most = Math.max(...amounts.slice(0, 50));
  return paceOf(said) < 1 ? most / 2 : most;
}

/** The motion that a prompt asks for by itself; a gentle push where it asks for none. */
export function motionOf(prompt: string, seconds: number): Motion {
  return motionFrom(hear(prompt).said, { seconds, banned: new Set(), literal: false }).motion;
}

const NAMES: Readonly<Record<Move, string>> = {
  push: "push in",
  pull: "pull back",
  "dolly-in": "dolly in",
  "dolly-out": "dolly out",
  left: "pan left",
  right: "pan right",
  "orbit-left": "orbit left",
  "orbit-right": "orbit right",
  up: "tilt up",
  down: "tilt down",
  "crane-up": "crane up",
  "crane-down": "crane down",
};

/** For people: "pan left and push in, handheld". */
export function describeMotion(motion: Motion): string {
  const moves = motion.moves.map((move) => NAMES[move]).join(" and ");
  const hand = motion.handheld > 0 ? "handheld" : "";
  return [moves, hand].filter(Boolean).join(", ") || "static";
}

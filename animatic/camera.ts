/**
 * From the prompt's words to a camera move, and from a moment to the part of the picture in view. Every move is
 * axis-aligned, starts from the whole frame and starts without speed, so that the first frame is the picture itself.
 */
import { CAMERA_WORDS, type Move, UNDIRECTED_WORDS } from "./camera-words.ts";
import type { View } from "./kernels.ts";

export interface Motion {
  readonly moves: readonly Move[];
  /** How far, 1 being 12 % of zoom or 9 % of the frame's width. */
  readonly strength: number;
}

/** What the camera may show beyond the frame on each side without leaving the picture, as a part of the frame. */
export interface Room {
  readonly x: number;
  readonly y: number;
}

const DENIED =
  /\b(?:no|without|don't|do not|never|avoid)\s[^,.;!?]*|(?:不要|没有|不许|禁止|请勿)[^,.;!?，。；！？]*/giu;
const SLOW = /\b(?:slow|slowly|gentle|gently|subtle|subtly|slight|slightly)\b|缓慢|慢慢|缓缓|轻微|微微/iu;
const FAST = /\b(?:fast|quick|quickly|rapid|rapidly|dramatic|dramatically|crash)\b|快速|迅速|急速/iu;

function patternOf(word: string): RegExp {
  if (/^\P{ASCII}/u.test(word)) return new RegExp(word, "u");
  return new RegExp(`\\b${word.replace("…", "(?:[\\s-]+[a-z]+){0,3}?[\\s-]+")}\\b`, "iu");
}

const compile = (words: readonly string[] | undefined) => (words ?? []).map(patternOf);
const STATIC = compile(CAMERA_WORDS.static);
const MOVES = ["pull", "push", "left", "right", "up", "down"] as const;
const DIRECTED = MOVES.map((move) => [move, compile(CAMERA_WORDS[move])] as const);
const VAGUE = MOVES.map((move) => [move, compile(UNDIRECTED_WORDS[move])] as const);

/** The move that a prompt asks for; a gentle push where it asks for none. `seconds` is the length of the shot. */
export function motionOf(prompt: string, seconds: number): Motion {
  if (STATIC.some((pattern) => pattern.test(prompt))) return { moves: [], strength: 0 };
  const wanted = prompt.replace(DENIED, " ");
  const found = (table: typeof DIRECTED) =>
    table.filter(([, patterns]) => patterns.some((pattern) => pattern.test(wanted))).map(([move]) => move);
  let moves: readonly Move[] = withoutOpposites(found(DIRECTED));
  if (moves.length === 0) moves = found(VAGUE);
  const pace = SLOW.test(wanted) ? 0.6 : FAST.test(wanted) ? 1.7 : 1;
  const length = Math.min(2, Math.max(0.4, seconds / 5));
  if (moves.length === 0) return { moves: ["push"], strength: 0.6 * length };
  return { moves, strength: pace * length };
}

/** "zoom out" also has the bare word "zoom": of two opposite moves the first in the table stays. */
function withoutOpposites(moves: readonly Move[]): readonly Move[] {
  const drop = new Set<Move>();
  if (moves.includes("pull")) drop.add("push");
  if (moves.includes("left")) drop.add("right");
  if (moves.includes("up")) drop.add("down");
  return moves.filter((move) => !drop.has(move));
}

/** Where the camera is at the end of its move. Frames of `width` by `height` pixels. */
export function endOf(motion: Motion, size: { width: number; height: number }, room: Room): View {
  const has = (move: Move) => motion.moves.includes(move);
  const { strength } = motion;
  const zoom = has("push") ? 1 + 0.12 * strength : has("pull") ? 1 / (1 + 0.12 * strength) : 1;
  const across = (negative: Move, positive: Move, space: number) => {
    const sign = has(positive) ? 1 : has(negative) ? -1 : 0;
    return sign * (Math.min(0.18, 0.09 * strength) + 0.5 * space);
  };
  const x = across("left", "right", room.x);
  const y = across("up", "down", room.y);
  // Looking aside needs room: what the picture does not have beyond the frame is won by moving closer.
  const inside = Math.min(1 + 2 * (room.x - Math.abs(x)), 1 + 2 * (room.y - Math.abs(y)), 1);
  const step = has("pull") ? 1 / zoom : Math.min(inside, 1 / zoom);
  return { step, x: x * size.width, y: y * size.height };
}

/** The view at `progress` along the way to `end`: 0 is the whole frame, below 0 what the camera saw before it came there. */
export function viewAt(end: View, progress: number): View {
  return { step: 1 + (end.step - 1) * progress, x: end.x * progress, y: end.y * progress };
}

const NAMES: Readonly<Record<Move, string>> = {
  push: "push in",
  pull: "pull back",
  left: "pan left",
  right: "pan right",
  up: "tilt up",
  down: "tilt down",
};

/** For people: "pan left and push in". */
export function describeMotion(motion: Motion): string {
  if (motion.moves.length === 0) return "static";
  return motion.moves.map((move) => NAMES[move]).join(" and ");
}

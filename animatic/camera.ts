/**
 * From the prompt's words to a camera move, and from a moment to the part of the picture in view. Every move is
 * axis-aligned, starts from the whole frame and starts without speed, so that the first frame is the picture itself.
 */
import type { View } from "./kernels.ts";

export type Move = "push" | "pull" | "left" | "right" | "up" | "down";

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

/** English words first (whole words, any case), then Chinese. `…` stands for up to three words between. */
export const CAMERA_WORDS: Readonly<Record<Move | "static", readonly string[]>> = {
  static: [
    "static shot",
    "static camera",
    "static view",
    "static frame",
    "static lens",
    "locked off",
    "locked-off",
    "fixed camera",
    "fixed shot",
    "fixed frame",
    "still camera",
    "tripod",
    "no camera movement",
    "no camera motion",
    "camera does not move",
    "camera doesn't move",
    "camera stays still",
    "固定镜头",
    "固定机位",
    "静止镜头",
    "镜头固定",
    "镜头静止",
    "镜头不动",
    "机位固定",
    "无运镜",
    "定镜",
  ],
  push: [
    "zoom in",
    "zoom-in",
    "zooms in",
    "zooming in",
    "zoom into",
    "zooms into",
    "zoom toward",
    "zoom towards",
    "dolly in",
    "dolly-in",
    "dollies in",
    "dollying in",
    "dolly forward",
    "push in",
    "push-in",
    "pushes in",
    "pushing in",
    "push forward",
    "pushes forward",
    "camera pushes",
    "move closer",
    "moves closer",
    "moving closer",
    "camera approaches",
    "close in",
    "closes in",
    "closing in",
    "fly through",
    "flies through",
    "fly forward",
    "flies forward",
    "camera moves forward",
    "move forward",
    "moving forward",
    "crash zoom",
    "zoom",
    "推近",
    "推进",
    "推镜",
    "推向",
    "镜头推",
    "镜头前推",
    "前推",
    "拉近",
    "镜头靠近",
    "镜头前进",
    "镜头向前",
    "放大",
    "变焦",
  ],
  pull: [
    "zoom out",
    "zoom-out",
    "zooms out",
    "zooming out",
    "dolly out",
    "dolly-out",
    "dollies out",
    "dolly back",
    "dollying out",
    "pull back",
    "pull-back",
    "pulls back",
    "pulling back",
    "pull out",
    "pull-out",
    "pulls out",
    "pulling out",
    "pull away",
    "pulls away",
    "pulling away",
    "camera retreats",
    "camera moves back",
    "camera moves backward",
    "move back",
    "moves backward",
    "拉远",
    "拉镜",
    "镜头拉",
    "镜头后拉",
    "后拉",
    "镜头后退",
    "镜头向后",
    "缩小",
    "拉开镜头",
  ],
  left: [
    "pan…left",
    "pans…left",
    "panning…left",
    "truck…left",
    "trucks…left",
    "trucking…left",
    "slide…left",
    "slides…left",
    "sliding…left",
    "track…left",
    "tracks…left",
    "tracking…left",
    "camera moves…left",
    "camera moving…left",
    "sweeps…left",
    "左移",
    "左摇",
    "左平移",
    "镜头向左",
    "镜头往左",
    "镜头左",
    "向左平移",
    "向左移动镜头",
    "从右向左",
    "从右到左",
  ],
  right: [
    "pan…right",
    "pans…right",
    "panning…right",
    "truck…right",
    "trucks…right",
    "trucking…right",
    "slide…right",
    "slides…right",
    "sliding…right",
    "track…right",
    "tracks…right",
    "tracking…right",
    "camera moves…right",
    "camera moving…right",
    "sweeps…right",
    "右移",
    "右摇",
    "右平移",
    "镜头向右",
    "镜头往右",
    "镜头右",
    "向右平移",
    "向右移动镜头",
    "从左向右",
    "从左到右",
  ],
  up: [
    "tilt…up",
    "tilts…up",
    "tilting…up",
    "tilt-up",
    "crane up",
    "cranes up",
    "pedestal up",
    "boom up",
    "camera rises",
    "camera rising",
    "camera moves…up",
    "pan…up",
    "pans…up",
    "上摇",
    "上移",
    "仰摇",
    "镜头向上",
    "镜头往上",
    "镜头上升",
    "镜头升起",
    "升镜",
    "镜头上",
  ],
  down: [
    "tilt…down",
    "tilts…down",
    "tilting…down",
    "tilt-down",
    "crane down",
    "cranes down",
    "pedestal down",
    "boom down",
    "camera descends",
    "camera lowers",
    "camera moves…down",
    "pan…down",
    "pans…down",
    "下摇",
    "下移",
    "俯摇",
    "镜头向下",
    "镜头往下",
    "镜头下降",
    "降镜",
    "镜头下",
  ],
};

/** Words that name a kind of move without its direction. */
const UNDIRECTED: Readonly<Partial<Record<Move, readonly string[]>>> = {
  right: [
    "pan",
    "pans",
    "panning",
    "camera sweep",
    "sideways",
    "truck",
    "tracking shot",
    "摇镜",
    "横移",
    "平移",
    "横摇",
  ],
  up: ["tilt", "tilts", "tilting", "crane shot", "俯仰"],
};

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
const VAGUE = MOVES.map((move) => [move, compile(UNDIRECTED[move])] as const);

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

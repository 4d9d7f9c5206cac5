/**
 * What will be done for an order, decided before any pixel is touched: plain JSON. A plan is a list of shots cut
 * one after another; a style belongs to a shot as its setting does, and is applied to the stills once.
 */
import type { Motion } from "./camera.ts";
import { type Heard, hear } from "./hear.ts";
import { lifeFrom } from "./life-hints.ts";
import { motionFrom } from "./motion-words.ts";
import { type Refusal, refusalOf, unique, withoutBanned } from "./negative.ts";
import type { RenderOrder } from "./order.ts";
import { type Random, seededRandom } from "./random.ts";
import { type Rewritten, rewrite } from "./rewrite.ts";
import { type Setting, settingFrom } from "./scenes/setting.ts";
import { type Cut, cutsOf, SHORTEST_SECONDS } from "./shots.ts";
import { contraries, describeShots, toldHeard } from "./told.ts";

export const STYLES = ["anime", "3d_animation", "clay", "comic", "cyberpunk"] as const;
export type Style = (typeof STYLES)[number];

/** What moves in the picture by itself, each 0 (still) to 1. */
export interface Life {
  /** To and fro, rooted below: trees, grass, flags, hair. */
  readonly sway: number;
  /** In circles, each place a little later than the last: water, heat. */
  readonly ripple: number;
  /** Slowly one way: clouds, smoke, mist. */
  readonly drift: number;
}

/** Which part of the picture a shot opens on: `zoom` 1 is all of it; `x` and `y` its centre, 0 to 1. */
export interface Framing {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

export const WHOLE: Framing = { zoom: 1, x: 0.5, y: 0.5 };
export const STILL: Life = { sway: 0, ripple: 0, drift: 0 };

/** What a shot opens on. With a clip, whether the prompt asks for a move: one that nobody asked for gives way to the clip's own. */
type Opening =
  | { readonly kind: "picture"; readonly path: string }
  | { readonly kind: "clip"; readonly path: string; readonly asked: boolean };

export interface Shot {
  readonly frames: number;
  readonly motion: Motion;
  readonly framing: Framing;
  readonly life: Life;
  readonly style: Style | null;
  /** What the first frame is: a picture, or the last frame of a clip. Null: the scene. */
  readonly opening: Opening | null;
  /** The picture that the last frame is. */
  readonly closing: string | null;
  /** What to draw where there is neither. */
  readonly scene: Setting | null;
}

/** What is heard of a place. Moods and voices are named in sound-words.ts; those not known there change nothing. */
export interface Ambience {
  readonly setting: Setting;
  readonly mood?: string | null;
  /** Voices that the prompt asks for beside the place's own, and those that are kept out. */
  readonly with?: readonly string[];
  readonly without?: readonly string[];
}

export type SoundPlan =
  | { readonly kind: "none" }
  | { readonly kind: "file"; readonly path: string }
  | ({ readonly kind: "ambience" } & Ambience)
  /** Goes on from a clip's own sound; where it has none, one begins. */
  | ({ readonly kind: "continued"; readonly clip: string } & Ambience);

export interface Plan {
  readonly seed: number;
  readonly shots: readonly Shot[];
  readonly sound: SoundPlan;
  /** For people. */
  readonly motion: string;
  /** What of the prompt was understood, and as what: `"zoom in"` as `camera push`. */
  readonly heard: readonly { readonly words: string; readonly as: string }[];
  readonly rewritten: Rewritten | null;
  /** What the negative prompt took away from what was said or chosen. */
  readonly removed: readonly string[];
  /** What was said and is not in the plan, with the reason. */
  readonly notes: readonly string[];
  /** Fields that do not show, with the reason. */
  readonly ignored: Readonly<Record<string, string>>;
}

export function planOf(order: RenderOrder): Plan {
  const random = seededRandom(order.seed);
  const mode = order.rewrite ?? "auto";
  const given = order.clip !== null || order.firstFrame !== null || order.lastFrame !== null;
  const prompt = hear(order.prompt);
  const refusal = refusalOf(order.negativePrompt, prompt);
  const { banned } = refusal;
  const first = withoutBanned(prompt.said, banned);
  const rewritten = rewrite(order.prompt, {
    mode,
    banned,
    random,
    given,
    continues: order.clip !== null,
    said: first.said,
  });
  const said = rewritten ? withoutBanned(hear(rewritten.after).said, banned).said : first.said;
  const work: Work = { order, said, banned, random, given, literal: mode === "disabled" };
  const setting = settingFrom(said, { ...work, random: random.fork("setting") });
  const { shots, notes } = shotsOf(work, setting);
  return {
    seed: order.seed,
    shots,
    sound: soundOf(work, setting),
    motion: describeShots(shots),
    heard: toldHeard(said),
    rewritten,
    removed: unique([...first.removed, ...removedUnasked(work, setting)]),
    notes: [...notes, ...contraries(said, setting), ...unseenNotes(refusal, given)],
    ignored: ignoredOf(order, { refusal, given, shots: shots.length }),
  };
}

interface Work {
  readonly order: RenderOrder;
  readonly said: readonly Heard[];
  readonly banned: ReadonlySet<string>;
  readonly random: Random;
  /** A picture or a clip is there; nothing is drawn. */
  readonly given: boolean;
  readonly literal: boolean;
}

function shotsOf(
  work: Work,
  setting: Setting,
): { readonly shots: readonly Shot[]; readonly notes: readonly string[] } {
  const { order, said, banned, literal } = work;
  const { frames, fps, lastFrame } = order;
  const opening = openingOf(work);
  const same = {
    life: lifeFrom(said, { setting, banned, literal }),
    style: STYLES.find((style) => style === order.style) ?? null,
    scene: work.given ? null : setting,
  };
  if (!order.shots || order.clip !== null || frames / fps < 2 * SHORTEST_SECONDS) {
    const { motion, dropped } = motionFrom(said, { seconds: frames / fps, banned, literal });
    return {
      shots: [{ ...same, frames, motion, framing: WHOLE, opening, closing: lastFrame }],
      notes: dropped,
    };
  }
  // With the last picture alone all shots are of it.
  const only = opening ?? (lastFrame === null ? null : { kind: "picture" as const, path: lastFrame });
  const cutting = {
    frames,
    fps,
    closes: lastFrame !== null,
    random: work.random.fork("shots"),
    banned,
    literal,
  };
  const { cuts, dropped } = cutsOf(said, cutting);
  const shots = cuts.map((cut: Cut) => ({
    ...same,
    frames: cut.frames,
    motion: cut.motion,
    framing: cut.framing ?? WHOLE,
    opening: cut.closes ? null : only,
    closing: cut.closes ? lastFrame : null,
  }));
  return { shots, notes: dropped };
}

function openingOf({ order, said }: Work): Opening | null {
  const asked = said.some(({ kind }) => kind === "camera" || kind === "undirected");
  if (order.clip !== null) return { kind: "clip", path: order.clip, asked };
  if (order.firstFrame !== null) return { kind: "picture", path: order.firstFrame };
  return null;
}

/** Voices that a place has under another name. */
const RELATED: Readonly<Record<string, readonly string[]>> = {
  rain: ["rain outside"],
  wind: ["breeze", "dry wind"],
  traffic: ["engine"],
  crickets: ["insects"],
};

function soundOf({ order, said, banned }: Work, setting: Setting): SoundPlan {
  if (order.soundFile !== null) return { kind: "file", path: order.soundFile };
  if (!order.sound) return { kind: "none" };
  const values = (kind: string) =>
    unique(said.filter((heard) => heard.kind === kind).map(({ value }) => value));
  const without = [...banned]
    .filter((key) => key.startsWith("sound:"))
    .map((key) => key.slice("sound:".length));
  const ambience: Ambience = {
    setting,
    mood: values("mood")[0] ?? null,
    // Rain has a sound of its own in each place.
    with: values("sound").filter((voice) => voice !== "rain" || setting.weather !== "rain"),
    without: without.flatMap((voice) => [voice, ...(RELATED[voice] ?? [])]),
  };
  return order.clip === null
    ? { kind: "ambience", ...ambience }
    : { kind: "continued", clip: order.clip, ...ambience };
}

/** What would have been there unasked, were it not for the negative prompt. */
function removedUnasked({ order, said, banned, literal }: Work, setting: Setting): readonly string[] {
  if (banned.size === 0) return [];
  const free = new Set<string>();
  const life = [
    lifeFrom(said, { setting, banned: free, literal }),
    lifeFrom(said, { setting, banned, literal }),
  ];
  const stilled = (["sway", "ripple", "drift"] as const).filter(
    (kind) => life[0]?.[kind] !== life[1]?.[kind],
  );
  const filming = { seconds: order.frames / order.fps, literal };
  const usual = motionFrom(said, { ...filming, banned: free }).motion.moves;
  const kept = motionFrom(said, { ...filming, banned }).motion.moves;
  // Where there is no rain, there is no sound of it: that goes without saying.
  const voices = [...banned].filter((key) => key.startsWith("sound:") && order.sound);
  const told = banned.has("weather:rain") ? ["sound:rain", "sound:thunder"] : [];
  return [
    ...stilled.map((kind) => `life ${kind}`),
    ...usual.filter((move) => !kept.includes(move)).map((move) => `camera ${move}`),
    ...voices.filter((key) => !told.includes(key)).map((key) => `sound of ${key.slice("sound:".length)}`),
  ];
}

function unseenNotes({ unseen }: Refusal, given: boolean): readonly string[] {
  return given ? [] : unseen.slice(0, 20).map((words) => `"${words}": the renderer draws none anyway`);
}

function ignoredOf(
  order: RenderOrder,
  { refusal, given, shots }: { refusal: Refusal; given: boolean; shots: number },
): Record<string, string> {
  const ignored: Record<string, string> = {};
  const quoted = (words: readonly string[]) =>
    words
      .slice(0, 8)
      .map((one) => `"${one}"`)
      .join(", ");
  if (order.style !== null && !STYLES.some((style) => style === order.style))
    ignored.style = `"${order.style}" is none of the styles that the animatic renderer has: ${STYLES.join(", ")}.`;
  else if (order.style !== null && order.clip !== null)
    ignored.style = "A continuation keeps the look of its clip.";
  if (order.shots && shots === 1)
    ignored.shots =
      order.clip === null
        ? `The video is too short for several shots of at least ${SHORTEST_SECONDS} seconds.`
        : "A continuation goes on in one shot.";
  const stays = given && refusal.pictured.length > 0;
  const reasons = [
    refusal.unknown.length > 0 ? `Not understood, so nothing was kept out: ${quoted(refusal.unknown)}.` : "",
    stays ? `What was given stays as it is, with whatever it shows of ${quoted(refusal.pictured)}.` : "",
  ].filter(Boolean);
  if (reasons.length > 0) ignored.negativePrompt = reasons.join(" ");
  return ignored;
}

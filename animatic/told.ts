/** A plan in words and as plain JSON without paths: what `reelay plan` prints and what is stored with a result. */
import type { Heard } from "./hear.ts";
import { describeMotion } from "./motion-words.ts";
import { nameOf, unique } from "./negative.ts";
import type { Framing, Life, Plan, Shot, Style } from "./plan.ts";
import type { Setting } from "./scenes/setting.ts";

interface ToldShot {
  readonly frames: number;
  readonly opens: "picture" | "clip" | "scene" | null;
  readonly closes: "picture" | null;
  readonly framing: Framing;
  readonly motion: Shot["motion"];
  readonly life: Life;
  readonly style: Style | null;
  readonly scene: Setting | null;
}

interface ToldSound {
  readonly kind: Plan["sound"]["kind"];
  readonly mood?: string;
  readonly with?: readonly string[];
  readonly without?: readonly string[];
}

export type ToldPlan = Omit<Plan, "shots" | "sound"> & {
  readonly shots: readonly ToldShot[];
  readonly sound: ToldSound;
};

/** Enough to see why; a prompt may have hundreds of words that are understood. */
const MOST_TEXT = 600;

/** What a reader looks for comes first. */
export function tellPlan(plan: Plan): ToldPlan {
  const { seed, motion, heard, removed, notes, ignored, rewritten } = plan;
  return {
    seed,
    motion,
    heard,
    rewritten: rewritten && {
      before: shortened(rewritten.before),
      after: shortened(rewritten.after),
      why: rewritten.why,
    },
    removed,
    notes,
    ignored,
    sound: tellSound(plan.sound),
    shots: plan.shots.map(tellShot),
  };
}

function tellShot({ frames, opening, closing, framing, motion, life, style, scene }: Shot): ToldShot {
  const opens = opening?.kind ?? (scene ? "scene" : null);
  return { frames, opens, closes: closing === null ? null : "picture", framing, motion, life, style, scene };
}

function tellSound(sound: Plan["sound"]): ToldSound {
  if (sound.kind !== "ambience" && sound.kind !== "continued") return { kind: sound.kind };
  return {
    kind: sound.kind,
    ...(sound.mood ? { mood: sound.mood } : {}),
    ...(sound.with && sound.with.length > 0 ? { with: sound.with } : {}),
    ...(sound.without && sound.without.length > 0 ? { without: sound.without } : {}),
  };
}

/** The end is kept: that is where a rewrite adds. */
function shortened(text: string): string {
  const letters = [...text];
  if (letters.length <= MOST_TEXT) return text;
  return `${letters.slice(0, MOST_TEXT / 2).join("")} … ${letters.slice(-MOST_TEXT / 2).join("")}`;
}

const SIZES: readonly (readonly [least: number, name: string])[] = [
  [1.7, "close"],
  [1.35, "medium"],
  [1.05, "nearer"],
];

/** "push in", or "3 shots: push in; medium, pan left; close, tilt up". */
export function describeShots(shots: readonly Shot[]): string {
  const texts = shots.map(({ framing, motion, opening, closing }) => {
    const size = SIZES.find(([least]) => framing.zoom >= least)?.[1];
    // How the clip moves is only known once it has been looked at; nothing else was asked for.
    const goesOn = opening?.kind === "clip" && !opening.asked;
    const move = goesOn
      ? `going on as the clip moves, else ${describeMotion(motion)}`
      : describeMotion(motion);
    const end = opening ? "dissolving into the last frame" : "ending on the last frame";
    return [size, move, closing === null ? "" : end].filter(Boolean).join(", ");
  });
  return texts.length === 1 ? (texts[0] ?? "") : `${texts.length} shots: ${texts.join("; ")}`;
}

const MOST_HEARD = 60;

/** Each meaning once for each way it was said. */
export function toldHeard(said: readonly Heard[]): Plan["heard"] {
  const told = new Map<string, { words: string; as: string }>();
  for (const heard of said) {
    if (told.size === MOST_HEARD) break;
    const as = nameOf(heard);
    told.set(`${heard.words} ${as}`, { words: heard.words, as });
  }
  return [...told.values()];
}

/** What was said twice over, of which the plan can have one. */
export function contraries(said: readonly Heard[], setting: Setting): readonly string[] {
  const notes: string[] = [];
  for (const kind of ["place", "time", "weather"] as const) {
    const taken = setting[kind];
    const others = said.filter((heard) => heard.kind === kind && heard.value !== taken);
    const values = unique(others.map(({ value }) => value)).filter((value) => value !== "clear");
    if (values.length > 0) notes.push(`${kind}: ${taken} was taken, ${values.join(", ")} was said as well`);
  }
  return notes;
}

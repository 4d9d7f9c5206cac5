/**
 * A thin prompt made fuller: phrases of our own grammar are added to its text, chosen by seed among what suits, and
 * the plan follows from the text as if the client had written it. So what was added can be read, and sent again.
 */

import { type Heard, hear } from "./hear.ts";
import type { Random } from "./random.ts";
import { ADDED, type Language, MOODS_OF, MOVES_OF, WEATHERS_OF } from "./rewrite-words.ts";
import { type Setting, settingFrom } from "./scenes/setting.ts";

export const REWRITE_MODES = ["enabled", "disabled", "auto"] as const;
export type RewriteMode = (typeof REWRITE_MODES)[number];

export interface Rewritten {
  readonly before: string;
  readonly after: string;
  /** For people. */
  readonly why: string;
}

export interface Rewriting {
  readonly mode: RewriteMode;
  /** What may not be, by `kind:value`. */
  readonly banned: ReadonlySet<string>;
  readonly random: Random;
  /** A picture or clip is given: what is in it is not ours to choose. */
  readonly given: boolean;
  /** A clip is gone on from: unless it is told to, the camera keeps the clip's own move. */
  readonly continues: boolean;
  /** What was understood of the prompt. */
  readonly said: readonly Heard[];
}

/** Fewer different things understood are thin; there are five: place, time, weather, camera, what moves, mood. */
const THIN: Readonly<Record<RewriteMode, number>> = { enabled: 4, auto: 2, disabled: 0 };

const ASPECTS = ["place", "time", "weather", "camera", "life", "mood"] as const;
type Aspect = (typeof ASPECTS)[number];

const ASPECT_OF: Readonly<Partial<Record<Heard["kind"], Aspect>>> = {
  place: "place",
  time: "time",
  weather: "weather",
  light: "time",
  camera: "camera",
  undirected: "camera",
  handheld: "camera",
  life: "life",
  mood: "mood",
};

/** What is told apart; "sea" is a place, and not by the same word something that moves. */
function aspectsOf(said: readonly Heard[]): ReadonlySet<Aspect> {
  const aspects = new Set<Aspect>();
  const taken = new Set<number>();
  for (const { kind, at } of said) {
    const aspect = ASPECT_OF[kind];
    if (!aspect || aspect === "life") continue;
    aspects.add(aspect);
    taken.add(at);
  }
  if (said.some(({ kind, at }) => kind === "life" && !taken.has(at))) aspects.add("life");
  return aspects;
}

/** Null where the prompt is taken as it stands. */
export function rewrite(prompt: string, work: Rewriting): Rewritten | null {
  const told = aspectsOf(work.said);
  // Beside a given picture a camera move is all that a prompt needs to say.
  const enough = work.given && work.mode === "auto" && told.has("camera");
  if (told.size >= THIN[work.mode] || enough) return null;
  const language: Language = /\p{Script=Han}/u.test(prompt) ? "zh" : "en";
  const setting = settingFrom(work.said, { ...work, random: work.random.fork("setting"), literal: false });
  const added = additions(setting, told, work).map((key) => ADDED[language][key] ?? "");
  const phrases = added.filter((phrase) => isWelcome(phrase, work.banned));
  if (phrases.length === 0) return null;
  const base = prompt.trimEnd().replace(/[\s,.;:!?。，；！？、…]{1,8}$/u, "");
  const after = [base, ...phrases].filter(Boolean).join(language === "zh" ? "，" : ", ");
  const open = ASPECTS.filter((aspect) => !told.has(aspect)).join(", ");
  const why =
    told.size === 0
      ? `Nothing was said of ${open}.`
      : `Only ${[...told].join(", ")} was said; ${open} was open.`;
  return { before: prompt, after, why };
}

/** Nothing that a negative prompt names comes in by the back door. */
function isWelcome(phrase: string, banned: ReadonlySet<string>): boolean {
  return phrase !== "" && hear(phrase).said.every(({ kind, value }) => !banned.has(`${kind}:${value}`));
}

/** Keys of what is added, in the order of a sentence. */
function additions(setting: Setting, told: ReadonlySet<Aspect>, work: Rewriting): readonly string[] {
  const { random, given, banned } = work;
  const { place, time } = setting;
  const keys: string[] = [];
  const outdoors = place !== "space" && place !== "room";
  if (!given) {
    if (!told.has("place") && place !== "abstract") keys.push(`in ${place}`);
    if (!told.has("time") && place !== "space") keys.push(`time ${time}`);
    if (!told.has("weather") && outdoors)
      keys.push(`weather ${pickFree(WEATHERS_OF[place], "weather", work)}`);
  }
  if (!told.has("camera") && !work.continues)
    keys.push(`move ${pickFree(given ? MOVES_OF.given : MOVES_OF[place], "camera", work)}`);
  if (!told.has("life") && !(given && place === "abstract")) keys.push(`life ${place}`);
  if (!told.has("mood")) keys.push(`mood ${pickFree(MOODS_OF[place], "mood", { random, banned })}`);
  return keys;
}

/** One of the choices that may be; "" where none may. */
function pickFree(
  choices: readonly string[],
  kind: string,
  { random, banned }: Pick<Rewriting, "random" | "banned">,
): string {
  const free = choices.filter((choice) => !banned.has(`${kind}:${choice}`));
  const stream = random.fork(kind);
  return free.length > 0 ? stream.pick(free) : "";
}

/** What a negative prompt, or a "no" in the prompt, keeps out of the plan, and what it names that is not ours to keep out. */
import { type Heard, type Hearing, hearNegative } from "./hear.ts";

export interface Refusal {
  /** What may not be, by `kind:value`; `keyOf` of a word that is heard. */
  readonly banned: ReadonlySet<string>;
  /** Named, and never drawn by us: "people". */
  readonly unseen: readonly string[];
  /** Not understood. */
  readonly unknown: readonly string[];
  /** Named things that a picture may have and that would stay in it. */
  readonly pictured: readonly string[];
}

const keyOf = ({ kind, value }: Pick<Heard, "kind" | "value">): string => `${kind}:${value}`;

const camera = (...moves: readonly string[]) => moves.map((move) => `camera:${move}`);

const MOVES = camera(
  ...["push", "pull", "dolly-in", "dolly-out", "left", "right", "orbit-left", "orbit-right"],
  ...["up", "down", "crane-up", "crane-down", "vertigo"],
);
const UNDIRECTED = ["push", "right", "up", "dolly-in", "orbit-right", "crane-up"].map(
  (m) => `undirected:${m}`,
);

/** What one word keeps out where that is more than itself. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  "undirected:push": camera("push", "pull"),
  "undirected:right": camera("left", "right"),
  "undirected:up": camera("up", "down"),
  "undirected:dolly-in": camera("dolly-in", "dolly-out"),
  "undirected:orbit-right": camera("orbit-left", "orbit-right"),
  "undirected:crane-up": camera("crane-up", "crane-down"),
  "camera:static": [],
  "handheld:held": ["handheld:shaky"],
  "handheld:shaky": ["handheld:held"],
  "speed:fast": ["speed:very-fast"],
  "speed:slow": ["speed:very-slow"],
  "all:moves": [...MOVES, ...UNDIRECTED],
  "all:life": ["life:sway", "life:ripple", "life:drift"],
  "all:weather": ["weather:rain", "weather:snow", "weather:fog"],
  "weather:rain": ["sound:rain", "sound:thunder"],
  "weather:snow": [],
  "weather:fog": [],
};

/** Without an effect in a negative prompt: a cat is never drawn, a force is of something else. */
const UNDRAWN = ["unseen", "subject"];
const PICTURED = ["unseen", "subject", "place", "time", "weather", "light"];

export function refusalOf(negativePrompt: string | null, prompt: Hearing): Refusal {
  const negative = hearNegative(negativePrompt ?? "");
  const named = [...negative.said, ...prompt.denied];
  const banned = new Set<string>();
  for (const heard of named) {
    const key = keyOf(heard);
    if (UNDRAWN.includes(heard.kind) || heard.kind === "force") continue;
    banned.add(key);
    for (const more of MORE[key] ?? []) banned.add(more);
    // What moves towards one side has a word of its own without the side.
    const [kind, move] = key.split(":");
    if (kind === "camera" && UNDIRECTED.includes(`undirected:${move}`)) banned.add(`undirected:${move}`);
  }
  // A dolly zoom is both of these.
  if (banned.has("camera:pull") || banned.has("camera:dolly-in")) banned.add("camera:vertigo");
  const words = (kinds: readonly string[]) =>
    unique(negative.said.filter(({ kind }) => kinds.includes(kind)).map((heard) => heard.words));
  const effect = new Set(negative.said.filter(({ kind }) => kind !== "force").map(({ part }) => part));
  return {
    banned,
    unseen: words(UNDRAWN),
    unknown: unique([
      ...negative.unknown,
      ...negative.said.filter(({ part }) => !effect.has(part)).map(({ words: said }) => said),
    ]),
    pictured: words(PICTURED),
  };
}

/** What is said without what is banned, and for people what that took away. */
export function withoutBanned(
  said: readonly Heard[],
  banned: ReadonlySet<string>,
): { readonly said: readonly Heard[]; readonly removed: readonly string[] } {
  // One word may have been heard as several things; the first is what a person meant by it.
  const removed = new Map<string, string>();
  for (const heard of said)
    if (banned.has(keyOf(heard)) && !removed.has(heard.words))
      removed.set(heard.words, `${nameOf(heard)} ("${heard.words}")`);
  return { said: said.filter((heard) => !banned.has(keyOf(heard))), removed: [...removed.values()] };
}

const NAMES: Readonly<Record<string, string>> = {
  undirected: "camera",
  light: "light",
  sound: "sound of",
  handheld: "camera",
};

/** For people: "camera push", "weather rain". */
export function nameOf({ kind, value }: Pick<Heard, "kind" | "value">): string {
  return `${NAMES[kind] ?? kind} ${value}`;
}

export const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** What of a text is understood: every phrase of the tables in it, in the order said, and what it says is not wanted. */
import { type Found, matcherOf, type Token, tokensOf } from "./phrases.ts";
import { type Group, type Meaning, VOCABULARY } from "./vocabulary.ts";

export interface Heard extends Meaning {
  /** As it was said, without what stood in a gap. */
  readonly words: string;
  /** The place of its first word in the text. */
  readonly at: number;
  /** Which part of a sentence it is in, and how many words that has. */
  readonly part: number;
  readonly partWords: number;
}

export interface Hearing {
  readonly said: readonly Heard[];
  /** Said after "no", "without", 不要 and the like. */
  readonly denied: readonly Heard[];
  /** Parts of the text, as they were said, in which nothing was understood. */
  readonly unknown: readonly string[];
}

const IN_PROMPTS = ["camera", "speed", "place", "light", "life", "sound"] as const satisfies readonly Group[];
const IN_NEGATIVES = [...IN_PROMPTS, "unwanted"] as const satisfies readonly Group[];

const MATCHERS = Object.fromEntries(
  Object.entries(VOCABULARY).map(([group, entries]) => [
    group,
    matcherOf(
      entries.flatMap((entry) => {
        const meaning: Meaning = { kind: entry.kind, value: entry.value };
        return entry.phrases.map((phrase) => [phrase, meaning] as const);
      }),
    ),
  ]),
) as Readonly<Record<Group, (tokens: readonly Token[]) => readonly Found<Meaning>[]>>;

/** Words that end what a "no" reaches: "no people in the rain" has rain. */
const BEYOND = new Set(
  (
    "in on at under over above below behind through along across by near beside with while but just only instead " +
    "during from to of into onto inside outside around before after until 只 仅 但"
  ).split(" "),
);

interface Text {
  readonly tokens: readonly Token[];
  /** For each token the part of a sentence it is in. */
  readonly parts: readonly number[];
  /** For each part how many words it has. */
  readonly counts: readonly number[];
}

function readText(text: string): Text {
  const tokens = tokensOf(text);
  const joints = new Set(MATCHERS.joint(tokens).map(({ at }) => at[0]));
  const parts: number[] = [];
  const counts: number[] = [0];
  tokens.forEach((token, index) => {
    if ((token.stop && token.word !== "、") || joints.has(index)) counts.push(0);
    const part = counts.length - 1;
    parts.push(part);
    if (!token.stop) counts[part] = (counts[part] ?? 0) + 1;
  });
  return { tokens, parts, counts };
}

/** What a prompt says. */
export function hear(prompt: string): Hearing {
  const text = readText(prompt);
  const denied = deniedWords(text);
  const heard = listen(text, IN_PROMPTS);
  return {
    said: heard.filter(({ at }) => !denied.has(at)),
    denied: heard.filter(({ at }) => denied.has(at)),
    unknown: unknownParts(text, heard),
  };
}

/** What a negative prompt names; a "no" in it changes nothing. */
export function hearNegative(prompt: string): Hearing {
  const text = readText(prompt);
  const heard = listen(text, IN_NEGATIVES);
  return { said: heard, denied: [], unknown: unknownParts(text, heard) };
}

function listen({ tokens, parts, counts }: Text, groups: readonly Group[]): readonly Heard[] {
  return groups
    .flatMap((group) => MATCHERS[group](tokens))
    .flatMap(({ means, at }) => {
      const first = at[0] ?? 0;
      const part = parts[first] ?? 0;
      const place = { words: wordsAt(tokens, at), at: first, part, partWords: counts[part] ?? 0 };
      return means.filter(({ kind }) => kind !== "other").map((meaning) => ({ ...meaning, ...place }));
    })
    .sort((a, b) => a.at - b.at);
}

const isHan = (word: string): boolean => /^\p{Script=Han}/u.test(word);

function wordsAt(tokens: readonly Token[], at: readonly number[]): string {
  return at
    .map((place, index) => {
      const word = tokens[place]?.word ?? "";
      const before = at[index - 1];
      if (before === undefined) return word;
      if (place > before + 1) return ` … ${word}`;
      return isHan(word) && isHan(tokens[before]?.word ?? "") ? word : ` ${word}`;
    })
    .join("");
}

/** The places of the words that a "no" reaches. */
function deniedWords({ tokens, parts }: Text): ReadonlySet<number> {
  const denied = new Set<number>();
  let reached = -1;
  for (const { means, at } of MATCHERS.denial(tokens)) {
    const how = means[0]?.value;
    if (how === "nothing") continue;
    const part = parts[at[0] ?? 0];
    for (let index = Math.max(reached, at.at(-1) ?? 0) + 1; parts[index] === part; index++) {
      const word = tokens[index]?.word ?? "";
      if (BEYOND.has(word) || (how === "of" && word === "的")) break;
      denied.add(index);
      reached = index;
    }
  }
  return denied;
}

/** Enough to recognise them by. */
const MOST_UNKNOWN = { parts: 12, words: 8 };

function unknownParts({ tokens, parts }: Text, heard: readonly Heard[]): readonly string[] {
  const known = new Set(heard.map(({ part }) => part));
  const rest = new Map<number, number[]>();
  tokens.forEach((token, index) => {
    const part = parts[index] ?? 0;
    if (token.stop || known.has(part)) return;
    const begun = rest.get(part);
    if (!begun && rest.size < MOST_UNKNOWN.parts) rest.set(part, [index]);
    else if (begun && begun.length < MOST_UNKNOWN.words) begun.push(index);
  });
  return [...rest.values()].map((at) => wordsAt(tokens, at));
}

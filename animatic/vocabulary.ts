/** Everything that the grammar understands, in groups that are listened for apart from each other. */
import {
  CAMERA_WORDS,
  HANDHELD_WORDS,
  SPEED_WORDS,
  UNDIRECTED_WORDS,
  VERTIGO_WORDS,
  type Words,
} from "./camera-words.ts";
import { FORCE_WORDS, LIFE_WORDS } from "./life-words.ts";
import { NEON_WORDS, TIME_WORDS, WEATHER_WORDS } from "./light-words.ts";
import { ALL_WORDS, DENY_WORDS, JOINT_WORDS, OTHERWISE } from "./other-words.ts";
import { PLACE_WORDS, SUBJECT_WORDS } from "./place-words.ts";
import { MOOD_WORDS, VOICE_WORDS } from "./sound-words.ts";
import { UNSEEN_WORDS } from "./unseen-words.ts";

type Kind =
  | ("camera" | "undirected" | "handheld" | "speed" | "place" | "subject" | "time" | "weather" | "light")
  | ("life" | "force" | "mood" | "sound" | "unseen" | "all" | "deny" | "other");

export interface Meaning {
  readonly kind: Kind;
  readonly value: string;
}

export interface Entry extends Meaning {
  readonly phrases: readonly string[];
}

const entries = (kind: Kind, words: Words<string>): readonly Entry[] =>
  Object.entries(words).map(([value, phrases]) => ({ kind, value, phrases }));

/** Each group is listened for by itself: in one and the same word a place, a weather and a life may be heard. */
export const VOCABULARY = {
  camera: [
    ...entries("camera", CAMERA_WORDS),
    { kind: "camera", value: "vertigo", phrases: VERTIGO_WORDS },
    ...entries("undirected", UNDIRECTED_WORDS),
    ...entries("handheld", HANDHELD_WORDS),
    { kind: "other", value: "camera", phrases: OTHERWISE.camera },
  ],
  speed: [...entries("speed", SPEED_WORDS), { kind: "other", value: "speed", phrases: OTHERWISE.speed }],
  place: [
    ...entries("place", PLACE_WORDS),
    ...entries("subject", SUBJECT_WORDS),
    { kind: "other", value: "place", phrases: OTHERWISE.place },
  ],
  light: [
    ...entries("time", TIME_WORDS),
    ...entries("weather", WEATHER_WORDS),
    { kind: "light", value: "neon", phrases: NEON_WORDS },
    { kind: "other", value: "light", phrases: OTHERWISE.light },
  ],
  life: [
    ...entries("life", LIFE_WORDS),
    ...entries("force", FORCE_WORDS),
    { kind: "other", value: "life", phrases: OTHERWISE.life },
  ],
  sound: [...entries("mood", MOOD_WORDS), ...entries("sound", VOICE_WORDS)],
  /** Listened for in negative prompts only. */
  unwanted: [...entries("unseen", UNSEEN_WORDS), ...entries("all", ALL_WORDS)],
  /** Part sentences; say what is not wanted. */
  denial: entries("deny", DENY_WORDS),
  joint: [{ kind: "other", value: "joint", phrases: JOINT_WORDS }],
} as const satisfies Readonly<Record<string, readonly Entry[]>>;

export type Group = keyof typeof VOCABULARY;

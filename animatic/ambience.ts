/** Seeded background sound for a setting: which voices belong to a place, its weather, its hour and its mood. */
import type { Random } from "./random.ts";
import { addPad, characterOf } from "./sound-music.ts";
import { cutBelow, RATE } from "./sound-noise.ts";
import { VOICES } from "./sound-voices.ts";

/** What of a plan is heard. Texts, because a place that is not known here is quiet music and no mistake. */
export interface Heard {
  readonly setting: { readonly place: string; readonly weather: string; readonly time: string };
  readonly mood?: string | null;
  /** Voices that are asked for beside the place's own, and those that are kept out. */
  readonly with?: readonly string[];
  readonly without?: readonly string[];
}

const PLACES: Readonly<Record<string, readonly string[]>> = {
  city: ["traffic"],
  sea: ["waves"],
  mountain: ["wind"],
  desert: ["dry wind"],
  forest: ["leaves"],
  field: ["breeze"],
  room: ["room"],
  road: ["engine"],
  train: ["train"],
  space: ["hum"],
};
/** Voices that are others at night; what keeps out the one keeps out the other. */
const AT_NIGHT: Readonly<Record<string, string>> = { traffic: "traffic at night" };
/** Where there are animals, by day and by night, while it is dry. */
const ANIMALS: Readonly<Record<string, readonly [day: readonly string[], night: readonly string[]]>> = {
  forest: [["birds"], ["crickets"]],
  field: [["birds", "insects"], ["crickets"]],
  mountain: [[], ["crickets"]],
  desert: [[], ["crickets"]],
};
/** Hertz: what is lower nobody hears, no small loudspeaker plays, and it takes the room of what is heard. */
const LOWEST = 25;
/** Rain is heard through a roof there, and no wind. */
const INDOORS = new Set(["room", "train", "road"]);

/** Interleaved stereo at 48 kHz, of no particular loudness. */
export function ambienceOf(heard: Heard, random: Random, seconds: number): Float32Array {
  const out = new Float32Array(2 * Math.round(seconds * RATE));
  const { setting, mood } = heard;
  const wanted = voicesOf(heard);
  const dark = setting.time === "night" || setting.place === "space";
  const alone = setting.place === "space" || !wanted.some((name) => Object.hasOwn(VOICES, name));
  if (!heard.without?.includes("music")) {
    const asked = heard.with?.includes("music") ?? false;
    const level = alone || asked ? 0.16 : mood ? 0.12 : 0.05;
    addPad(out, random.fork("pad"), { level, character: characterOf(mood, dark) });
  }
  for (const name of wanted) if (Object.hasOwn(VOICES, name)) VOICES[name]?.(out, random.fork(name));
  cutBelow(out, LOWEST);
  return out;
}

/** Each once. */
function voicesOf({ setting, with: asked = [], without = [] }: Heard): readonly string[] {
  const { place, weather, time } = setting;
  const [day, night] = (Object.hasOwn(ANIMALS, place) && ANIMALS[place]) || [[], []];
  const own = Object.hasOwn(PLACES, place) ? (PLACES[place] ?? []) : [];
  const all = [...own, ...weatherVoices(place, weather), ...asked];
  if (weather === "clear") all.push(...(time === "night" ? night : day));
  const kept = [...new Set(all)].filter((name) => !without.includes(name));
  return time === "night" ? kept.map((name) => AT_NIGHT[name] ?? name) : kept;
}

function weatherVoices(place: string, weather: string): readonly string[] {
  if (place === "space") return [];
  const indoors = INDOORS.has(place);
  if (weather === "rain") return [indoors ? "rain outside" : "rain"];
  if (weather === "snow" && !indoors) return ["wind"];
  return weather === "fog" && !indoors ? ["breeze"] : [];
}

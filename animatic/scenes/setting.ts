/** What the words of a prompt say about place, time and weather, and what is chosen where they say nothing. */
import { type Heard, hear } from "../hear.ts";
import type { Random } from "../random.ts";

export type Place =
  | ("city" | "sea" | "mountain" | "forest" | "desert" | "space" | "room" | "road" | "train" | "field")
  | "abstract";
export type Time = "day" | "dawn" | "sunset" | "night";
export type Weather = "clear" | "rain" | "snow" | "fog";

export interface Setting {
  readonly place: Place;
  readonly time: Time;
  readonly weather: Weather;
  readonly neon: boolean;
}

export interface Choosing {
  readonly random: Random;
  /** What may not be, by `kind:value`. */
  readonly banned: ReadonlySet<string>;
  /** Nothing is made up: what is not said is plain. */
  readonly literal: boolean;
}

/** Times that suit a place where the prompt names none. */
const CUSTOMARY: Readonly<Record<Place, readonly Time[]>> = {
  city: ["sunset", "night", "dawn"],
  sea: ["day", "sunset", "dawn"],
  mountain: ["dawn", "day", "sunset"],
  forest: ["day", "dawn"],
  desert: ["sunset", "day", "dawn"],
  space: ["night"],
  room: ["day", "night", "sunset"],
  road: ["sunset", "day", "dawn"],
  train: ["day", "sunset", "dawn"],
  field: ["day", "dawn", "sunset"],
  abstract: ["dawn", "sunset", "night", "day"],
};

/** Of several the one that shows most is taken: "a bright evening" is an evening. */
const TIMES: readonly Time[] = ["sunset", "dawn", "night", "day"];
const WEATHERS: readonly Weather[] = ["snow", "rain", "fog", "clear"];

/** The setting that is described; what is left open is chosen by `random` among what suits. */
export function settingFrom(said: readonly Heard[], { random, banned, literal }: Choosing): Setting {
  const values = (kind: string) => said.filter((heard) => heard.kind === kind).map(({ value }) => value);
  const place = placeFrom(values("place"), literal ? [] : values("subject"), banned);
  const neon = said.some(({ kind }) => kind === "light");
  const times = new Set(values("time"));
  const weathers = new Set(values("weather"));
  const may = <T extends string>(kind: string, choices: readonly T[]) =>
    choices.filter((one) => !banned.has(`${kind}:${one}`));
  const customary = may("time", CUSTOMARY[place]);
  const fallback: readonly Time[] = [...may("time", TIMES), "day"];
  const chosen: Time = random.pick(customary.length > 0 ? customary : fallback);
  const plain: Time = place === "space" ? "night" : "day";
  const unsaid = literal && !banned.has(`time:${plain}`) ? plain : chosen;
  const open: Time = neon && !banned.has("time:night") ? "night" : unsaid;
  return {
    place,
    time: TIMES.find((time) => times.has(time)) ?? open,
    weather:
      WEATHERS.find((weather) => weathers.has(weather)) ??
      may("weather", ["clear", "fog", "rain", "snow"] as const)[0] ??
      "clear",
    neon,
  };
}

/** The place named first: a mountain lake is a mountain, a city by the sea a city. */
function placeFrom(places: readonly string[], hints: readonly string[], banned: ReadonlySet<string>): Place {
  const place = places[0] ?? hints.find((hint) => !banned.has(`place:${hint}`));
  return (place as Place | undefined) ?? "abstract";
}

/** The setting that a prompt describes by itself. */
export function settingOf(prompt: string, random: Random): Setting {
  return settingFrom(hear(prompt).said, { random, banned: new Set(), literal: false });
}

/** For people: "city, night, rain, neon". */
export function describeSetting(setting: Setting): string {
  const { place, time, weather, neon } = setting;
  return [place, place === "space" ? "" : time, weather === "clear" ? "" : weather, neon ? "neon" : ""]
    .filter(Boolean)
    .join(", ");
}

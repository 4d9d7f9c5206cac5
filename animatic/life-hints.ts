/** What moves by itself in a shot: what the prompt says moves, and what usually moves in its place and weather. */
import type { Heard } from "./hear.ts";
import type { Life } from "./plan.ts";
import type { Place, Setting, Weather } from "./scenes/setting.ts";

const KINDS = ["sway", "ripple", "drift"] as const;

const SAID = 0.6;
const FORCES: Readonly<Record<string, number>> = { still: 0, soft: 0.5, strong: 1.65 };

/** Less than what is said: nobody asked for it. */
const OF_PLACES: Readonly<Record<Place, Partial<Life>>> = {
  city: { drift: 0.2 },
  sea: { ripple: 0.45, drift: 0.25 },
  mountain: { drift: 0.3 },
  forest: { sway: 0.35 },
  desert: { drift: 0.15, ripple: 0.15 },
  space: { drift: 0.15 },
  room: {},
  road: { sway: 0.15, drift: 0.2 },
  train: {},
  field: { sway: 0.45, drift: 0.25 },
  abstract: {},
};
const OF_WEATHERS: Readonly<Record<Weather, Partial<Life>>> = {
  clear: {},
  rain: { sway: 0.15, drift: 0.2 },
  snow: { sway: 0.1, drift: 0.15 },
  fog: { drift: 0.35 },
};
/** What is not under the sky is not moved by it. */
const INDOORS: readonly Place[] = ["room", "train", "space"];

export interface Living {
  readonly setting: Setting;
  /** What may not be, by `kind:value`. */
  readonly banned: ReadonlySet<string>;
  /** Only what is said moves. */
  readonly literal: boolean;
}

export function lifeFrom(said: readonly Heard[], { setting, banned, literal }: Living): Life {
  const forces = forcesByPart(said);
  const still = said.some(({ kind, value }) => kind === "force" && value === "still");
  const amount = (kind: (typeof KINDS)[number]): number => {
    if (banned.has(`life:${kind}`)) return 0;
    let most = 0;
    for (const heard of said)
      if (heard.kind === "life" && heard.value === kind)
        most = Math.max(most, SAID * (forces.get(heard.part) ?? 1));
    const weather = INDOORS.includes(setting.place) ? {} : OF_WEATHERS[setting.weather];
    if (!literal && !still) most = Math.max(most, OF_PLACES[setting.place][kind] ?? 0, weather[kind] ?? 0);
    return Math.min(1, Math.round(most * 100) / 100);
  };
  return { sway: amount("sway"), ripple: amount("ripple"), drift: amount("drift") };
}

/** The force of each part of a sentence: "strong" over "soft", and stillness over both. */
function forcesByPart(said: readonly Heard[]): ReadonlyMap<number, number> {
  const parts = new Map<number, number>();
  for (const { kind, value, part } of said) {
    if (kind !== "force") continue;
    const force = FORCES[value] ?? 1;
    const before = parts.get(part) ?? force;
    parts.set(part, force === 0 || before === 0 ? 0 : Math.max(force, before));
  }
  return parts;
}

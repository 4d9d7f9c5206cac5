/** What the words of a prompt say about place, time and weather. */
import type { Random } from "../random.ts";

export type Place = "city" | "sea" | "mountain" | "forest" | "desert" | "space" | "abstract";
export type Time = "day" | "dawn" | "sunset" | "night";
type Weather = "clear" | "rain" | "snow" | "fog";

export interface Setting {
  readonly place: Place;
  readonly time: Time;
  readonly weather: Weather;
  readonly neon: boolean;
}

const PLACES: readonly (readonly [Exclude<Place, "abstract">, RegExp])[] = [
  [
    "space",
    /\b(space|outer space|galaxy|galaxies|planets?|cosmos|cosmic|nebula|asteroids?|spaceship|spacecraft|astronauts?|universe|mars|saturn|orbit)\b|太空|宇宙|星球|行星|银河|星云|飞船|宇航/iu,
  ],
  [
    "city",
    /\b(city|cities|cityscape|town|streets?|skyline|skyscrapers?|urban|downtown|buildings?|tokyo|new york|shanghai|hong kong|london|paris|metropolis|cyberpunk|alley|rooftops?|traffic)\b|城市|都市|街道|街头|大厦|高楼|摩天|上海|东京|香港|纽约|赛博朋克|天际线|小巷/iu,
  ],
  [
    "desert",
    /\b(deserts?|dunes?|sahara|cactus|cacti|camels?|oasis|canyon|mesa|savannah?)\b|沙漠|沙丘|仙人掌|骆驼|戈壁|绿洲|峡谷/iu,
  ],
  [
    "sea",
    /\b(sea|seas|ocean|beach|waves?|coast|shore|seaside|harbou?r|bay|sail|sailing|boats?|ships?|lighthouse|island|surf|whales?|dolphins?|lake)\b|大海|海洋|海边|海面|海浪|沙滩|海滩|海岸|港口|帆船|灯塔|岛|海上|海|湖/iu,
  ],
  [
    "mountain",
    /\b(mountains?|peaks?|alps|alpine|himalayas?|everest|summit|cliffs?|valley|hills?|glacier|volcano|highlands?)\b|高山|雪山|山脉|山峰|群山|山谷|山顶|火山|山/iu,
  ],
  [
    "forest",
    /\b(forests?|woods?|woodland|jungle|trees?|grove|rainforest|meadow|garden|park)\b|森林|树林|丛林|树木|竹林|雨林|花园|林间|公园/iu,
  ],
];

const TIMES: readonly (readonly [Time, RegExp])[] = [
  ["sunset", /\b(sunset|dusk|golden hour|evening|twilight)\b|日落|黄昏|傍晚|夕阳|晚霞|落日/iu],
  ["dawn", /\b(dawn|sunrise|morning|daybreak)\b|日出|清晨|黎明|早晨|朝霞|破晓/iu],
  [
    "night",
    /\b(night|nighttime|midnight|moon|moonlight|moonlit|starry|dark|aurora)\b|夜晚|夜景|夜色|深夜|午夜|月光|月亮|星空|黑夜|夜/iu,
  ],
  ["day", /\b(day|daytime|daylight|noon|sunny|blue sky|bright)\b|白天|正午|中午|阳光|晴/iu],
];

const WEATHERS: readonly (readonly [Weather, RegExp])[] = [
  [
    "snow",
    /\b(snow|snowy|snowing|snowfall|blizzard|winter|snowflakes?)\b|下雪|大雪|飘雪|雪花|暴雪|雪中|雪地|冬/iu,
  ],
  [
    "rain",
    /\b(rain|rainy|raining|rainfall|storm|stormy|thunderstorm|drizzle|wet)\b|下雨|雨中|大雨|雨夜|暴雨|细雨|雨天|雨/iu,
  ],
  ["fog", /\b(fog|foggy|mist|misty|haze|hazy)\b|雾|朦胧/iu],
];

const NEON = /\b(neon|cyberpunk|synthwave|vaporwave)\b|霓虹|赛博朋克/iu;

/** Times that suit a place where the prompt names none. */
const CUSTOMARY: Readonly<Record<Place, readonly Time[]>> = {
  city: ["sunset", "night", "dawn"],
  sea: ["day", "sunset", "dawn"],
  mountain: ["dawn", "day", "sunset"],
  forest: ["day", "dawn"],
  desert: ["sunset", "day", "dawn"],
  space: ["night"],
  abstract: ["dawn", "sunset", "night", "day"],
};

/** The place named first: a mountain lake is a mountain, a city by the sea a city. */
function placeIn(prompt: string): Place {
  let place: Place = "abstract";
  let earliest = Infinity;
  for (const [name, words] of PLACES) {
    const at = prompt.search(words);
    if (at >= 0 && at < earliest) [place, earliest] = [name, at];
  }
  return place;
}

const find = <T>(table: readonly (readonly [T, RegExp])[], prompt: string) =>
  table.find(([, words]) => words.test(prompt))?.[0];

/** The setting that a prompt describes; what it leaves open is chosen by `random`. */
export function settingOf(prompt: string, random: Random): Setting {
  const place = placeIn(prompt);
  const neon = NEON.test(prompt);
  const open = neon ? "night" : random.pick(CUSTOMARY[place]);
  const time = find(TIMES, prompt) ?? open;
  return { place, time, weather: find(WEATHERS, prompt) ?? "clear", neon };
}

/** For people: "city, night, rain, neon". */
export function describeSetting(setting: Setting): string {
  const { place, time, weather, neon } = setting;
  return [place, place === "space" ? "" : time, weather === "clear" ? "" : weather, neon ? "neon" : ""]
    .filter(Boolean)
    .join(", ");
}

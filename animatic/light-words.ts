/** What people write about time of day, weather and light. How phrases are written: see word-list.ts. */

import type { Words } from "./camera-words.ts";
import type { Time, Weather } from "./scenes/setting.ts";
import { list } from "./word-list.ts";

export const TIME_WORDS: Words<Time> = {
  sunset: list(`
    sunset, sunsets, dusk, golden hour, evening, twilight, setting sun, sun sets, afterglow
    日落, 黄昏, 傍晚, 夕阳, 晚霞, 落日, 黄金时刻, 夕阳西下, 暮色
  `),
  dawn: list(`
    dawn, sunrise, morning, early morning, daybreak, rising sun, sun rises, first light, morning light
    日出, 清晨, 黎明, 早晨, 早上, 朝霞, 破晓, 晨光, 拂晓, 晨曦, 旭日
  `),
  night: list(`
    night, nighttime, night time, at night, midnight, moon, moonlight, moonlit, starry, starry night
    starry sky, stars, dark, darkness, aurora, northern lights, full moon, late night, night sky
    夜晚, 夜景, 夜色, 夜里, 夜间, 深夜, 午夜, 半夜, 月光, 月亮, 月夜, 明月, 星空, 繁星, 黑夜, 夜空, 夜
    晚上, 极光, 满月, 昏暗, 黑暗
  `),
  day: list(`
    day, daytime, daylight, noon, midday, afternoon, sunny, sunshine, sunlight, sunlit, blue sky, bright
    bright daylight
    白天, 正午, 中午, 午后, 下午, 阳光, 阳光明媚, 日光, 蓝天, 白昼
  `),
};

export const WEATHER_WORDS: Words<Weather> = {
  snow: list(`
    snow, snowy, snowing, snows, snowfall, falling snow, blizzard, snowstorm, winter, snowflake
    snowflakes
    下雪, 大雪, 飘雪, 雪花, 暴雪, 暴风雪, 雪中, 雪地, 冬天, 冬季, 冬日, 冬, 雪, 风雪
  `),
  rain: list(`
    rain, rainy, raining, rains, rainfall, storm, stormy, thunderstorm, drizzle, drizzling, downpour
    wet, raindrop, raindrops, rainstorm, heavy rain, pouring
    下雨, 雨中, 大雨, 暴雨, 暴风雨, 细雨, 小雨, 雨天, 雨水, 雨滴, 雷雨, 雨, 倾盆大雨
  `),
  fog: list(`
    fog, foggy, mist, misty, haze, hazy, foggy morning, smog
    雾, 大雾, 薄雾, 浓雾, 雾气, 晨雾, 云雾, 迷雾, 朦胧, 雾霾, 烟雨, 雾蒙蒙
  `),
  clear: list(`
    clear sky|skies|weather|day|night, cloudless, cloudless sky, fine weather
    晴, 晴天, 晴朗, 晴空, 万里无云
  `),
};

export const NEON_WORDS: readonly string[] = list(`
  neon, neon lights|light|signs|sign|glow, cyberpunk, synthwave, vaporwave, retrowave
  霓虹, 霓虹灯, 赛博朋克, 蒸汽波
`);

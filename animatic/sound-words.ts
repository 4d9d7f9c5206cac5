/** What people write about the mood, and about what is heard. How phrases are written: see word-list.ts. */

import type { Words } from "./camera-words.ts";
import { list } from "./word-list.ts";

export type Mood = "calm" | "tense" | "happy" | "sad" | "epic" | "mysterious";

/** Parts of an ambience that can be asked for or kept out by name. */
export type Voice =
  | ("music" | "rain" | "waves" | "wind" | "traffic" | "leaves" | "birds" | "crickets" | "thunder")
  | ("fire" | "train" | "room" | "hum");

export const MOOD_WORDS: Words<Mood> = {
  calm: list(`
    calm, peaceful, serene, tranquil, quiet, relaxing, relaxed, soothing, cozy, cosy, dreamy
    gentle mood, peace, serenity, meditative, ethereal, healing
    平静, 宁静, 安静, 安详, 静谧, 祥和, 舒缓, 温馨, 惬意, 梦幻, 治愈, 唯美, 恬静, 悠闲
  `),
  tense: list(`
    tense, tension, suspense, suspenseful, scary, horror, ominous, dangerous, danger, chase, thriller
    menacing, frightening, nervous, panic, sinister
    紧张, 悬疑, 恐怖, 惊悚, 危险, 压抑, 不安, 追逐, 阴森, 诡异
  `),
  happy: list(`
    happy, joyful, joy, cheerful, playful, fun, funny, upbeat, festive, celebration, lively, romantic
    sweet, laughing, whimsical, warm and happy
    快乐, 欢乐, 开心, 欢快, 愉快, 喜庆, 活泼, 热闹, 浪漫, 甜蜜, 可爱, 节日, 欢笑
  `),
  sad: list(`
    sad, sadness, melancholy, melancholic, lonely, loneliness, sorrow, sorrowful, nostalgic, gloomy
    mournful, wistful, solitary, nostalgia, heartbroken, desolate
    悲伤, 忧伤, 伤感, 孤独, 寂寞, 忧郁, 怀旧, 凄凉, 惆怅, 落寞, 荒凉
  `),
  epic: list(`
    epic, majestic, grand, heroic, triumphant, spectacular, breathtaking, dramatic, powerful
    awe inspiring, monumental, glorious, magnificent, sweeping
    史诗, 史诗感, 壮观, 壮丽, 宏伟, 磅礴, 震撼, 雄伟, 英雄, 恢弘, 大气
  `),
  mysterious: list(`
    mysterious, mystery, mystical, magical, magic, eerie, enigmatic, surreal, otherworldly, haunting
    strange, unknown, dreamlike, fantasy
    神秘, 奇幻, 魔法, 诡秘, 超现实, 空灵, 幽静, 未知, 魔幻
  `),
};

export const VOICE_WORDS: Words<Voice> = {
  music: list(`
    music, background music, soundtrack, melody, piano music, song, singing, orchestra, bgm
    音乐, 配乐, 背景音乐, 旋律, 歌声, 乐曲
  `),
  rain: list(`
    rain, raining, sound|sounds of rain, rain sound|sounds, pattering, patter
    雨, 雨声, 雨滴声
  `),
  waves: list(`
    waves, surf, sound|sounds of waves, wave|ocean sound|sounds, crashing waves
    海浪, 浪花, 海浪声, 浪声, 涛声
  `),
  wind: list(`
    wind, windy, breeze, sound|sounds of wind, howling wind, wind howls|howling|noise|sound|sounds
    风, 大风, 狂风, 微风, 风声, 呼啸
  `),
  traffic: list(`
    traffic noise|sound|sounds, car horns, honking, sirens, siren
    车声, 喇叭声, 车流声, 警笛
  `),
  leaves: list(`
    rustling leaves, leaves rustle|rustling
    沙沙声, 沙沙, 树叶声
  `),
  birds: list(`
    birdsong, bird song, bird|birds singing|chirping|sing|chirp, chirping
    鸟鸣, 鸟叫, 鸟语
  `),
  crickets: list(`
    crickets, cicadas, insects|insect chirping|sounds
    虫鸣, 蝉鸣, 蛐蛐, 蟋蟀
  `),
  thunder: list(`
    thunder, thunderstorm, thunderclap, lightning
    雷声, 打雷, 雷鸣, 闪电, 雷电, 雷雨
  `),
  fire: list(`
    crackling, crackling fire, fireplace, campfire, bonfire, fire, flames
    篝火, 壁炉, 火焰, 噼啪声, 柴火
  `),
  train: list(`
    rattling, rattle, train whistle, clacking, train horn
    汽笛, 火车声, 轰隆
  `),
  room: list(`
    room tone, ticking clock, clock ticking, murmur, chatter
    钟声滴答, 滴答声, 低语
  `),
  hum: list(`
    hum, humming, drone sound, low rumble, rumble
    嗡嗡声, 轰鸣, 低鸣
  `),
};

/** What people write about things that move by themselves. How phrases are written: see word-list.ts. */

import type { Words } from "./camera-words.ts";
import { list } from "./word-list.ts";

export const LIFE_WORDS: Words<"sway" | "ripple" | "drift"> = {
  sway: list(`
    sway, sways, swaying, storm, stormy, wind, windy, breeze, breezy, gust, gusts, rustle, rustles, rustling, flutter
    flutters, fluttering, wave|waves|waving in the wind, billow, billows, billowing, blowing, blows
    leaf, leaves, branch, branches, grass, grasses, reeds, tree, trees, flower, flowers, petals, wheat
    wheat field, palm, palms, hair, flag, flags, curtain, curtains, dress, cloak, scarf, bamboo, swing
    swings, swinging, blowing wind, forest, fire, flame, flames, candle, candles, feather, fur
    摇曳, 摇摆, 摆动, 飘扬, 飘动, 随风, 随风飘动, 风, 微风, 大风, 狂风, 清风, 风吹, 树叶, 树枝, 叶子, 草
    草地, 小草, 芦苇, 树, 花, 花朵, 花瓣, 麦浪, 稻浪, 头发, 长发, 发丝, 旗帜, 旗, 窗帘, 裙摆, 衣角, 竹子
    火焰, 烛光, 蜡烛, 羽毛, 风中
  `),
  ripple: list(`
    ripple, ripples, rippling, water, wave, waves, sea, ocean, lake, river, stream, waterfall, pond
    pool, puddle, puddles, surf, reflection, reflections, reflected, flow, flows, flowing, shimmer
    shimmers, shimmering, heat, heat haze, splash, splashes, splashing, underwater, tide, rapids
    fountain, glitter, glittering, sparkling
    波光, 波光粼粼, 涟漪, 波纹, 荡漾, 水, 水面, 水波, 流水, 波浪, 海浪, 浪花, 大海, 海面, 海水, 海, 湖
    湖面, 湖水, 河, 河流, 河水, 小溪, 溪水, 瀑布, 池塘, 倒影, 热浪, 水花, 喷泉, 潮水, 流淌, 流动, 水洼
  `),
  drift: list(`
    drift, drifts, drifting, cloud, clouds, cloudy, smoke, smoky, mist, misty, fog, foggy, steam, vapor
    vapour, haze, float, floats, floating, dust, dust motes, rising smoke, sea of clouds, overcast
    飘, 飘动的云, 飘浮, 漂浮, 飘散, 飘过, 云, 白云, 云朵, 乌云, 云海, 云彩, 烟, 烟雾, 炊烟, 雾, 薄雾
    雾气, 云雾, 蒸汽, 水汽, 热气, 尘埃, 缭绕, 流云, 多云, 阴天
  `),
};

/** How strongly; of the words in the same part of a sentence. */
export const FORCE_WORDS: Words<"still" | "soft" | "strong"> = {
  still: list(`
    motionless, windless, frozen in time, frozen still, perfectly still, completely still, no movement
    nothing moves, frozen, time stands still
    静止, 一动不动, 纹丝不动, 无风, 凝固, 时间静止
  `),
  soft: list(`
    gentle, gently, soft, softly, calm, light, lightly, slight, slightly, subtle, subtly, slow, slowly
    tranquil, faint, faintly
    轻轻, 轻柔, 柔和, 微微, 轻微, 平静, 微风, 微波, 缓缓, 缓慢, 细细, 淡淡
  `),
  strong: list(`
    strong, strongly, violent, violently, wild, wildly, heavy, heavily, storm, stormy, fierce, fiercely
    raging, rough, crash, crashing, crashes, powerful, huge, hurricane, typhoon, blizzard, turbulent
    thunderstorm, roaring, gale, tsunami
    强, 强烈, 猛烈, 狂风, 大风, 剧烈, 汹涌, 澎湃, 巨浪, 暴风雨, 台风, 飓风, 咆哮, 翻滚, 惊涛骇浪, 暴风雪
  `),
};

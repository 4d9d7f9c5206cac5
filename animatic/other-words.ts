/** Words that mean nothing by themselves but change what others mean. How phrases are written: see word-list.ts. */
import type { Words } from "./camera-words.ts";
import { list } from "./word-list.ts";

/** What a negative prompt may name as a whole. */
export const ALL_WORDS: Words<"moves" | "life" | "weather"> = {
  moves: list(`
    camera movement|movements|motion|move|moves, moving camera, any camera movement|motion
    镜头运动, 镜头移动, 运镜, 相机运动
  `),
  life: list(`
    motion, movement, moving objects|things
    运动, 物体运动, 动态
  `),
  weather: list(`
    weather, bad weather, precipitation
    天气, 恶劣天气
  `),
};

/**
 * What follows is not wanted: to the end of the part of a sentence, or to a word like "in"; in Chinese of some to 的.
 * The words of "nothing" only look like these.
 */
export const DENY_WORDS: Words<"until" | "of" | "nothing"> = {
  until: list(`
    no, without, without any, never, not, avoid, avoiding, exclude, excluding, don't, doesn't, isn't, aren't
    free of, free from, absence of, minus
    不要, 不许, 禁止, 请勿, 避免, 不出现, 不能有, 不要有, 不带, 不含, 别让, 去除, 排除
  `),
  of: list("没有, 没, 无, 毫无"),
  nothing: list(`
    no one, no longer, no doubt, no matter, not only, not just, without a doubt, never ending, no more than
    never mind, without end, why not, if not
    无人机, 无数, 无边, 无边无际, 无尽, 无比, 无限, 无论, 无垠, 一望无际, 没入, 淹没, 无声, 沉没, 出没, 无际, 无风
    万里无云
  `),
};

/** What parts a sentence without a comma. */
export const JOINT_WORDS = list("while, as, then, when, whereas, 同时, 然后, 接着, 随后");

/** Words with one of the tables' words inside, or like one, that mean something else. */
export const OTHERWISE: Words<"camera" | "speed" | "place" | "light" | "life"> = {
  camera: list("crane fly, pan fried, frying pan, peter pan, zoom call|meeting"),
  speed: list("fast food, 快乐, 快要, 快递, 凉快, 赶快, 愉快, 欢快, 快门, 爽快"),
  place: list(`
    field of view, depth of field, wave of, parking, personal|empty|negative|copy space, train of, in the field of
    room for, room tone, room temperature, tea party, airport, peak time
    海报, 海鲜, 海拔, 人山人海, 山东, 山西, 湖南, 湖北, 马上, 马赛克, 河南, 牛奶, 牛仔, 花费, 草稿, 书法, 恐龙, 茶色
    岛国, 花纹, 龙头, 晚上, 早上
  `),
  light: list(`
    snow white, dark|bright hair|blue|green|red|brown|yellow
    雪山, 雪白, 雨林, 热带雨林, 冬瓜
  `),
  life: list(`
    hot water bottle, water color, watercolor, permanent wave
    风景, 风格, 风光, 风情, 风味, 东风, 风衣, 水果, 水平, 水晶, 水泥, 香水, 口水, 水墨, 云南, 草稿, 花费, 花样, 海报
    海鲜, 河南, 湖南, 湖北, 上海, 风筝, 烟花, 墨水, 开花, 雪花, 水印, 水彩
  `),
};

/**
 * What people ask to keep out of a video and what a drawn scene never has. Said in a negative prompt, they are
 * answered instead of being called unknown. How phrases are written: see word-list.ts.
 */

import type { Words } from "./camera-words.ts";
import { list } from "./word-list.ts";

export const UNSEEN_WORDS: Words<"people" | "writing" | "flaws" | "violence"> = {
  people: list(`
    person, people, human, humans, man, men, woman, women, child, children, face, faces, crowd, crowds
    extra person|people|limbs|fingers|arms|legs|hands, hands, fingers, limbs, eyes
    deformed hands|face|body|fingers, bad anatomy|hands|proportions|face, mutated hands
    missing fingers|limbs
    人, 人物, 行人, 人群, 男人, 女人, 孩子, 脸, 人脸, 面部, 手, 手指, 多余的手指, 四肢, 肢体, 多余的人
    畸形的手, 面部扭曲, 肢体扭曲, 路人
  `),
  writing: list(`
    text, texts, subtitle, subtitles, caption, captions, watermark, watermarks, logo, logos, signature
    letters, words, title, username, timestamp
    文字, 字幕, 水印, 标志, 标识, 签名, 字母, 商标
  `),
  flaws: list(`
    blur, blurry, blurred, out of focus, low quality|resolution|res, worst|bad|poor quality, lowres
    jpeg artifacts, compression artifacts, artifacts, artefacts, noise, noisy, grain, grainy, pixelated
    distorted, distortion, deformed, deformation, disfigured, ugly, glitch, glitches, flicker
    flickering, morphing, warping, duplicate, mutated, mutation, malformed, cropped, overexposed
    underexposed, oversaturated, cartoonish, amateur, unrealistic, error, errors
    模糊, 低质量, 低画质, 低分辨率, 最差质量, 质量差, 噪点, 颗粒, 变形, 畸形, 扭曲, 失真, 丑陋, 闪烁
    瑕疵, 过曝, 曝光过度, 画质差, 重复, 残缺, 马赛克, 失焦
  `),
  violence: list(`
    violence, violent, blood, bloody, gore, weapon, weapons, gun, guns, nudity, nude, nsfw
    暴力, 血腥, 血, 武器, 枪, 裸露, 色情
  `),
};

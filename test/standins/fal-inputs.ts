/** The inputs of fal's endpoints, by their contract. */
import { fileUrl, flag, integer, matching, object, oneOf, type Shape, text } from "./strict.ts";

const TEXT = matching(/^/);

const PIXVERSE = {
  duration: integer(1, 15),
  resolution: oneOf("360p", "540p", "720p", "1080p"),
  generate_audio_switch: flag,
  generate_multi_clip_switch: flag,
  negative_prompt: TEXT,
  style: oneOf("anime", "3d_animation", "clay", "comic", "cyberpunk"),
  thinking_type: oneOf("enabled", "disabled", "auto"),
  seed: integer(0, Number.MAX_SAFE_INTEGER),
};
const VEO = {
  aspect_ratio: oneOf("auto", "16:9", "9:16"),
  duration: oneOf("4s", "6s", "8s"),
  resolution: oneOf("720p", "1080p", "4k"),
  generate_audio: flag,
  negative_prompt: TEXT,
  seed: integer(0, Number.MAX_SAFE_INTEGER),
  auto_fix: flag,
  safety_tolerance: oneOf("1", "2", "3", "4", "5", "6"),
};
const VEO_NEEDS = { prompt: text(), image_url: fileUrl };
const VEO_TEXT = { ...VEO, aspect_ratio: oneOf("16:9", "9:16") };
const VEO_FRAMES = { prompt: text(), first_frame_url: fileUrl, last_frame_url: fileUrl };
const VEO_EXTEND = object(
  { prompt: text(), video_url: fileUrl },
  { ...VEO, duration: oneOf("7s"), resolution: oneOf("720p") },
);
const RATIOS = oneOf("16:9", "4:3", "1:1", "3:4", "9:16", "2:3", "3:2", "21:9");
const { generate_multi_clip_switch: _, thinking_type: __, ...PIXVERSE_EXTEND } = PIXVERSE;
const WAN = {
  audio_url: fileUrl,
  negative_prompt: matching(/^.{0,500}$/s),
  duration: oneOf("2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"),
  resolution: oneOf("720p", "1080p"),
  ...{ enable_prompt_expansion: flag, enable_safety_checker: flag, seed: integer(0, 2147483647) },
};

export const INPUTS: Readonly<Record<string, Shape>> = {
  "fal-ai/pixverse/v6/image-to-video": object({ prompt: text(), image_url: fileUrl }, PIXVERSE),
  "fal-ai/pixverse/v6/text-to-video": object({ prompt: text() }, { ...PIXVERSE, aspect_ratio: RATIOS }),
  "fal-ai/pixverse/v6/transition": object(
    { prompt: text(), first_image_url: fileUrl },
    { ...PIXVERSE, end_image_url: fileUrl, aspect_ratio: RATIOS },
  ),
  "fal-ai/pixverse/v6/extend": object({ prompt: text(), video_url: fileUrl }, PIXVERSE_EXTEND),
  "fal-ai/wan/v2.7/image-to-video": both(
    object(
      {},
      { ...WAN, image_url: fileUrl, end_image_url: fileUrl, video_url: fileUrl, prompt: text(5000) },
    ),
    ({ image_url, video_url }) => image_url !== undefined && video_url !== undefined,
    "has both image_url and video_url",
  ),
  "fal-ai/wan/v2.7/text-to-video": object(
    { prompt: text(5000) },
    { ...WAN, aspect_ratio: oneOf("16:9", "9:16", "1:1", "4:3", "3:4") },
  ),
  "fal-ai/veo3.1/image-to-video": object(VEO_NEEDS, VEO),
  "fal-ai/veo3.1/fast/image-to-video": object(VEO_NEEDS, VEO),
  "fal-ai/veo3.1/lite/image-to-video": lite(VEO_NEEDS, VEO),
  "fal-ai/veo3.1": object({ prompt: text() }, VEO_TEXT),
  "fal-ai/veo3.1/fast": object({ prompt: text() }, VEO_TEXT),
  "fal-ai/veo3.1/lite": lite({ prompt: text() }, VEO_TEXT),
  "fal-ai/veo3.1/first-last-frame-to-video": object(VEO_FRAMES, VEO),
  "fal-ai/veo3.1/fast/first-last-frame-to-video": object(VEO_FRAMES, VEO),
  "fal-ai/veo3.1/lite/first-last-frame-to-video": lite(VEO_FRAMES, VEO),
  "fal-ai/veo3.1/extend-video": VEO_EXTEND,
  "fal-ai/veo3.1/fast/extend-video": VEO_EXTEND,
};

function lite(needs: Readonly<Record<string, Shape>>, takes: Readonly<Record<string, Shape>>): Shape {
  return both(
    object(needs, { ...takes, resolution: oneOf("720p", "1080p") }),
    ({ duration, resolution }) => resolution === "1080p" && duration !== undefined && duration !== "8s",
    "has 1080p without 8s",
  );
}

function both(shape: Shape, isWrong: (body: Record<string, unknown>) => boolean, what: string): Shape {
  return (value, place) => {
    const wrong = shape(value, place);
    return wrong.length === 0 && isWrong(value as Record<string, unknown>) ? [`${place} ${what}`] : wrong;
  };
}

/** What FoxAPI's models take, by the contract. */
import { flag, integer, list, matching, oneOf, type Shape, text } from "./strict.ts";

const URL_SHAPE = matching(/^https?:\/\/\S+$/);
/** `null` is the same as left out. */
export const orNull =
  (shape: Shape): Shape =>
  (value, place) =>
    value === null ? [] : shape(value, place);
const SEED = orNull(integer(0, 2_147_483_647));

const PIXVERSE = {
  resolution: oneOf("360p", "540p", "720p", "1080p"),
  duration: integer(1, 15),
  generate_audio: flag,
  negative_prompt: orNull(text(2048)),
  style: orNull(oneOf("anime", "3d_animation", "clay", "comic", "cyberpunk")),
  seed: SEED,
  generate_multi_clip: orNull(flag),
  thinking_type: orNull(oneOf("enabled", "disabled", "auto")),
};
const VEO_LITE = {
  aspect_ratio: oneOf("16:9", "9:16"),
  duration: oneOf(4, 6, 8),
  resolution: oneOf("720p", "1080p"),
  generate_audio: flag,
  auto_fix: orNull(flag),
  negative_prompt: orNull(text()),
  seed: orNull(integer(0, 4_294_967_295)),
};
const VEO_FAST = {
  ...VEO_LITE,
  resolution: oneOf("720p", "1080p", "4k"),
  safety_tolerance: orNull(integer(1, 6)),
};
const VEO = {
  ...VEO_FAST,
  enhance_prompt: orNull(flag),
  person_generation: orNull(oneOf("dont_allow", "allow_adult")),
};
const RATIOS = oneOf("16:9", "4:3", "1:1", "3:4", "9:16", "2:3", "3:2", "21:9");
const OF_PICTURE = { prompt: text(), image_url: URL_SHAPE };

const FRAMES = { prompt: text(), first_image_url: URL_SHAPE, last_image_url: URL_SHAPE };
const EXTEND: readonly [Fields, Fields] = [
  { prompt: text(), video_url: URL_SHAPE },
  {
    aspect_ratio: oneOf("16:9", "9:16"),
    generate_audio: flag,
    auto_fix: orNull(flag),
    safety_tolerance: orNull(integer(1, 6)),
    negative_prompt: orNull(text()),
    seed: orNull(integer(0, 4_294_967_295)),
  },
];
const { generate_multi_clip: _, thinking_type: __, ...PIXVERSE_EXTEND } = PIXVERSE;

type Fields = Readonly<Record<string, Shape>>;
/** Contract 1.12: what each model requires, and what it may be sent. */
export const MODELS: Readonly<Record<string, readonly [required: Fields, optional: Fields]>> = {
  "pixverse-v6-image-to-video": [{ ...OF_PICTURE, prompt: text(2048) }, PIXVERSE],
  "pixverse-v6-text-to-video": [{ prompt: text(2048) }, { ...PIXVERSE, aspect_ratio: RATIOS }],
  "wan-2.7-image-to-video": [
    {},
    {
      generation_type: orNull(oneOf("image-to-video", "first-last-frame", "video-continuation")),
      image_urls: orNull(list(URL_SHAPE, 1)),
      video_url: orNull(URL_SHAPE),
      prompt: orNull(text(5000)),
      audio_url: orNull(URL_SHAPE),
      duration: integer(2, 15),
      resolution: oneOf("720p", "1080p"),
      negative_prompt: orNull(text(500)),
      seed: SEED,
      enable_prompt_expansion: orNull(flag),
      enable_safety_checker: orNull(flag),
    },
  ],
  "veo-3.1-image-to-video": [OF_PICTURE, VEO],
  "veo-3.1-fast-image-to-video": [OF_PICTURE, VEO_FAST],
  "veo-3.1-lite-image-to-video": [OF_PICTURE, VEO_LITE],
  "pixverse-v6-transition": [
    { ...OF_PICTURE, prompt: text(2048) },
    { ...PIXVERSE, aspect_ratio: RATIOS, image_tail_url: orNull(URL_SHAPE) },
  ],
  "pixverse-v6-extend": [{ prompt: text(2048), video_url: URL_SHAPE }, PIXVERSE_EXTEND],
  "wan-2.7-text-to-video": [
    { prompt: text(5000) },
    {
      aspect_ratio: oneOf("16:9", "9:16", "1:1", "4:3", "3:4"),
      audio_url: orNull(URL_SHAPE),
      duration: integer(2, 15),
      resolution: oneOf("720p", "1080p"),
      negative_prompt: orNull(text(500)),
      seed: SEED,
      enable_prompt_expansion: orNull(flag),
      enable_safety_checker: orNull(flag),
    },
  ],
  "veo-3.1-text-to-video": [{ prompt: text() }, VEO],
  "veo-3.1-fast-text-to-video": [{ prompt: text() }, VEO_FAST],
  "veo-3.1-lite-text-to-video": [{ prompt: text() }, VEO_LITE],
  "veo-3.1-first-last-frame-to-video": [FRAMES, VEO],
  "veo-3.1-fast-first-last-frame-to-video": [FRAMES, VEO_FAST],
  "veo-3.1-lite-first-last-frame-to-video": [FRAMES, VEO_LITE],
  "veo-3.1-extend": EXTEND,
  "veo-3.1-extend-fast": EXTEND,
};

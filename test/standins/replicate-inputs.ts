/** What Replicate's models of ours take, from the table of fields in section 5 of the contract. */
import { fileUrl, flag, integer, list, object, oneOf, type Shape, text } from "./strict.ts";

/** Recommended for data URIs. */
const MOST_INLINE_BYTES = 256_000;

const seed = integer(0, 4294967295);
const veo = object(
  { prompt: text() },
  {
    ...{ image: fileUrl, last_frame: fileUrl, reference_images: list(fileUrl) },
    aspect_ratio: oneOf("16:9", "9:16"),
    duration: oneOf(4, 6, 8),
    resolution: oneOf("720p", "1080p"),
    generate_audio: flag,
    negative_prompt: text(),
    seed,
  },
);
const wan = {
  audio: fileUrl,
  negative_prompt: text(),
  resolution: oneOf("720p", "1080p"),
  duration: integer(2, 15),
  enable_prompt_expansion: flag,
  seed,
};
export const INPUTS: Readonly<Record<string, Shape>> = {
  "google/veo-3.1": veo,
  "google/veo-3.1-fast": veo,
  "google/veo-3.1-lite": veo,
  "pixverse/pixverse-v6": object(
    { prompt: text() },
    {
      ...{ image: fileUrl, last_frame_image: fileUrl },
      quality: oneOf("360p", "540p", "720p", "1080p"),
      aspect_ratio: oneOf("16:9", "4:3", "1:1", "3:4", "9:16", "2:3", "3:2", "21:9"),
      duration: integer(1, 15),
      negative_prompt: text(),
      seed,
      generate_audio_switch: flag,
      generate_multi_clip_switch: flag,
    },
  ),
  "wan-video/wan-2.7-i2v": object(
    {},
    { ...wan, first_frame: fileUrl, last_frame: fileUrl, first_clip: fileUrl, prompt: text() },
  ),
  "wan-video/wan-2.7-t2v": object(
    { prompt: text() },
    { ...wan, aspect_ratio: oneOf("16:9", "9:16", "1:1", "4:3", "3:4") },
  ),
};

/** What one field asks of another: [field, asks for, or excludes]. */
const TOGETHER: readonly (readonly [field: string, other: string, must: boolean])[] = [
  ["last_frame_image", "image", true],
  ["last_frame", "first_frame", true],
  ["first_clip", "first_frame", false],
];

export function inputProblems(model: string, input: Readonly<Record<string, unknown>>): readonly string[] {
  const given = (name: string): boolean => input[name] !== undefined;
  const apart = model.startsWith("google/") ? [] : TOGETHER;
  return [
    ...apart
      .filter(([field, other, must]) => given(field) && given(other) !== must)
      .map(([field, other, must]) => `input.${field} ${must ? "needs" : "excludes"} ${other}`),
    ...Object.entries(input)
      .filter(([, value]) => typeof value === "string" && value.startsWith("data:"))
      .filter(([, value]) => (String(value).length * 3) / 4 > MOST_INLINE_BYTES + 100)
      .map(([name]) => `input.${name} is a data URI of more than 256 kB`),
  ];
}

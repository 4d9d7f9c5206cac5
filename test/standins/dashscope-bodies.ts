/** What the models of Alibaba Cloud Model Studio take, by the contract and the vendor's pages. */
import { flag, integer, list, matching, object, oneOf, type Shape, text } from "./strict.ts";

export interface Order {
  readonly model: string;
  readonly input: { readonly prompt?: string; readonly media?: readonly { readonly type: string }[] };
  readonly parameters?: { readonly duration?: number; readonly prompt_extend?: boolean };
}

const link = matching(/^https?:\/\//);
const picture = matching(/^(https?:\/\/|data:image\/(jpeg|png|bmp|webp);base64,)/);
const seed = integer(0, 2147483647);
/** Of its table, what is certain (help.aliyun.com, PixVerse text to video, read 2026-11-21); another size is refused. */
const SIZES = [
  ...["640*360", "360*640", "1024*576", "576*1024", "1280*720", "720*1280", "1920*1080", "1080*1920"],
];
const pixverse = { audio: flag, watermark: flag, seed, shot_type: oneOf("single", "multi") };

export const BODIES: Readonly<Record<string, { readonly input: Shape; readonly parameters: Shape }>> = {
  "wan2.7-i2v": {
    input: object({ media: list(medium, 1) }, { prompt: text(5000), negative_prompt: text(500) }),
    parameters: object(
      {},
      {
        resolution: oneOf("720P", "1080P"),
        duration: integer(2, 15),
        prompt_extend: flag,
        watermark: flag,
        seed,
      },
    ),
  },
  "wan2.7-t2v": {
    input: object({ prompt: text(5000) }, { negative_prompt: text(500), audio_url: link }),
    parameters: object(
      {},
      {
        resolution: oneOf("720P", "1080P"),
        ratio: oneOf("16:9", "9:16", "1:1", "4:3", "3:4"),
        duration: integer(2, 15),
        prompt_extend: flag,
        watermark: flag,
        seed,
      },
    ),
  },
  "pixverse/pixverse-v6-kf2v": {
    input: object(
      { media: list(object({ type: oneOf("first_frame", "last_frame"), url: link }), 2) },
      { prompt: text(5000) },
    ),
    parameters: object(
      { resolution: oneOf("360P", "540P", "720P", "1080P"), duration: integer(1, 15) },
      { audio: flag, watermark: flag, seed },
    ),
  },
  "pixverse/pixverse-v6-t2v": {
    input: object({ prompt: text(5000) }),
    parameters: object({ size: oneOf(...SIZES), duration: integer(1, 15) }, pixverse),
  },
  "pixverse/pixverse-v6-it2v": {
    input: object(
      { media: list(object({ type: oneOf("image_url"), url: link }), 1) },
      { prompt: text(5000) },
    ),
    parameters: object(
      { resolution: oneOf("360P", "540P", "720P", "1080P"), duration: integer(1, 15) },
      pixverse,
    ),
  },
};

/** Clips and sounds are taken as links only. */
function medium(value: unknown, place: string): readonly string[] {
  const type = (value as { type?: unknown } | null)?.type;
  const url = type === "first_clip" || type === "driving_audio" ? link : picture;
  return object({ type: oneOf("first_frame", "last_frame", "first_clip", "driving_audio"), url })(
    value,
    place,
  );
}

const MEDIA_SETS: readonly string[] = [
  "first_frame",
  "driving_audio+first_frame",
  "first_frame+last_frame",
  "driving_audio+first_frame+last_frame",
  "first_clip",
  "first_clip+last_frame",
];

/** What files go together. */
export function mediaProblems({ model, input }: Order): readonly string[] {
  if (model !== "wan2.7-i2v" || !Array.isArray(input?.media)) return [];
  const set = input.media
    .map(({ type }) => type)
    .toSorted()
    .join("+");
  return MEDIA_SETS.includes(set) ? [] : [`body.input.media cannot be ${set}`];
}

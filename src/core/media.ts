/**
 * What a picture, clip or sound is, as measured from its bytes. Pixels, seconds, bytes.
 * `type` is what the content is, never what a header or a file name claims.
 */
export type PictureType = "jpeg" | "png" | "webp" | "bmp";
export type ClipType = "mp4" | "mov";
export type SoundType = "wav" | "mp3";
export type MediaType = PictureType | ClipType | SoundType;

export interface PictureFacts {
  readonly kind: "picture";
  readonly type: PictureType;
  /** As displayed: EXIF orientation is already applied. */
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

export interface ClipFacts {
  readonly kind: "clip";
  readonly type: ClipType;
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
  /** Frames a second; null where the container does not say. */
  readonly fps: number | null;
  readonly sound: boolean;
  readonly bytes: number;
}

export interface SoundFacts {
  readonly kind: "sound";
  readonly type: SoundType;
  readonly seconds: number;
  readonly channels: number;
  /** Samples a second. */
  readonly rate: number;
  readonly bytes: number;
}

export type MediaFacts = PictureFacts | ClipFacts | SoundFacts;

export const CONTENT_TYPES: Readonly<Record<MediaType, string>> = {
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  bmp: "image/bmp",
  mp4: "video/mp4",
  mov: "video/quicktime",
  wav: "audio/wav",
  mp3: "audio/mpeg",
};

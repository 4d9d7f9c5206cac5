import type { EncodeOptions } from "./codec.ts";

/** How both backends encode, so that the same input gives the same decoded frames whichever is there. */
export const SOUND_RATE = 48_000;
/** Samples in one AAC frame. */
export const SOUND_FRAME = 1024;

/** For a preview a third of a full one's bits a pixel and less: enough to know which video it is. */
export function crfFor({ quality = "full" }: EncodeOptions): number {
  return quality === "full" ? 18 : 32;
}

/** Bits a second. */
export function soundBitsFor({ quality = "full" }: EncodeOptions): number {
  return quality === "full" ? 128_000 : 48_000;
}

/** x264 decides per thread; a number taken from the machine would make the file depend on the machine. */
export const VIDEO_THREADS = 2;

/**
 * Without it x264 chooses by CPU how it sums up what later frames refer to, so a file would depend on the machine;
 * and its AVX-512 way (x264 165) gave other bytes on every run for sides such as 720, 480 and 1080.
 */
export const X264_PARAMS = "cpu-independent=1";

const FULL_HD_PIXELS = 1920 * 1088;

export type Preset = "veryfast" | "superfast";

export function presetFor(width: number, height: number): Preset {
  return width * height > FULL_HD_PIXELS ? "superfast" : "veryfast";
}

export function keyInterval(fps: number): number {
  return 2 * fps;
}

/**
 * The units a second in which the MP4 states its length. The default of 1000 rounds 121 frames at 24 a second
 * to 5.042 s; this holds whole frames and whole milliseconds.
 */
export function movieTimescale(fps: number): number {
  return fps * 1000;
}

/**
 * Samples (of each channel) of the sound track: whole AAC frames that fit into the video. A partly filled last
 * frame is written whole, and the file would then say that it is up to 21 ms longer than its pictures.
 */
export function soundSamples(frames: number, fps: number): number {
  return Math.floor((frames * SOUND_RATE) / fps / SOUND_FRAME) * SOUND_FRAME;
}

/** Throws on what no encoder can do: a mistake of ours, refused before a file is opened. */
export function checkEncodeOptions(options: EncodeOptions): void {
  const { width, height, fps, frames } = options;
  const even = (side: number) => Number.isInteger(side) && side >= 2 && side % 2 === 0;
  const whole = (count: number) => Number.isInteger(count) && count >= 1;
  if (!even(width) || !even(height)) throw new Error(`cannot encode ${width}x${height}: sides must be even`);
  if (!whole(fps)) throw new Error(`cannot encode ${fps} frames a second: must be a whole number`);
  if (!whole(frames)) throw new Error(`cannot encode ${frames} frames: must be a whole number above 0`);
}

/** One channel as two, interleaved. */
export function doubled(samples: Float32Array): Float32Array {
  const both = new Float32Array(2 * samples.length);
  for (const [i, sample] of samples.entries()) {
    both[2 * i] = sample;
    both[2 * i + 1] = sample;
  }
  return both;
}

/** Clips and sounds to try a codec on, the same every time. */
import type { Codec, EncodeOptions, Frame } from "../codec.ts";
import { SOUND_RATE } from "../encoding.ts";

/** A picture that moves to the right and changes its colours: smooth slopes, a hard edge, some texture. */
export function movingFrame(width: number, height: number, n: number): Frame {
  const y = new Uint8Array(width * height);
  const uv = new Uint8Array((width * height) / 2);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const slope = 128 + 70 * Math.sin((column - 3 * n) / 40) * Math.cos(row / 55);
      const edge = (column + row + 2 * n) % 160 < 20 ? 25 : 0;
      y[row * width + column] = Math.round(Math.min(235, slope + edge + ((column * 7 + row * 13) % 5)));
    }
  }
  for (let i = 0; i < uv.length; i += 2) {
    uv[i] = Math.round(128 + 50 * Math.sin(((i % width) + 2 * n) / 60));
    uv[i + 1] = Math.round(128 + 50 * Math.cos(i / width / 30));
  }
  return { width, height, y, uv };
}

/** A tone, interleaved stereo, right half as loud as left. */
export function tone(seconds: number, rate = SOUND_RATE): Float32Array {
  const samples = new Float32Array(2 * Math.round(seconds * rate));
  for (let i = 0; i < samples.length / 2; i++) {
    const level = 0.5 * Math.sin((2 * Math.PI * 440 * i) / rate);
    samples[2 * i] = level;
    samples[2 * i + 1] = level / 2;
  }
  return samples;
}

type Clip = Omit<EncodeOptions, "sound" | "comment"> & { readonly sound?: Float32Array };

export async function encodeClip(codec: Codec, { sound, ...clip }: Clip): Promise<void> {
  const encoder = await codec.openEncoder({ ...clip, sound: sound !== undefined, comment: "a test" });
  if (sound) await encoder.sound(sound);
  for (let n = 0; n < clip.frames; n++) await encoder.frame(movingFrame(clip.width, clip.height, n));
  await encoder.close();
}

/** 16-bit WAV of one channel (the left one) or both of an interleaved stereo signal. */
export function wav(stereo: Float32Array, channels: 1 | 2, rate: number): Buffer {
  const count = stereo.length / 2;
  const bytes = Buffer.alloc(44 + 2 * channels * count);
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(2 * channels * rate, 28);
  bytes.writeUInt16LE(2 * channels, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(bytes.length - 44, 40);
  for (let i = 0; i < count; i++) {
    for (let channel = 0; channel < channels; channel++) {
      const sample = stereo[2 * i + channel] ?? 0;
      bytes.writeInt16LE(Math.round(32_767 * sample), 44 + 2 * (channels * i + channel));
    }
  }
  return bytes;
}

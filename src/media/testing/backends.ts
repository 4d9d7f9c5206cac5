import { createHash } from "node:crypto";
import { stderr } from "node:process";
import type { Codec, Frame } from "../codec.ts";

const BACKENDS: Record<Codec["id"], () => Promise<Codec>> = {
  "node-av": async () => (await import("../codec-av.ts")).openAvCodec(),
  ffmpeg: async () =>
    (await import("../codec-ffmpeg.ts")).openFfmpegCodec({ ffmpeg: "ffmpeg", ffprobe: "ffprobe" }),
};

/** Every codec that this machine has; what it has not is said out loud, for its tests do not run. */
export async function findBackends(): Promise<readonly Codec[]> {
  const found: Codec[] = [];
  for (const [id, open] of Object.entries(BACKENDS)) {
    try {
      found.push(await open());
    } catch (error) {
      stderr.write(`\n!!! THE CODEC SUITE DID NOT RUN FOR ${id}: ${error}\n\n`);
    }
  }
  return found;
}

export function hash({ y, uv }: Frame): string {
  return createHash("sha256").update(y).update(uv).digest("hex");
}

/** One hash a frame. */
export async function hashes(codec: Codec, path: string, fromSeconds = 0): Promise<string[]> {
  const all: string[] = [];
  for await (const frame of codec.frames(path, { fromSeconds })) all.push(hash(frame));
  return all;
}

/** Decibels; infinite where nothing differs. */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  let squares = 0;
  for (const [i, value] of a.entries()) squares += (value - (b[i] ?? 0)) ** 2;
  return 10 * Math.log10(255 ** 2 / (squares / a.length));
}

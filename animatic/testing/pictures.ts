/** Pictures and orders for the renderer's tests. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import type { RenderOrder } from "../order.ts";
import { seededRandom } from "../random.ts";

export interface Desk {
  readonly path: (name: string) => string;
  readonly clear: () => Promise<void>;
}

/** A temporary folder. */
export async function openDesk(): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), "animatic-"));
  return { path: (name) => join(folder, name), clear: () => rm(folder, { recursive: true, force: true }) };
}

export function orderOf(changes: Partial<RenderOrder>): RenderOrder {
  return {
    width: 320,
    height: 180,
    frames: 24,
    fps: 24,
    seed: 7,
    prompt: "",
    negativePrompt: null,
    firstFrame: null,
    lastFrame: null,
    clip: null,
    sound: false,
    soundFile: null,
    style: null,
    shots: false,
    rewrite: null,
    ...changes,
  };
}

/** Smooth random colour: something in every part, no hard edges. */
export async function writePhoto(path: string, width: number, height: number, seed = 1): Promise<string> {
  const random = seededRandom(seed);
  const small = Uint8Array.from({ length: 12 * 12 * 3 }, () => random.integer(20, 235));
  await sharp(small, { raw: { width: 12, height: 12, channels: 3 } })
    .resize(width, height, { fit: "fill", kernel: "cubic" })
    .png()
    .toFile(path);
  return path;
}

/** Left half red, right half blue. */
export function twoColours(width: number, height: number): Sharp {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data[i * 3 + (i % width < width / 2 ? 0 : 2)] = 255;
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function meanOf(values: Uint8Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function varianceOf(values: Uint8Array): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

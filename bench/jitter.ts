/** How much a bright spot trembles under a 12 % zoom: ours beside zoompan's, both as decoded from their MP4. */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import type { Codec, Frame } from "../src/media/codec.ts";
import { findCodec } from "../src/media/codecs.ts";
import { film, orderOf, zoompan } from "./film.ts";

const SIZE = { width: 1280, height: 720 };
const RIM = 90;
const SPOT = { x: 420, y: 260, spread: 300 };

/** Second differences of the spot's path, in pixels a frame squared, across and down together. */
export interface Jitter {
  readonly move: string;
  readonly mean: number;
  readonly worst: number;
}

export async function measureJitter(): Promise<readonly Jitter[]> {
  const folder = await mkdtemp(join(tmpdir(), "reelay-bench-"));
  try {
    const [codec, picture, out] = [await findCodec({}), join(folder, "spot.png"), join(folder, "out.mp4")];
    await writeSpot(picture);
    const rows: Jitter[] = [];
    for (const [move, prompt] of [
      ["zoom in", "zoom in"],
      ["dolly in", "dolly in"],
    ] as const) {
      await film(orderOf({ ...SIZE, frames: 120, prompt, rounds: 0 }, picture), codec, out);
      rows.push({ move, ...(await jerksOf(codec, out)) });
    }
    if (spawnSync("ffmpeg", ["-version"]).status === 0) {
      await zoompan(orderOf({ ...SIZE, frames: 120, prompt: "", rounds: 0 }, picture), out);
      rows.push({ move: "ffmpeg zoompan", ...(await jerksOf(codec, out)) });
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeSpot(path: string): Promise<void> {
  const { width, height } = SIZE;
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [((i / 3) | 0) % width, Math.floor(i / 3 / width)];
    return 40 + 180 * Math.exp(-((x - SPOT.x) ** 2 + (y - SPOT.y) ** 2) / SPOT.spread);
  });
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
}

async function jerksOf(codec: Codec, path: string): Promise<Omit<Jitter, "move">> {
  const places: { x: number; y: number }[] = [];
  for await (const frame of codec.frames(path)) places.push(centreOf(frame));
  const jerk = (axis: "x" | "y", i: number) =>
    (places[i]?.[axis] ?? 0) - 2 * (places[i + 1]?.[axis] ?? 0) + (places[i + 2]?.[axis] ?? 0);
  const jerks = places.slice(2).map((_, i) => Math.hypot(jerk("x", i), jerk("y", i)));
  return { mean: jerks.reduce((sum, one) => sum + one, 0) / jerks.length, worst: Math.max(...jerks) };
}

/** Of what is brighter than the spot's rim: the encoder leaves out what is faint, another part in each frame. */
function centreOf(frame: Frame): { x: number; y: number } {
  let [sum, x, y] = [0, 0, 0];
  frame.y.forEach((value, i) => {
    const light = Math.max(0, value - RIM);
    sum += light;
    x += light * (i % frame.width);
    y += light * Math.floor(i / frame.width);
  });
  return { x: x / sum, y: y / sum };
}

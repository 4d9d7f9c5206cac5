/**
 * One film measured in a process of its own, so that its memory is its own too. The task comes as JSON in the first
 * argument, the figures go out as one line of JSON. Rounds are in turn and warm: the film, the very same frames
 * encoded alone, and ffmpeg's zoompan where there is an ffmpeg. Without rounds it renders once, cold.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RenderOrder } from "../animatic/order.ts";
import { render } from "../animatic/render.ts";
import type { Codec, Encoder, Frame } from "../src/media/codec.ts";
import { findCodec } from "../src/media/codecs.ts";
import { crfFor, presetFor, VIDEO_THREADS, X264_PARAMS } from "../src/media/encoding.ts";

export interface FilmTask {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly prompt: string;
  readonly rounds: number;
}

export interface Cost {
  readonly wall: number;
  /** Seconds of processor, of this process and what it started; null where the system does not tell. */
  readonly cpu: number | null;
}

export interface Round {
  readonly film: Cost;
  readonly encode: Cost;
  readonly zoompan: Cost | null;
}

export interface FilmFigures {
  readonly codec: string;
  readonly cold: Cost;
  readonly rounds: readonly Round[];
}

const PICTURE = fileURLToPath(new URL("../samples/lighthouse.jpg", import.meta.url));

export function orderOf({ width, height, frames, prompt }: FilmTask, picture = PICTURE): RenderOrder {
  return {
    width,
    height,
    frames,
    prompt,
    fps: 24,
    seed: 1,
    negativePrompt: null,
    firstFrame: picture,
    lastFrame: null,
    clip: null,
    sound: false,
    soundFile: null,
    style: null,
    shots: false,
    rewrite: null,
  };
}

export async function measureFilm(task: FilmTask): Promise<FilmFigures> {
  const folder = await mkdtemp(join(tmpdir(), "reelay-bench-"));
  try {
    const [codec, out, order] = [await findCodec({}), join(folder, "out.mp4"), orderOf(task)];
    const cold = await cost(() => film(order, codec, out));
    if (task.rounds === 0) return { codec: codec.version, cold, rounds: [] };
    const frames: Frame[] = [];
    await film(order, recording(codec, frames), out);
    await encode(order, codec, frames, out);
    const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;
    const rounds: Round[] = [];
    const ofFilm = (): Promise<Cost> => cost(() => film(order, codec, out));
    const ofEncode = (): Promise<Cost> => cost(() => encode(order, codec, frames, out));
    for (let round = 0; round < task.rounds; round++) {
      // Now the one first, now the other: what the one before leaves of the machine's memory counts for a fifth at 4k.
      const filmFirst = round % 2 === 0 ? await ofFilm() : null;
      const alone = await ofEncode();
      rounds.push({
        film: filmFirst ?? (await ofFilm()),
        encode: alone,
        zoompan: hasFfmpeg ? await cost(() => zoompan(order, out)) : null,
      });
    }
    return { codec: codec.version, cold, rounds };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function film(order: RenderOrder, codec: Codec, out: string): Promise<void> {
  await render(order, codec, { out, progress: () => undefined, signal: new AbortController().signal });
}

async function encode(
  order: RenderOrder,
  codec: Codec,
  frames: readonly Frame[],
  path: string,
): Promise<void> {
  const { width, height, fps } = order;
  const size = { width, height, fps, frames: frames.length };
  const encoder = await codec.openEncoder({ path, ...size, sound: false, comment: "" });
  for (const frame of frames) await encoder.frame(frame);
  await encoder.close();
}

/** The same picture, length, size and encoder settings. Its window is rounded to whole pixels: it jitters. */
export async function zoompan(order: RenderOrder, out: string): Promise<void> {
  const { width, height, fps, frames, firstFrame } = order;
  const crf = crfFor({ path: out, width, height, fps, frames, sound: false, comment: "" });
  const zoom = `z='1+0.12*on/${frames}':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2'`;
  const filter = `zoompan=${zoom}:d=${frames}:s=${width}x${height}:fps=${fps},format=yuv420p`;
  const x264 = ["-preset", presetFor(width, height), "-crf", String(crf), "-x264-params", X264_PARAMS];
  const args = [
    ...["-v", "error", "-y", "-i", firstFrame ?? "", "-vf", filter, "-frames:v", String(frames)],
    ...["-c:v", "libx264", ...x264, "-threads", String(VIDEO_THREADS), out],
  ];
  const [code] = (await once(spawn("ffmpeg", args, { stdio: "inherit" }), "exit")) as [number];
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`);
}

function recording(codec: Codec, frames: Frame[]): Codec {
  return {
    ...codec,
    async openEncoder(options): Promise<Encoder> {
      const encoder = await codec.openEncoder(options);
      return {
        sound: (samples) => encoder.sound(samples),
        frame: (frame) => {
          frames.push({ ...frame, y: frame.y.slice(), uv: frame.uv.slice() });
          return encoder.frame(frame);
        },
        close: () => encoder.close(),
        abort: () => encoder.abort(),
      };
    },
  };
}

async function cost(work: () => Promise<void>): Promise<Cost> {
  const [start, used] = [process.hrtime.bigint(), processorSeconds()];
  await work();
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  const now = processorSeconds();
  return { wall, cpu: used === null || now === null ? null : now - used };
}

/** Of this process and of its children that have ended. Ticks are hundredths of a second on Linux. */
function processorSeconds(): number | null {
  if (process.platform !== "linux") return null;
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1]?.split(" ") ?? [];
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

if (import.meta.main)
  console.log(JSON.stringify(await measureFilm(JSON.parse(process.argv[2] ?? "") as FilmTask)));

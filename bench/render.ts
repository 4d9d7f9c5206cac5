/**
 * A 720p, five-second render against encoding the very same frames alone, and against ffmpeg's zoompan where there
 * is an ffmpeg; in turn, warm, in this process.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RenderOrder } from "../animatic/order.ts";
import { render } from "../animatic/render.ts";
import type { Codec, Encoder, Frame } from "../src/media/codec.ts";
import { findCodec } from "../src/media/codecs.ts";
import { median, type Row } from "./table.ts";

const ROUNDS = 5;
const BAR = 1.25;
const PICTURE = fileURLToPath(new URL("../samples/lighthouse.jpg", import.meta.url));

const ORDER: RenderOrder = {
  width: 1280,
  height: 720,
  frames: 120,
  fps: 24,
  seed: 1,
  prompt: "push in slowly",
  negativePrompt: null,
  firstFrame: PICTURE,
  lastFrame: null,
  clip: null,
  sound: false,
  soundFile: null,
  style: null,
  shots: false,
};

export async function benchRender(): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "reelay-bench-"));
  try {
    const codec = await findCodec({});
    const hasFfmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;
    const out = join(folder, "out.mp4");
    const frames: Frame[] = [];
    await renderOnce(recording(codec, frames), out);
    await encodeOnce(codec, frames, out);
    const rounds: { full: number; encode: number; zoompan: number | undefined }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push({
        full: await seconds(() => renderOnce(codec, out)),
        encode: await seconds(() => encodeOnce(codec, frames, out)),
        zoompan: hasFfmpeg ? await seconds(() => zoompanOnce(out)) : undefined,
      });
    }
    return rowsOf(codec, rounds);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function rowsOf(
  codec: Codec,
  rounds: readonly { full: number; encode: number; zoompan: number | undefined }[],
): readonly Row[] {
  const ratio = median(rounds.map(({ full, encode }) => full / encode));
  const zoompans = rounds.flatMap(({ full, zoompan }) => (zoompan === undefined ? [] : [{ full, zoompan }]));
  return [
    {
      what: `720p 5 s render, seconds (${codec.version})`,
      value: median(rounds.map((one) => one.full)).toFixed(2),
    },
    {
      what: "720p 5 s, the same frames encoded alone, seconds",
      value: median(rounds.map((one) => one.encode)).toFixed(2),
    },
    { what: "render / encode alone", value: ratio.toFixed(2), bar: `at most ${BAR}`, reached: ratio <= BAR },
    zoompans.length > 0
      ? {
          what: "render / ffmpeg zoompan",
          value: median(zoompans.map((one) => one.full / one.zoompan)).toFixed(2),
        }
      : { what: "render / ffmpeg zoompan", value: "not measured: no ffmpeg on this machine" },
  ];
}

async function renderOnce(codec: Codec, out: string): Promise<void> {
  await render(ORDER, codec, { out, progress: () => undefined, signal: new AbortController().signal });
}

async function encodeOnce(codec: Codec, frames: readonly Frame[], path: string): Promise<void> {
  const { width, height, fps } = ORDER;
  const encoder = await codec.openEncoder({
    path,
    width,
    height,
    fps,
    frames: frames.length,
    sound: false,
    comment: "",
  });
  for (const frame of frames) await encoder.frame(frame);
  await encoder.close();
}

/** The same picture, length, size and encoder settings; its zoom jitters, ours does not. */
async function zoompanOnce(out: string): Promise<void> {
  const { width, height, fps, frames } = ORDER;
  const filter = `zoompan=z='1+0.12*on/${frames}':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2':d=${frames}:s=${width}x${height}:fps=${fps},format=yuv420p`;
  const args = [
    "-v",
    "error",
    "-y",
    "-i",
    PICTURE,
    "-vf",
    filter,
    "-frames:v",
    String(frames),
    "-c:v",
    "libx264",
    "-preset",
    "veryfast",
    "-crf",
    "18",
    "-threads",
    "2",
    out,
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

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

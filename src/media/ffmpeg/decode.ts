import { readBoxes } from "../boxes.ts";
import type { Frame } from "../codec.ts";
import { CONVERSION_FLAGS } from "../colour.ts";
import { openTurner } from "../turn.ts";
import { unreadable } from "../unreadable.ts";
import { firstStream, type ProbedStream, probe, quartersOfStream } from "./probe.ts";
import { atLeast, CLOSED_INPUT, OUR_FORMATS, startFfmpeg, type Tools } from "./tool.ts";

/** How far before its end a clip is entered to find its last frame: more than most distances of key frames. */
const TAIL_SECONDS = 3;
const NOTHING = "not one of its frames can be decoded";

interface Clip {
  readonly path: string;
  readonly stream: ProbedStream;
  /** As stored, before any turn. */
  readonly width: number;
  readonly height: number;
}

/** Rejects with `input_unreadable` where there is no whole video in the file. */
async function openClip(tools: Tools, path: string): Promise<Clip> {
  await readBoxes(path);
  return clipOf(path, firstStream(await probe(tools, path, "video"), "video"));
}

function clipOf(path: string, stream: ProbedStream | undefined): Clip {
  const { width = 0, height = 0 } = stream ?? {};
  if (!stream || width < 2 || height < 2) throw unreadable("video", "there is no video in it");
  // 4:2:0 has no odd sides; a clip of another kind that has one loses a row or column.
  return { path, stream, width: width - (width % 2), height: height - (height % 2) };
}

/** An index over bytes that are no video looks well; so one frame has to come out. */
export async function checkDecodable(tools: Tools, path: string, stream: ProbedStream): Promise<void> {
  for await (const _frame of framesOf(tools, clipOf(path, stream), 0)) return;
  throw unreadable("video", NOTHING);
}

export async function* ffmpegFrames(tools: Tools, path: string, fromSeconds = 0): AsyncGenerator<Frame> {
  let found = false;
  for await (const frame of framesOf(tools, await openClip(tools, path), fromSeconds)) {
    found = true;
    yield frame;
  }
  if (!found && fromSeconds === 0) throw unreadable("video", NOTHING);
}

/** Resolves with planes that nothing reuses. */
export async function ffmpegLastFrame(tools: Tools, path: string): Promise<Frame> {
  const clip = await openClip(tools, path);
  const tail = Math.max(0, Number(clip.stream.duration ?? 0) - TAIL_SECONDS);
  const last = (await lastOf(tools, clip, tail)) ?? (tail > 0 ? await lastOf(tools, clip, 0) : undefined);
  if (!last) throw unreadable("video", NOTHING);
  return last;
}

async function lastOf(tools: Tools, clip: Clip, fromSeconds: number): Promise<Frame | undefined> {
  let last: Frame | undefined;
  // The reused planes hold the last frame when nothing more is read into them.
  for await (const frame of framesOf(tools, clip, fromSeconds)) last = frame;
  return last;
}

async function* framesOf(tools: Tools, clip: Clip, fromSeconds: number): AsyncGenerator<Frame> {
  const { width, height } = clip;
  const tool = startFfmpeg(tools.ffmpeg, decodeArgs(tools, clip, fromSeconds));
  const bytes = new Uint8Array((width * height * 3) / 2);
  const y = bytes.subarray(0, width * height);
  const frame: Frame = { width, height, y, uv: bytes.subarray(y.length) };
  const turn = openTurner(quartersOfStream(clip.stream));
  let filled = 0;
  try {
    for await (const chunk of tool.stdout as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; ) {
        const part = chunk.subarray(at, at + bytes.length - filled);
        bytes.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled < bytes.length) continue;
        yield turn(frame);
        filled = 0;
      }
    }
  } finally {
    await tool.kill();
  }
}

function decodeArgs(
  { release }: Tools,
  { path, stream, width, height }: Clip,
  fromSeconds: number,
): string[] {
  const seek = fromSeconds > 0 ? ["-ss", String(fromSeconds)] : [];
  const input = [
    "-noautorotate",
    "-threads",
    "2",
    ...seek,
    ...CLOSED_INPUT,
    ...OUR_FORMATS,
    "-i",
    `file:${path}`,
  ];
  // Every decoded frame once: neither doubled nor dropped to keep a rate.
  const everyFrame = atLeast(release, [5, 1]) ? ["-fps_mode", "passthrough"] : ["-vsync", "passthrough"];
  const filter = ["-vf", conversion(stream, width, height)];
  return [
    ...input,
    "-map",
    "0:V:0",
    ...everyFrame,
    ...filter,
    "-pix_fmt",
    "nv12",
    "-f",
    "rawvideo",
    "pipe:1",
  ];
}

/** Matrices that the filter knows how to read from a frame. */
const MATRICES = new Set(["bt709", "fcc", "bt470bg", "smpte170m", "smpte240m", "bt2020nc", "bt2020c"]);

/** An untagged picture is taken for what nearly every untagged video is: BT.709; left alone it passes for BT.601. */
function conversion({ color_space = "" }: ProbedStream, width: number, height: number): string {
  const matrix = MATRICES.has(color_space) ? "auto" : "bt709";
  const colours = `in_color_matrix=${matrix}:out_color_matrix=bt709:out_range=tv`;
  return `scale=w=${width}:h=${height}:${colours}:flags=${CONVERSION_FLAGS},format=nv12`;
}

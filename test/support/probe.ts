/**
 * What an MP4 is, by means that are not ours: ffprobe and ffmpeg where they are on the PATH, else node-av in a
 * child process. `ACCEPTANCE_PROBE=node-av` asks for the second although the first is there.
 */
import { execFile } from "node:child_process";
import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Planar 4:2:0 as decoded: luma and two quarter-size chroma planes. */
export interface Planes {
  readonly width: number;
  readonly height: number;
  readonly y: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
}

interface Facts {
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Frames that came out of the decoder. */
  readonly frames: number;
  readonly codec: string;
  readonly profile: string;
  readonly pixelFormat: string;
  /** Matrix, transfer, primaries, range. */
  readonly colour: readonly string[];
  readonly sound: null | {
    readonly codec: string;
    readonly rate: number;
    readonly channels: number;
    readonly seconds: number;
  };
}

export interface Probed extends Facts {
  readonly faststart: boolean;
  /** Changes of sign in the sound's first second; null without sound, and where node-av measured. */
  readonly crossings: number | null;
  readonly first: Planes;
  readonly last: Planes;
}

const run = promisify(execFile);
const MAX_BUFFER = 512 * 1024 * 1024;

async function works(tool: string): Promise<boolean> {
  return run(tool, ["-version"]).then(
    () => true,
    () => false,
  );
}

async function choose(): Promise<"ffmpeg" | "node-av"> {
  if (process.env.ACCEPTANCE_PROBE !== "node-av" && (await works("ffprobe")) && (await works("ffmpeg"))) {
    return "ffmpeg";
  }
  try {
    import.meta.resolve("node-av");
    return "node-av";
  } catch {
    throw new Error("neither ffmpeg and ffprobe nor node-av is on this machine: no video can be checked");
  }
}

let chosen: Promise<"ffmpeg" | "node-av"> | undefined;

/** The means used; said aloud once, because a pass means only as much as what measured. */
export function prober(): Promise<"ffmpeg" | "node-av"> {
  chosen ??= choose().then((by) => {
    console.info(`videos are decoded and measured by ${by}`);
    return by;
  });
  return chosen;
}

export async function probe(path: string): Promise<Probed> {
  const facts = (await prober()) === "ffmpeg" ? await byTools(path) : await byNodeAv(path);
  return { ...facts, faststart: await isFaststart(path) };
}

type Decoded = Omit<Probed, "faststart">;

interface Stream {
  readonly codec_type: string;
  readonly codec_name: string;
  readonly [key: string]: string | number;
}

async function byTools(path: string): Promise<Decoded> {
  const args = ["-v", "error", "-count_frames", "-show_streams", "-of", "json", path];
  const { stdout } = await run("ffprobe", args, { maxBuffer: MAX_BUFFER });
  const { streams } = JSON.parse(stdout) as { streams: Stream[] };
  const video = streams.find((one) => one.codec_type === "video");
  const sound = streams.find((one) => one.codec_type === "audio");
  if (!video) throw new Error(`${path} has no video`);
  const [width, height] = [Number(video.width), Number(video.height)];
  return {
    seconds: Number(video.duration),
    width,
    height,
    fps: fraction(String(video.avg_frame_rate)),
    frames: Number(video.nb_read_frames),
    codec: video.codec_name,
    profile: String(video.profile),
    pixelFormat: String(video.pix_fmt),
    colour: [video.color_space, video.color_transfer, video.color_primaries, video.color_range].map(String),
    sound: sound
      ? {
          codec: sound.codec_name,
          rate: Number(sound.sample_rate),
          channels: Number(sound.channels),
          seconds: Number(sound.duration),
        }
      : null,
    crossings: sound ? await crossingsOf(path) : null,
    first: await frameByTools(path, { width, height, before: [], after: ["-frames:v", "1"] }),
    last: await frameByTools(path, { width, height, before: ["-sseof", "-1"], after: [] }),
  };
}

/** The last frame of those that these options let out. */
async function frameByTools(
  path: string,
  options: { width: number; height: number; before: readonly string[]; after: readonly string[] },
): Promise<Planes> {
  const { width, height, before, after } = options;
  const args = ["-v", "error", ...before, "-i", path, ...after, "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"];
  const { stdout } = await run("ffmpeg", args, { encoding: "buffer", maxBuffer: MAX_BUFFER });
  const size = (width * height * 3) / 2;
  if (stdout.length < size) throw new Error(`ffmpeg gave ${stdout.length} bytes, a frame has ${size}`);
  return planes(stdout.subarray(stdout.length - size), width, height);
}

function planes(bytes: Uint8Array, width: number, height: number): Planes {
  const luma = width * height;
  const chroma = luma / 4;
  return {
    width,
    height,
    y: bytes.subarray(0, luma),
    u: bytes.subarray(luma, luma + chroma),
    v: bytes.subarray(luma + chroma, luma + 2 * chroma),
  };
}

async function byNodeAv(path: string): Promise<Decoded> {
  const script = fileURLToPath(new URL("./probe-av.ts", import.meta.url));
  const { stdout } = await run(process.execPath, [script, path], { maxBuffer: MAX_BUFFER });
  const { first, last, ...facts } = JSON.parse(stdout) as Facts & { first: string; last: string };
  const { width, height } = facts;
  const frame = (text: string): Planes => planes(Buffer.from(text, "base64"), width, height);
  return { ...facts, crossings: null, first: frame(first), last: frame(last) };
}

function fraction(text: string): number {
  const [over = 0, under = 1] = text.split("/").map(Number);
  return over / under;
}

/** Whether the index (moov) stands before the data (mdat), read from the file's outermost boxes. */
async function isFaststart(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(16);
    for (let at = 0; ; ) {
      const { bytesRead } = await file.read(head, 0, 16, at);
      if (bytesRead < 8) throw new Error(`${path} has neither index nor data`);
      const name = head.toString("latin1", 4, 8);
      if (name === "moov") return true;
      if (name === "mdat") return false;
      const size = head.readUInt32BE(0);
      at += size === 1 ? Number(head.readBigUInt64BE(8)) : size;
    }
  } finally {
    await file.close();
  }
}

/** How often the first second of the sound changes its sign: twice the pitch of a plain tone. */
async function crossingsOf(path: string): Promise<number> {
  const args = ["-v", "error", "-i", path, "-t", "1", "-ac", "1", "-ar", "48000", "-f", "s16le", "-"];
  const { stdout } = await run("ffmpeg", args, { encoding: "buffer", maxBuffer: MAX_BUFFER });
  let count = 0;
  for (let at = 2; at + 2 <= stdout.length; at += 2) {
    if (stdout.readInt16LE(at) < 0 !== stdout.readInt16LE(at - 2) < 0) count += 1;
  }
  return count;
}

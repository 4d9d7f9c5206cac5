import { rm, writeFile } from "node:fs/promises";
import type { EncodeOptions, Encoder, Frame } from "../codec.ts";
import {
  checkEncodeOptions,
  crfFor,
  keyInterval,
  movieTimescale,
  presetFor,
  SOUND_RATE,
  soundBitsFor,
  soundSamples,
  VIDEO_THREADS,
  X264_PARAMS,
} from "../encoding.ts";
import { atLeast, CLOSED_INPUT, type Running, startFfmpeg, type Tools } from "./tool.ts";

const COLOURS = [
  "-color_range",
  "tv",
  "-colorspace",
  "bt709",
  "-color_primaries",
  "bt709",
  "-color_trc",
  "bt709",
];

/** Frames go in over a pipe; the sound waits in a file beside the MP4 until it is read. */
export function openFfmpegEncoder(tools: Tools, options: EncodeOptions): Encoder {
  checkEncodeOptions(options);
  const soundPath = `${options.path}.sound`;
  let tool: Running | undefined;
  let soundReady = !options.sound;
  let sent = 0;
  // It takes a tenth of a second to be ready for a frame: time in which the first one can be drawn.
  const start = () => {
    tool ??= startFfmpeg(tools.ffmpeg, encodeArgs(tools, options, soundPath));
    return tool;
  };
  if (soundReady) start();
  return {
    async sound(samples) {
      if (!options.sound || sent > 0) {
        throw new Error("sound comes before the first frame, and only where it was asked for");
      }
      await writeFile(soundPath, fitted(samples, options));
      soundReady = true;
      start();
    },
    async frame(frame) {
      if (!soundReady) throw new Error("the sound has to come before the first frame");
      if (sent === options.frames) throw new Error(`all ${options.frames} frames are already there`);
      if (frame.width !== options.width || frame.height !== options.height) {
        throw new Error(
          `a frame of ${frame.width}x${frame.height} in a clip of ${options.width}x${options.height}`,
        );
      }
      sent += 1;
      await writeFrame(start(), frame);
    },
    async close() {
      if (!tool || sent !== options.frames) {
        throw new Error(`${sent} frames came, ${options.frames} were promised`);
      }
      tool.stdin.end();
      await tool.ended;
      await rm(soundPath, { force: true });
    },
    async abort() {
      await tool?.kill();
      await rm(soundPath, { force: true });
      await rm(options.path, { force: true });
    },
  };
}

function encodeArgs({ release }: Tools, options: EncodeOptions, soundPath: string): string[] {
  const { width, height, fps, path, comment } = options;
  const size = ["-video_size", `${width}x${height}`, "-framerate", String(fps)];
  const pictures = [
    "-f",
    "rawvideo",
    "-pixel_format",
    "nv12",
    ...size,
    ...COLOURS,
    ...CLOSED_INPUT,
    "-i",
    "pipe:0",
  ];
  const sound = [
    "-f",
    "f32le",
    "-ar",
    String(SOUND_RATE),
    "-ac",
    "2",
    ...CLOSED_INPUT,
    "-i",
    `file:${soundPath}`,
  ];
  const x264 = [
    "-preset",
    presetFor(width, height),
    "-crf",
    String(crfFor(options)),
    "-profile:v",
    "high",
    "-x264-params",
    X264_PARAMS,
  ];
  const video = [
    ...["-map", "0:v", "-c:v", "libx264", ...x264, "-g", String(keyInterval(fps)), "-pix_fmt", "nv12"],
    ...[
      "-threads:v",
      String(VIDEO_THREADS),
      "-flags:v",
      "+bitexact",
      ...COLOURS,
      "-chroma_sample_location",
      "left",
    ],
  ];
  const audio = [
    "-map",
    "1:a",
    "-c:a",
    "aac",
    "-b:a",
    String(soundBitsFor(options)),
    "-flags:a",
    "+bitexact",
  ];
  // Releases before 5.0 have no such option and state the length in milliseconds.
  const scale = atLeast(release, [5, 0]) ? ["-movie_timescale", String(movieTimescale(fps))] : [];
  return [
    ...["-y", ...pictures, ...(options.sound ? sound : []), ...video, ...(options.sound ? audio : [])],
    ...["-map_metadata", "-1", "-metadata", `comment=${comment}`, "-fflags", "+bitexact"],
    ...["-movflags", "+faststart", ...scale, "-f", "mp4", `file:${path}`],
  ];
}

/** Resolves once the bytes have left our hands; rejects with the reason where the tool is gone. */
async function writeFrame({ stdin, ended }: Running, { width, height, y, uv }: Frame): Promise<void> {
  const pixels = width * height;
  if (y.length < pixels || uv.length < pixels / 2)
    throw new Error(`planes of ${y.length} and ${uv.length} bytes`);
  const written = new Promise<boolean>((resolve) => {
    stdin.cork();
    stdin.write(y.subarray(0, pixels));
    stdin.write(uv.subarray(0, pixels / 2), (error) => resolve(!error));
    stdin.uncork();
  });
  if (!(await written)) {
    await ended;
    throw new Error("ffmpeg ended before all frames were there");
  }
}

/** Cut, or filled with silence, to the length of the track. */
function fitted(samples: Float32Array, { frames, fps }: EncodeOptions): Uint8Array {
  const length = 2 * soundSamples(frames, fps);
  const track = samples.length === length ? samples : new Float32Array(length);
  if (track !== samples) track.set(samples.subarray(0, length));
  return new Uint8Array(track.buffer, track.byteOffset, track.byteLength);
}

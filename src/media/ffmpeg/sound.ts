import { doubled, SOUND_RATE } from "../encoding.ts";
import { unreadable } from "../unreadable.ts";
import { firstStream, probe } from "./probe.ts";
import { CLOSED_INPUT, OUR_FORMATS, startFfmpeg, type Tools } from "./tool.ts";

export async function ffmpegDecodeSound(tools: Tools, path: string, seconds: number): Promise<Float32Array> {
  const stream = firstStream(await probe(tools, path, "sound"), "audio");
  if (!stream) throw unreadable("sound", "there is no sound in it");
  // Mixed to stereo by ffmpeg, one channel comes out 3 dB quieter than any player plays it.
  const channels = stream.channels === 1 ? 1 : 2;
  const input = [...CLOSED_INPUT, ...OUR_FORMATS, "-i", `file:${path}`];
  const output = [
    "-ac",
    String(channels),
    "-ar",
    String(SOUND_RATE),
    "-t",
    String(seconds),
    "-f",
    "f32le",
    "pipe:1",
  ];
  const tool = startFfmpeg(tools.ffmpeg, [...input, "-map", "0:a:0", ...output]);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of tool.stdout as AsyncIterable<Buffer>) chunks.push(chunk);
  } finally {
    await tool.kill();
  }
  const bytes = Buffer.concat(chunks);
  const count =
    Math.min(Math.floor(bytes.length / 4 / channels), Math.floor(seconds * SOUND_RATE)) * channels;
  if (bytes.length === 0) throw unreadable("sound", "not one of its samples can be decoded");
  // A copy, because a Buffer need not start at a multiple of 4.
  const samples = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + 4 * count) as ArrayBuffer,
  );
  return channels === 1 ? doubled(samples) : samples;
}

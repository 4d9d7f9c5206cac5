/**
 * The codec of the command line tools `ffmpeg` and `ffprobe`. Used in media children: the tools are processes of
 * their own, but a child bounds what they may take, and dies with them.
 */
import type { Codec } from "./codec.ts";
import { ffmpegFrames, ffmpegLastFrame } from "./ffmpeg/decode.ts";
import { openFfmpegEncoder } from "./ffmpeg/encoder.ts";
import { ffmpegMeasure } from "./ffmpeg/measure.ts";
import { ffmpegDecodeSound } from "./ffmpeg/sound.ts";
import { atLeast, type Release, readTool, type Tools } from "./ffmpeg/tool.ts";

const OLDEST: Release = [4, 4];
const ENCODERS = ["libx264", "aac"];

/** Rejects with an Error that says why where a tool is missing, too old, or built without an encoder. */
export async function openFfmpegCodec(paths: { ffmpeg: string; ffprobe: string }): Promise<Codec> {
  const version = await versionOf(paths.ffmpeg);
  await versionOf(paths.ffprobe);
  const release = releaseOf(version);
  if (!atLeast(release, OLDEST)) throw new Error(`ffmpeg ${version} is older than ${OLDEST.join(".")}`);
  const encoders = await readTool(paths.ffmpeg, ["-encoders"]);
  const missing = ENCODERS.filter((name) => !new RegExp(`^ [VA]\\S+ ${name} `, "m").test(encoders));
  if (missing.length > 0) throw new Error(`ffmpeg ${version} was built without ${missing.join(" and ")}`);
  const tools: Tools = { ...paths, release };
  return {
    id: "ffmpeg",
    version: `ffmpeg ${version}`,
    openEncoder: async (options) => openFfmpegEncoder(tools, options),
    measure: (path) => ffmpegMeasure(tools, path),
    frames: (path, options) => ffmpegFrames(tools, path, options?.fromSeconds),
    lastFrame: (path) => ffmpegLastFrame(tools, path),
    decodeSound: (path, seconds) => ffmpegDecodeSound(tools, path, seconds),
  };
}

/** "5.1.9" of "ffmpeg version 5.1.9-0+deb12u1 Copyright ..." */
async function versionOf(path: string): Promise<string> {
  const said = await readTool(path, ["-version"]).catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      error.code === "ENOENT" ? `${path} was not found` : `${path} does not run: ${error.message}`,
    );
  });
  const version = /^\S+ version (?:n)?([^\s-]+)/.exec(said)?.[1];
  if (!version) throw new Error(`${path} does not say its version`);
  return version;
}

/** A build from a source tree is called "N-1234-gabcdef" and counts as new. */
function releaseOf(version: string): Release {
  const [, major, minor] = /^(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  return major === undefined ? [99, 0] : [Number(major), Number(minor ?? 0)];
}

/**
 * The codec of the npm package node-av, which carries FFmpeg's libraries. Import this file in media children
 * only, and by `import()`: the package is optional, and a fault in native code takes its whole process along.
 */
import { AV_LOG_QUIET } from "node-av/constants";
import { Codec as AvCodec, getFFmpegInfo, Log } from "node-av/lib";
import { avFrames, avLastFrame } from "./av/decode.ts";
import { openAvEncoder } from "./av/encoder.ts";
import { avMeasure } from "./av/measure.ts";
import { avDecodeSound } from "./av/sound.ts";
import type { Codec } from "./codec.ts";

/** Rejects where the native library does not load or was built without libx264 or AAC. */
export async function openAvCodec(): Promise<Codec> {
  // FFmpeg writes to stderr by itself, quoting file names and metadata of clients.
  Log.setLevel(AV_LOG_QUIET);
  for (const name of ["libx264", "aac"]) {
    if (!AvCodec.findEncoderByName(name as never))
      throw new Error(`node-av was built without the encoder ${name}`);
  }
  return {
    id: "node-av",
    version: `node-av (FFmpeg ${getFFmpegInfo().version})`,
    openEncoder: async (options) => openAvEncoder(options),
    measure: avMeasure,
    frames: (path, options) => avFrames(path, options?.fromSeconds),
    lastFrame: avLastFrame,
    decodeSound: avDecodeSound,
  };
}

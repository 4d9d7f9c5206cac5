import type { CodecContext, FormatContext, Frame } from "node-av/lib";
import { check } from "./native.ts";

/** One codec and its stream in the file that is written. */
export interface Track {
  readonly context: CodecContext;
  readonly index: number;
}

/** Encodes a frame and writes whatever the codec has ready; null: no more frames come. */
export type Send = (track: Track, frame: Frame | null) => void;

/** The index of a new stream that carries what `context` makes. */
export function addStream(output: FormatContext, context: CodecContext): number {
  const stream = output.newStream(null);
  check(stream.codecpar.fromContext(context), "describe a stream");
  stream.timeBase = context.timeBase;
  return stream.index;
}

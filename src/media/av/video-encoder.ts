import {
  AV_CODEC_FLAG_BITEXACT,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_PIX_FMT_NV12,
  AVCHROMA_LOC_LEFT,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_BT709,
} from "node-av/constants";
import { Codec, CodecContext, type FormatContext, Frame, Rational } from "node-av/lib";
import type { EncodeOptions, Frame as Picture } from "../codec.ts";
import { crfFor, keyInterval, presetFor, VIDEO_THREADS, X264_PARAMS } from "../encoding.ts";
import { check, need, planesOf, setOptions } from "./native.ts";
import { addStream, type Track } from "./track.ts";

export interface VideoEncoder extends Track {
  readonly frame: Frame;
  /** Copies a picture into `frame` as number `n`, counted from 0. */
  fill(picture: Picture, n: number): void;
}

export function openVideoEncoder(output: FormatContext, options: EncodeOptions): VideoEncoder {
  const { width, height } = options;
  const context = openX264(options);
  const index = addStream(output, context);
  need(output.streams[index], "stream").avgFrameRate = new Rational(options.fps, 1);

  const frame = new Frame();
  frame.alloc();
  frame.width = width;
  frame.height = height;
  frame.format = AV_PIX_FMT_NV12;
  check(frame.getBuffer(0), "reserve a frame");
  const planes = planesOf(frame);
  return {
    context,
    index,
    frame,
    fill(picture, n) {
      if (picture.width !== width || picture.height !== height) {
        throw new Error(`a frame of ${picture.width}x${picture.height} in a clip of ${width}x${height}`);
      }
      // x264 copies what it is sent, so the one frame is ours again; otherwise this would draw over a picture
      // that is still being encoded.
      if (!frame.isWritable) throw new Error("the encoder still holds the last frame");
      copyPlane(picture.y, planes[0], { width, rows: height, stride: frame.linesize[0] });
      copyPlane(picture.uv, planes[1], { width, rows: height / 2, stride: frame.linesize[1] });
      frame.pts = BigInt(n);
    },
  };
}

function openX264(options: EncodeOptions): CodecContext {
  const { width, height, fps } = options;
  const codec = need(Codec.findEncoderByName("libx264" as never), "H.264 encoder libx264");
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = width;
  context.height = height;
  context.pixelFormat = AV_PIX_FMT_NV12;
  context.timeBase = new Rational(1, fps);
  context.framerate = new Rational(fps, 1);
  context.sampleAspectRatio = new Rational(1, 1);
  context.gopSize = keyInterval(fps);
  context.threadCount = VIDEO_THREADS;
  context.colorRange = AVCOL_RANGE_MPEG;
  context.colorPrimaries = AVCOL_PRI_BT709;
  context.colorTrc = AVCOL_TRC_BT709;
  context.colorSpace = AVCOL_SPC_BT709;
  context.chromaLocation = AVCHROMA_LOC_LEFT;
  context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER, AV_CODEC_FLAG_BITEXACT);
  const preset = presetFor(width, height);
  setOptions(context, { preset, crf: crfFor(options), profile: "high", "x264-params": X264_PARAMS });
  check(context.open2Sync(codec, null), "open the H.264 encoder");
  return context;
}

interface PlaneShape {
  /** Bytes of a row that are picture. */
  readonly width: number;
  readonly rows: number;
  /** Bytes from one row to the next. */
  readonly stride: number | undefined;
}

function copyPlane(from: Uint8Array, to: Buffer | undefined, { width, rows, stride }: PlaneShape): void {
  if (!to || !stride || from.length < width * rows)
    throw new Error(`a plane of ${from.length} bytes is too short`);
  if (stride === width) {
    to.set(from.subarray(0, width * rows));
    return;
  }
  for (let row = 0; row < rows; row++) to.set(from.subarray(row * width, (row + 1) * width), row * stride);
}

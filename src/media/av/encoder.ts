import { rm } from "node:fs/promises";
import {
  AV_CODEC_FLAG_BITEXACT,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_PIX_FMT_NV12,
  AVCHROMA_LOC_LEFT,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_BT709,
  AVFMT_FLAG_BITEXACT,
} from "node-av/constants";
import { Codec, CodecContext, Dictionary, FormatContext, Frame, Packet, Rational } from "node-av/lib";
import type { EncodeOptions, Encoder, Frame as Picture } from "../codec.ts";
import {
  CRF,
  checkEncodeOptions,
  keyInterval,
  movieTimescale,
  presetFor,
  VIDEO_THREADS,
  X264_PARAMS,
} from "../encoding.ts";
import { check, need, planesOf, receivePacket, setOptions, turn } from "./native.ts";
import { openSoundEncoder, type SoundEncoder } from "./sound-encoder.ts";
import { addStream, type Send, type Track } from "./track.ts";

export function openAvEncoder(options: EncodeOptions): Encoder {
  checkEncodeOptions(options);
  const output = new FormatContext();
  const packet = new Packet();
  const opened: { freeContext(): void }[] = [];
  let state: "open" | "closed" = "open";

  const send: Send = (track, frame) => {
    check(track.context.sendFrameSync(frame), "encode");
    while (receivePacket(track.context, packet)) {
      const stream = need(output.streams[track.index], "stream");
      packet.streamIndex = track.index;
      packet.rescaleTs(track.context.timeBase, stream.timeBase);
      check(output.interleavedWriteFrameSync(packet), "write");
    }
  };
  const free = () => {
    state = "closed";
    for (const context of opened) context.freeContext();
    packet.free();
    output.closeOutputSync();
    output.freeContext();
  };

  let video: VideoTrack;
  let sound: SoundEncoder | null = null;
  try {
    check(output.allocOutputContext2(null, "mp4", options.path), "open the MP4 writer");
    output.setFlags(AVFMT_FLAG_BITEXACT);
    packet.alloc();
    video = openVideo(output, options);
    opened.push(video.context);
    if (options.sound) {
      sound = openSoundEncoder(output, options);
      opened.push(sound.context);
    }
    writeHeader(output, options);
  } catch (error) {
    free();
    throw error;
  }

  let sent = 0;
  return {
    async sound(samples) {
      if (!sound || sent > 0)
        throw new Error("sound comes before the first frame, and only where it was asked for");
      sound.give(samples);
    },
    async frame(picture) {
      if (sent === options.frames) throw new Error(`all ${options.frames} frames are already there`);
      video.fill(picture, sent++);
      send(video, video.frame);
      // Kept in step with the pictures: the writer holds back at most 10 s of one stream to interleave the other.
      sound?.sendUntil(sent / options.fps, send);
      await turn();
    },
    async close() {
      if (sent !== options.frames) throw new Error(`${sent} frames came, ${options.frames} were promised`);
      send(video, null);
      sound?.finish(send);
      check(output.writeTrailerSync(), "finish the MP4");
      free();
    },
    async abort() {
      if (state === "open") free();
      await rm(options.path, { force: true });
    },
  };
}

interface VideoTrack extends Track {
  readonly frame: Frame;
  /** Copies a picture into `frame` as number `n`, counted from 0. */
  fill(picture: Picture, n: number): void;
}

function openVideo(output: FormatContext, options: EncodeOptions): VideoTrack {
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
  setOptions(context, { preset, crf: CRF, profile: "high", "x264-params": X264_PARAMS });
  check(context.open2Sync(codec, null), "open the H.264 encoder");
  const index = addStream(output, context);
  need(output.streams[index], "stream").avgFrameRate = new Rational(fps, 1);

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

function writeHeader(output: FormatContext, options: EncodeOptions): void {
  output.metadata = Dictionary.fromObject({ comment: options.comment });
  check(output.openOutputSync(), `open ${options.path}`);
  const settings = { movflags: "+faststart", movie_timescale: movieTimescale(options.fps) };
  check(output.writeHeaderSync(Dictionary.fromObject(settings)), "start the MP4");
}

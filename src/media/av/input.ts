import { endianness } from "node:os";
import {
  AV_CODEC_ID_NONE,
  AV_DISPOSITION_ATTACHED_PIC,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_FLAG_BACKWARD,
} from "node-av/constants";
import { Codec, CodecContext, Dictionary, FormatContext, Frame, Packet, type Stream } from "node-av/lib";
import { type Quarters, quartersOf } from "../turn.ts";
import { unreadable } from "../unreadable.ts";
import { check, need, turn } from "./native.ts";

/** One stream of an open file, and its decoder. */
export interface Input {
  readonly format: FormatContext;
  readonly stream: Stream;
  /** Other streams may be in the file; their packets come by as well. */
  packets(): AsyncGenerator<Packet>;
  /** Decoded frames from where the file stands. One frame is reused. */
  frames(): AsyncGenerator<Frame>;
  /** Goes to the last key frame not after `seconds` (from the stream's start), or stays where that fails. */
  seek(seconds: number): void;
  /** Seconds from the start of the stream. */
  secondsOf(timestamp: bigint): number;
  close(): void;
}

/** Only what we take, and only from a file: an MP4 that refers to other files or to a network finds nothing. */
const FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,mp3,wav";
const PROTOCOLS = "file";
const DECODE_THREADS = 2;
/** Packets handled between two turns of the event loop. */
const PACKETS_A_TURN = 32;

export function openInput(path: string, kind: "video" | "sound"): Input {
  const format = new FormatContext();
  const context = new CodecContext();
  const packet = new Packet();
  const frame = new Frame();
  let opened = false;
  const close = () => {
    context.freeContext();
    packet.free();
    frame.free();
    if (opened) format.closeInputSync();
  };
  try {
    format.allocContext();
    const limits = Dictionary.fromObject({ format_whitelist: FORMATS, protocol_whitelist: PROTOCOLS });
    check(format.openInputSync(path, null, limits), "open");
    opened = true;
    check(format.findStreamInfoSync(null), "find streams");
    const stream = pickStream(format, kind);
    openDecoder(context, stream);
    packet.alloc();
    frame.alloc();
    return makeInput({ format, stream, context, packet, frame, kind, close });
  } catch (error) {
    close();
    throw unreadable(kind, `there is no ${kind} in it that can be decoded`, error);
  }
}

/** The first of its kind that is no cover picture: the same choice as the command line tools make for us. */
function pickStream(format: FormatContext, kind: "video" | "sound"): Stream {
  const type = kind === "video" ? AVMEDIA_TYPE_VIDEO : AVMEDIA_TYPE_AUDIO;
  const stream = format.streams.find(
    (each) => each.codecpar.codecType === type && !each.hasDisposition(AV_DISPOSITION_ATTACHED_PIC),
  );
  return need(stream, `a ${kind} stream`);
}

function openDecoder(context: CodecContext, stream: Stream): void {
  const id = stream.codecpar.codecId;
  if (id === AV_CODEC_ID_NONE) throw new Error("unknown codec");
  const codec = need(Codec.findDecoder(id), "decoder");
  context.allocContext3(codec);
  check(context.parametersToContext(stream.codecpar), "configure the decoder");
  context.pktTimebase = stream.timeBase;
  context.threadCount = DECODE_THREADS;
  check(context.open2Sync(codec, null), "open the decoder");
}

interface Parts {
  readonly format: FormatContext;
  readonly stream: Stream;
  readonly context: CodecContext;
  readonly packet: Packet;
  readonly frame: Frame;
  readonly kind: "video" | "sound";
  close(): void;
}

function makeInput({ format, stream, context, packet, frame, kind, close }: Parts): Input {
  const { num, den } = stream.timeBase;
  const { startTime } = stream;
  const start = startTime < -(2n ** 62n) ? 0n : startTime;

  async function* packets(): AsyncGenerator<Packet> {
    for (let count = 1; ; count++) {
      const code = format.readFrameSync(packet);
      if (code === AVERROR_EOF) return;
      if (code < 0) throw unreadable(kind, "it is damaged");
      yield packet;
      packet.unref();
      if (count % PACKETS_A_TURN === 0) await turn();
    }
  }

  async function* frames(): AsyncGenerator<Frame> {
    for await (const each of packets()) {
      // A damaged packet costs its own frames; the decoder finds its way again at the next key frame.
      if (each.streamIndex !== stream.index || context.sendPacketSync(each) < 0) continue;
      while (receiveReadable(context, frame)) yield frame;
    }
    context.sendPacketSync(null);
    while (receiveReadable(context, frame)) yield frame;
  }

  return {
    format,
    stream,
    packets,
    frames,
    seek(seconds) {
      const timestamp = start + BigInt(Math.round((seconds * den) / num));
      if (format.seekFrameSync(stream.index, timestamp, AVSEEK_FLAG_BACKWARD) >= 0) context.flushBuffers();
    },
    secondsOf: (timestamp) => (Number(timestamp - start) * num) / den,
    close,
  };
}

/** A decoder with threads reports a fault some frames late, with good frames behind it. */
const MAX_FAULTS = 100;

/** The next frame that could be decoded; false where the decoder wants input first or has no more to give. */
function receiveReadable(context: CodecContext, frame: Frame): boolean {
  for (let faults = 0; faults < MAX_FAULTS; faults++) {
    const code = context.receiveFrameSync(frame);
    if (code >= 0) return true;
    if (code === AVERROR_EAGAIN || code === AVERROR_EOF) return false;
  }
  return false;
}

/** How far the pictures have to be turned to be seen as they were taken: from the display matrix, 9 fixed-point numbers. */
export function quartersOfStream({ codecpar }: Stream): Quarters {
  const matrix = codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);
  if (!matrix || matrix.length < 36) return 0;
  const number = (index: number) =>
    endianness() === "LE" ? matrix.readInt32LE(4 * index) : matrix.readInt32BE(4 * index);
  return quartersOf(Math.round((Math.atan2(number(1), number(0)) * 180) / Math.PI));
}

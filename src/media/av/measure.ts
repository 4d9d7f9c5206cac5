import {
  AV_NOPTS_VALUE,
  AV_PKT_FLAG_CORRUPT,
  AV_PKT_FLAG_DISCARD,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVMEDIA_TYPE_AUDIO,
  type AVPixelFormat,
} from "node-av/constants";
import {
  avGetCodecName,
  avGetPixFmtName,
  Codec,
  type CodecParameters,
  type Packet,
  type Stream,
} from "node-av/lib";
import { readBoxes } from "../boxes.ts";
import type { Measured } from "../codec.ts";
import { colourName } from "../colour.ts";
import { turnedSize } from "../turn.ts";
import { unreadable } from "../unreadable.ts";
import { type Input, openInput, quartersOfStream } from "./input.ts";

export async function avMeasure(path: string): Promise<Measured> {
  const { faststart } = await readBoxes(path);
  await checkDecodable(path);
  const input = openInput(path, "video");
  try {
    const { stream, format } = input;
    const sound = format.streams.find((each) => each.codecpar.codecType === AVMEDIA_TYPE_AUDIO);
    const pictures = new Span(stream);
    const samples = sound && new Span(sound);
    for await (const packet of input.packets()) {
      if (packet.hasFlags(AV_PKT_FLAG_CORRUPT)) throw unreadable("video", "it is cut off");
      if (packet.streamIndex === stream.index) pictures.add(packet);
      else if (packet.streamIndex === sound?.index) samples?.add(packet);
    }
    const { count: frames, seconds } = pictures;
    if (frames === 0 || seconds <= 0) throw unreadable("video", "there is no frame in it");
    return {
      ...describeVideo(stream),
      seconds,
      frames,
      fps: Math.round((1000 * frames) / seconds) / 1000,
      sound: sound && samples && samples.count > 0 ? describeSound(sound.codecpar, samples.seconds) : null,
      faststart,
    };
  } finally {
    input.close();
  }
}

/** An index over bytes that are no video counts well; so one frame has to come out. */
async function checkDecodable(path: string): Promise<void> {
  const input: Input = openInput(path, "video");
  try {
    for await (const _frame of input.frames()) return;
  } finally {
    input.close();
  }
  throw unreadable("video", "not one of its frames can be decoded");
}

/** From when to when the packets of one stream show, without those that an edit list hides. */
class Span {
  count = 0;
  #first = Number.POSITIVE_INFINITY;
  #end = Number.NEGATIVE_INFINITY;
  readonly #unit: { readonly num: number; readonly den: number };

  constructor(stream: Stream) {
    this.#unit = stream.timeBase;
  }

  add(packet: Packet): void {
    if (packet.hasFlags(AV_PKT_FLAG_DISCARD)) return;
    this.count += 1;
    const { pts, dts, duration } = packet;
    const time = pts === AV_NOPTS_VALUE ? dts : pts;
    if (time === AV_NOPTS_VALUE) return;
    // What stands before 0 is the encoder's run-up, which is not played.
    this.#first = Math.min(this.#first, Math.max(0, Number(time)));
    this.#end = Math.max(this.#end, Number(time + duration));
  }

  get seconds(): number {
    return this.#end > this.#first ? ((this.#end - this.#first) * this.#unit.num) / this.#unit.den : 0;
  }
}

function describeVideo(stream: Stream) {
  const params = stream.codecpar;
  const profiles = Codec.findDecoder(params.codecId)?.profiles ?? [];
  const { colorSpace, colorPrimaries, colorTrc, colorRange } = params;
  const range = colorRange === AVCOL_RANGE_MPEG ? "tv" : colorRange === AVCOL_RANGE_JPEG ? "pc" : "unknown";
  return {
    ...turnedSize(params.width, params.height, quartersOfStream(stream)),
    videoCodec: avGetCodecName(params.codecId) ?? "unknown",
    pixelFormat: avGetPixFmtName(params.format as AVPixelFormat) ?? "unknown",
    profile: profiles.find((each) => each.profile === params.profile)?.name ?? "unknown",
    colour: colourName({
      matrix: COLOUR_NAMES[colorSpace] ?? "other",
      primaries: COLOUR_NAMES[colorPrimaries] ?? "other",
      transfer: COLOUR_NAMES[colorTrc] ?? "other",
      range,
    }),
  };
}

/** ISO/IEC 23091-2 numbers, in the names of ffprobe; alike for matrix, primaries and transfer as far as they go. */
const COLOUR_NAMES: Readonly<Record<number, string>> = {
  1: "bt709",
  2: "unknown",
  5: "bt470bg",
  6: "smpte170m",
};

function describeSound(params: CodecParameters, seconds: number) {
  const codec = avGetCodecName(params.codecId) ?? "unknown";
  return { codec, rate: params.sampleRate, channels: params.channels, seconds };
}

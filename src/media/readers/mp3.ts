import type { SoundFacts } from "../../core/media.ts";
import { latin, PIECE_BYTES, readView, type Source, unreadable } from "./source.ts";

const RATES = [44_100, 48_000, 32_000];
/** kbit/s by the header's index; 0 (free format) and 15 are not used. */
const BITRATES_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const BITRATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const MPEG_1 = 3;
const MPEG_2 = 2;
const LAYER_3 = 1;
const MOST_TAGS = 4;
/** More of what is no frame is not skipped: a picture at the end of the file, or noise. */
const MOST_JUNK = PIECE_BYTES;
/** Frames are counted so far and reckoned from there on. */
const MOST_COUNTED = 32 * 1024 * 1024;

interface FrameHeader {
  /** Bytes, header included. */
  readonly length: number;
  readonly samples: number;
  readonly rate: number;
  readonly channels: number;
  readonly version: number;
}
interface FirstFrame {
  readonly position: number;
  readonly header: FrameHeader;
}

/**
 * Counts the frames, which costs 4 bytes looked at for each. The counts that encoders write (Xing, VBRI) and
 * a guess from the bitrate are cheaper, and both let a long sound pass as a short one.
 */
export async function readMp3(source: Source): Promise<SoundFacts> {
  const first = await findFirstFrame(source, await skipTags(source));
  const frames = (await countFrames(source, first)) - ((await isIndex(source, first)) ? 1 : 0);
  const { channels, rate, samples } = first.header;
  if (frames < 1) throw unreadable("This MP3 has no sound in it.");
  const seconds = (frames * samples) / rate;
  return { kind: "sound", type: "mp3", seconds, channels, rate, bytes: source.size };
}

/** The layer III frame header at `at`, or undefined where there is none. */
export function frameHeader(view: DataView, at: number): FrameHeader | undefined {
  if (at + 4 > view.byteLength || view.getUint16(at) >>> 5 !== 0x7ff) return undefined;
  const version = (view.getUint8(at + 1) >>> 3) & 3;
  const layer = (view.getUint8(at + 1) >>> 1) & 3;
  const bits = view.getUint8(at + 2);
  const base = RATES[(bits >>> 2) & 3];
  const kilobits = (version === MPEG_1 ? BITRATES_1 : BITRATES_2)[bits >>> 4];
  if (version === 1 || layer !== LAYER_3 || !base || !kilobits) return undefined;

  // 0 stands for MPEG 2.5, which has a quarter of the rates.
  const rate = version === MPEG_1 ? base : version === MPEG_2 ? base / 2 : base / 4;
  const samples = version === MPEG_1 ? 1152 : 576;
  const length = Math.floor((samples * kilobits * 125) / rate) + ((bits >>> 1) & 1);
  return { length, samples, rate, channels: view.getUint8(at + 3) >>> 6 === 3 ? 1 : 2, version };
}

async function skipTags(source: Source): Promise<number> {
  let position = 0;
  for (let count = 0; count < MOST_TAGS && position + 10 <= source.size; count++) {
    const head = await readView(source, { position, length: 10, what: "ID3 tag" });
    if (latin(head, 0, 3) !== "ID3") break;
    const sizes = [6, 7, 8, 9].map((at) => head.getUint8(at));
    if (sizes.some((byte) => byte > 0x7f)) throw unreadable("The size of this MP3's ID3 tag is broken.");
    const footer = head.getUint8(5) & 0x10 ? 10 : 0;
    position += 10 + footer + sizes.reduce((sum, byte) => sum * 128 + byte, 0);
  }
  if (position >= source.size) throw unreadable("This MP3 ends inside its ID3 tag: there is no sound.");
  return position;
}

/**
 * Eleven set bits happen by chance, so a second frame of the same kind has to follow where the first ends.
 * Padding may stand between a tag and the first frame; without a tag the file has to begin with the frame.
 */
async function findFirstFrame(source: Source, from: number): Promise<FirstFrame> {
  const length = Math.min(PIECE_BYTES, source.size - from);
  const view = await readView(source, { position: from, length, what: "MP3 frames" });
  const last = from === 0 ? 0 : length - 4;
  for (let at = 0; at <= last; at++) {
    const header = frameHeader(view, at);
    const next = header && frameHeader(view, at + header.length);
    if (header && next && alike(header, next)) return { position: from + at, header };
  }
  throw unreadable("This MP3 has no two sound frames in a row.");
}

function alike(one: FrameHeader, other: FrameHeader): boolean {
  return one.version === other.version && one.rate === other.rate;
}

async function countFrames(source: Source, first: FirstFrame): Promise<number> {
  const end = Math.min(source.size, first.position + MOST_COUNTED);
  let position = first.position;
  let frames = 0;
  let junk = 0;
  while (position + 4 <= end) {
    const length = Math.min(PIECE_BYTES, source.size - position);
    const view = await readView(source, { position, length, what: "MP3 frames" });
    let at = 0;
    while (at + 4 <= length) {
      const header = frameHeader(view, at);
      const found = header !== undefined && alike(header, first.header);
      if (found && position + at + header.length <= source.size) frames += 1;
      junk = found ? 0 : junk + 1;
      if (junk > MOST_JUNK) return frames;
      at += found ? header.length : 1;
    }
    position += at;
  }
  const counted = position - first.position;
  return position < source.size - 4
    ? Math.round((frames * (source.size - first.position)) / counted)
    : frames;
}

/** Whether the first frame holds the encoder's index (Xing, Info or VBRI) instead of sound. */
async function isIndex(source: Source, first: FirstFrame): Promise<boolean> {
  const { length, channels, version } = first.header;
  const view = await readView(source, { position: first.position, length, what: "first MP3 frame" });
  const sideBytes = version === MPEG_1 ? (channels === 2 ? 32 : 17) : channels === 2 ? 17 : 9;
  const marks = [latinOrNone(view, 4 + sideBytes), latinOrNone(view, 36)];
  return marks[0] === "Xing" || marks[0] === "Info" || marks[1] === "VBRI";
}

function latinOrNone(view: DataView, at: number): string {
  return at + 4 <= view.byteLength ? latin(view, at, 4) : "";
}

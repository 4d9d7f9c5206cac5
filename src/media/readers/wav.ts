import { ReelayError } from "../../core/errors.ts";
import type { SoundFacts } from "../../core/media.ts";
import { latin, readView, type Source, unreadable } from "./source.ts";

const MOST_CHUNKS = 1024;
const EXTENSIBLE = 0xfffe;
/** PCM, float, A-law and mu-law: their length follows from their byte count. */
const FORMATS = [1, 3, 6, 7];
/** Written by programs that could not seek back to fill in the length. */
const UNKNOWN_LENGTHS = [0, 0xffffffff];
const MOST_CHANNELS = 64;
const MOST_RATE = 768_000;

interface Format {
  readonly channels: number;
  readonly rate: number;
  readonly bytesPerSecond: number;
}

/** Walks the chunks to the format and the samples; counts no more samples than the file really holds. */
export async function readWav(source: Source): Promise<SoundFacts> {
  let format: Format | undefined;
  let samples: number | undefined;
  let position = 12;
  for (let count = 0; (!format || samples === undefined) && position + 8 <= source.size; count++) {
    if (count === MOST_CHUNKS) throw unreadable(`This WAV has more than ${MOST_CHUNKS} chunks.`);
    const head = await readView(source, { position, length: 8, what: "WAV chunks" });
    const name = latin(head, 0, 4);
    const length = head.getUint32(4, true);
    const left = source.size - position - 8;
    if (name === "fmt ") format = await readFormat(source, position + 8, length);
    if (name === "data") samples = UNKNOWN_LENGTHS.includes(length) ? left : Math.min(length, left);
    position += 8 + length + (length % 2);
  }
  if (!format) throw unreadable("This WAV has no format chunk.");
  if (!samples) throw unreadable("This WAV has no sound in it.");
  const { channels, rate, bytesPerSecond } = format;
  return {
    kind: "sound",
    type: "wav",
    seconds: samples / bytesPerSecond,
    channels,
    rate,
    bytes: source.size,
  };
}

async function readFormat(source: Source, position: number, length: number): Promise<Format> {
  if (length < 16) throw unreadable(`This WAV's format chunk has ${length} bytes; it needs 16.`);
  const extended = length >= 40;
  const view = await readView(source, { position, length: extended ? 40 : 16, what: "WAV format chunk" });
  const tag = view.getUint16(0, true);
  const code = tag === EXTENSIBLE && extended ? view.getUint16(24, true) : tag;
  if (!FORMATS.includes(code)) {
    const message = `This WAV holds sound of format 0x${code.toString(16)}; it must be PCM, float, A-law or mu-law.`;
    throw new ReelayError("input_type_rejected", message);
  }
  const channels = view.getUint16(2, true);
  const rate = view.getUint32(4, true);
  const bytesPerSecond = view.getUint32(8, true);
  const bits = view.getUint16(14, true);
  const frame = view.getUint16(12, true);
  if (channels < 1 || channels > MOST_CHANNELS || rate < 1 || rate > MOST_RATE || bits < 1 || bits > 64) {
    throw unreadable(`This WAV says it has ${channels} channels, ${rate} samples a second and ${bits} bits.`);
  }
  // The length in seconds rests on these two; they are redundant, so a lie shows.
  if (frame !== channels * Math.ceil(bits / 8) || bytesPerSecond !== frame * rate) {
    throw unreadable("This WAV's byte rate does not fit its channels, rate and bits.");
  }
  return { channels, rate, bytesPerSecond };
}

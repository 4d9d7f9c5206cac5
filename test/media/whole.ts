/** A good file of every kind that we read, each longer than the 4 KB that are cut at every byte. */
import sharp from "sharp";
import type { Corpus } from "./hostile.ts";
import {
  bmp,
  box,
  exif,
  ftyp,
  id3,
  join,
  jpegSegment,
  moof,
  moov,
  pngChunk,
  repeat,
  riffChunk,
  trak,
  wav,
  wavFormat,
  zeros,
} from "./samples.ts";

/** How much of the beginning is cut at every byte: all headers and the first of what they are about. */
export const CUT_BYTES = 4096;

/** What nothing packs. */
function noise(width: number, height: number, channels: 3 | 4) {
  let state = 1;
  const data = Uint8Array.from({ length: width * height * channels }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >>> 24;
  });
  return sharp(data, { raw: { width, height, channels } });
}

async function pictures(side: number): Promise<Corpus> {
  const plain = noise(side, side, 3);
  const clear = noise(side, side, 4);
  const png = await plain.clone().png().toBuffer();
  const jpeg = await plain.clone().jpeg({ quality: 90 }).toBuffer();
  const turned = jpegSegment(0xe1, join("Exif\0\0", exif(6)));
  return {
    "png, with a direction": join(png.subarray(0, 33), pngChunk("eXIf", exif(6)), png.subarray(33)),
    "png, of a palette": await plain.clone().png({ palette: true }).toBuffer(),
    "png, interlaced": await clear.clone().png({ progressive: true }).toBuffer(),
    "jpeg, with a direction": join(jpeg.subarray(0, 2), turned, jpeg.subarray(2)),
    "jpeg, progressive": await plain.clone().jpeg({ quality: 90, progressive: true }).toBuffer(),
    "webp, lossy": await plain.clone().webp({ quality: 95 }).toBuffer(),
    "webp, lossless": await plain.clone().webp({ lossless: true }).toBuffer(),
    "webp, extended": await clear.clone().withMetadata({ orientation: 6 }).webp().toBuffer(),
    "bmp, of 24 bits": bmp({ width: side, height: side, pixels: 3 * side * side }),
    "bmp, of 32 bits, top-down": bmp({ width: side, height: -side, depth: 32, pixels: 4 * side * side }),
  };
}

/** Slow ones: so much of the second half of the 4 KB is long enough for a model that asks for two seconds. */
function sounds(): Corpus {
  const byte = (rate: number) => wavFormat({ channels: 1, rate, bits: 8 });
  const float = wavFormat({ tag: 3, channels: 2, rate: 8000, bits: 32 });
  const list = riffChunk("LIST", "INFOISFTa test\0\0");
  // MPEG 2.5, layer III, 8 kbit/s at 8 kHz, one channel: 72 bytes and 576 samples a frame.
  const frame = join([0xff, 0xe3, 0x18, 0xc4], zeros(68));
  return {
    "wav, of one byte a sample": wav({ format: byte(1000), samples: 6000, length: 6000 }),
    "wav, of floats": wav({ format: float, samples: 8000, length: 8000, before: [list] }),
    "mp3, slow": repeat(80, frame),
    "mp3, behind a tag": join(id3(300), repeat(80, frame)),
  };
}

/** `clip` is an MP4 with its index in front and longer than 4 KB. */
function clips(clip: Uint8Array): Corpus {
  const fragment = join(moof(1, 5, 24), box("mdat", zeros(64)));
  return {
    mp4: clip,
    "mov, its index behind": indexBehind(clip),
    "mp4, in fragments": join(ftyp("iso5"), moov(trak({ durations: [] })), repeat(40, fragment)),
  };
}

/** The same frames as a MOV, in which the index comes last. */
function indexBehind(clip: Uint8Array): Uint8Array {
  const parts = outermost(clip);
  const [index, data] = ["moov", "mdat"].map((name) => parts.find(({ type }) => type === name));
  if (!index || !data) throw new Error("that clip has no index or no data");
  const head = join(ftyp("qt  "), box("wide"));
  const moved = Uint8Array.from(clip.subarray(index.at, index.at + index.size));
  const view = new DataView(moved.buffer);
  for (const at of placesOf(moved, "stco")) {
    const count = view.getUint32(at + 8);
    for (let i = 0; i < count; i++) {
      const entry = at + 12 + 4 * i;
      view.setUint32(entry, view.getUint32(entry) + head.length - data.at);
    }
  }
  return join(head, clip.subarray(data.at, data.at + data.size), moved);
}

function outermost(clip: Uint8Array): { type: string; at: number; size: number }[] {
  const view = new DataView(clip.buffer, clip.byteOffset, clip.length);
  const parts = [];
  for (let at = 0; at + 8 <= clip.length; ) {
    const size = view.getUint32(at);
    parts.push({ type: Buffer.from(clip.subarray(at + 4, at + 8)).toString("latin1"), at, size });
    at += Math.max(8, size);
  }
  return parts;
}

function placesOf(bytes: Uint8Array, mark: string): number[] {
  const buffer = Buffer.from(bytes);
  const places = [];
  for (let at = buffer.indexOf(mark); at >= 0; at = buffer.indexOf(mark, at + 1)) places.push(at);
  return places;
}

/** By name, which begins with the type. Pictures are `side` pixels wide and high. */
export async function wholeFiles(clip: Uint8Array, side: number): Promise<Corpus> {
  const all = { ...(await pictures(side)), ...sounds(), ...clips(clip) };
  for (const [name, bytes] of Object.entries(all)) {
    if (bytes.length <= CUT_BYTES) throw new Error(`${name} has ${bytes.length} bytes, too few to be cut`);
  }
  return all;
}

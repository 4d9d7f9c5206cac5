/** Small files of every type we read, built byte by byte so that a test can bend any of them. */
import { crc32 } from "node:zlib";

type Part = Uint8Array | string | readonly number[];

/** Strings are one byte a character. */
export function join(...parts: readonly Part[]): Uint8Array {
  const buffers = parts.map((part) =>
    typeof part === "string" ? Buffer.from(part, "latin1") : Uint8Array.from(part),
  );
  return Uint8Array.from(Buffer.concat(buffers));
}

/** Big-endian; negative numbers are two's complement. */
export function be(value: number, length: number): number[] {
  return Array.from({ length }, (_, i) => Number((BigInt(value) >> BigInt(8 * (length - 1 - i))) & 255n));
}

export function le(value: number, length: number): number[] {
  return be(value, length).reverse();
}

export const zeros = (length: number): number[] => new Array<number>(length).fill(0);

/** A TIFF block whose first directory has one entry. */
export function exif(orientation: number, order: "II" | "MM" = "MM"): Uint8Array {
  const number = order === "MM" ? be : le;
  const entry = [number(0x112, 2), number(3, 2), number(1, 4), number(orientation, 2), zeros(2)].flat();
  return join(order, number(42, 2), number(8, 4), number(1, 2), entry, zeros(4));
}

export function pngChunk(name: string, content: Part): Uint8Array {
  const body = join(name, content);
  return join(be(body.length - 4, 4), body, be(crc32(body), 4));
}

export function png({ width = 64, height = 48, format = [8, 2, 0, 0, 0], before = [] as Uint8Array[] } = {}) {
  const header = pngChunk("IHDR", [...be(width, 4), ...be(height, 4), ...format]);
  return join("\x89PNG\r\n\x1a\n", header, ...before, pngChunk("IDAT", zeros(4)), pngChunk("IEND", []));
}

export function jpegSegment(marker: number, content: Part): Uint8Array {
  const body = join(content);
  return join([0xff, marker], be(body.length + 2, 2), body);
}

export function jpeg({ width = 64, height = 48, marker = 0xc0, before = [] as Uint8Array[] } = {}) {
  const frame = jpegSegment(marker, [8, ...be(height, 2), ...be(width, 2), 3, ...zeros(9)]);
  return join([0xff, 0xd8], ...before, frame, jpegSegment(0xda, zeros(10)), zeros(8), [0xff, 0xd9]);
}

export function riffChunk(name: string, content: Part, length?: number): Uint8Array {
  const body = join(content);
  return join(name, le(length ?? body.length, 4), body, zeros(body.length % 2));
}

export function riff(form: string, ...chunks: readonly Uint8Array[]): Uint8Array {
  const body = join(form, ...chunks);
  return join("RIFF", le(body.length, 4), body);
}

export const vp8 = (width: number, height: number) =>
  riffChunk("VP8 ", [0, 0, 0, 0x9d, 0x01, 0x2a, ...le(width, 2), ...le(height, 2), 0, 0]);
export const vp8l = (width: number, height: number) =>
  riffChunk("VP8L", [0x2f, ...le((width - 1) | ((height - 1) << 14), 4), 0]);
export const vp8x = (width: number, height: number, flags = 0) =>
  riffChunk("VP8X", [flags, 0, 0, 0, ...le(width - 1, 3), ...le(height - 1, 3)]);

export function bmp({ width = 5, height = 4, header = 40, depth = 24, compression = 0, pixels = -1 } = {}) {
  const rows = 4 * Math.ceil((width * depth) / 32) * Math.abs(height);
  const sizes = [
    le(header, 4),
    le(width, 4),
    le(height, 4),
    le(1, 2),
    le(depth, 2),
    le(compression, 4),
  ].flat();
  const body = join(
    sizes,
    zeros(header - sizes.length),
    zeros(pixels < 0 ? Math.min(Math.max(rows, 0), 65_536) : pixels),
  );
  return join("BM", le(body.length + 14, 4), zeros(4), le(14 + header, 4), body);
}

export function wavFormat({
  tag = 1,
  channels = 2,
  rate = 8000,
  bits = 16,
  extra = [] as readonly number[],
} = {}) {
  const frame = (channels * bits) / 8;
  return riffChunk("fmt ", [
    ...[le(tag, 2), le(channels, 2), le(rate, 4), le(rate * frame, 4), le(frame, 2), le(bits, 2)].flat(),
    ...extra,
  ]);
}

export function wav({
  format = wavFormat(),
  samples = 3200,
  length = 3200,
  before = [] as Uint8Array[],
} = {}) {
  return riff("WAVE", ...before, format, riffChunk("data", zeros(samples), length));
}

/** Silence at 128 kbit/s, 44.1 kHz: 417 bytes, 1152 samples. The mark goes where an encoder puts its index. */
export function mp3Frame({ bits = 0x90, mode = 0, length = 417, mark = "", at = 36 } = {}): Uint8Array {
  const bytes = join([0xff, 0xfb, bits, mode << 6], zeros(length - 4));
  bytes.set(join(mark), at);
  return bytes;
}

export const repeat = (count: number, part: Uint8Array) => join(...new Array<Uint8Array>(count).fill(part));

export function id3(length: number, content: Part = zeros(length)): Uint8Array {
  return join(
    "ID3",
    [4, 0, 0],
    [21, 14, 7, 0].map((shift) => (length >> shift) & 0x7f),
    content,
  );
}

export function box(type: string, ...content: readonly Part[]): Uint8Array {
  const body = join(...content);
  return join(be(body.length + 8, 4), type, body);
}

export const ftyp = (major: string, ...others: readonly string[]) => box("ftyp", major, zeros(4), ...others);

/** `mvhd` or `mdhd`; `long` is version 1 with 64-bit times. */
export function times(type: string, timescale: number, duration: number, long = false): Uint8Array {
  return long
    ? box(type, [1, 0, 0, 0], zeros(16), be(timescale, 4), be(duration, 8), zeros(4))
    : box(type, zeros(12), be(timescale, 4), be(duration, 4), zeros(4));
}

/** The four corners of the matrix, as whole numbers. */
export const UPRIGHT = [1, 0, 0, 1];
export const QUARTER_TURN = [0, 1, -1, 0];

export function tkhd({ id = 1, width = 64, height = 48, matrix = UPRIGHT, long = false } = {}): Uint8Array {
  const [a, b, c, d] = matrix.map((value) => be(value * 65_536, 4));
  const corners = [...a!, ...b!, ...zeros(4), ...c!, ...d!, ...zeros(16)];
  const head = long
    ? [1, 0, 0, 3, ...zeros(16), ...be(id, 4), ...zeros(28)]
    : [0, 0, 0, 3, ...zeros(8), ...be(id, 4), ...zeros(24)];
  return box("tkhd", head, corners, be(width * 65_536, 4), be(height * 65_536, 4));
}

export interface TrackOptions {
  readonly handler?: string;
  readonly header?: Uint8Array;
  readonly media?: Uint8Array;
  readonly coded?: readonly [number, number];
  /** Pairs of samples and ticks each. */
  readonly durations?: readonly (readonly [number, number])[];
}

export function trak(options: TrackOptions = {}): Uint8Array {
  const { handler = "vide", header = tkhd(), media = times("mdhd", 600, 1200), coded = [64, 48] } = options;
  const durations = options.durations ?? [[50, 24]];
  const entry = box("avc1", zeros(24), be(coded[0], 2), be(coded[1], 2), zeros(50));
  const stsd = box("stsd", zeros(4), be(1, 4), entry);
  const stts = box(
    "stts",
    zeros(4),
    be(durations.length, 4),
    durations.flatMap((pair) => pair.flatMap((n) => be(n, 4))),
  );
  const stbl = box("stbl", stsd, stts);
  const hdlr = box("hdlr", zeros(8), handler, zeros(13));
  return box(
    "trak",
    header,
    box("mdia", media, hdlr, box("minf", box("hdlr", zeros(8), "url ", zeros(13)), stbl)),
  );
}

export const moov = (...parts: readonly Uint8Array[]) => box("moov", times("mvhd", 1000, 2000), ...parts);

export const mp4 = (index = moov(trak())) => join(ftyp("isom", "mp42"), index, box("mdat", zeros(64)));

/** One fragment of the track: `ticks` for each sample, or none where the track's default holds. */
export function moof(id: number, samples: number, ticks?: number): Uint8Array {
  const table = ticks === undefined ? [] : new Array(samples).fill(be(ticks, 4)).flat();
  const trun = box("trun", be(ticks === undefined ? 1 : 0x101, 4), be(samples, 4), zeros(4), table);
  return box("moof", box("mfhd", zeros(8)), box("traf", box("tfhd", be(0x20000, 4), be(id, 4)), trun));
}

/** One good file of each type, by name. */
export const SAMPLES: Readonly<Record<string, Uint8Array>> = {
  png: png({ before: [pngChunk("eXIf", exif(6))] }),
  jpeg: jpeg({ before: [jpegSegment(0xe1, join("Exif\0\0", exif(6)))] }),
  "webp, lossy": riff("WEBP", vp8(64, 48)),
  "webp, lossless": riff("WEBP", vp8l(64, 48)),
  "webp, extended": riff("WEBP", vp8x(64, 48, 8), vp8(64, 48), riffChunk("EXIF", exif(6))),
  bmp: bmp(),
  wav: wav({ samples: 320, length: 320 }),
  mp3: join(id3(20), repeat(4, mp3Frame())),
  mp4: mp4(),
  mov: join(box("wide"), box("mdat", zeros(32)), moov(trak(), trak({ handler: "soun" }))),
  "mp4, fragmented": join(
    ftyp("iso5"),
    moov(trak({ durations: [] })),
    moof(1, 5, 24),
    box("mdat", zeros(9)),
    moof(1, 5, 24),
  ),
};

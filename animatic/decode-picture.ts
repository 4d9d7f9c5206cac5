/** Opens a still picture that a client gave: only of the types that we take, only as large as fits, and upright. */
import { open, readFile, stat } from "node:fs/promises";
import sharp, { type Sharp } from "sharp";
import { ReelayError } from "../src/core/errors.ts";
import { sniff } from "../src/media/readers/sniff.ts";
import { decodeBitmap } from "./bitmap.ts";

/** For the child that renders: pictures from files, and our own drawings. */
export const PICTURE_LOADERS = [
  "VipsForeignLoadJpegFile",
  "VipsForeignLoadPngFile",
  "VipsForeignLoadWebpFile",
  "VipsForeignLoadSvgBuffer",
];

const TYPES: readonly (string | undefined)[] = ["jpeg", "png", "webp", "bmp"];
const MAX_PIXELS = 100_000_000;
/** Decoded. A picture that lies on its side is held whole while it is turned. */
const MAX_DECODED_BYTES = 512 * 1024 * 1024;
const MAX_BITMAP_BYTES = 256 * 1024 * 1024;
const HEAD_BYTES = 64;

/** `what` names the picture in errors, for example "first frame". */
export async function decodePicture(path: string, what: string): Promise<Sharp> {
  const type = sniff(await head(path, what));
  // Here too, though the server has looked already: what libvips would make of anything else is not for us to find out.
  if (!TYPES.includes(type)) throw unreadable(what, "is no JPEG, PNG, WebP or BMP picture");
  if (type === "bmp") return await decodeOwn(path, what);
  await readable(what, async () =>
    checkSize(await sharp(path, { limitInputPixels: false }).metadata(), what),
  );
  return sharp(path, { failOn: "error", limitInputPixels: MAX_PIXELS }).autoOrient();
}

/** A failure of `work` is the picture's. */
export async function readable<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ReelayError) throw error;
    throw unreadable(what, "is not a picture that can be read: it is damaged or cut off", error);
  }
}

interface Sizes {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth?: string;
}

function checkSize({ width, height, channels, depth }: Sizes, what: string): void {
  const pixels = width * height;
  const bytes = pixels * channels * (depth === "ushort" || depth === "short" ? 2 : 1);
  if (pixels <= MAX_PIXELS && bytes <= MAX_DECODED_BYTES) return;
  const most = `at most ${MAX_PIXELS / 1e6} megapixels and ${MAX_DECODED_BYTES / 1024 / 1024} MiB unpacked are read`;
  throw unreadable(
    what,
    `is ${width} x ${height} pixels, ${Math.round(bytes / 1024 / 1024)} MiB unpacked; ${most}`,
  );
}

async function decodeOwn(path: string, what: string): Promise<Sharp> {
  const { size } = await stat(path);
  if (size > MAX_BITMAP_BYTES)
    throw unreadable(what, `is a bitmap of ${size} bytes; at most ${MAX_BITMAP_BYTES} are read`);
  const { data, width, height, channels } = decodeBitmap(await readFile(path));
  return sharp(data, { raw: { width, height, channels } });
}

async function head(path: string, what: string): Promise<DataView> {
  return readable(what, async () => {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return new DataView(buffer.buffer, buffer.byteOffset, bytesRead);
  });
}

function unreadable(what: string, why: string, cause?: unknown): ReelayError {
  return new ReelayError("input_unreadable", `The ${what} ${why}.`, cause === undefined ? {} : { cause });
}

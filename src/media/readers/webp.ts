import type { PictureFacts } from "../../core/media.ts";
import { exifOrientation, turned } from "./exif.ts";
import { latin, PIECE_BYTES, printable, readView, type Source, unreadable } from "./source.ts";

const MOST_CHUNKS = 256;
const ANIMATED = 0x02;

interface Chunk {
  readonly name: string;
  /** Of the content. */
  readonly start: number;
  readonly length: number;
}
interface Size {
  readonly width: number;
  readonly height: number;
}

/** Reads the canvas and the header of the picture in it, which have to agree, and EXIF where there is some. */
export async function readWebp(source: Source): Promise<PictureFacts> {
  const end = await riffEnd(source);
  let canvas: Size | undefined;
  let picture: Size | undefined;
  let orientation = 1;
  for await (const chunk of chunksOf(source, end)) {
    if (chunk.name === "VP8X" && chunk.start === 20) {
      canvas = await canvasSize(source, chunk);
    } else if (chunk.name === "VP8 " || chunk.name === "VP8L") {
      picture ??= chunk.name === "VP8 " ? await lossySize(source, chunk) : await losslessSize(source, chunk);
      // Only the extended format has anything after the picture.
      if (!canvas) break;
    } else if (chunk.name === "EXIF" && chunk.length <= PIECE_BYTES) {
      orientation = await orientationOf(source, chunk);
    }
  }
  if (!picture) throw unreadable("This WebP has no picture in it.");
  if (canvas && (canvas.width !== picture.width || canvas.height !== picture.height)) {
    throw unreadable(
      `This WebP says it is ${canvas.width} x ${canvas.height} pixels and holds ${picture.width} x ${picture.height}.`,
    );
  }
  return { kind: "picture", type: "webp", ...turned(picture, orientation), bytes: source.size };
}

async function riffEnd(source: Source): Promise<number> {
  const head = await readView(source, { position: 0, length: 12, what: "WebP header" });
  const end = 8 + head.getUint32(4, true);
  if (end > source.size) {
    throw unreadable(`This WebP is cut off: it says it has ${end} bytes and there are ${source.size}.`);
  }
  return end;
}

async function* chunksOf(source: Source, end: number): AsyncGenerator<Chunk> {
  let position = 12;
  for (let count = 0; position + 8 <= end; count++) {
    if (count === MOST_CHUNKS) throw unreadable(`This WebP has more than ${MOST_CHUNKS} chunks.`);
    const head = await readView(source, { position, length: 8, what: "WebP chunks" });
    const chunk = { name: latin(head, 0, 4), start: position + 8, length: head.getUint32(4, true) };
    if (chunk.start + chunk.length > end) {
      throw unreadable(`The "${printable(chunk.name)}" chunk of this WebP runs past the end of the file.`);
    }
    yield chunk;
    position = chunk.start + chunk.length + (chunk.length % 2);
  }
}

async function canvasSize(source: Source, chunk: Chunk): Promise<Size> {
  const view = await pictureHeader(source, chunk, 10);
  if (view.getUint8(0) & ANIMATED) throw unreadable("This is an animated WebP; send one picture.");
  const uint24 = (at: number) => view.getUint16(at, true) + 0x10000 * view.getUint8(at + 2);
  return { width: 1 + uint24(4), height: 1 + uint24(7) };
}

async function lossySize(source: Source, chunk: Chunk): Promise<Size> {
  const view = await pictureHeader(source, chunk, 10);
  const keyFrame = (view.getUint8(0) & 1) === 0;
  if (!keyFrame || view.getUint8(3) !== 0x9d || view.getUint16(4) !== 0x012a) {
    throw unreadable("This WebP does not begin with a key frame.");
  }
  const size = { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
  if (!size.width || !size.height)
    throw unreadable(`This WebP says it is ${size.width} x ${size.height} pixels.`);
  return size;
}

async function losslessSize(source: Source, chunk: Chunk): Promise<Size> {
  const view = await pictureHeader(source, chunk, 5);
  const bits = view.getUint32(1, true);
  if (view.getUint8(0) !== 0x2f || bits >>> 29 !== 0)
    throw unreadable("This lossless WebP has a broken header.");
  return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
}

async function pictureHeader(source: Source, chunk: Chunk, length: number): Promise<DataView> {
  if (chunk.length < length) throw unreadable(`The "${chunk.name}" chunk of this WebP is too short.`);
  return readView(source, { position: chunk.start, length, what: `WebP ${chunk.name.trim()} chunk` });
}

async function orientationOf(source: Source, chunk: Chunk): Promise<number> {
  const view = await readView(source, {
    position: chunk.start,
    length: chunk.length,
    what: "WebP EXIF chunk",
  });
  // Some writers keep the prefix that EXIF has in a JPEG.
  const prefixed = chunk.length >= 6 && latin(view, 0, 6) === "Exif\0\0";
  return exifOrientation(view, prefixed ? 6 : 0);
}

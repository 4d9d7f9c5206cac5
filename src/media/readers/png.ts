import { crc32 } from "node:zlib";
import type { PictureFacts } from "../../core/media.ts";
import { exifOrientation, turned } from "./exif.ts";
import { latin, PIECE_BYTES, printable, readView, type Source, unreadable } from "./source.ts";

/** Bit depths of each colour type; what is not here does not exist. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
const FIRST_CHUNK = 8;
const MOST_CHUNKS = 256;

/** Reads the header and the chunks before the pixels. An animated PNG counts as the still it begins with. */
export async function readPng(source: Source): Promise<PictureFacts> {
  const head = await readView(source, { position: FIRST_CHUNK, length: 25, what: "PNG header" });
  const name = latin(head, 4, 4);
  if (head.getUint32(0) !== 13 || name !== "IHDR") {
    throw unreadable(`This PNG begins with a "${printable(name)}" chunk instead of its IHDR header.`);
  }
  const header = new Uint8Array(head.buffer, head.byteOffset + 4, 17);
  if (crc32(header) !== head.getUint32(21)) throw unreadable("The checksum of this PNG's header is wrong.");

  const size = { width: head.getUint32(8), height: head.getUint32(12) };
  const depth = head.getUint8(16);
  const colour = head.getUint8(17);
  if (!size.width || !size.height || Math.max(size.width, size.height) > 0x7fffffff) {
    throw unreadable(`This PNG says it is ${size.width} x ${size.height} pixels.`);
  }
  if (!DEPTHS[colour]?.includes(depth) || head.getUint8(18) || head.getUint8(19) || head.getUint8(20) > 1) {
    throw unreadable(
      `This PNG's header names a colour format that does not exist (${colour}, ${depth} bits).`,
    );
  }
  const orientation = await orientationBeforePixels(source);
  return { kind: "picture", type: "png", ...turned(size, orientation), bytes: source.size };
}

async function orientationBeforePixels(source: Source): Promise<number> {
  let position = FIRST_CHUNK + 25;
  let orientation = 1;
  for (let count = 0; count < MOST_CHUNKS; count++) {
    const chunk = await readView(source, { position, length: 8, what: "PNG chunks" });
    const length = chunk.getUint32(0);
    const name = latin(chunk, 4, 4);
    if (name === "IDAT") return orientation;
    if (name === "IEND") throw unreadable("This PNG has no pixels.");
    if (name === "eXIf" && length <= PIECE_BYTES) {
      const view = await readView(source, { position: position + 8, length, what: "PNG eXIf chunk" });
      orientation = exifOrientation(view, 0);
    }
    position += 12 + length;
  }
  throw unreadable(`This PNG has more than ${MOST_CHUNKS} chunks before its pixels.`);
}

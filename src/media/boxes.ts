import { open } from "node:fs/promises";
import { unreadable } from "./unreadable.ts";

/** The outermost boxes of an MP4 or MOV file, in file order. Sizes in bytes. */
export interface Boxes {
  /** The index stands before the data. */
  readonly faststart: boolean;
}

/** Hours of a video in pieces of a second have fewer; a file made of nothing else would be walked for minutes. */
const MAX_BOXES = 20_000;

/**
 * Walks the outermost boxes, reading 16 bytes of each. Rejects with `input_unreadable` where the last one is cut
 * off: decoders read such a file silently up to the cut, and a shorter clip would pass for the whole.
 */
export async function readBoxes(path: string): Promise<Boxes> {
  const file = await open(path, "r");
  try {
    const { size: end } = await file.stat();
    const head = Buffer.alloc(16);
    let moov = -1;
    let mdat = -1;
    let at = 0;
    for (let count = 0; at < end && count < MAX_BOXES; count++) {
      const { bytesRead } = await file.read(head, 0, 16, at);
      const size = boxSize(head, bytesRead, end - at);
      const type = head.toString("latin1", 4, 8);
      if (size === null || !/^[ -~]{4}$/.test(type)) break;
      if (type === "moov" && moov < 0) moov = at;
      if (type === "mdat" && mdat < 0) mdat = at;
      if (at + size > end && (type === "moov" || type === "mdat")) {
        throw unreadable("video", `it is cut off inside its ${type} box`);
      }
      at += size;
    }
    if (moov < 0 || mdat < 0) throw unreadable("video", "it is not an MP4, or its index is missing");
    return { faststart: moov < mdat };
  } finally {
    await file.close();
  }
}

/** Bytes of the box that starts at `head`; null where no box can be so long. 0 stands for "to the end of the file". */
function boxSize(head: Buffer, bytesRead: number, left: number): number | null {
  if (bytesRead < 8) return null;
  const short = head.readUInt32BE(0);
  if (short === 0) return left;
  if (short === 1) return bytesRead < 16 ? null : Math.max(16, Number(head.readBigUInt64BE(8)));
  return short < 8 ? null : short;
}

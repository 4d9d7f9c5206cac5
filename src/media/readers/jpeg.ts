import type { PictureFacts } from "../../core/media.ts";
import { exifOrientation, turned } from "./exif.ts";
import { latin, readView, type Source, unreadable } from "./source.ts";

/** Metadata of 20 MB is some 300 full segments. */
const MOST_STEPS = 1024;
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const APP1 = 0xe1;
/** Baseline, extended, progressive: what decoders in use can read. */
const DECODABLE = new Set([0xc0, 0xc1, 0xc2]);
/** 0xC4, 0xC8 and 0xCC lie between the frame headers and are none. */
const FRAME_HEADERS = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);

/** Walks the segments up to the frame header, reading a few bytes of each and the whole of EXIF. */
export async function readJpeg(source: Source): Promise<PictureFacts> {
  let position = 2;
  let orientation: number | undefined;
  for (let step = 0; step < MOST_STEPS; step++) {
    const start = await readView(source, { position, length: 2, what: "JPEG header" });
    const marker = start.getUint8(1);
    if (start.getUint8(0) !== 0xff) throw unreadable(`This JPEG has no marker at byte ${position}.`);
    if (marker === 0xff) {
      // Any number of fill bytes may stand before a marker.
      position += 1;
      continue;
    }
    if (standsAlone(marker)) {
      position += 2;
      continue;
    }
    if (marker === START_OF_SCAN || marker === END_OF_IMAGE || marker === 0) {
      throw unreadable("This JPEG has no frame header before its pixels.");
    }
    const length = await segmentLength(source, position);
    if (FRAME_HEADERS.has(marker)) {
      const size = await frameHeader(source, { position, length, marker });
      return { kind: "picture", type: "jpeg", ...turned(size, orientation ?? 1), bytes: source.size };
    }
    if (marker === APP1) orientation ??= await orientationOf(source, position + 4, length - 2);
    position += 2 + length;
  }
  throw unreadable(`This JPEG has more than ${MOST_STEPS} segments before its frame header.`);
}

/** TEM and the restart markers have no length. */
function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

async function segmentLength(source: Source, position: number): Promise<number> {
  const view = await readView(source, { position: position + 2, length: 2, what: "JPEG header" });
  const length = view.getUint16(0);
  if (length < 2) throw unreadable(`This JPEG has a segment of ${length} bytes at byte ${position}.`);
  return length;
}

async function frameHeader(
  source: Source,
  segment: { readonly position: number; readonly length: number; readonly marker: number },
): Promise<{ width: number; height: number }> {
  if (!DECODABLE.has(segment.marker)) {
    throw unreadable(
      "This JPEG is lossless, hierarchical or arithmetic coded; send a baseline or progressive one.",
    );
  }
  if (segment.length < 11) throw unreadable("This JPEG's frame header is too short.");
  const view = await readView(source, {
    position: segment.position + 4,
    length: 6,
    what: "JPEG frame header",
  });
  const height = view.getUint16(1);
  const width = view.getUint16(3);
  if (!width || !height) throw unreadable(`This JPEG says it is ${width} x ${height} pixels.`);
  return { width, height };
}

/** undefined where the segment is not EXIF: XMP uses the same marker. */
async function orientationOf(source: Source, position: number, length: number): Promise<number | undefined> {
  if (length < 6) return undefined;
  const view = await readView(source, { position, length, what: "JPEG EXIF segment" });
  return latin(view, 0, 6) === "Exif\0\0" ? exifOrientation(view, 6) : undefined;
}

import type { PictureFacts } from "../../core/media.ts";
import { readView, type Source, unreadable } from "./source.ts";

/** Lengths of BITMAPINFOHEADER and of those made since; they tell the versions apart. */
export const BMP_HEADERS: readonly number[] = [40, 52, 56, 64, 108, 124];
const DEPTHS = [1, 4, 8, 16, 24, 32];
const PLAIN = 0;
const BIT_FIELDS = [3, 6];
const RUN_LENGTH = [1, 2];

/** A negative height means that the rows go from the top down, nothing else. */
export async function readBmp(source: Source): Promise<PictureFacts> {
  const view = await readView(source, { position: 0, length: 54, what: "BMP header" });
  const header = view.getUint32(14, true);
  if (!BMP_HEADERS.includes(header)) throw unreadable(`This BMP has an unknown header of ${header} bytes.`);

  const width = view.getInt32(18, true);
  const height = Math.abs(view.getInt32(22, true));
  if (width <= 0 || height === 0 || height > 0x7fffffff) {
    throw unreadable(`This BMP says it is ${width} x ${height} pixels.`);
  }
  const depth = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  if (view.getUint16(26, true) !== 1 || !DEPTHS.includes(depth)) {
    throw unreadable(`This BMP has ${depth} bits a pixel; possible are ${DEPTHS.join(", ")}.`);
  }
  const fixedSize = compression === PLAIN || BIT_FIELDS.includes(compression);
  if (!fixedSize && !RUN_LENGTH.includes(compression)) {
    throw unreadable(`This BMP uses compression ${compression}; send an uncompressed one.`);
  }
  const start = view.getUint32(10, true);
  const row = 4 * Math.ceil((width * depth) / 32);
  const end = start + (fixedSize ? row * height : 0);
  if (start < 14 + header || end > source.size) {
    throw unreadable(
      `This BMP is cut off: its pixels are bytes ${start} to ${end} and it has ${source.size}.`,
    );
  }
  return { kind: "picture", type: "bmp", width, height, bytes: source.size };
}

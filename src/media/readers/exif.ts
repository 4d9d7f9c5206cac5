/** How a picture is turned for display: 1 to 8 as EXIF counts, 5 to 8 stand it on its side. */
import { latin } from "./source.ts";

const ORIENTATION = 0x0112;
const SHORT = 3;
const MOST_ENTRIES = 512;

/** Reads a TIFF block at `start`. Broken EXIF never makes a picture unreadable: it is 1 then, as in browsers. */
export function exifOrientation(view: DataView, start: number): number {
  const length = view.byteLength - start;
  if (length < 14) return 1;
  const order = latin(view, start, 2);
  if (order !== "II" && order !== "MM") return 1;
  const little = order === "II";
  const directory = view.getUint32(start + 4, little);
  if (view.getUint16(start + 2, little) !== 42 || directory + 2 > length) return 1;

  const entries = Math.min(view.getUint16(start + directory, little), MOST_ENTRIES);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + 12 * i;
    if (entry + 12 > length) return 1;
    if (view.getUint16(start + entry, little) !== ORIENTATION) continue;
    const value = view.getUint16(start + entry + 8, little);
    return view.getUint16(start + entry + 2, little) === SHORT && value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Width and height as displayed. */
export function turned(size: { readonly width: number; readonly height: number }, orientation: number) {
  return orientation >= 5 ? { width: size.height, height: size.width } : size;
}

/**
 * Reads Windows bitmaps, which sharp cannot: uncompressed 8 bit with a palette, 24 and 32 bit, and 16 or 32 bit
 * with channel masks, bottom-up or top-down. Anything else, and any byte missing, is `input_unreadable`.
 */
import { ReelayError } from "../src/core/errors.ts";
import type { Pixels } from "./colour.ts";

const MAX_PIXELS = 64 * 1024 * 1024;
const RGB = 0;
const BITFIELDS = 3;
const ALPHA_BITFIELDS = 6;

/** A channel inside a pixel's bits. */
interface Mask {
  readonly shift: number;
  readonly largest: number;
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly pixelsAt: number;
  readonly paletteAt: number;
  readonly paletteSize: number;
  /** Bytes from row to row: rows are padded to 4 bytes. */
  readonly stride: number;
  readonly masks: readonly Mask[];
}

export function decodeBitmap(bytes: Uint8Array): Pixels {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(view);
  const { width, height, bits, stride } = header;
  const data = new Uint8Array(width * height * 3);
  const size = bits / 8;
  for (let y = 0; y < height; y++) {
    const row = header.pixelsAt + (header.topDown ? y : height - 1 - y) * stride;
    for (let x = 0; x < width; x++) {
      const from = row + x * size;
      const to = (y * width + x) * 3;
      if (header.masks.length > 0) {
        const word = size === 2 ? view.getUint16(from, true) : view.getUint32(from, true);
        for (let i = 0; i < 3; i++) data[to + i] = channel(word, header.masks[i]);
        continue;
      }
      const at = bits === 8 ? paletteEntry(header, bytes[from] ?? 0) : from;
      data[to] = bytes[at + 2] ?? 0;
      data[to + 1] = bytes[at + 1] ?? 0;
      data[to + 2] = bytes[at] ?? 0;
    }
  }
  return { data, width, height, channels: 3 };
}

function readHeader(view: DataView): Header {
  if (view.byteLength < 54) unreadable(`has ${view.byteLength} bytes, less than its header`);
  const headerSize = view.getUint32(14, true);
  if (headerSize < 40 || headerSize > 1024)
    unreadable(`has a header of ${headerSize} bytes; 40 to 1024 are read`);
  const width = view.getInt32(18, true);
  const signedHeight = view.getInt32(22, true);
  const height = Math.abs(signedHeight);
  if (width < 1 || height < 1 || width * height > MAX_PIXELS)
    unreadable(`says it has ${width} by ${signedHeight} pixels; at most ${MAX_PIXELS} are read`);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const masked = compression === BITFIELDS || compression === ALPHA_BITFIELDS;
  const known = masked ? bits === 16 || bits === 32 : compression === RGB && [8, 24, 32].includes(bits);
  if (!known) unreadable(`has ${bits} bits a pixel in compression ${compression}, which is not read`);
  const pixelsAt = view.getUint32(10, true);
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (pixelsAt < 54 || pixelsAt + stride * height > view.byteLength)
    unreadable(`ends after ${view.byteLength} bytes; its pixels need ${pixelsAt + stride * height}`);
  const paletteAt = 14 + headerSize;
  const paletteSize = Math.min(256, view.getUint32(46, true) || 256, Math.floor((pixelsAt - paletteAt) / 4));
  if (bits === 8 && paletteSize < 1) unreadable("has no palette");
  return {
    width,
    height,
    topDown: signedHeight < 0,
    bits,
    pixelsAt,
    paletteAt,
    paletteSize,
    stride,
    // The masks stand at byte 54 both as part of a longer header and behind a short one.
    masks: masked ? [0, 4, 8].map((offset) => readMask(view, 54 + offset)) : [],
  };
}

function readMask(view: DataView, at: number): Mask {
  if (at + 4 > view.byteLength) unreadable("ends inside its channel masks");
  const mask = view.getUint32(at, true);
  if (mask === 0) return { shift: 0, largest: 0 };
  const shift = 31 - Math.clz32(mask & -mask);
  const largest = mask >>> shift;
  if ((largest & (largest + 1)) !== 0) unreadable("has a channel mask with gaps");
  return { shift, largest };
}

function channel(word: number, mask: Mask | undefined): number {
  if (!mask || mask.largest === 0) return 0;
  return Math.round((((word >>> mask.shift) & mask.largest) >>> 0) * (255 / mask.largest));
}

function paletteEntry(header: Header, index: number): number {
  return header.paletteAt + Math.min(index, header.paletteSize - 1) * 4;
}

function unreadable(what: string): never {
  throw new ReelayError("input_unreadable", `The bitmap ${what}.`);
}

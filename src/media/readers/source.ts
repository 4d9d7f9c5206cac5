/**
 * Where a reader gets its bytes: by position, a bounded piece at a time, from a file or from memory.
 * Nothing here decodes anything, and no reader ever holds more than one piece.
 */
import type { FileHandle } from "node:fs/promises";
import { ReelayError } from "../../core/errors.ts";

export interface Source {
  /** Bytes in all. */
  readonly size: number;
  /** Fewer bytes than asked for only where the source ends. */
  read(position: number, length: number): Promise<Uint8Array>;
}

/** The most that is read in one piece. */
export const PIECE_BYTES = 65_536;
const WINDOW_BYTES = 4_096;

export function unreadable(message: string): ReelayError {
  return new ReelayError("input_unreadable", message);
}

export function bytesSource(bytes: Uint8Array): Source {
  return {
    size: bytes.length,
    read: async (position, length) => bytes.subarray(position, position + length),
  };
}

export function fileSource(handle: FileHandle, size: number): Source {
  return {
    size,
    async read(position, length) {
      const bytes = new Uint8Array(Math.min(length, Math.max(0, size - position)));
      let filled = 0;
      while (filled < bytes.length) {
        const left = bytes.length - filled;
        const { bytesRead } = await handle.read(bytes, filled, left, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    },
  };
}

/**
 * Keeps the first 64 kB and the last piece read, so that walking headers a few bytes at a time costs few
 * system calls.
 */
export function buffered(source: Source): Source {
  let prefix: Promise<Uint8Array> | undefined;
  let window = { start: 0, bytes: new Uint8Array() };
  return {
    size: source.size,
    async read(position, length) {
      const end = Math.min(position + length, source.size);
      if (end <= PIECE_BYTES) {
        prefix ??= source.read(0, PIECE_BYTES);
        return (await prefix).subarray(position, end);
      }
      if (position < window.start || end > window.start + window.bytes.length) {
        const bytes = await source.read(position, Math.max(length, WINDOW_BYTES));
        window = { start: position, bytes: Uint8Array.from(bytes) };
      }
      return window.bytes.subarray(position - window.start, end - window.start);
    },
  };
}

/** All of `length` bytes, at most 64 kB, or `input_unreadable` where the file ends before. */
export async function readView(
  source: Source,
  place: { readonly position: number; readonly length: number; readonly what: string },
): Promise<DataView> {
  const { position, length, what } = place;
  if (length > PIECE_BYTES) throw new Error(`a piece of ${length} bytes is too big to ask for`);
  const bytes = position + length <= source.size ? await source.read(position, length) : undefined;
  if (bytes?.length !== length) {
    throw unreadable(`The file is cut off at byte ${source.size}, inside its ${what}.`);
  }
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}

/** One character a byte, so that any bytes are a string that can be compared. */
export function latin(view: DataView, start: number, length: number): string {
  let text = "";
  for (let i = start; i < start + length; i++) text += String.fromCharCode(view.getUint8(i));
  return text;
}

/** A four-character code for a message: what cannot be printed is shown as a dot. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, ".");
}

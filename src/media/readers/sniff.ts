/**
 * What a file is by its first bytes. Each accepted type has to begin at byte 0 with its own mark: something
 * in front of it, or a second mark behind, is how a file passes as two things at once.
 */
import { ReelayError } from "../../core/errors.ts";
import { CONTENT_TYPES, type MediaType } from "../../core/media.ts";
import { listTypes } from "../check-limits.ts";
import { BMP_HEADERS } from "./bmp.ts";
import { frameHeader } from "./mp3.ts";
import { latin } from "./source.ts";

/** One reader serves both: which of the two it is stands in the file's brands. */
export type Sniffed = Exclude<MediaType, "mov">;

/** First boxes of a QuickTime file from before there were brands. */
const OLD_MOV_BOXES = ["moov", "mdat", "wide", "free", "skip", "pnot"];

/** Known and not accepted: a mark, where it stands, and what it says, with an article. */
const OTHERS: readonly (readonly [mark: string, at: number, what: string])[] = [
  ["GIF8", 0, "a GIF picture"],
  ["II*\0", 0, "a TIFF picture"],
  ["MM\0*", 0, "a TIFF picture"],
  ["JXL ", 4, "a JPEG XL picture"],
  ["\xff\x0a", 0, "a JPEG XL picture"],
  ["jP  ", 4, "a JPEG 2000 picture"],
  ["8BPS", 0, "a Photoshop document"],
  ["\0\0\x01\0", 0, "an icon"],
  ["\x1aE\xdf\xa3", 0, "a WebM or Matroska clip"],
  ["AVI ", 8, "an AVI clip"],
  ["FLV\x01", 0, "a Flash clip"],
  ["\0\0\x01\xba", 0, "an MPEG program stream"],
  ["G@\0", 0, "an MPEG transport stream"],
  ["G@\x11", 0, "an MPEG transport stream"],
  ["OggS", 0, "an Ogg file"],
  ["fLaC", 0, "a FLAC sound"],
  ["\xff\xf1", 0, "an AAC sound"],
  ["\xff\xf9", 0, "an AAC sound"],
  ["RF64", 0, "a 64-bit WAV"],
  ["%PDF", 0, "a PDF document"],
  ["PK\x03\x04", 0, "a ZIP archive"],
  ["PK\x05\x06", 0, "a ZIP archive"],
  ["\x1f\x8b", 0, "a gzip archive"],
  ["#EXTM3U", 0, "an HLS playlist"],
  ["ffconcat", 0, "a list of files"],
];

/** The same for text, which may begin with a byte order mark, space and comments. */
const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/<svg[\s>]/, "an SVG picture"],
  [/^(<!doctype html|<html)/, "an HTML page"],
  [/<mpd[\s>]/, "a DASH playlist"],
  [/^</, "an XML document"],
  [/^[{[]/, "JSON"],
];

/** undefined where it is nothing that we take. Needs the first bytes only. */
export function sniff(view: DataView): Sniffed | undefined {
  const head = latin(view, 0, Math.min(view.byteLength, 12));
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (head.startsWith("RIFF") && head.slice(8) === "WEBP") return "webp";
  if (head.startsWith("RIFF") && head.slice(8) === "WAVE") return "wav";
  if (head.startsWith("BM") && isBmp(view)) return "bmp";
  if (head.startsWith("ID3") || frameHeader(view, 0)) return "mp3";
  const box = head.slice(4, 8);
  return box === "ftyp" || OLD_MOV_BOXES.includes(box) ? "mp4" : undefined;
}

/** Two letters are too few: plain text may begin with them. */
function isBmp(view: DataView): boolean {
  return view.byteLength < 18 || BMP_HEADERS.includes(view.getUint32(14, true));
}

/** With an article, for a sentence: "an SVG picture". */
export function describe(view: DataView): string {
  if (view.byteLength === 0) return "empty";
  const start = latin(view, 0, Math.min(view.byteLength, 1024));
  const other = OTHERS.find(([mark, at]) => start.startsWith(mark, at));
  if (other) return other[2];
  const plain = start
    .replace(/^\xef\xbb\xbf/, "")
    .trimStart()
    .toLowerCase();
  return TEXTS.find(([pattern]) => pattern.test(plain))?.[1] ?? "of an unknown type";
}

/** `what` is what the file is, to follow "This file is". */
export function notAccepted(what: string): ReelayError {
  const all = Object.keys(CONTENT_TYPES) as MediaType[];
  return new ReelayError("input_type_rejected", `This file is ${what}; it must be ${listTypes(all)}.`);
}

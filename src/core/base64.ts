/**
 * A file as text: base64, alone or in a data URL. Decoded piece by piece, because the text is in memory already and a file
 * may be large; strictly, because Node's own decoder leaves out what it does not know and would give another file.
 */
import { ReelayError } from "./errors.ts";

/** Characters decoded at once. */
const PIECE = 64 * 1024;
const DATA_URL = /^\s*data:([^,;]*)((?:;[^,;]*)*),/i;
/** A head is short, and the rest of the text is not looked through for a comma. */
const LONGEST_HEAD = 512;

/** What a data URL calls the type of its content, lower-case; null for plain base64, and where it does not say. */
export function typeOfDataUrl(text: string): string | null {
  return DATA_URL.exec(text.slice(0, LONGEST_HEAD))?.[1]?.trim().toLowerCase() || null;
}

/** Line breaks and missing padding are fine. Throws `input_unreadable` at what is no base64. */
export async function* decodeBase64(text: string): AsyncGenerator<Buffer> {
  const begin = beginOf(text);
  let rest = "";
  for (let at = begin; at < text.length; at += PIECE) {
    const piece = rest + text.slice(at, at + PIECE).replace(/\s+/g, "");
    const strange = /[^A-Za-z0-9+/=]/.exec(piece) ?? /=[^=]/.exec(piece);
    if (strange)
      throw refuse(`it has ${JSON.stringify(strange[0])} in it, at or after character ${at - begin}`);
    // What is short of a group of four, or may be the end, waits for more.
    const whole = Math.max(0, piece.length - (piece.length % 4) - 4);
    if (whole > 0) yield Buffer.from(piece.slice(0, whole), "base64");
    rest = piece.slice(whole);
  }
  const [letters = "", padding = ""] = /^([^=]*)(=*)$/.exec(rest)?.slice(1) ?? [];
  const short = letters.length % 4;
  if (short === 1 || (padding !== "" && (letters.length + padding.length) % 4 !== 0) || padding.length > 2) {
    throw refuse("its end is missing");
  }
  if (letters !== "") yield Buffer.from(letters, "base64");
}

function beginOf(text: string): number {
  if (!/^\s*data:/i.test(text)) return 0;
  const head = DATA_URL.exec(text.slice(0, LONGEST_HEAD));
  if (!head) throw refuse("it begins like a data URL and has no comma");
  if (!/;\s*base64\s*$/i.test(head[2] ?? "")) throw refuse("it is a data URL without ;base64");
  return head[0].length;
}

function refuse(why: string): ReelayError {
  return new ReelayError(
    "input_unreadable",
    `The file is no base64: ${why}. Send standard base64 (A-Z, a-z, 0-9, +, /), alone or as data:<type>;base64,<text>.`,
  );
}

/**
 * Tells the one long text of a Vertex AI answer, the video, from the rest of it, byte by byte and whatever the pieces are
 * that it arrives in. It judges no grammar: what it copies is parsed afterwards.
 */
export interface Scan {
  /** What this piece has of the answer without its videos, and of the first video's base64. */
  feed(piece: Uint8Array): { readonly rest: readonly Uint8Array[]; readonly base64: string };
}

/** One object or list that is open. */
interface Level {
  readonly list: boolean;
  index: number;
  key: string;
  wantsKey: boolean;
}

type Place = "structure" | "key" | "text" | "dropped" | "video";

const BYTES = "bytesBase64Encoded";
/** Any other value of that name is dropped unread: a second video, or our own picture in an echo of the request. */
const VIDEO = `response.videos.0.${BYTES}`;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, COMMA, COLON] = Buffer.from("{}[],:");

export function openScan(): Scan {
  const levels: Level[] = [];
  let inside: Place = "structure";
  let escaped = false;
  /** The digits of a \u escape so far, which may come in two pieces. */
  let digits: string | undefined;
  let videoSeen = false;

  const textAfter = (level: Level | undefined): Place => {
    if (level?.wantsKey) {
      level.key = "";
      return "key";
    }
    if (level?.key !== BYTES) return "text";
    const path = levels.map(({ list, index, key }) => (list ? index : key)).join(".");
    if (videoSeen || path !== VIDEO) return "dropped";
    videoSeen = true;
    return "video";
  };

  const afterStructure = (byte: number): Place => {
    const level = levels.at(-1);
    if (byte === QUOTE) return textAfter(level);
    if (byte === OPEN) levels.push({ list: false, index: 0, key: "", wantsKey: true });
    else if (byte === OPEN_LIST) levels.push({ list: true, index: 0, key: "", wantsKey: false });
    else if (byte === CLOSE || byte === CLOSE_LIST) levels.pop();
    else if (byte === COLON && level) level.wantsKey = false;
    else if (byte === COMMA && level) {
      level.index++;
      level.wantsKey = !level.list;
    }
    return "structure";
  };

  /** What an escape inside the base64 stands for: some encoders write "/" with a backslash, and "=" in hex digits. */
  const unescaped = (byte: number): string => {
    const char = String.fromCharCode(byte);
    if (digits === undefined) {
      if (char === "u") digits = "";
      else escaped = false;
      return char === "u" || "nrt".includes(char) ? "" : char;
    }
    digits += char;
    if (digits.length < 4) return "";
    const unit = String.fromCharCode(Number.parseInt(digits, 16));
    digits = undefined;
    escaped = false;
    return unit;
  };

  /** Inside a text of any kind: whether `byte` ends it. */
  const ends = (byte: number): boolean => {
    if (escaped) escaped = false;
    else if (byte === BACKSLASH) escaped = true;
    else return byte === QUOTE;
    return false;
  };

  return {
    feed(piece) {
      const rest: Uint8Array[] = [];
      let base64 = "";
      /** From here to the byte at hand nothing has been handed out yet. */
      let from = 0;
      const take = (to: number): void => {
        const part = piece.subarray(from, to);
        if (inside === "video")
          base64 += Buffer.from(part.buffer, part.byteOffset, part.length).toString("latin1");
        else if (inside !== "dropped") rest.push(part);
        from = to;
      };
      for (let at = 0; at < piece.length; at++) {
        const byte = piece[at] ?? 0;
        if (inside === "structure") {
          inside = afterStructure(byte);
          // The quote itself belongs to the rest, which then has an empty text in place of the video.
          if (inside === "video" || inside === "dropped") {
            rest.push(piece.subarray(from, at + 1));
            from = at + 1;
          }
        } else if (inside === "video" && (escaped || byte === BACKSLASH)) {
          take(at);
          from = at + 1;
          if (escaped) base64 += unescaped(byte);
          else escaped = true;
        } else if (ends(byte)) {
          take(at);
          inside = "structure";
        } else if (inside === "key") {
          const level = levels.at(-1);
          // One more than the longest that is looked for is enough to be another.
          if (level && level.key.length <= BYTES.length) level.key += String.fromCharCode(byte);
        }
      }
      take(piece.length);
      return { rest, base64 };
    },
  };
}

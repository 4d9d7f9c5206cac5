/**
 * Takes in the answer of a finished operation, which without a storage folder has the whole video in it: tens of MB of
 * base64 (contract 2.1). The video goes to a file as it arrives; only the rest is ever held in memory.
 */
import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { ReelayError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import { parseJson } from "./upstream-body.ts";
import { openScan } from "./vertex-scan.ts";

interface VertexAnswer {
  /** With an empty text where a video was. */
  readonly body: Json;
  /** Whether the first video is at `path` now. */
  readonly saved: boolean;
}

interface Bounds {
  readonly mostRestBytes: number;
  readonly mostVideoBytes: number;
}

const BOUNDS: Bounds = { mostRestBytes: 1024 ** 2, mostVideoBytes: 2 * 1024 ** 3 };

/** Rejects where it breaks off, is no JSON, or is too large; there is no file then that was not there before. */
export async function takeAnswer(
  bytes: AsyncIterable<Uint8Array>,
  path: string,
  { mostRestBytes, mostVideoBytes }: Bounds = BOUNDS,
): Promise<VertexAnswer> {
  const scan = openScan();
  const decoder = openDecoder();
  // Under a name of its own until it is whole: a crash must not leave half a video that looks like one.
  const temporary = `${path}.${randomUUID()}.part`;
  const rest: Uint8Array[] = [];
  let restBytes = 0;
  let videoBytes = 0;
  let file: FileHandle | undefined;
  const save = async (decoded: Uint8Array): Promise<void> => {
    if (decoded.length === 0) return;
    videoBytes += decoded.length;
    if (videoBytes > mostVideoBytes) throw new Error(`the video has more than ${mostVideoBytes} bytes`);
    file ??= await open(temporary, "wx");
    await file.appendFile(decoded);
  };
  try {
    for await (const piece of bytes) {
      const found = scan.feed(piece);
      for (const part of found.rest) {
        restBytes += part.length;
        if (restBytes > mostRestBytes) throw new Error(`the answer has more than ${mostRestBytes} bytes`);
        // A copy: a part would hold on to the whole piece that it is of.
        rest.push(Uint8Array.from(part));
      }
      await save(decoder.push(found.base64));
    }
    await save(decoder.end());
    const body = parseJson(Buffer.concat(rest).toString("utf8"));
    await file?.close();
    if (file) await rename(temporary, path);
    return { body, saved: file !== undefined };
  } catch (cause) {
    await file?.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw new ReelayError("provider_failed", "Vertex AI's answer could not be taken in whole.", { cause });
  }
}

/** The whole of a short answer; null where it is not JSON, breaks off, or is not short. */
export async function readShort(bytes: AsyncIterable<Uint8Array>): Promise<Json> {
  try {
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const piece of bytes) {
      length += piece.length;
      if (length > BOUNDS.mostRestBytes) return null;
      parts.push(piece);
    }
    return parseJson(Buffer.concat(parts).toString("utf8"));
  } catch {
    return null;
  }
}

/** Base64 in pieces that end anywhere. Strict: Node leaves out what it does not know, and all bytes after it would be wrong. */
function openDecoder(): { push(text: string): Buffer; end(): Buffer } {
  let begun = "";
  let over = false;
  return {
    push(text) {
      const all = begun + text;
      if (text === "") return Buffer.alloc(0);
      if (over || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(all)) throw new Error("the video is not base64");
      const whole = all.length - (all.length % 4);
      begun = all.slice(whole);
      over = all.slice(0, whole).endsWith("=");
      return Buffer.from(all.slice(0, whole), "base64");
    },
    end() {
      if (begun.length === 1 || begun.includes("=")) throw new Error("the video's base64 breaks off");
      return Buffer.from(begun, "base64");
    },
  };
}

/**
 * Says what a file is and measures it by its headers. Runs in the server on bytes from anywhere, so there is
 * no native code and no decoding here, and every reader is bounded in steps and in bytes held.
 */
import { open } from "node:fs/promises";
import type { MediaFacts } from "../core/media.ts";
import { readBmp } from "./readers/bmp.ts";
import { readJpeg } from "./readers/jpeg.ts";
import { readMp3 } from "./readers/mp3.ts";
import { readMp4 } from "./readers/mp4.ts";
import { readPng } from "./readers/png.ts";
import { describe, notAccepted, type Sniffed, sniff } from "./readers/sniff.ts";
import { buffered, fileSource, readView, type Source } from "./readers/source.ts";
import { readWav } from "./readers/wav.ts";
import { readWebp } from "./readers/webp.ts";

const READERS: Readonly<Record<Sniffed, (source: Source) => Promise<MediaFacts>>> = {
  bmp: readBmp,
  jpeg: readJpeg,
  mp3: readMp3,
  mp4: readMp4,
  png: readPng,
  wav: readWav,
  webp: readWebp,
};

/** Throws as `inspectSource` does, and the system's error where the file cannot be opened. */
export async function inspectFile(path: string): Promise<MediaFacts> {
  await using handle = await open(path, "r");
  const { size } = await handle.stat();
  return await inspectSource(fileSource(handle, size));
}

/**
 * Throws `input_type_rejected` where it is none of the types of `MediaFacts`, and `input_unreadable` where it is
 * one but broken: cut off, or with sizes that cannot be.
 */
export async function inspectSource(source: Source): Promise<MediaFacts> {
  const pieces = buffered(source);
  const prefix = await readView(pieces, { position: 0, length: Math.min(source.size, 1024), what: "header" });
  const type = sniff(prefix);
  if (!type) throw notAccepted(describe(prefix));
  return READERS[type](pieces);
}

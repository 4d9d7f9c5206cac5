/** One track of an MP4 or MOV, filled in box by box while the file is walked. */

import { type Box, readContent, readEntries } from "./boxes.ts";
import { latin, type Source, unreadable } from "./source.ts";

export interface Track {
  id: number;
  /** "vide", "soun" or another. */
  handler: string;
  /** Pixels as coded, from the sample description; 0 where it does not say. */
  codedWidth: number;
  codedHeight: number;
  /** Pixels as laid out, from the track header. */
  shownWidth: number;
  shownHeight: number;
  /** Whether the matrix turns it by a quarter, either way. */
  quarterTurn: boolean;
  /** Ticks a second. */
  timescale: number;
  /** Ticks as the media header has it; undefined where it is unknown. */
  duration: number | undefined;
  /** Counted in the sample table, and in fragments. */
  samples: number;
  ticks: number;
}

export function newTrack(): Track {
  return {
    id: 0,
    handler: "",
    codedWidth: 0,
    codedHeight: 0,
    shownWidth: 0,
    shownHeight: 0,
    quarterTurn: false,
    timescale: 0,
    duration: undefined,
    samples: 0,
    ticks: 0,
  };
}

/** Takes what this box says about the track; boxes that say nothing are passed over. */
export async function readTrackBox(source: Source, box: Box, track: Track): Promise<void> {
  if (box.path === "trak/tkhd") await readTrackHeader(source, box, track);
  if (box.path === "mdia/mdhd") Object.assign(track, await readTimes(source, box));
  // QuickTime has a second `hdlr`, deeper, that is about the data and not about the media.
  if (box.path === "mdia/hdlr") track.handler = latin(await readContent(source, box, 12), 8, 4);
  if (box.path === "stbl/stsd") await readDescription(source, box, track);
  if (box.path === "stbl/stts") await readDurations(source, box, track);
}

/** Timescale and duration of an `mvhd` or `mdhd`. All bits set stands for "unknown", and 0 is written for it too. */
export async function readTimes(
  source: Source,
  box: Box,
): Promise<{ readonly timescale: number; readonly duration: number | undefined }> {
  const long = (await readContent(source, box, 20)).getUint8(0) === 1;
  const view = await readContent(source, box, long ? 32 : 20);
  const timescale = view.getUint32(long ? 20 : 12);
  if (timescale === 0) throw unreadable(`The "${box.type}" box says that a second has 0 ticks.`);
  const duration = long ? view.getUint32(24) * 2 ** 32 + view.getUint32(28) : view.getUint32(16);
  const unknown = duration === 0 || duration >= (long ? 2 ** 63 : 2 ** 32 - 1);
  return { timescale, duration: unknown ? undefined : duration };
}

async function readTrackHeader(source: Source, box: Box, track: Track): Promise<void> {
  const long = (await readContent(source, box, 84)).getUint8(0) === 1;
  const view = await readContent(source, box, long ? 96 : 84);
  const matrix = long ? 52 : 40;
  const [a, b, , c, d] = [0, 4, 8, 12, 16].map((at) => view.getInt32(matrix + at));
  track.id = view.getUint32(long ? 20 : 12);
  track.quarterTurn = a === 0 && d === 0 && b !== 0 && c !== 0;
  // 16.16 fixed point.
  track.shownWidth = Math.round(view.getUint32(matrix + 36) / 65_536);
  track.shownHeight = Math.round(view.getUint32(matrix + 40) / 65_536);
}

async function readDescription(source: Source, box: Box, track: Track): Promise<void> {
  if (track.handler !== "vide" || box.end - box.start < 44) return;
  const view = await readContent(source, box, 44);
  track.codedWidth = view.getUint16(40);
  track.codedHeight = view.getUint16(42);
}

async function readDurations(source: Source, box: Box, track: Track): Promise<void> {
  const count = (await readContent(source, box, 8)).getUint32(4);
  await readEntries(source, box, {
    offset: 8,
    count,
    entryBytes: 8,
    visit(view, at) {
      const samples = view.getUint32(at);
      track.samples += samples;
      track.ticks += samples * view.getUint32(at + 4);
    },
  });
}

/**
 * The boxes that an MP4 or MOV is made of, in file order, without recursion. Everything a hostile file can
 * say about itself is bounded here: how deep, how many, how big, and that a box ends inside its parent.
 */
import { latin, printable, readView, type Source, unreadable } from "./source.ts";

const MOST_BOXES = 4096;
const MOST_INDEX_BYTES = 16 * 1024 * 1024;
/**
 * Container and the only parent it is entered in. No path in this table is longer than five, so depth is bounded by it:
 * a `trak` in a `trak` is passed over.
 */
const PARENT_OF: Readonly<Record<string, string>> = {
  moov: "",
  trak: "moov",
  mvex: "moov",
  mdia: "trak",
  minf: "mdia",
  stbl: "minf",
  moof: "",
  traf: "moof",
};

export interface Box {
  /** Parent and own name, for example "moov/trak"; the parent of a top box is "". */
  readonly path: string;
  readonly type: string;
  /** Of the content. */
  readonly start: number;
  readonly end: number;
}

interface Container {
  readonly type: string;
  readonly end: number;
}

/** Yields every box of the top and of the containers above. Throws `input_unreadable` at the first impossible size. */
export async function* walkBoxes(source: Source): AsyncGenerator<Box> {
  const open: Container[] = [{ type: "", end: source.size }];
  let position = 0;
  let count = 0;
  for (let parent = open.at(-1); parent; parent = open.at(-1)) {
    if (parent.end - position < 8) {
      position = parent.end;
      open.pop();
      continue;
    }
    count += 1;
    if (count > MOST_BOXES) throw unreadable(`This file has more than ${MOST_BOXES} boxes.`);
    const box = await readBox(source, position, parent);
    yield box;
    const enter = PARENT_OF[box.type] === parent.type;
    if (enter) open.push(box);
    position = enter ? box.start : box.end;
  }
}

async function readBox(source: Source, position: number, parent: Container): Promise<Box> {
  const head = await readView(source, { position, length: 8, what: "boxes" });
  const type = latin(head, 4, 4);
  let header = 8;
  let size = head.getUint32(0);
  if (size === 1) {
    const large = await readView(source, { position: position + 8, length: 8, what: "boxes" });
    header = 16;
    // Beyond 2^53 this is not exact, and far beyond any parent's end.
    size = large.getUint32(0) * 2 ** 32 + large.getUint32(4);
  } else if (size === 0) {
    // Only at the top does it mean "to the end"; QuickTime ends some lists with it.
    size = parent.end - position;
  }
  const end = position + size;
  const name = printable(type);
  if (size < header) throw unreadable(`The "${name}" box at byte ${position} says it is ${size} bytes long.`);
  if (end > parent.end) {
    const place = parent.type ? `its "${parent.type}" box` : "the file";
    throw unreadable(
      `The "${name}" box at byte ${position} should end at byte ${end}, but ${place} ends at ${parent.end}.`,
    );
  }
  if ((type === "moov" || type === "moof") && size > MOST_INDEX_BYTES) {
    throw unreadable(`The "${name}" box has ${size} bytes; at most ${MOST_INDEX_BYTES} are read.`);
  }
  return { path: `${parent.type}/${type}`, type, start: position + header, end };
}

/** The first `length` bytes of a box's content, or all of it where that is less. */
export async function readHead(source: Source, box: Box, length: number): Promise<DataView> {
  const there = Math.min(length, box.end - box.start);
  return readView(source, { position: box.start, length: there, what: `"${box.type}" box` });
}

/** The first `length` bytes of a box's content, or `input_unreadable` where it is shorter. */
export async function readContent(source: Source, box: Box, length: number): Promise<DataView> {
  if (box.end - box.start < length) {
    throw unreadable(`The "${box.type}" box has ${box.end - box.start} bytes; it needs ${length}.`);
  }
  return readView(source, { position: box.start, length, what: `"${box.type}" box` });
}

/** Every entry of a table that stands at the end of a box, read 64 kB at a time. */
export async function readEntries(
  source: Source,
  box: Box,
  table: {
    readonly offset: number;
    readonly count: number;
    readonly entryBytes: number;
    readonly visit: (view: DataView, at: number) => void;
  },
): Promise<void> {
  const { offset, count, entryBytes, visit } = table;
  const there = box.end - box.start - offset;
  if (count * entryBytes > there) {
    throw unreadable(
      `The "${box.type}" box counts ${count} entries and has room for ${Math.floor(there / entryBytes)}.`,
    );
  }
  const most = Math.floor(65_536 / entryBytes);
  for (let done = 0; done < count; ) {
    const now = Math.min(most, count - done);
    const position = box.start + offset + done * entryBytes;
    const view = await readView(source, { position, length: now * entryBytes, what: `"${box.type}" box` });
    for (let i = 0; i < now; i++) visit(view, i * entryBytes);
    done += now;
  }
}

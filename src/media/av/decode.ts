import { AV_NOPTS_VALUE } from "node-av/constants";
import { Frame as AvFrame } from "node-av/lib";
import { readBoxes } from "../boxes.ts";
import type { Frame } from "../codec.ts";
import { openTurner } from "../turn.ts";
import { unreadable } from "../unreadable.ts";
import { type Input, openInput, quartersOfStream } from "./input.ts";
import { check } from "./native.ts";
import { openPictureReader, type PictureReader } from "./picture.ts";

/** How far before its end a clip is entered to find its last frame: more than most distances of key frames. */
const TAIL_SECONDS = 3;
/** Timestamps are rounded; a frame that is less than this too early is still the one that was asked for. */
const EARLY_SECONDS = 0.001;
const NOTHING = "not one of its frames can be decoded";

export async function* avFrames(path: string, fromSeconds = 0): AsyncGenerator<Frame> {
  await readBoxes(path);
  const input = openInput(path, "video");
  let reader: PictureReader | undefined;
  try {
    if (fromSeconds > 0) input.seek(fromSeconds);
    for await (const frame of input.frames()) {
      const time = frame.bestEffortTimestamp;
      if (time !== AV_NOPTS_VALUE && input.secondsOf(time) < fromSeconds - EARLY_SECONDS) continue;
      reader ??= openReader(input);
      yield reader.read(frame);
    }
    if (!reader && fromSeconds === 0) throw unreadable("video", NOTHING);
  } finally {
    reader?.close();
    input.close();
  }
}

/** Resolves with planes that nothing reuses. */
export async function avLastFrame(path: string): Promise<Frame> {
  await readBoxes(path);
  const input = openInput(path, "video");
  const last = new AvFrame();
  last.alloc();
  try {
    const tail = Math.max(0, input.secondsOf(input.stream.duration) - TAIL_SECONDS);
    input.seek(tail);
    const found = (await decodeToLast(input, last)) || (tail > 0 && (await decodeFromStart(input, last)));
    if (!found) throw unreadable("video", NOTHING);
    const reader = openReader(input);
    const picture = reader.read(last);
    reader.close();
    return picture;
  } finally {
    last.free();
    input.close();
  }
}

function decodeFromStart(input: Input, last: AvFrame): Promise<boolean> {
  input.seek(0);
  return decodeToLast(input, last);
}

/** Leaves the last decodable frame in `last`: a reference, so that only one frame is ever converted. */
async function decodeToLast(input: Input, last: AvFrame): Promise<boolean> {
  let found = false;
  for await (const frame of input.frames()) {
    if (found) last.unref();
    check(last.ref(frame), "keep a frame");
    found = true;
  }
  return found;
}

/** 4:2:0 has no odd sides; a clip of another kind that has one loses a row or column. */
function openReader({ stream }: Input): PictureReader {
  const { width, height } = stream.codecpar;
  const reader = openPictureReader(width - (width % 2), height - (height % 2));
  const turn = openTurner(quartersOfStream(stream));
  return { read: (frame) => turn(reader.read(frame)), close: reader.close };
}

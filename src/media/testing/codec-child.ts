/** A child that does with a codec what the renderer and the readers do. */
import { serveOps } from "../child.ts";
import type { Codec } from "../codec.ts";
import { findCodec } from "../codecs.ts";
import { encodeClip, tone } from "./clips.ts";

const opened = new Map<Codec["id"], Promise<Codec>>();
/** Once for each child, as everybody should: looking for the tools starts three processes. */
function codecOf(id: Codec["id"]): Promise<Codec> {
  const codec = opened.get(id) ?? findCodec({ prefer: id });
  opened.set(id, codec);
  return codec;
}

serveOps({
  /** Encode, measure, all frames, last frame, sound. Resolves with how many frames came back. */
  cycle: async ({ id, path }: { id: Codec["id"]; path: string }) => {
    const codec = await codecOf(id);
    await encodeClip(codec, { path, width: 320, height: 180, fps: 24, frames: 24, sound: tone(1) });
    let count = 0;
    for await (const _frame of codec.frames(path)) count += 1;
    await codec.lastFrame(path);
    await codec.decodeSound(path, 10);
    return { count, measured: (await codec.measure(path)).frames };
  },
  /** What becomes of a file that may be damaged: "read", or the code of the error. */
  tryFile: async ({ id, path }: { id: Codec["id"]; path: string }) => {
    const codec = await codecOf(id);
    const works = [codec.measure(path), codec.lastFrame(path), codec.decodeSound(path, 60)];
    const ends = await Promise.allSettled(works);
    return ends.map((end) => (end.status === "fulfilled" ? "read" : (end.reason.code ?? end.reason.message)));
  },
});

/** The process that makes posters and previews: beside the ones that measure and render, and after them. */
import { setPriority } from "node:os";
import { serveOps } from "./child.ts";
import type { Measured } from "./codec.ts";
import { findCodec } from "./codecs.ts";
import { makeExtras } from "./extras.ts";
import { allowLoaders } from "./loaders.ts";

try {
  // Nobody waits for a preview as for a video: those who draw and measure go first.
  setPriority(10);
} catch {
  // Not everywhere is this allowed; then all are alike.
}

// It only ever draws what a codec has decoded.
allowLoaders([]);
const codec = findCodec({ prefer: "node-av" });
// Told to whoever asks first; without a handler here, no codec at all would end the process before that.
codec.catch(() => undefined);

interface Args {
  readonly path: string;
  readonly folder: string;
  readonly measured: Measured;
  readonly budgetMs: number;
}

serveOps({
  extras: async (args: Args, { signal }) => makeExtras(await codec, { ...args, signal }),
});

/** The process that makes the gallery's clips, and a sheet of five frames of each. */

import { PICTURE_LOADERS } from "../animatic/decode-picture.ts";
import { readOrder } from "../animatic/order.ts";
import { render } from "../animatic/render.ts";
import { serveOps } from "../src/media/child.ts";
import type { Frame } from "../src/media/codec.ts";
import { findCodec } from "../src/media/codecs.ts";
import { allowLoaders } from "../src/media/loaders.ts";
import { saveContactSheet, savePoster } from "../src/media/stills.ts";

allowLoaders(PICTURE_LOADERS);
const codec = findCodec({});
codec.catch(() => undefined);
const SHEET_FRAMES = 5;

interface Making {
  readonly order: unknown;
  readonly clip: string;
  readonly sheet: string;
  readonly poster: string;
}

serveOps({
  make: async ({ order, clip, sheet, poster }: Making, context) => {
    const started = performance.now();
    const report = await render(readOrder(order), await codec, { ...context, out: clip });
    const seconds = (performance.now() - started) / 1000;
    const frames = await pickFrames(clip, report.frames);
    await saveContactSheet(frames, sheet);
    if (frames[0]) await savePoster(frames[0], poster);
    return { ...report, took: seconds };
  },
});

/** The first, the last, and three between. */
async function pickFrames(clip: string, count: number): Promise<Frame[]> {
  const wanted = Array.from({ length: SHEET_FRAMES }, (_, i) =>
    Math.round((i * (count - 1)) / (SHEET_FRAMES - 1)),
  );
  const picked: Frame[] = [];
  let index = 0;
  for await (const frame of (await codec).frames(clip)) {
    if (wanted.includes(index)) picked.push({ ...frame, y: frame.y.slice(), uv: frame.uv.slice() });
    index++;
  }
  return picked;
}

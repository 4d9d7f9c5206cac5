/**
 * What comes with a finished video so that nobody has to load it to see what it is: a poster, a sheet of five frames,
 * and a small copy that plays on any line. One pass through the file makes all of them. Runs in a media child.
 */
import { join } from "node:path";
import type { ExtraName } from "../core/task.ts";
import type { Codec, Frame, Measured } from "./codec.ts";
import { openPreview } from "./preview.ts";
import { shrinkFrame, smallFactor } from "./shrink.ts";
import { saveContactSheet, savePoster } from "./stills.ts";

/** One of them, lying in the folder that was given. */
export interface MadeExtra {
  readonly name: ExtraName;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** Of the preview; null of a picture. */
  readonly clip: null | { readonly seconds: number; readonly fps: number; readonly sound: boolean };
}

export interface ExtrasWork {
  readonly path: string;
  /** Of what the files are to be put into. */
  readonly folder: string;
  readonly measured: Measured;
  readonly signal: AbortSignal;
  /** What is not ready by then is done without: the preview first. Milliseconds. */
  readonly budgetMs: number;
}

const SHEET_FRAMES = 5;
/** A longer video gets no preview: it would be as long, and nobody waits for it. */
const LONGEST_PREVIEW_SECONDS = 300;
/** The part of the time in which the pass has to be over; the rest is for what is left to do without it. */
const PASS_SHARE = 0.6;

/** Rejects only where not even a first frame can be read, or where the signal fires. */
export async function makeExtras(codec: Codec, work: ExtrasWork): Promise<readonly MadeExtra[]> {
  const { measured, folder } = work;
  const picked = openPicker(measured);
  const previewPath = join(folder, "preview.mp4");
  const wanted = measured.seconds <= LONGEST_PREVIEW_SECONDS;
  const preview = wanted ? await pass(codec, work, { picked, previewPath }) : null;
  await picked.fill(codec, work);
  const made: MadeExtra[] = [];
  if (picked.poster) {
    for (const name of ["poster", "poster_webp"] as const) {
      const path = join(folder, name === "poster" ? "poster.jpg" : "poster.webp");
      made.push({ name, path, clip: null, ...(await savePoster(picked.poster, path)) });
    }
    const path = join(folder, "contact-sheet.jpg");
    made.push({
      name: "contact_sheet",
      path,
      clip: null,
      ...(await saveContactSheet(picked.sheet(), path)),
    });
  }
  if (preview) made.push({ name: "preview", path: previewPath, ...preview });
  return made;
}

/** Reads every frame once. Null where the preview took too long or failed; the stills then have what came by. */
async function pass(
  codec: Codec,
  { path, measured, signal, budgetMs }: ExtrasWork,
  { picked, previewPath }: { readonly picked: Picker; readonly previewPath: string },
): Promise<Pick<MadeExtra, "width" | "height" | "clip"> | null> {
  const until = performance.now() + budgetMs * PASS_SHARE;
  const preview = await openPreview(codec, { path, out: previewPath, measured });
  try {
    let index = 0;
    for await (const frame of codec.frames(path)) {
      signal.throwIfAborted();
      if (performance.now() > until) {
        await preview.abort();
        return null;
      }
      const small = shrinkFrame(frame, smallFactor(frame));
      picked.see(frame, small, index);
      await preview.frame(small, index);
      index++;
    }
    return await preview.close();
  } catch (error) {
    await preview.abort();
    if (signal.aborted) throw error;
    return null;
  }
}

interface Picker {
  /** The first frame; of a video that begins in the dark the first that shows something. */
  readonly poster: Frame | null;
  see(frame: Frame, small: Frame, index: number): void;
  /** Goes for the frames that have not come by. */
  fill(codec: Codec, work: ExtrasWork): Promise<void>;
  /** In order, from the middle of each fifth. */
  sheet(): readonly Frame[];
}

function openPicker({ frames, seconds }: Measured): Picker {
  const at = Array.from({ length: SHEET_FRAMES }, (_, i) => Math.floor(((i + 0.5) / SHEET_FRAMES) * frames));
  const kept = new Map<number, Frame>();
  let poster: Frame | null = null;
  let light = 0;
  let dark = true;
  const see = (frame: Frame, small: Frame, index: number): void => {
    const before = light;
    if (dark) light = lightOf(small);
    if (poster === null || (dark && light > DARK)) poster = copyOf(frame);
    // A picture that fades in from black is only there once it gets no lighter.
    if (index === 0 || light > DARK) dark &&= index === 0 ? light <= DARK : light > before * STILL_FADING;
    if (at.includes(index)) kept.set(index, copyOf(small));
  };
  return {
    get poster() {
      return poster;
    },
    see,
    async fill(codec, { path, signal }) {
      for (const index of poster === null ? [0, ...at] : at) {
        if (kept.has(index)) continue;
        signal.throwIfAborted();
        const fromSeconds = (index / frames) * seconds;
        for await (const frame of codec.frames(path, fromSeconds > 0 ? { fromSeconds } : {})) {
          see(frame, shrinkFrame(frame, smallFactor(frame)), index);
          break;
        }
      }
    },
    sheet: () => [...kept].sort(([a], [b]) => a - b).map(([, frame]) => frame),
  };
}

/** A mean of luma up to which a picture is black, and by how much the next one is lighter while it fades in. */
const DARK = 20;
const STILL_FADING = 1.02;

function lightOf({ y }: Frame): number {
  let sum = 0;
  for (const value of y) sum += value;
  return sum / y.length;
}

const copyOf = (frame: Frame): Frame => ({ ...frame, y: frame.y.slice(), uv: frame.uv.slice() });

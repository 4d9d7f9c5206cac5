/** A small copy of a video: at most 360p and 30 frames a second, as long as the whole, with its sound. */
import type { Codec, Frame, Measured } from "./codec.ts";
import { shrunkSize, smallFactor } from "./shrink.ts";

export interface Preview {
  /** Frames in order, `index` counted from 0. The planes may be reused afterwards. */
  frame(small: Frame, index: number): Promise<void>;
  /** Resolves with what was made once it is whole. */
  close(): Promise<{
    readonly width: number;
    readonly height: number;
    readonly clip: { readonly seconds: number; readonly fps: number; readonly sound: boolean };
  }>;
  abort(): Promise<void>;
}

const MOST_FPS = 30;

export async function openPreview(
  codec: Codec,
  { path, out, measured }: { readonly path: string; readonly out: string; readonly measured: Measured },
): Promise<Preview> {
  const { seconds } = measured;
  const fps = rateOf(measured.fps);
  const frames = Math.max(1, Math.round(seconds * fps));
  const size = shrunkSize(measured, smallFactor(measured));
  const sound = measured.sound === null ? null : await codec.decodeSound(path, seconds).catch(() => null);
  const encoder = await codec.openEncoder({
    ...{ path: out, ...size, fps, frames, sound: sound !== null, quality: "preview" },
    comment: "preview",
  });
  let sent = 0;
  let last: Frame | undefined;
  const send = async (frame: Frame): Promise<void> => {
    if (sent === 0 && sound) await encoder.sound(sound);
    await encoder.frame(frame);
    sent++;
  };
  return {
    async frame(small, index) {
      last = small;
      // Which of the source's frames shows at each moment of ours: none, one, or one twice.
      while (sent < frames && Math.floor((sent * measured.frames) / frames) <= index) await send(small);
    },
    async close() {
      // A damaged end has fewer frames than it counts.
      while (last && sent < frames) await send(last);
      await encoder.close();
      return { ...size, clip: { seconds: frames / fps, fps, sound: sound !== null } };
    },
    abort: () => encoder.abort(),
  };
}

/** Whole, and every second frame of 50 or 60. */
function rateOf(fps: number): number {
  const rounded = Math.max(1, Math.round(fps));
  return rounded > MOST_FPS ? Math.max(1, Math.round(rounded / Math.ceil(rounded / MOST_FPS))) : rounded;
}

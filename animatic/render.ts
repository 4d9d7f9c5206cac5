/** From an order to an MP4 of exactly the asked frames and size. */
import type { Codec } from "../src/media/codec.ts";
import type { RenderOrder, RenderReport } from "./order.ts";
import { planOf } from "./plan.ts";
import { describeSetting } from "./scenes/setting.ts";
import { openShot } from "./shoot.ts";
import { soundTrack } from "./sound.ts";
import { tellPlan } from "./told.ts";

export interface RenderContext {
  /** 1 to 99 percent, by frames done. */
  progress(percent: number): void;
  readonly signal: AbortSignal;
}

/**
 * Renders `order` to the file `out`. Rejects with `input_unreadable` where an input does not decode, with the
 * signal's reason where it is aborted (looked at before each frame); nothing is left at `out` then.
 */
export async function render(
  order: RenderOrder,
  codec: Codec,
  work: { readonly out: string } & RenderContext,
): Promise<RenderReport> {
  const plan = planOf(order);
  const { width, height, fps, frames } = order;
  const seconds = frames / fps;
  work.signal.throwIfAborted();
  const track = await soundTrack(plan.sound, codec, { seconds, seed: plan.seed });
  const encoder = await codec.openEncoder({
    path: work.out,
    width,
    height,
    fps,
    frames,
    sound: track !== null,
    comment: `Reelay animatic, seed ${plan.seed}`,
  });
  try {
    if (track) await encoder.sound(track);
    let done = 0;
    for (const shot of plan.shots) {
      work.signal.throwIfAborted();
      const camera = await openShot(shot, { size: { width, height }, fps, seed: plan.seed, codec });
      for (let index = 0; index < shot.frames; index++) {
        work.signal.throwIfAborted();
        await encoder.frame(camera(index));
        done++;
        work.progress(Math.min(99, Math.max(1, Math.floor((100 * done) / frames))));
      }
    }
    await encoder.close();
  } catch (error) {
    await encoder.abort();
    throw error;
  }
  const scene =
    plan.shots.map((shot) => shot.scene && describeSetting(shot.scene)).find((text) => text !== null) ?? null;
  return {
    seconds,
    width,
    height,
    frames,
    motion: plan.motion,
    scene,
    ignored: plan.ignored,
    plan: tellPlan(plan),
  };
}

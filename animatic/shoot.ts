/** Films one shot: opens its sources, then draws one frame after another into the same memory. */
import type { Codec, Frame } from "../src/media/codec.ts";
import { endOf, type Motion, type Pose, viewAt } from "./camera.ts";
import { shakeOf } from "./handheld.ts";
import { type Kernels, openKernels } from "./kernels.ts";
import { beatAt, beatBefore } from "./life.ts";
import { type Carry, carryOn, momentumOf, REST, within } from "./momentum.ts";
import { openPhoto } from "./photo.ts";
import { type Shot, WHOLE } from "./plan.ts";
import { seededRandom } from "./random.ts";
import { frameSource, openPicture, type Size, type Source } from "./source.ts";
import { openScene } from "./stage.ts";
import { ease } from "./wave.ts";

export interface Filming {
  readonly size: Size;
  readonly fps: number;
  readonly seed: number;
  readonly codec: Codec;
}

/** Draws frame `index` of the shot. The planes are overwritten by the next call. */
export type Camera = (index: number) => Frame;

/** A scene has no edges to run into, only what was drawn beyond the frame. */
const SCENE_ROOM = { x: 0.12, y: 0.08 };
const DISSOLVE = { from: 0.3, to: 0.75 };

export async function openShot(shot: Shot, filming: Filming): Promise<Camera> {
  const kernels = await openKernels(filming.size.width, filming.size.height);
  return shot.scene ? filmScene(kernels, shot, filming) : filmPictures(kernels, shot, filming);
}

async function filmScene(kernels: Kernels, shot: Shot, filming: Filming): Promise<Camera> {
  const { size, fps, seed } = filming;
  if (!shot.scene) throw new Error("a shot without pictures needs a scene");
  const film = await openScene(kernels, {
    frame: size,
    setting: shot.scene,
    random: seededRandom(seed),
    end: endOf(shot.motion, size, SCENE_ROOM),
    seconds: shot.frames / fps,
    style: shot.style,
    framing: shot.framing,
    handheld: shot.motion.handheld,
  });
  const target = kernels.target();
  return (index) => {
    film(target, progressOf(index, shot.frames), index / fps);
    return kernels.frame(target);
  };
}

async function filmPictures(kernels: Kernels, shot: Shot, filming: Filming): Promise<Camera> {
  const { size, fps } = filming;
  const opening = await openOpening(shot, filming);
  const closing =
    shot.closing === null ? null : await openPicture(shot.closing, size, "last frame", WHOLE, shot.style);
  const first = opening ?? closing;
  if (!first) throw new Error("a shot without a scene needs a picture");
  const { motion, carry } = await carriedMotion(shot, filming);
  const { handheld } = motion;
  const end = endOf(motion, size, first.room);
  const poseAt = (index: number): Pose =>
    within(carry(index / fps), viewAt(end, progressOf(index, shot.frames)));
  const use = { size, handheld, life: shot.life };
  const a =
    opening &&
    (await openPhoto(kernels, opening, {
      ...use,
      farthest: carry === STAYS ? end : farthestOf(poseAt, shot.frames, end),
    }));
  // The closing picture is come to from where the camera would have been before it.
  const b = closing && (await openPhoto(kernels, closing, { ...use, farthest: viewAt(end, -1) }));
  const shake = shakeOf(handheld, size, seededRandom(filming.seed).fork("hand"));
  const target = kernels.target();
  const other = a && b ? kernels.target() : target;
  return (index) => {
    const progress = progressOf(index, shot.frames);
    const mixed = a && b ? dissolveAt(index, shot.frames) : a ? 0 : 256;
    const seconds = index / fps;
    const left = (shot.frames - 1 - index) / fps;
    const hand = b ? shake(seconds, left) : shake(seconds);
    if (a && mixed < 256) {
      const beat = b ? beatAt(seconds, left) : beatAt(seconds);
      a({ pose: poseAt(index), hand, beat }, target);
    }
    if (b && mixed > 0) {
      const moment = { pose: viewAt(end, progress - 1), hand, beat: beatBefore(seconds, left) };
      b(moment, mixed < 256 ? other : target);
    }
    if (mixed > 0 && mixed < 256) kernels.dissolve(target, other, mixed);
    return kernels.frame(target);
  };
}

const STAYS: Carry = () => ({ step: 1, x: 0, y: 0 });

/** A clip goes on moving as it did; then only a move that was asked for is made. */
async function carriedMotion(
  { opening, motion, frames }: Shot,
  { codec, size, fps }: Filming,
): Promise<{ readonly motion: Motion; readonly carry: Carry }> {
  const momentum = opening?.kind === "clip" ? await momentumOf(codec, opening.path) : REST;
  if (opening?.kind !== "clip" || momentum === REST) return { motion, carry: STAYS };
  const { asked } = opening;
  const carry = carryOn(momentum, { size, seconds: frames / fps, asked });
  return { motion: asked ? motion : { ...motion, moves: [], strength: 0 }, carry };
}

/** On its way a camera may come farther than its end: out of a pan to the right into one to the left. */
function farthestOf(poseAt: (index: number) => Pose, frames: number, end: Pose): Pose {
  let { step, x, y } = poseAt(frames - 1);
  for (let index = 0; index < frames; index++) {
    const pose = poseAt(index);
    step = Math.max(step, pose.step);
    if (Math.abs(pose.x) > Math.abs(x)) x = pose.x;
    if (Math.abs(pose.y) > Math.abs(y)) y = pose.y;
  }
  return { ...end, step, x, y };
}

async function openOpening(
  { opening, framing, style }: Shot,
  { size, codec }: Filming,
): Promise<Source | null> {
  if (!opening) return null;
  const { kind, path } = opening;
  return kind === "clip"
    ? frameSource(await codec.lastFrame(path), size, framing)
    : openPicture(path, size, "first frame", framing, style);
}

function progressOf(index: number, frames: number): number {
  return frames > 1 ? ease(index / (frames - 1)) : 0;
}

/** 0 to 256. A shot of one frame is its opening. */
function dissolveAt(index: number, frames: number): number {
  const t = frames > 1 ? index / (frames - 1) : 0;
  return Math.round(256 * ease((t - DISSOLVE.from) / (DISSOLVE.to - DISSOLVE.from)));
}

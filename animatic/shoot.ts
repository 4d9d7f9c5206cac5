/** Films one shot: opens its sources, then draws one frame after another into the same memory. */
import type { Codec, Frame } from "../src/media/codec.ts";
import { endOf, viewAt } from "./camera.ts";
import { type Canvas, type Kernels, openKernels, type View } from "./kernels.ts";
import type { Shot } from "./plan.ts";
import { seededRandom } from "./random.ts";
import { frameSource, type Margin, openPicture, type Size, type Source } from "./source.ts";
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
/** Beyond what the camera sees: the filter's taps. Even. */
const TAPS = 4;

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
  });
  const target = kernels.target();
  return (index) => {
    film(target, progressOf(index, shot.frames), index / fps);
    return kernels.frame(target);
  };
}

async function filmPictures(kernels: Kernels, shot: Shot, filming: Filming): Promise<Camera> {
  const { size } = filming;
  const opening = await openOpening(shot, filming);
  const closing = shot.closing === null ? null : await openPicture(shot.closing, size, "last frame");
  const first = opening ?? closing;
  if (!first) throw new Error("a shot without a scene needs a picture");
  const end = endOf(shot.motion, size, first.room);
  const a = opening && (await opening.place(kernels, marginFor(end, size)));
  // The closing picture is come to from where the camera would have been before it.
  const b = closing && (await closing.place(kernels, marginFor(viewAt(end, -1), size)));
  const target = kernels.target();
  const other = a && b ? kernels.target() : target;
  const draw = (canvas: Canvas, progress: number, into = target) =>
    kernels.draw(canvas, viewAt(end, progress), into);
  return (index) => {
    const progress = progressOf(index, shot.frames);
    const mixed = a && b ? dissolveAt(index, shot.frames) : a ? 0 : 256;
    if (a && mixed < 256) draw(a, progress);
    if (b && mixed > 0) draw(b, progress - 1, mixed < 256 ? other : target);
    if (mixed > 0 && mixed < 256) kernels.dissolve(target, other, mixed);
    return kernels.frame(target);
  };
}

async function openOpening(shot: Shot, { size, codec }: Filming): Promise<Source | null> {
  if (!shot.opening) return null;
  const { kind, path } = shot.opening;
  return kind === "clip"
    ? frameSource(await codec.lastFrame(path), size)
    : openPicture(path, size, "first frame");
}

function progressOf(index: number, frames: number): number {
  return frames > 1 ? ease(index / (frames - 1)) : 0;
}

/** 0 to 256. A shot of one frame is its opening. */
function dissolveAt(index: number, frames: number): number {
  const t = frames > 1 ? index / (frames - 1) : 0;
  return Math.round(256 * ease((t - DISSOLVE.from) / (DISSOLVE.to - DISSOLVE.from)));
}

function marginFor(view: View, size: Size): Margin {
  const side = (length: number, offset: number) =>
    TAPS + 2 * Math.ceil(Math.max(0, (length / 2) * (view.step - 1) + Math.abs(offset)) / 2);
  return { x: side(size.width, view.x), y: side(size.height, view.y) };
}

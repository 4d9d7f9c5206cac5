/** A procedural scene ready to be filmed: its layers rasterised once, and one frame composed for a moment. */
import { type Pose, viewAt } from "./camera.ts";
import type { Pixels } from "./colour.ts";
import { reachOf, STEADY, shakeOf } from "./handheld.ts";
import type { Kernels, Target, View } from "./kernels.ts";
import { opaque, type Raster, type Ready, rasterise, transparent } from "./layers.ts";
import { lookOf } from "./looks.ts";
import { inkOf } from "./particles.ts";
import { type Framing, type Style, WHOLE } from "./plan.ts";
import type { Random } from "./random.ts";
import { drawScene } from "./scenes/draw.ts";
import { paletteOf } from "./scenes/palette.ts";
import { type Drawing, type Stage, WANDER } from "./scenes/scene.ts";
import type { Setting } from "./scenes/setting.ts";
import { shine } from "./shine.ts";
import type { Margin, Size } from "./source.ts";
import { sine } from "./wave.ts";
import { weatherOf } from "./weather.ts";

export interface SceneOrder {
  readonly frame: Size;
  readonly setting: Setting;
  readonly random: Random;
  /** Where the camera ends up. */
  readonly end: Pose;
  readonly seconds: number;
  readonly style?: Style | null;
  /** The part of the scene that the shot opens on; it is drawn at that size, not enlarged. */
  readonly framing?: Framing;
  /** How much the hand that holds the camera shakes. Layers are rigid: it moves them and does not roll them. */
  readonly handheld?: number;
}

/** Composes the frame at `progress` of the camera's way (0 to 1), `seconds` into the shot. */
export type Filmed = (target: Target, progress: number, seconds: number) => void;

/** Layers rasterised at once; not more, for each is a frame in four bytes a pixel. */
const AHEAD = 2;

export async function openScene(kernels: Kernels, order: SceneOrder): Promise<Filmed> {
  const { frame, setting, random, end, seconds } = order;
  const { stage, raster, reach } = stageOf(order);
  const { scale, origin, style } = raster;
  const look = lookOf(style);
  const scene = drawScene(stage);
  const layers: Ready[] = [];
  const waiting: Promise<Pixels>[] = [];
  for (const [i, drawing] of scene.layers.entries()) {
    // Rasterised on other threads while this one styles and stores what is ready: at 4k either takes seconds.
    for (const later of scene.layers.slice(i + waiting.length, i + AHEAD))
      waiting.push(rasterise(later, raster, marginOf(later, { order, scale, reach })));
    const pixels = await (waiting.shift() as Promise<Pixels>);
    const draw = layers.length === 0 ? opaque : transparent;
    layers.push(draw(kernels, drawing, { pixels, frame, style }));
  }
  const fall = weatherOf(setting, look, random.fork("weather"));
  const fallsAfter = Math.min(scene.outside ?? layers.length, layers.length) - 1;
  const lights = scene.glints.map((glint) => ({ ...glint, ink: inkOf(glint.colour) }));
  const shake = order.handheld ? shakeOf(order.handheld, frame, random.fork("hand")) : () => STEADY;
  return (target, progress, now) => {
    const camera = viewAt(end, progress);
    const hand = shake(now);
    const views = layers.map(({ drawing }) =>
      moved(layerView(camera, drawing, { now, seconds, scale }), hand),
    );
    const limits = visibleRows(kernels, frame, { layers, views });
    layers.forEach(({ canvas, layer }, i) => {
      const view = views[i] as View;
      if (layer) kernels.over(layer, view, target, limits[i] ?? frame.height);
      else kernels.draw(canvas, view, target, limits[i] ?? frame.height);
      if (i === fallsAfter) fall?.(kernels.frame(target), now);
    });
    const drawn = kernels.frame(target);
    for (const light of lights)
      shine(drawn, light, { view: moved(parallax(camera, light.depth), hand), now, scale, origin, look });
  };
}

/** Units that are drawn beyond the frame at least: enough for most moves. */
const BLEED = { x: 900, y: 420 };

interface Set {
  readonly stage: Stage;
  readonly raster: Raster;
  /** Pixels that the camera sees beyond the frame. */
  readonly reach: Margin;
}

function stageOf({
  frame,
  setting,
  random,
  end,
  style = null,
  framing = WHOLE,
  handheld = 0,
}: SceneOrder): Set {
  const whole = Math.min(frame.width, frame.height) / 1000;
  const scale = whole * framing.zoom;
  const [width, height] = [frame.width / whole, frame.height / whole];
  const origin = {
    x: width * (framing.x - 0.5 / framing.zoom),
    y: height * (framing.y - 0.5 / framing.zoom),
  };
  const hand = reachOf(handheld, frame);
  const far = beyond(parallax(end, 0), frame);
  const near = beyond(parallax(end, 1), frame);
  const reach = { x: Math.max(far.x, near.x) + hand.x, y: Math.max(far.y, near.y) + hand.y };
  // An opening near the scene's edge looks out over it.
  const out = (from: number, size: number) => Math.max(0, -from, from + size / framing.zoom - size);
  // In whole steps: where drawings begin decides what chance puts where, and another shot must show the same place.
  const steps = (needed: number, step: number) => step * Math.ceil(needed / step);
  const bleed = {
    x: steps(reach.x / scale + out(origin.x, width) + WANDER + 60, BLEED.x),
    y: steps(reach.y / scale + out(origin.y, height) + 80, BLEED.y),
  };
  return {
    stage: { width, height, bleed, setting, palette: paletteOf(setting), random: random.fork("scene") },
    raster: { frame, scale, origin, style },
    reach: { x: hand.x, y: hand.y },
  };
}

interface Arranged {
  readonly layers: readonly Ready[];
  readonly views: readonly View[];
}

/** For each layer the row from which layers in front of it hide it: most of a sea is behind its own waves. */
function visibleRows(kernels: Kernels, frame: Size, { layers, views }: Arranged): number[] {
  const limits = new Array<number>(layers.length);
  let limit = frame.height;
  for (let i = layers.length - 1; i >= 0; i--) {
    limits[i] = limit;
    const layer = layers[i]?.layer;
    if (layer) limit = Math.min(limit, kernels.hiddenFrom(layer, views[i] as View));
  }
  return limits;
}

/** How far the camera sees beyond the frame, in pixels. */
function beyond(view: View, frame: Size): Margin {
  const side = (size: number, offset: number) => Math.max(0, (size / 2) * (view.step - 1) + Math.abs(offset));
  return { x: side(frame.width, view.x), y: side(frame.height, view.y) };
}

const MIDDLE: View = { step: 0, x: 0, y: 0 };

/** What the camera sees of a layer: the nearer it is, the more of the move; what a dolly or a crane adds, about the middle. */
function parallax({ step, x, y, near = MIDDLE }: Pose, depth: number): View {
  const off = depth - 0.5;
  return {
    step: 1 + (step - 1) * depth + near.step * off,
    x: x * depth + near.x * off,
    y: y * depth + near.y * off,
  };
}

function moved(view: View, by: { readonly x: number; readonly y: number }): View {
  return { step: view.step, x: view.x + by.x, y: view.y + by.y };
}

interface Moment {
  readonly now: number;
  readonly seconds: number;
  /** Pixels a unit. */
  readonly scale: number;
}

/** Units that a layer has drifted; slower in long shots, so that it never runs out of itself. */
function drifted(drawing: Drawing, moment: Moment): number {
  const total = (drawing.drift ?? 0) * moment.seconds;
  const allowed = Math.min(Math.abs(total), WANDER * 0.7) * Math.sign(total);
  return moment.seconds > 0 ? (allowed * moment.now) / moment.seconds : 0;
}

/** Units that a layer which repeats itself is passed by: half a period either way. */
function passed({ passing }: Drawing, now: number): number {
  if (!passing) return 0;
  const turns = (passing.speed * now) / passing.period;
  return (turns - Math.floor(turns) - 0.5) * passing.period;
}

function layerView(camera: Pose, drawing: Drawing, moment: Moment): View {
  const view = parallax(camera, drawing.depth);
  const { sway } = drawing;
  const swing = sway ? sine(moment.now / sway.seconds + sway.phase) : 0;
  const right = drifted(drawing, moment) - passed(drawing, moment.now) + swing * (sway?.x ?? 0);
  return {
    step: view.step,
    x: view.x - right * moment.scale,
    // A quarter of a swing later, so that waves go round instead of to and fro.
    y: view.y - (sway ? sine(moment.now / sway.seconds + sway.phase + 0.25) * sway.y : 0) * moment.scale,
  };
}

interface Needs {
  readonly order: SceneOrder;
  readonly scale: number;
  readonly reach: Margin;
}

/** Pixels that a layer needs beyond the frame on each side; even. */
function marginOf(drawing: Drawing, { order, scale, reach }: Needs): Margin {
  const camera = beyond(parallax(order.end, drawing.depth), order.frame);
  const drift = Math.abs(drifted(drawing, { now: order.seconds, seconds: order.seconds, scale }));
  const x = drift + (drawing.passing?.period ?? 0) / 2 + (drawing.sway?.x ?? 0);
  const even = (pixels: number) => 2 * Math.ceil(pixels / 2) + 8;
  return {
    x: even(camera.x + reach.x + x * scale),
    y: even(camera.y + reach.y + (drawing.sway?.y ?? 0) * scale),
  };
}

/** A procedural scene ready to be filmed: its layers rasterised once, and one frame composed for a moment. */
import sharp from "sharp";
import { viewAt } from "./camera.ts";
import { type Pixels, writeOpaque, writeTransparent } from "./colour.ts";
import type { Canvas, Kernels, Layer, Target, View } from "./kernels.ts";
import { drawSpot, type Ink, inkOf } from "./particles.ts";
import type { Random } from "./random.ts";
import { drawScene } from "./scenes/draw.ts";
import { paletteOf } from "./scenes/palette.ts";
import { type Drawing, type Glint, type Stage, WANDER } from "./scenes/scene.ts";
import type { Setting } from "./scenes/setting.ts";
import type { Size } from "./source.ts";
import { sine } from "./wave.ts";
import { weatherOf } from "./weather.ts";

export interface SceneOrder {
  readonly frame: Size;
  readonly setting: Setting;
  readonly random: Random;
  /** Where the camera ends up. */
  readonly end: View;
  readonly seconds: number;
}

/** Composes the frame at `progress` of the camera's way (0 to 1), `seconds` into the shot. */
export type Filmed = (target: Target, progress: number, seconds: number) => void;

interface Ready {
  readonly drawing: Drawing;
  readonly canvas: Canvas;
  /** Null for the opaque layer at the back. */
  readonly layer: Layer | null;
}

export async function openScene(kernels: Kernels, order: SceneOrder): Promise<Filmed> {
  const { frame, setting, random, end, seconds } = order;
  const scale = Math.min(frame.width, frame.height) / 1000;
  const reach = beyond(end, frame);
  const stage: Stage = {
    width: frame.width / scale,
    height: frame.height / scale,
    bleed: { x: reach.x / scale + WANDER + 60, y: reach.y / scale + 80 },
    setting,
    palette: paletteOf(setting),
    random: random.fork("scene"),
  };
  const scene = drawScene(stage);
  const layers: Ready[] = [];
  for (const drawing of scene.layers) {
    const pixels = await rasterise(drawing, { frame, scale, margin: marginOf(drawing, order, scale) });
    layers.push(
      layers.length === 0
        ? opaque(kernels, frame, { drawing, pixels })
        : transparent(kernels, frame, { drawing, pixels }),
    );
  }
  const fall = weatherOf(setting, random.fork("weather"));
  const lights = scene.glints.map((glint) => ({ ...glint, ink: inkOf(glint.colour) }));
  return (target, progress, now) => {
    const views = layers.map(({ drawing }) =>
      layerView(viewAt(end, progress), drawing, { now, seconds, scale }),
    );
    const limits = visibleRows(kernels, frame, { layers, views });
    layers.forEach(({ canvas, layer }, i) => {
      const view = views[i] as View;
      if (layer) kernels.over(layer, view, target, limits[i] ?? frame.height);
      else kernels.draw(canvas, view, target, limits[i] ?? frame.height);
    });
    const drawn = kernels.frame(target);
    for (const light of lights)
      shine(drawn, light, { view: parallax(viewAt(end, progress), light.depth), now, scale });
    fall?.(drawn, now);
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
function beyond(view: View, frame: Size): { x: number; y: number } {
  const side = (size: number, offset: number) => Math.max(0, (size / 2) * (view.step - 1) + Math.abs(offset));
  return { x: side(frame.width, view.x), y: side(frame.height, view.y) };
}

function parallax(view: View, depth: number): View {
  return { step: 1 + (view.step - 1) * depth, x: view.x * depth, y: view.y * depth };
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

function layerView(camera: View, drawing: Drawing, moment: Moment): View {
  const view = parallax(camera, drawing.depth);
  const { sway } = drawing;
  const swing = sway ? sine(moment.now / sway.seconds + sway.phase) : 0;
  return {
    step: view.step,
    x: view.x - (drifted(drawing, moment) + swing * (sway?.x ?? 0)) * moment.scale,
    // A quarter of a swing later, so that waves go round instead of to and fro.
    y: view.y - (sway ? sine(moment.now / sway.seconds + sway.phase + 0.25) * sway.y : 0) * moment.scale,
  };
}

/** Pixels that a layer needs beyond the frame on each side; even. */
function marginOf(drawing: Drawing, order: SceneOrder, scale: number): { x: number; y: number } {
  const camera = beyond(parallax(order.end, drawing.depth), order.frame);
  const moved = Math.abs(drifted(drawing, { now: order.seconds, seconds: order.seconds, scale }));
  const even = (pixels: number) => 2 * Math.ceil(pixels / 2) + 8;
  return {
    x: even(camera.x + (moved + (drawing.sway?.x ?? 0)) * scale),
    y: even(camera.y + (drawing.sway?.y ?? 0) * scale),
  };
}

interface Raster {
  readonly frame: Size;
  readonly scale: number;
  readonly margin: { readonly x: number; readonly y: number };
}

async function rasterise(drawing: Drawing, { frame, scale, margin }: Raster): Promise<Pixels> {
  const width = frame.width + 2 * margin.x;
  const height = frame.height + 2 * margin.y;
  const box = [-margin.x, -margin.y, width, height].map((value) => value / scale).join(" ");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${box}">${drawing.markup}</svg>`;
  const data = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer();
  return { data, width, height, channels: 4 };
}

interface Drawn {
  readonly drawing: Drawing;
  readonly pixels: Pixels;
}

function opaque(kernels: Kernels, frame: Size, { drawing, pixels }: Drawn): Ready {
  const { width, height } = pixels;
  const y = kernels.plane(width, height);
  const uv = kernels.plane(width, height / 2);
  writeOpaque(
    pixels,
    { bytes: kernels.bytes(y), stride: width },
    { bytes: kernels.bytes(uv), stride: width },
  );
  const canvas = { width, height, left: (width - frame.width) / 2, top: (height - frame.height) / 2, y, uv };
  return { drawing, canvas, layer: null };
}

/** Only the rows that something is drawn in are kept, with a few empty ones around for the filter to fade into. */
function transparent(kernels: Kernels, frame: Size, { drawing, pixels }: Drawn): Ready {
  const { width } = pixels;
  const [from, to] = drawnRows(pixels);
  const height = to - from;
  const y = kernels.plane(width, height);
  const alphaY = kernels.plane(width, height);
  const uv = kernels.plane(width, height / 2);
  const alphaUv = kernels.plane(width, height / 2);
  const kept = { ...pixels, data: pixels.data.subarray(from * width * 4, to * width * 4), height };
  writeTransparent(
    kept,
    { bytes: kernels.bytes(y), alpha: kernels.bytes(alphaY), stride: width },
    { bytes: kernels.bytes(uv), alpha: kernels.bytes(alphaUv), stride: width },
  );
  const layer = {
    width,
    height,
    left: (width - frame.width) / 2,
    top: (pixels.height - frame.height) / 2 - from,
    y,
    uv,
    alphaY,
    alphaUv,
    spanY: kernels.spansOf(alphaY, 1),
    spanUv: kernels.spansOf(alphaUv, 2),
    // A layer that ends above the picture's lower edge hides nothing from there on.
    solidFrom: to === pixels.height ? solidFrom(kept) : height,
  };
  return { drawing, canvas: layer, layer };
}

function drawnRows({ data, width, height }: Pixels): [from: number, to: number] {
  const words = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const first = words.findIndex((word) => word !== 0);
  if (first < 0) return [0, 2];
  const last = words.findLastIndex((word) => word !== 0);
  const from = Math.max(0, Math.floor(first / width) - 6);
  const to = Math.min(height, Math.floor(last / width) + 8);
  return [from - (from % 2), to - (to % 2)];
}

/** The row from which every pixel is opaque, down to the last. */
function solidFrom({ data, width, height }: Pixels): number {
  for (let at = width * height - 1; at >= 0; at--)
    if (data[at * 4 + 3] !== 255) return Math.min(height, Math.floor(at / width) + 1);
  return 0;
}

interface Shining {
  readonly view: View;
  readonly now: number;
  readonly scale: number;
}

function shine(frame: Parameters<typeof drawSpot>[0], light: Glint & { ink: Ink }, at: Shining): void {
  const wave = sine(at.now / light.seconds + light.phase);
  if (wave <= 0) return;
  const { view, scale } = at;
  const place = (value: number, size: number, offset: number) => {
    const centre = (size - 1) / 2;
    return centre + (value * scale - centre - offset) / view.step;
  };
  const x = place(light.x, frame.width, view.x);
  const y = place(light.y, frame.height, view.y);
  const spot = {
    x,
    y,
    radius: light.radius * scale * 1.6,
    stretch: light.stretch ?? 1,
    strength: wave * 0.95,
  };
  drawSpot(frame, spot, light.ink);
}

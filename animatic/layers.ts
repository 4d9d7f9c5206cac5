/** One drawing of a scene, rasterised and styled once, as the kernels take it: opaque, or with transparency. */
import sharp from "sharp";
import { type Pixels, writeOpaque, writeTransparent } from "./colour.ts";
import type { Canvas, Kernels, Layer } from "./kernels.ts";
import type { Style } from "./plan.ts";
import type { Drawing } from "./scenes/scene.ts";
import type { Margin, Size } from "./source.ts";
import { applyStyle } from "./styles/apply.ts";

export interface Ready {
  readonly drawing: Drawing;
  readonly canvas: Canvas;
  /** Null for the opaque layer at the back. */
  readonly layer: Layer | null;
}

/** How a scene's units become pixels: `scale` pixels a unit, and the unit that the frame's first pixel shows. */
export interface Raster {
  readonly frame: Size;
  readonly scale: number;
  readonly origin: { readonly x: number; readonly y: number };
  readonly style: Style | null;
}

export async function rasterise(drawing: Drawing, raster: Raster, margin: Margin): Promise<Pixels> {
  const { frame, scale, origin } = raster;
  const width = frame.width + 2 * margin.x;
  const height = frame.height + 2 * margin.y;
  const corner = [origin.x - margin.x / scale, origin.y - margin.y / scale];
  const box = [...corner, width / scale, height / scale].join(" ");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${box}">${drawing.markup}</svg>`;
  const data = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer();
  return { data, width, height, channels: 4 };
}

/** The layer at the back, which covers everything. */
export function opaque(kernels: Kernels, drawing: Drawing, { pixels, frame, style }: Rastered): Ready {
  const { width, height } = pixels;
  const left = (width - frame.width) / 2;
  const top = (height - frame.height) / 2;
  const y = kernels.plane(width, height);
  const uv = kernels.plane(width, height / 2);
  writeOpaque(
    applyStyle(pixels, style, { ...frame, left, top }),
    { bytes: kernels.bytes(y), stride: width },
    { bytes: kernels.bytes(uv), stride: width },
  );
  return { drawing, canvas: { width, height, left, top, y, uv }, layer: null };
}

export interface Rastered {
  readonly pixels: Pixels;
  readonly frame: Size;
  readonly style: Style | null;
}

/** Only the rows that something is drawn in are kept, with a few empty ones around for the filter to fade into. */
export function transparent(kernels: Kernels, drawing: Drawing, { pixels, frame, style }: Rastered): Ready {
  const { width } = pixels;
  const [from, to] = drawnRows(pixels);
  const height = to - from;
  const left = (width - frame.width) / 2;
  const top = (pixels.height - frame.height) / 2 - from;
  const y = kernels.plane(width, height);
  const alphaY = kernels.plane(width, height);
  const uv = kernels.plane(width, height / 2);
  const alphaUv = kernels.plane(width, height / 2);
  const drawn = { ...pixels, data: pixels.data.subarray(from * width * 4, to * width * 4), height };
  const kept = applyStyle(drawn, style, { ...frame, left, top });
  writeTransparent(
    kept,
    { bytes: kernels.bytes(y), alpha: kernels.bytes(alphaY), stride: width },
    { bytes: kernels.bytes(uv), alpha: kernels.bytes(alphaUv), stride: width },
  );
  const layer = {
    ...{ width, height, left, top, y, uv, alphaY, alphaUv },
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

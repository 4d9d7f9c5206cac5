/** Brings a given picture, or the last frame of a given clip, into the kernels' memory, fitted to the frame. */
import { open, readFile, stat } from "node:fs/promises";
import sharp, { type Sharp } from "sharp";
import { ReelayError } from "../src/core/errors.ts";
import type { Frame } from "../src/media/codec.ts";
import { decodeBitmap, isBitmap } from "./bitmap.ts";
import type { Room } from "./camera.ts";
import { type Pixels, writeOpaque } from "./colour.ts";
import { extendPlane } from "./extend.ts";
import type { Canvas, Kernels, Plane } from "./kernels.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pixels to have beyond the frame on each side; even. */
export interface Margin {
  readonly x: number;
  readonly y: number;
}

/** Something that can be laid into a canvas once the camera's needs are known. */
export interface Source {
  /** How far the picture itself goes on beyond the frame. */
  readonly room: Room;
  place(kernels: Kernels, margin: Margin): Promise<Canvas>;
}

const MAX_PIXELS = 100_000_000;
const MAX_BITMAP_BYTES = 256 * 1024 * 1024;
/** What lies under transparent pixels. */
const NEUTRAL = { r: 128, g: 128, b: 128 };
/** More than this beyond the frame is never looked at, as a part of the frame. */
const MAX_ROOM = 0.35;

/** A still picture of any type, upright. `what` names it in errors, for example "first frame". */
export async function openPicture(path: string, frame: Size, what: string): Promise<Source> {
  const input = await decode(path, what);
  const size = await readable(what, async () => {
    const { autoOrient } = await input.clone().metadata();
    return { width: autoOrient.width, height: autoOrient.height };
  });
  const cover = coverOf(size, frame);
  return {
    room: roomOf(cover, frame),
    async place(kernels, margin) {
      const real = realSize(cover, frame, margin);
      const { data, info } = await readable(what, () =>
        input
          .clone()
          .resize({ ...cover, fit: "fill" })
          .extract({
            left: (cover.width - real.width) >> 1,
            top: (cover.height - real.height) >> 1,
            ...real,
          })
          .flatten({ background: NEUTRAL })
          .toColourspace("srgb")
          .removeAlpha()
          .raw({ depth: "uchar" })
          .toBuffer({ resolveWithObject: true }),
      );
      const pixels: Pixels = { data: info.channels === 1 ? spread(data) : data, ...real, channels: 3 };
      return layOut(kernels, { frame, real, margin }, (luma, chroma) => writeOpaque(pixels, luma, chroma));
    },
  };
}

/** A decoded frame. Of the frame's own size it is taken over sample by sample. */
export function frameSource(decoded: Frame, frame: Size): Source {
  const cover = coverOf(decoded, frame);
  return {
    room: roomOf(cover, frame),
    async place(kernels, margin) {
      const real = realSize(cover, frame, margin);
      const planes = await fitPlanes(decoded, cover, real);
      return layOut(kernels, { frame, real, margin }, (luma, chroma) => {
        for (let y = 0; y < real.height; y++)
          luma.bytes.set(planes.y.subarray(y * real.width, (y + 1) * real.width), y * luma.stride);
        for (let y = 0; y < real.height / 2; y++)
          chroma.bytes.set(planes.uv.subarray(y * real.width, (y + 1) * real.width), y * chroma.stride);
      });
    },
  };
}

async function decode(path: string, what: string): Promise<Sharp> {
  const options = { failOn: "error", limitInputPixels: MAX_PIXELS } as const;
  if (!isBitmap(await head(path, what))) return sharp(path, options).autoOrient();
  const { size } = await stat(path);
  if (size > MAX_BITMAP_BYTES)
    throw new ReelayError(
      "input_unreadable",
      `The ${what} is a bitmap of ${size} bytes; at most ${MAX_BITMAP_BYTES} are read.`,
    );
  const { data, width, height, channels } = decodeBitmap(await readFile(path));
  return sharp(data, { raw: { width, height, channels } });
}

async function head(path: string, what: string): Promise<Uint8Array> {
  return readable(what, async () => {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(new Uint8Array(2), 0, 2, 0);
    return buffer.subarray(0, bytesRead);
  });
}

async function readable<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ReelayError) throw error;
    const message = `The ${what} is not a picture that can be read: it is damaged or cut off.`;
    throw new ReelayError("input_unreadable", message, { cause: error });
  }
}

/** The whole picture, scaled so that it covers the frame. */
function coverOf(picture: Size, frame: Size): Size {
  const scale = Math.max(frame.width / picture.width, frame.height / picture.height);
  return {
    width: Math.max(frame.width, Math.round(picture.width * scale)),
    height: Math.max(frame.height, Math.round(picture.height * scale)),
  };
}

function roomOf(cover: Size, frame: Size): Room {
  return {
    x: Math.min(MAX_ROOM, (cover.width / frame.width - 1) / 2),
    y: Math.min(MAX_ROOM, (cover.height / frame.height - 1) / 2),
  };
}

/** The frame and as much of its surroundings as there is and the margin wants, even on each side. */
function realSize(cover: Size, frame: Size, margin: Margin): Size {
  const side = (have: number, inner: number, wanted: number) =>
    inner + 2 * Math.min(wanted, ((have - inner) >> 2) << 1);
  return {
    width: side(cover.width, frame.width, margin.x),
    height: side(cover.height, frame.height, margin.y),
  };
}

function spread(grey: Uint8Array): Uint8Array {
  const data = new Uint8Array(grey.length * 3);
  for (let i = 0; i < data.length; i++) data[i] = grey[(i / 3) | 0] ?? 0;
  return data;
}

interface Layout {
  readonly frame: Size;
  readonly real: Size;
  readonly margin: Margin;
}

interface Window {
  readonly bytes: Uint8Array;
  readonly stride: number;
}

function layOut(kernels: Kernels, layout: Layout, write: (luma: Window, chroma: Window) => void): Canvas {
  const { frame, real, margin } = layout;
  const width = frame.width + 2 * margin.x;
  const height = frame.height + 2 * margin.y;
  const y = kernels.plane(width, height);
  const uv = kernels.plane(width, height / 2);
  const left = margin.x - (real.width - frame.width) / 2;
  const top = margin.y - (real.height - frame.height) / 2;
  const window = (plane: Plane, row: number): Window => ({
    bytes: kernels.bytes(plane).subarray(row * plane.stride + left),
    stride: plane.stride,
  });
  write(window(y, top), window(uv, top / 2));
  const inner = { left, top, right: left + real.width, bottom: top + real.height };
  extendPlane({ bytes: kernels.bytes(y), stride: width, width, height, channels: 1 }, inner);
  const half = { left: left / 2, top: top / 2, right: inner.right / 2, bottom: inner.bottom / 2 };
  const chroma = {
    bytes: kernels.bytes(uv),
    stride: width,
    width: width / 2,
    height: height / 2,
    channels: 2,
  } as const;
  extendPlane(chroma, half);
  return { width, height, left: margin.x, top: margin.y, y, uv };
}

async function fitPlanes(
  decoded: Frame,
  cover: Size,
  real: Size,
): Promise<{ y: Uint8Array; uv: Uint8Array }> {
  if (
    cover.width === decoded.width &&
    cover.height === decoded.height &&
    real.width === decoded.width &&
    real.height === decoded.height
  )
    return decoded;
  const half = (size: Size): Size => ({
    width: Math.round(size.width / 2),
    height: Math.round(size.height / 2),
  });
  const { width, height } = half(decoded);
  const split = [0, 1].map((c) => decoded.uv.filter((_, i) => i % 2 === c));
  const y = await fitPlane({ bytes: decoded.y, width: decoded.width, height: decoded.height }, cover, real);
  const [u, v] = await Promise.all(
    split.map((bytes) => fitPlane({ bytes, width, height }, half(cover), half(real))),
  );
  const uv = new Uint8Array(real.width * (real.height / 2));
  for (let i = 0; i < uv.length; i++) uv[i] = (i % 2 === 0 ? u : v)?.[i >> 1] ?? 128;
  return { y, uv };
}

/** One channel, so that sharp sees grey numbers and converts no colours. */
async function fitPlane(plane: Size & { bytes: Uint8Array }, cover: Size, real: Size): Promise<Uint8Array> {
  const { width, height } = plane;
  return sharp(plane.bytes, { raw: { width, height, channels: 1 } })
    .resize({ ...cover, fit: "fill" })
    .extract({ left: (cover.width - real.width) >> 1, top: (cover.height - real.height) >> 1, ...real })
    .toColourspace("b-w")
    .extractChannel(0)
    .raw()
    .toBuffer();
}

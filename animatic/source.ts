/** Brings a given picture, or the last frame of a given clip, into the kernels' memory, fitted to the frame. */
import sharp, { type Sharp } from "sharp";
import type { Frame } from "../src/media/codec.ts";
import type { Room } from "./camera.ts";
import { type Pixels, writeOpaque } from "./colour.ts";
import { decodePicture, readable } from "./decode-picture.ts";
import type { Box } from "./depth.ts";
import { extendPlane } from "./extend.ts";
import type { Canvas, Kernels, Plane } from "./kernels.ts";
import { type Framing, type Style, WHOLE } from "./plan.ts";
import { applyStyle } from "./styles/apply.ts";
import { placeUnscaled, staysSmall } from "./unscaled.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pixels to have beyond the frame on each side; even. */
export interface Margin {
  readonly x: number;
  readonly y: number;
}

/** A canvas, and the part of it that the picture itself fills; around it, it is mirrored. */
export interface Placed extends Canvas {
  readonly inner: Box;
}

/** Something that can be laid into a canvas once the camera's needs are known. */
export interface Source {
  /** How far the picture itself goes on beyond the frame, on the side where it goes on less. */
  readonly room: Room;
  place(kernels: Kernels, margin: Margin): Promise<Placed>;
}

/** What lies under transparent pixels. */
const NEUTRAL = { r: 128, g: 128, b: 128 };
/** More than this beyond the frame is never looked at, as a part of the frame. */
const MAX_ROOM = 0.35;

/** A still picture of any type, upright. `what` names it in errors, for example "first frame". */
export async function openPicture(
  path: string,
  frame: Size,
  what: string,
  framing: Framing = WHOLE,
  style: Style | null = null,
): Promise<Source> {
  const input = await decodePicture(path, what);
  const size = await readable(what, async () => {
    const { autoOrient } = await input.clone().metadata();
    return { width: autoOrient.width, height: autoOrient.height };
  });
  const cover = coverOf(size, frame, framing);
  const pixelsOf = async (picture: Sharp, { width, height }: Size): Promise<Pixels> => {
    const { data, info } = await readable(what, () =>
      picture
        .flatten({ background: NEUTRAL })
        .toColourspace("srgb")
        .removeAlpha()
        .raw({ depth: "uchar" })
        .toBuffer({ resolveWithObject: true }),
    );
    return { data: info.channels === 1 ? spread(data) : data, width, height, channels: 3 };
  };
  return {
    room: roomOf(cover, frame),
    async place(kernels, margin) {
      // Strokes and dots of a style are drawn at the frame's own size.
      if (style === null && staysSmall(cover)) {
        const pixels = await pixelsOf(input.clone(), size);
        return placeUnscaled(kernels, pixels, { frame, margin, cover });
      }
      const real = realPart(cover, frame, margin);
      const resized = input.clone().resize({ width: cover.width, height: cover.height, fit: "fill" });
      const pixels = await pixelsOf(resized.extract(cutOf(cover, real)), real);
      const styled = applyStyle(pixels, style, { ...frame, left: real.left, top: real.top });
      return layOut(kernels, { frame, real, margin }, (luma, chroma) => writeOpaque(styled, luma, chroma));
    },
  };
}

/** A decoded frame. Of the frame's own size it is taken over sample by sample. */
export function frameSource(decoded: Frame, frame: Size, framing: Framing = WHOLE): Source {
  const cover = coverOf(decoded, frame, framing);
  return {
    room: roomOf(cover, frame),
    async place(kernels, margin) {
      const real = realPart(cover, frame, margin);
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

/** The whole picture, scaled so that it covers the frame, and where in it the frame lies. */
export interface Cover extends Size {
  readonly left: number;
  readonly top: number;
  /** Pixels of the picture in one of the cover. */
  readonly scale: number;
}

function coverOf(picture: Size, frame: Size, { zoom, x, y }: Framing): Cover {
  const scale = zoom * Math.max(frame.width / picture.width, frame.height / picture.height);
  const width = Math.max(frame.width, Math.round(picture.width * scale));
  const height = Math.max(frame.height, Math.round(picture.height * scale));
  const start = (whole: number, part: number, centre: number) =>
    Math.min(whole - part, Math.max(0, Math.floor(whole * centre - part / 2)));
  const [left, top] = [start(width, frame.width, x), start(height, frame.height, y)];
  return { width, height, left, top, scale: 1 / scale };
}

function roomOf(cover: Cover, frame: Size): Room {
  const room = (start: number, whole: number, part: number) =>
    Math.min(MAX_ROOM, Math.min(start, whole - part - start) / part);
  return {
    x: room(cover.left, cover.width, frame.width),
    y: room(cover.top, cover.height, frame.height),
  };
}

/** The frame and as much of its surroundings as there is and the margin wants; all four sides even. */
interface Part extends Size {
  readonly left: number;
  readonly top: number;
}

function realPart(cover: Cover, frame: Size, margin: Margin): Part {
  const side = (have: number, wanted: number) => Math.min(wanted, (have >> 1) << 1);
  const left = side(cover.left, margin.x);
  const top = side(cover.top, margin.y);
  return {
    left,
    top,
    width: left + frame.width + side(cover.width - frame.width - cover.left, margin.x),
    height: top + frame.height + side(cover.height - frame.height - cover.top, margin.y),
  };
}

/** The part's place in the cover. */
function cutOf(cover: Cover, { left, top, width, height }: Part): Part {
  return { left: cover.left - left, top: cover.top - top, width, height };
}

function spread(grey: Uint8Array): Uint8Array {
  const data = new Uint8Array(grey.length * 3);
  for (let i = 0; i < data.length; i++) data[i] = grey[(i / 3) | 0] ?? 0;
  return data;
}

interface Layout {
  readonly frame: Size;
  readonly real: Part;
  readonly margin: Margin;
}

interface Window {
  readonly bytes: Uint8Array;
  readonly stride: number;
}

function layOut(kernels: Kernels, layout: Layout, write: (luma: Window, chroma: Window) => void): Placed {
  const { frame, real, margin } = layout;
  const width = frame.width + 2 * margin.x;
  const height = frame.height + 2 * margin.y;
  const y = kernels.plane(width, height);
  const uv = kernels.plane(width, height / 2);
  const left = margin.x - real.left;
  const top = margin.y - real.top;
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
  return { width, height, left: margin.x, top: margin.y, y, uv, inner };
}

async function fitPlanes(
  decoded: Frame,
  cover: Cover,
  real: Part,
): Promise<{ y: Uint8Array; uv: Uint8Array }> {
  if (
    cover.width === decoded.width &&
    cover.height === decoded.height &&
    real.width === decoded.width &&
    real.height === decoded.height
  )
    return decoded;
  const [width, height] = [decoded.width / 2, decoded.height / 2];
  const cut = cutOf(cover, real);
  const split = [0, 1].map((c) => decoded.uv.filter((_, i) => i % 2 === c));
  const y = await fitPlane({ bytes: decoded.y, width: decoded.width, height: decoded.height }, cover, cut);
  const small = { width: Math.round(cover.width / 2), height: Math.round(cover.height / 2) };
  const part = {
    left: Math.min(cut.left >> 1, small.width - real.width / 2),
    top: Math.min(cut.top >> 1, small.height - real.height / 2),
    width: real.width / 2,
    height: real.height / 2,
  };
  const [u, v] = await Promise.all(split.map((bytes) => fitPlane({ bytes, width, height }, small, part)));
  const uv = new Uint8Array(real.width * (real.height / 2));
  for (let i = 0; i < uv.length; i++) uv[i] = (i % 2 === 0 ? u : v)?.[i >> 1] ?? 128;
  return { y, uv };
}

/** One channel, so that sharp sees grey numbers and converts no colours. */
async function fitPlane(plane: Size & { bytes: Uint8Array }, whole: Size, part: Part): Promise<Uint8Array> {
  const { width, height } = plane;
  return sharp(plane.bytes, { raw: { width, height, channels: 1 } })
    .resize({ width: whole.width, height: whole.height, fit: "fill" })
    .extract(part)
    .toColourspace("b-w")
    .extractChannel(0)
    .raw()
    .toBuffer();
}

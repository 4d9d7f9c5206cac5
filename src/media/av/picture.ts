import {
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_UNSPECIFIED,
} from "node-av/constants";
import { Frame, SoftwareScaleContext } from "node-av/lib";
import type { Frame as Picture } from "../codec.ts";
import { CONVERSION_FLAGS } from "../colour.ts";
import { check, planesOf, setOptions } from "./native.ts";

export interface PictureReader {
  /** The same planes every time, filled anew. */
  read(frame: Frame): Picture;
  close(): void;
}

/**
 * Turns decoded frames into our pictures. 8-bit 4:2:0 limited range passes sample for sample; anything else goes
 * through swscale, told the colours of both sides (left alone it takes every picture for BT.601, and greens and
 * reds come out some levels off).
 */
export function openPictureReader(width: number, height: number): PictureReader {
  const scaler = new SoftwareScaleContext();
  scaler.allocContext();
  setOptions(scaler, { sws_flags: CONVERSION_FLAGS });
  const target = new Frame();
  target.alloc();
  target.width = width;
  target.height = height;
  target.format = AV_PIX_FMT_NV12;
  check(target.getBuffer(0), "reserve a frame");
  target.colorSpace = AVCOL_SPC_BT709;
  target.colorRange = AVCOL_RANGE_MPEG;
  const [luma, chroma] = planesOf(target);
  const [lumaStride = 0, chromaStride = 0] = target.linesize;
  const picture: Picture = {
    width,
    height,
    y: new Uint8Array(width * height),
    uv: new Uint8Array((width * height) / 2),
  };
  return {
    read(frame) {
      describeColours(frame);
      // Only matrix and range are to change: differing primaries would be mapped from gamut to gamut.
      target.colorPrimaries = frame.colorPrimaries;
      target.colorTrc = frame.colorTrc;
      target.chromaLocation = frame.chromaLocation;
      check(scaler.scaleFrameSync(target, frame), "convert a frame");
      pack(luma, lumaStride, picture.y, width);
      pack(chroma, chromaStride, picture.uv, width);
      return picture;
    },
    close() {
      scaler.freeContext();
      target.free();
    },
  };
}

/** An untagged picture is taken for what nearly every untagged video is: BT.709, limited. */
function describeColours(frame: Frame): void {
  const plain = frame.format === AV_PIX_FMT_YUV420P || frame.format === AV_PIX_FMT_NV12;
  if (frame.colorSpace === AVCOL_SPC_UNSPECIFIED) frame.colorSpace = AVCOL_SPC_BT709;
  if (plain && frame.colorRange !== AVCOL_RANGE_JPEG) frame.colorRange = AVCOL_RANGE_MPEG;
}

/** Copies rows that stand `stride` bytes apart so that they stand `width` apart. */
function pack(from: Buffer | undefined, stride: number, to: Uint8Array, width: number): void {
  if (!from) throw new Error("a decoded frame has no planes");
  if (stride === width) {
    to.set(from.subarray(0, to.length));
    return;
  }
  for (let row = 0; row * width < to.length; row++) {
    to.set(from.subarray(row * stride, row * stride + width), row * width);
  }
}

/** How alike two pictures are, computed here and with nothing of ours: BT.709, limited range, 4:2:0. */
import sharp from "sharp";
import type { Planes } from "./probe.ts";

/** A picture scaled to exactly this size, as planes that a decoder would give. */
export async function fitted(picture: Uint8Array, width: number, height: number): Promise<Planes> {
  const rgb = await sharp(picture).resize(width, height, { fit: "fill" }).removeAlpha().raw().toBuffer();
  const y = new Uint8Array(width * height);
  const u = new Float64Array((width * height) / 4);
  const v = new Float64Array((width * height) / 4);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const i = row * width + column;
      const [r, g, b] = [rgb[i * 3] ?? 0, rgb[i * 3 + 1] ?? 0, rgb[i * 3 + 2] ?? 0];
      const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
      y[i] = Math.round(16 + (219 / 255) * light);
      const half = (row >> 1) * (width / 2) + (column >> 1);
      u[half] = (u[half] ?? 0) + (128 + ((224 / 255) * (b - light)) / 1.8556) / 4;
      v[half] = (v[half] ?? 0) + (128 + ((224 / 255) * (r - light)) / 1.5748) / 4;
    }
  }
  return { width, height, y, u: Uint8Array.from(u, Math.round), v: Uint8Array.from(v, Math.round) };
}

/** The same planes at another size. */
export async function resized(from: Planes, width: number, height: number): Promise<Planes> {
  const scale = async (plane: Uint8Array, shrink: number): Promise<Uint8Array> =>
    sharp(plane, { raw: { width: from.width / shrink, height: from.height / shrink, channels: 1 } })
      .resize(width / shrink, height / shrink, { fit: "fill" })
      .toColourspace("b-w")
      .raw()
      .toBuffer();
  return { width, height, y: await scale(from.y, 1), u: await scale(from.u, 2), v: await scale(from.v, 2) };
}

/** Peak signal to noise ratio in dB of the worst of the three planes; 30 is a good likeness, 10 another picture. */
export function likeness(a: Planes, b: Planes): number {
  if (a.width !== b.width || a.height !== b.height) {
    throw new Error(`${a.width}x${a.height} and ${b.width}x${b.height} cannot be compared`);
  }
  return Math.min(psnr(a.y, b.y), psnr(a.u, b.u), psnr(a.v, b.v));
}

function psnr(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return sum === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(255 ** 2 / (sum / a.length));
}

/** Pictures of decoded frames: JPEG and WebP files. Run in media children only. */
import sharp, { type Sharp } from "sharp";
import type { Frame } from "./codec.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The longer side of a poster: sharp on any screen that shows it beside others. */
const POSTER_SIDE = 1920;
const JPEG = { quality: 84, mozjpeg: false, chromaSubsampling: "4:2:0" } as const;
const WEBP = { quality: 80, effort: 2 } as const;

/** WebP where the path says so. */
export async function savePoster(frame: Frame, path: string): Promise<Size> {
  const picture = pictureOf(frame).resize({
    width: POSTER_SIDE,
    height: POSTER_SIDE,
    fit: "inside",
    withoutEnlargement: true,
  });
  const { width, height } = await (path.endsWith(".webp") ? picture.webp(WEBP) : picture.jpeg(JPEG)).toFile(
    path,
  );
  return { width, height };
}

const GAP = 8;
/** Of one frame on the sheet, so that five of them are about as wide as a screen. */
const CELL_SIDE = 384;

/** Frames in one row, left to right. */
export async function saveContactSheet(frames: readonly Frame[], path: string): Promise<Size> {
  const cells = await Promise.all(
    frames.map((frame) =>
      pictureOf(frame)
        .resize({ width: CELL_SIDE, height: CELL_SIDE, fit: "inside", withoutEnlargement: true })
        .raw()
        .toBuffer({ resolveWithObject: true }),
    ),
  );
  let left = GAP;
  const placed = cells.map(({ data, info: { width, height } }) => {
    const at = { input: data, raw: { width, height, channels: 3 as const }, left, top: GAP };
    left += width + GAP;
    return at;
  });
  const height = 2 * GAP + Math.max(...cells.map(({ info }) => info.height));
  const sheet = sharp({ create: { width: left, height, channels: 3, background: { r: 17, g: 17, b: 17 } } });
  await sheet.composite(placed).jpeg(JPEG).toFile(path);
  return { width: left, height };
}

/** BT.709 limited range to RGB, chroma from the nearest sample. */
function pictureOf({ width, height, y, uv }: Frame): Sharp {
  const rgb = new Uint8ClampedArray(width * height * 3);
  let at = 0;
  for (let row = 0; row < height; row++) {
    const chroma = (row >> 1) * width;
    for (let column = 0; column < width; column++) {
      const luma = 1.164384 * ((y[row * width + column] ?? 16) - 16);
      const u = (uv[chroma + (column & ~1)] ?? 128) - 128;
      const v = (uv[chroma + (column | 1)] ?? 128) - 128;
      rgb[at++] = luma + 1.792741 * v;
      rgb[at++] = luma - 0.213249 * u - 0.532909 * v;
      rgb[at++] = luma + 2.112402 * u;
    }
  }
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

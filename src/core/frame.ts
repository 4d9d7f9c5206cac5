/**
 * How many pixels a video has. `720p` is its shorter side, `4k` stands for 2160; the longer side follows the
 * aspect. Both are even, because H.264 with 4:2:0 colour has no odd sides.
 */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export function shortSide(resolution: string): number {
  if (resolution.toLowerCase() === "4k") return 2160;
  const side = Number.parseInt(resolution, 10);
  if (!(side > 0)) throw new Error(`not a resolution: ${resolution}`);
  return 2 * Math.round(side / 2);
}

/** "21:9" -> 21/9 */
export function aspectRatio(aspect: string): number {
  const [width, height] = aspect.split(":").map(Number);
  if (!width || !height) throw new Error(`not an aspect ratio: ${aspect}`);
  return width / height;
}

export function frameSize(resolution: string, ratio: number): Size {
  const short = shortSide(resolution);
  const long = Math.max(2, 2 * Math.round((short * Math.max(ratio, 1 / ratio)) / 2));
  return ratio >= 1 ? { width: long, height: short } : { width: short, height: long };
}

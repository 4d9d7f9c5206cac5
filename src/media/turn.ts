import type { Frame } from "./codec.ts";

/** Quarter turns clockwise by which a picture has to be turned to be seen as it was taken. */
export type Quarters = 0 | 1 | 2 | 3;

/** -90 and 270 give 3. What is no quarter turn (a slanted picture) is left as it is. */
export function quartersOf(degreesClockwise: number): Quarters {
  const quarters = degreesClockwise / 90;
  if (!Number.isInteger(quarters)) return 0;
  return (((quarters % 4) + 4) % 4) as Quarters;
}

export function turnedSize(width: number, height: number, quarters: Quarters) {
  return quarters % 2 === 0 ? { width, height } : { width: height, height: width };
}

/**
 * Telephones store what was held upright lying on its side and say so in the file. Returns what turns one frame
 * after another of such a clip; the planes of its result are reused.
 */
export function openTurner(quarters: Quarters): (frame: Frame) => Frame {
  let turned: Frame | undefined;
  if (quarters === 0) return (frame) => frame;
  return (frame) => {
    const { width, height } = frame;
    turned ??= {
      ...turnedSize(width, height, quarters),
      y: new Uint8Array(frame.y.length),
      uv: new Uint8Array(frame.uv.length),
    };
    turnPlane(frame.y, turned.y, { width, height, bytes: 1, quarters });
    turnPlane(frame.uv, turned.uv, { width: width / 2, height: height / 2, bytes: 2, quarters });
    return turned;
  };
}

interface Plane {
  /** In samples of `bytes` bytes each, before the turn. */
  readonly width: number;
  readonly height: number;
  readonly bytes: 1 | 2;
  readonly quarters: Quarters;
}

function turnPlane(from: Uint8Array, to: Uint8Array, { width, height, bytes, quarters }: Plane): void {
  // Where the first sample lands, and how far its neighbours to the right and below land from there.
  const { start, right, down } = {
    0: { start: 0, right: 1, down: width },
    1: { start: height - 1, right: height, down: -1 },
    2: { start: width * height - 1, right: -1, down: -width },
    3: { start: (width - 1) * height, right: -height, down: 1 },
  }[quarters];
  let at = 0;
  for (let row = 0; row < height; row++) {
    let target = (start + row * down) * bytes;
    for (let column = 0; column < width; column++) {
      for (let i = 0; i < bytes; i++) to[target + i] = from[at++] ?? 0;
      target += right * bytes;
    }
  }
}

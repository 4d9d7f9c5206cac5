/** Turns a still into one of the named styles, once, before it is filmed: a frame of it costs nothing more. */
import type { Pixels } from "../colour.ts";
import type { Style } from "../plan.ts";
import { animation3d } from "./animation-3d.ts";
import { anime } from "./anime.ts";
import { clay } from "./clay.ts";
import { comic } from "./comic.ts";
import { cyberpunk } from "./cyberpunk.ts";
import { type Picture, putBack, takeApart } from "./picture.ts";

interface Way {
  readonly paint: (picture: Picture) => void;
  /** Whether it keeps fine detail, and so works on every pixel of the largest pictures too. */
  readonly detailed: boolean;
}

const WAYS: Readonly<Record<Style, Way>> = {
  anime: { paint: anime, detailed: false },
  "3d_animation": { paint: animation3d, detailed: false },
  clay: { paint: clay, detailed: false },
  comic: { paint: comic, detailed: false },
  cyberpunk: { paint: cyberpunk, detailed: true },
};

/** Frames of more pixels than this are styled at half their size: 4k as 1080p. */
const WHOLE_PIXELS = 3_000_000;

/** The frame that pixels are part of, and where its first pixel lies in them. */
export interface Cut {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
}

/** The pixels in a style; themselves where there is none. Integer and exact arithmetic only: the same everywhere. */
export function applyStyle(pixels: Pixels, style: Style | null, frame: Cut): Pixels {
  if (style === null) return pixels;
  const { paint, detailed } = WAYS[style];
  const shrink = detailed ? 1 : Math.ceil(Math.sqrt((frame.width * frame.height) / WHOLE_PIXELS));
  const unit = Math.min(frame.width, frame.height) / 720;
  const picture = takeApart(pixels, { unit, left: frame.left, top: frame.top }, shrink);
  paint(picture);
  return putBack(picture, pixels, shrink);
}

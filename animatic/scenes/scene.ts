/** What a place's file gives: drawings from far to near, in a space of its own. */
import type { Random } from "../random.ts";
import type { Palette } from "./palette.ts";
import type { Setting } from "./setting.ts";

/**
 * The space that scenes are drawn in. The frame is `width` by `height` units, its shorter side being 1000; the
 * camera may see `bleed` units beyond it on each side, and drawings must go on that far.
 */
export interface Stage {
  readonly width: number;
  readonly height: number;
  readonly bleed: { readonly x: number; readonly y: number };
  readonly setting: Setting;
  readonly palette: Palette;
  readonly random: Random;
}

/** One rigid layer. The first of a scene covers everything; the others are transparent where they draw nothing. */
export interface Drawing {
  /** SVG elements. */
  readonly markup: string;
  /** How much of the camera's move it takes part in: 0 (infinitely far) to 1. */
  readonly depth: number;
  /** Units a second to the right. */
  readonly drift?: number;
  /** Passes by to the left for ever, as beside a train: what is drawn repeats itself after `period` units. */
  readonly passing?: { readonly speed: number; readonly period: number };
  /** Units of swing either way, seconds for one swing, and where in it the layer starts (0 to 1). */
  readonly sway?: {
    readonly x: number;
    readonly y: number;
    readonly seconds: number;
    readonly phase: number;
  };
}

/** A small light at a fixed place that comes and goes: a star, a window, a glitter on water. */
export interface Glint {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly colour: string;
  readonly depth: number;
  /** How many times wider than high; 1 where it is left out. */
  readonly stretch?: number;
  /** Seconds from bright to bright, and where in it the light starts (0 to 1). */
  readonly seconds: number;
  readonly phase: number;
  /** Where it travels to in that time, again and again; it then shines all the way. */
  readonly to?: { readonly x: number; readonly y: number; readonly radius: number };
}

export interface Scene {
  readonly layers: readonly Drawing[];
  /** How many of the layers are out of doors: rain, snow and fog stay behind the others. All, where it is left out. */
  readonly outside?: number;
  readonly glints: readonly Glint[];
}

export type DrawPlace = (stage: Stage) => Scene;

/** How far drifting and swaying layers may go beyond what the camera sees, in units. */
export const WANDER = 160;

/** How rain, snow and small lights look in each style: they are drawn anew in each frame, after the still was styled. */
import type { Frame } from "../src/media/codec.ts";
import { drawSpot, drawStreak, type Ink, inkOf, type Spot, type Streak } from "./particles.ts";
import type { Style } from "./plan.ts";
import { drawDisc, drawStroke, even, pressed } from "./strokes.ts";

export interface Look {
  /** Of the usual number of drops and flakes, so much: what is drawn larger is fewer. */
  readonly drops: number;
  readonly flakes: number;
  /** `chance` is the thing's own, 0 to 1, the same in every frame. */
  drop(frame: Frame, streak: Streak, chance: number): void;
  flake(frame: Frame, spot: Spot, chance: number): void;
  light(frame: Frame, spot: Spot, ink: Ink): void;
}

const WHITE = inkOf("#ffffff");
/** The brightness of rain: no colour of its own. */
const WATER = 205;

/** Without a style: soft, as a lens that is set to the distance sees them. */
const PLAIN: Look = {
  drops: 1,
  flakes: 1,
  drop: (frame, streak) => drawStreak(frame, streak, WATER),
  flake: (frame, spot) => drawSpot(frame, spot, WHITE),
  light: drawSpot,
};

const PALE = inkOf("#e8f2ff");

/** Long, thin, clean lines; flakes are flat discs and lights have an edge, with a halo around it. */
const ANIME: Look = {
  drops: 0.6,
  flakes: 0.8,
  drop: (frame, streak) =>
    drawStroke(
      frame,
      {
        ...streak,
        length: streak.length * 1.7,
        thickness: streak.thickness * 1.1,
        strength: streak.strength * 1.3,
      },
      PALE,
      even,
    ),
  flake: (frame, spot) => drawDisc(frame, { ...spot, radius: spot.radius * 0.8 }, WHITE),
  light(frame, spot, ink) {
    drawSpot(frame, { ...spot, radius: spot.radius * 1.5, strength: spot.strength * 0.45 }, ink);
    drawDisc(frame, { ...spot, radius: spot.radius * 0.5 }, WHITE);
  },
};

const INK = inkOf("#0e0c12");
const PAPER = inkOf("#fffbf0");

/** Pen and paper: strokes of ink, some of them left white; flakes are discs of paper with a line around. */
const COMIC: Look = {
  drops: 0.45,
  flakes: 0.6,
  drop(frame, streak, chance) {
    const broad = { ...streak, length: streak.length * 1.5, thickness: streak.thickness * 2.4, strength: 1 };
    // White beside the ink, so that it shows on a black night as well.
    if (chance < 0.55) drawStroke(frame, { ...broad, x: broad.x + broad.thickness * 0.6 }, PAPER, pressed);
    if (chance > 0.3) drawStroke(frame, broad, INK, pressed);
  },
  flake(frame, spot) {
    drawDisc(frame, { ...spot, radius: spot.radius * 1.3, strength: 1 }, INK);
    drawDisc(frame, { ...spot, radius: spot.radius * 0.95, strength: 1 }, PAPER);
  },
  light(frame, spot, ink) {
    drawDisc(frame, { ...spot, radius: spot.radius * 0.62 }, ink);
    drawDisc(frame, { ...spot, radius: spot.radius * 0.38 }, PAPER);
  },
};

const CLAY_BLUE = inkOf("#a9bcc9");
const CLAY_WHITE = inkOf("#ded8cf");

/** Beads between two fingers: drops are long ones, flakes round ones. */
const CLAY: Look = {
  drops: 0.3,
  flakes: 0.5,
  drop(frame, { x, y, length, slant, thickness }) {
    const radius = length * 0.16;
    const bead = { x: x + slant * length, y: y + length, radius, stretch: 0.62, strength: 1 };
    drawDisc(frame, { ...bead, stretch: Math.max(0.5, (thickness * 2.6) / radius) }, CLAY_BLUE, 46);
  },
  flake: (frame, spot) =>
    drawDisc(frame, { ...spot, radius: spot.radius * 1.25, strength: 1 }, CLAY_WHITE, 48),
  light: (frame, spot, ink) => drawDisc(frame, { ...spot, radius: spot.radius * 0.8 }, matt(ink), 34),
};

/** Clay is neither black nor white, and its colours are dull. */
function matt({ y, u, v }: Ink): Ink {
  return { y: 50 + 0.7 * (y - 16), u: 128 + 0.8 * (u - 128), v: 128 + 0.8 * (v - 128) };
}

const GLASS = inkOf("#cfe6ff");

/** Glass and soft balls with light on them, and a glow around what shines. */
const ANIMATION_3D: Look = {
  drops: 0.7,
  flakes: 0.7,
  drop(frame, streak) {
    drawStroke(
      frame,
      { ...streak, thickness: streak.thickness * 1.8, strength: streak.strength * 0.7 },
      GLASS,
      pressed,
    );
    drawStroke(
      frame,
      { ...streak, thickness: streak.thickness * 0.6, strength: streak.strength },
      WHITE,
      pressed,
    );
  },
  flake(frame, spot) {
    drawSpot(frame, { ...spot, radius: spot.radius * 1.7, strength: spot.strength * 0.4 }, WHITE);
    drawDisc(frame, { ...spot, strength: 0.95 }, GLASS, 40);
  },
  light(frame, spot, ink) {
    drawSpot(frame, { ...spot, radius: spot.radius * 2.2, strength: spot.strength * 0.5 }, ink);
    drawSpot(frame, { ...spot, radius: spot.radius * 0.9 }, WHITE);
  },
};

const TEAL = inkOf("#19e6ff");
const MAGENTA = inkOf("#ff2fd2");

/** Everything is lit by the signs around it: teal or magenta, with a glow. */
const CYBERPUNK: Look = {
  drops: 0.8,
  flakes: 0.8,
  drop(frame, streak, chance) {
    const ink = chance < 0.62 ? TEAL : MAGENTA;
    const glow = { ...streak, thickness: streak.thickness * 3.6, strength: streak.strength * 0.3 };
    drawStroke(frame, glow, ink, pressed);
    drawStroke(frame, { ...streak, strength: streak.strength * 1.1 }, ink, pressed);
  },
  flake(frame, spot, chance) {
    const ink = chance < 0.62 ? TEAL : MAGENTA;
    drawSpot(frame, { ...spot, radius: spot.radius * 2, strength: spot.strength * 0.5 }, ink);
    drawSpot(frame, { ...spot, radius: spot.radius * 0.7 }, WHITE);
  },
  light(frame, spot, ink) {
    drawSpot(
      frame,
      { ...spot, radius: spot.radius * 2.4, strength: spot.strength * 0.6 },
      ink.v > 128 ? MAGENTA : TEAL,
    );
    drawSpot(frame, { ...spot, radius: spot.radius * 0.8 }, WHITE);
  },
};

const LOOKS: Readonly<Record<Style, Look>> = {
  anime: ANIME,
  "3d_animation": ANIMATION_3D,
  clay: CLAY,
  comic: COMIC,
  cyberpunk: CYBERPUNK,
};

export function lookOf(style: Style | null): Look {
  return style === null ? PLAIN : LOOKS[style];
}

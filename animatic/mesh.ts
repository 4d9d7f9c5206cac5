/**
 * Where each node of the mesh looks, for a photograph with depth: the camera's pose, the hand that holds it, and
 * what moves in the picture. Nodes lie on every 16th pixel of the frame; between them the kernel goes straight.
 */
import type { Pose } from "./camera.ts";
import type { Relief } from "./depth.ts";
import type { Hand } from "./handheld.ts";
import type { Canvas, Mesh } from "./kernels.ts";
import { type Beat, type Stir, stirAt } from "./life.ts";

export interface Ground {
  /** Null where neither depth nor life is asked for. */
  readonly relief: Relief | null;
  readonly stir: Stir | null;
}

export interface Moment {
  readonly pose: Pose;
  readonly hand: Hand;
  readonly beat: Beat;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const CELL = 16;
/** Coordinates are whole numbers of this part of a pixel. */
const UNIT = 4096;
/** Of the four taps of the filter one lies before the sample and two behind it. */
const TAPS = { before: 1, behind: 2 };

/** Values at one place of the charts. */
interface Spot {
  near: number;
  sway: number;
  ripple: number;
  drift: number;
}

/** Fills the mesh. Returns how many nodes had to be held back at the canvas's edge: none, where margins are right. */
export function fillMesh(mesh: Mesh, canvas: Canvas, frame: Size, ground: Ground, moment: Moment): number {
  const nodes = mesh.nodes();
  const look = lookThrough(canvas, frame, ground, moment);
  const place = { x: 0, y: 0 };
  const most = { x: canvas.width - 1 - TAPS.behind, y: canvas.height - 1 - TAPS.behind };
  let held = 0;
  for (let row = 0; row < mesh.rows; row++) {
    const y = Math.min(row * CELL, frame.height - 1);
    for (let column = 0; column < mesh.columns; column++) {
      look(Math.min(column * CELL, frame.width - 1), y, place);
      const x = Math.min(most.x, Math.max(TAPS.before, place.x));
      const down = Math.min(most.y, Math.max(TAPS.before, place.y));
      if (x !== place.x || down !== place.y) held++;
      const at = 2 * (row * mesh.columns + column);
      nodes[at] = Math.floor(x * UNIT + 0.5);
      nodes[at + 1] = Math.floor(down * UNIT + 0.5);
    }
  }
  stretchLast(nodes, mesh, frame);
  return held;
}

/** Nodes beyond the frame's edge go on from the edge itself, so that none of them looks past the canvas for it. */
function stretchLast(nodes: Int32Array, { columns, rows }: Mesh, frame: Size): void {
  const beyond = (at: number, before: number, span: number) => {
    for (const i of [0, 1]) {
      const inner = nodes[before + i] ?? 0;
      nodes[at + i] = Math.floor(inner + (((nodes[at + i] ?? 0) - inner) * CELL) / span + 0.5);
    }
  };
  const across = frame.width - 1 - (columns - 2) * CELL;
  for (let row = 0; row < rows; row++) {
    const at = 2 * (row * columns + columns - 1);
    beyond(at, at - 2, across);
  }
  const down = frame.height - 1 - (rows - 2) * CELL;
  for (let column = 0; column < columns; column++) {
    const at = 2 * ((rows - 1) * columns + column);
    beyond(at, at - 2 * columns, down);
  }
}

type Look = (x: number, y: number, out: { x: number; y: number }) => void;

function lookThrough(
  canvas: Canvas,
  frame: Size,
  { relief, stir }: Ground,
  { pose, hand, beat }: Moment,
): Look {
  const [middleX, middleY] = [(frame.width - 1) / 2, (frame.height - 1) / 2];
  const { left, top, scale = 1 } = canvas;
  const startX = left + (middleX + pose.x + hand.x + 0.5) * scale - 0.5;
  const startY = top + (middleY + pose.y + hand.y + 0.5) * scale - 0.5;
  const { near, step } = pose;
  const spot: Spot = { near: 0, sway: 0, ripple: 0, drift: 0 };
  const moved = { x: 0, y: 0 };
  const inPixels = { x: 0, y: 0 };
  return (x, y, out) => {
    const across = x - middleX - hand.roll * (y - middleY);
    const down = y - middleY + hand.roll * (x - middleX);
    out.x = startX + across * step * scale;
    out.y = startY + down * step * scale;
    if (!relief || (!near && !stir)) return;
    read(relief, stir, out, spot);
    if (stir) {
      inPixels.x = out.x / scale;
      inPixels.y = out.y / scale;
      stirAt(stir, beat, spot, inPixels, moved);
    }
    if (near) {
      const off = (spot.near - 0.5) * scale;
      out.x += off * (near.x + across * near.step);
      out.y += off * (near.y + down * near.step);
    }
    if (stir) {
      out.x += moved.x * scale;
      out.y += moved.y * scale;
    }
  };
}

/** The charts' values at a place of the canvas, between the centres of four cells. */
function read(
  relief: Relief,
  stir: Stir | null,
  at: { readonly x: number; readonly y: number },
  spot: Spot,
): void {
  const { columns, rows } = relief;
  const x = Math.min(columns - 1, Math.max(0, (at.x - relief.left) / relief.cellWidth));
  const y = Math.min(rows - 1, Math.max(0, (at.y - relief.top) / relief.cellHeight));
  const column = Math.min(columns - 2, Math.floor(x));
  const row = Math.min(rows - 2, Math.floor(y));
  const a = x - column;
  const b = y - row;
  const i = row * columns + column;
  spot.near = between(relief.near, i, columns, a, b);
  if (!stir) return;
  spot.sway = between(stir.sway, i, columns, a, b);
  spot.ripple = between(stir.ripple, i, columns, a, b);
  spot.drift = between(stir.drift, i, columns, a, b);
}

function between(chart: Float64Array, i: number, columns: number, a: number, b: number): number {
  const top = (chart[i] ?? 0) + ((chart[i + 1] ?? 0) - (chart[i] ?? 0)) * a;
  const j = i + columns;
  const bottom = (chart[j] ?? 0) + ((chart[j + 1] ?? 0) - (chart[j] ?? 0)) * a;
  return top + (bottom - top) * b;
}

/** What rooms and compartments have in common: a wall with windows in it, and curtains. */
import { mix } from "./palette.ts";
import type { Stage } from "./scene.ts";
import { type Box, everything, n, path } from "./shapes.ts";

export interface Panes {
  /** Units from window to window, and how wide one is at most. */
  readonly pitch: number;
  readonly wide: number;
  /** Height and upper edge, as parts of the frame's height. */
  readonly tall: number;
  readonly top: number;
}

/** A row of windows about the middle of the frame, as many as everything that may be seen holds. */
export function panesOf(stage: Stage, { pitch, wide, tall, top }: Panes): readonly Box[] {
  const all = everything(stage);
  const width = Math.min(wide, stage.width * 0.82);
  const apart = Math.max(pitch, width + 200);
  const height = Math.min(stage.height * tall, width * 1.35);
  const y = stage.height * top + (stage.height * tall - height) * 0.35;
  const middle = stage.width / 2;
  const reach = Math.ceil((all.width / 2 + width / 2) / apart);
  return Array.from({ length: 2 * reach + 1 }, (_, i) => ({
    ...{ x: middle + (i - reach) * apart - width / 2, y },
    ...{ width, height },
  }));
}

export interface Wall {
  readonly wall: string;
  readonly frame: string;
  /** Radius of the windows' corners. */
  readonly round: number;
}

/** Everything but the windows, and a frame around each. */
export function wallAround(stage: Stage, panes: readonly Box[], { wall, frame, round }: Wall): string {
  const { x, y, width, height } = everything(stage);
  const holes = panes.map((pane) => rounded(pane, round)).join("");
  const around = `<path fill-rule="evenodd" fill="${wall}" d="M${n(x)} ${n(y)}h${n(width)}v${n(height)}h${n(-width)}z${holes}"/>`;
  const frames = panes.map((pane) => {
    const outer = { x: pane.x - 26, y: pane.y - 26, width: pane.width + 52, height: pane.height + 52 };
    return (
      `<path fill-rule="evenodd" fill="${frame}" d="${rounded(outer, round + 20)}${rounded(pane, round)}"/>` +
      `<path d="${rounded(pane, round)}" fill="none" stroke="${mix(frame, "#000000", 0.4)}" stroke-width="6"/>`
    );
  });
  return around + frames.join("");
}

function rounded({ x, y, width, height }: Box, r: number): string {
  const q = (dx: number, dy: number) => `a${r} ${r} 0 0 1 ${dx} ${dy}`;
  return `M${n(x + r)} ${n(y)}h${n(width - 2 * r)}${q(r, r)}v${n(height - 2 * r)}${q(-r, r)}h${n(2 * r - width)}${q(-r, -r)}v${n(2 * r - height)}${q(r, -r)}z`;
}

export interface Cloth {
  readonly id: string;
  readonly colour: string;
  /** How much of the window each of the two hides. */
  readonly open: number;
}

/** Two curtains in folds, drawn aside. */
export function curtains(stage: Stage, pane: Box, { id, colour, open }: Cloth): string {
  const top = pane.y - 46;
  const long = pane.height + 130;
  const wide = pane.width * open + 70;
  const folds = 7;
  let markup = "";
  for (const side of [-1, 1]) {
    const outer = side < 0 ? pane.x - 70 : pane.x + pane.width + 70;
    for (let i = 0; i < folds; i++) {
      const from = outer - side * (i / folds) * wide;
      const to = outer - side * ((i + 1.12) / folds) * wide;
      const sag = 8 * (i % 2) - side * 6;
      const tone = mix(colour, i % 2 ? "#000000" : "#ffffff", i % 2 ? 0.16 : 0.08);
      markup += path(
        `M${n(from)} ${n(top)}L${n(to)} ${n(top)}Q${n(to + sag)} ${n(top + long * 0.5)} ${n(to - sag)} ${n(top + long)}L${n(from - sag)} ${n(top + long)}Q${n(from + sag)} ${n(top + long * 0.5)} ${n(from)} ${n(top)}z`,
        tone,
      );
    }
  }
  const rod = mix(colour, stage.palette.tint, 0.55);
  markup += `<rect id="${id}" x="${n(pane.x - 110)}" y="${n(top - 12)}" width="${n(pane.width + 220)}" height="14" rx="7" fill="${mix(rod, "#000000", 0.3)}"/>`;
  return markup;
}

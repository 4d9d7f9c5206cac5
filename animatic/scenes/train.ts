/** Beside a window of a train: a country that passes, the nearer the faster, and the compartment in front of it. */
import { curtains, panesOf, wallAround } from "./inside.ts";
import { lit, mix } from "./palette.ts";
import { passing, passingHills } from "./passing.ts";
import type { Drawing, Scene, Stage } from "./scene.ts";
import { type Box, boxes, circle, everything, fade, glow, n, path, rect } from "./shapes.ts";
import { drawClouds, drawSky, twinkles } from "./sky.ts";

export function drawTrain(stage: Stage): Scene {
  const { setting } = stage;
  const panes = panesOf(stage, { pitch: 1160, wide: 900, tall: 0.6, top: 0.13 });
  const pane = panes[panes.length >> 1] as Box;
  const horizon = pane.y + pane.height * 0.6;
  const low = setting.time === "sunset" || setting.time === "dawn";
  const light = {
    x: pane.x + pane.width * 0.68,
    y: low ? horizon - pane.height * 0.16 : pane.y + pane.height * 0.22,
    radius: 44,
  };
  const snow = setting.weather === "snow";
  const grass = lit(snow ? "#dde6ef" : "#6f9a4c", stage.palette);
  const far = mix(lit(snow ? "#c4d2e2" : "#5f7f86", stage.palette), stage.palette.haze, 0.5);
  const step = pane.height / 600;
  return {
    outside: 6,
    layers: [
      drawSky(stage, { horizon, light }),
      drawClouds(stage, { y: [pane.y + 20, horizon - 150], count: 5, size: 260, depth: 0.06 }),
      passingHills(stage, {
        name: "far hills",
        y: horizon - 26 * step,
        swing: 34,
        colour: far,
        speed: 14,
        depth: 0.1,
      }),
      passingHills(stage, {
        ...{ name: "hills", y: horizon + 26 * step, swing: 26, speed: 60, depth: 0.16 },
        ...{ colour: mix(grass, stage.palette.haze, 0.35), trees: 7, tall: 64 * step },
      }),
      passingHills(stage, {
        ...{ name: "meadow", y: horizon + 96 * step, swing: 18, speed: 260, depth: 0.24 },
        ...{ colour: grass, trees: 3, tall: 150 * step },
      }),
      drawPoles(stage, pane),
      drawWall(stage, panes),
      drawTable(stage, panes),
    ],
    glints: setting.time === "night" ? twinkles(stage, horizon * 0.8).filter(inPane(panes)) : [],
  };
}

const inPane =
  (panes: readonly Box[]) =>
  (at: { readonly x: number; readonly y: number }): boolean =>
    panes.some(
      (p) => at.x > p.x + 30 && at.x < p.x + p.width - 30 && at.y > p.y + 30 && at.y < p.y + p.height - 30,
    );

/** Wires and their poles, close to the window. */
function drawPoles(stage: Stage, pane: Box): Drawing {
  const all = everything(stage);
  const dark = mix(lit("#2b2f36", stage.palette), stage.palette.haze, 0.12);
  const period = 1500;
  const top = pane.y - 60;
  const wires = [0.1, 0.16, 0.24].map((t) => {
    const y = pane.y + pane.height * t;
    return `<path d="M0 ${n(y)}Q${period / 2} ${n(y + 50)} ${period} ${n(y)}" fill="none" stroke="${dark}" stroke-width="4"/>`;
  });
  const pole = [
    rect({ x: -11, y: top, width: 22, height: all.height }, dark),
    rect({ x: -60, y: pane.y + pane.height * 0.1 - 6, width: 120, height: 9 }, dark),
    rect({ x: -44, y: pane.y + pane.height * 0.16 - 6, width: 88, height: 8 }, dark),
  ];
  return passing(stage, { markup: [...wires, ...pole].join(""), depth: 0.32, speed: 1150, period });
}

function drawWall(stage: Stage, panes: readonly Box[]): Drawing {
  const { palette, setting } = stage;
  const night = setting.time === "night";
  const wall = mix("#d9cbb2", mix("#5b4a45", palette.glow, 0.1), night ? 0.62 : palette.dimming * 0.7);
  const wood = mix("#8b5a38", "#2a1a1c", night ? 0.5 : palette.dimming * 0.7);
  const parts = [wallAround(stage, panes, { wall, frame: mix(wood, "#000000", 0.12), round: 46 })];
  const all = everything(stage);
  for (const pane of panes) {
    const below = pane.y + pane.height + 42;
    parts.push(
      rect({ x: pane.x - 60, y: below, width: pane.width + 120, height: 20 }, mix(wood, "#ffffff", 0.2)),
      glare(pane),
    );
  }
  const first = panes[0] as Box;
  parts.push(
    rect({ ...all, height: first.y - 90 - all.y }, mix(wall, "#000000", 0.14)),
    rect({ ...all, y: first.y - 96, height: 12 }, mix(wood, "#ffffff", 0.12)),
    rect({ ...all, y: first.y + first.height + 150, height: all.height }, wood),
    rect({ ...all, y: first.y + first.height + 150, height: 8 }, mix(wood, "#ffffff", 0.3)),
  );
  if (night) parts.push(...panes.map((p, i) => lamp(i, { x: p.x - 120, y: p.y - 40 })));
  return { markup: parts.join(""), depth: 0.8, sway: { x: 1.2, y: 2.2, seconds: 0.9, phase: 0 } };
}

function lamp(index: number, at: { readonly x: number; readonly y: number }): string {
  return glow(`lamp${index}`, { ...at, radius: 330 }, "#ffd08a", 0.55) + circle(at, 17, "#fff2d2");
}

/** The sky in the glass. */
function glare({ x, y, width, height }: Box): string {
  const slant = (from: number, wide: number) =>
    path(
      `M${n(x + width * from)} ${n(y)}h${n(width * wide)}L${n(x + width * (from + wide) - height * 0.34)} ${n(y + height)}h${n(-width * wide)}z`,
      "#ffffff",
      0.07,
    );
  return slant(0.52, 0.12) + slant(0.68, 0.05);
}

/** Seats with high backs, curtains, and a table with a cup under the window. */
function drawTable(stage: Stage, panes: readonly Box[]): Drawing {
  const { palette, setting } = stage;
  const all = everything(stage);
  const dim = setting.time === "night" ? 0.55 : palette.dimming * 0.7;
  const cloth = mix("#7c2f3a", "#1c0f1a", dim);
  const parts: string[] = [];
  panes.forEach((pane, i) => {
    const bottom = pane.y + pane.height;
    parts.push(curtains(stage, pane, { id: `c${i}`, colour: mix("#b5523f", "#241320", dim), open: 0.01 }));
    const top = bottom - Math.min(190, pane.height * 0.3);
    for (const side of [-1, 1]) {
      const edge = pane.x + (side < 0 ? -20 : pane.width + 20);
      parts.push(seat(edge, top, { side, low: all.y + all.height, cloth, id: `seat${i}${side}` }));
    }
    const middle = pane.x + pane.width / 2;
    const board = bottom + 92;
    parts.push(
      rect({ x: middle - 16, y: board, width: 32, height: all.height }, mix("#5b3a26", "#140c10", dim)),
      `<rect x="${n(middle - 190)}" y="${n(board)}" width="380" height="26" rx="12" fill="${mix("#b98558", "#2a1a1c", dim)}"/>`,
      cup({ x: middle + 70, y: board }, mix("#f4efe6", "#4a4250", dim)),
      boxes([{ x: middle - 120, y: board - 18, width: 96, height: 18 }], mix("#3f6f8a", "#141a26", dim)),
      boxes([{ x: middle - 112, y: board - 32, width: 90, height: 14 }], mix("#c9a24f", "#2a2018", dim)),
    );
  });
  return { markup: parts.join(""), depth: 1, sway: { x: 1.6, y: 3, seconds: 0.9, phase: 0.08 } };
}

interface Seat {
  readonly side: number;
  readonly low: number;
  readonly cloth: string;
  readonly id: string;
}

function seat(edge: number, top: number, { side, low, cloth, id }: Seat): string {
  const out = side * 330;
  const d = `M${n(edge)} ${n(low)}V${n(top + 70)}q0 -70 ${n(side * 70)} -70H${n(edge + out * 0.5)}V${n(low)}z`;
  const shade = fade(
    id,
    [top, top + 420],
    [
      [0, mix(cloth, "#ffffff", 0.16)],
      [1, mix(cloth, "#000000", 0.35)],
    ],
  );
  return shade + path(d, `url(#${id})`);
}

function cup({ x, y }: { readonly x: number; readonly y: number }, colour: string): string {
  return (
    `<path d="M${n(x + 26)} ${n(y - 36)}q28 -2 24 16q-4 14 -26 10" fill="none" stroke="${colour}" stroke-width="6"/>` +
    path(`M${n(x - 28)} ${n(y - 46)}h56l-8 46h-40z`, colour) +
    path(`M${n(x - 28)} ${n(y - 46)}h56l-2 9h-52z`, "#4a2a1c", 0.7)
  );
}

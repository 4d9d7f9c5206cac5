/** A living room with a large window: what is outside it, light that falls in, a sofa, a lamp, plants. */
import { pictures, plant, type Shade, sofa } from "./furniture.ts";
import { curtains, panesOf, wallAround } from "./inside.ts";
import { lit, mix } from "./palette.ts";
import { roundTree } from "./passing.ts";
import type { Drawing, Glint, Scene, Stage } from "./scene.ts";
import {
  type Box,
  downToEdge,
  everything,
  fade,
  glow,
  heightAt,
  line,
  n,
  type Point,
  path,
  polygon,
  rect,
  ridge,
} from "./shapes.ts";
import { drawClouds, drawSky, twinkles } from "./sky.ts";

/** What a room needs to know of itself. */
interface Inside {
  readonly stage: Stage;
  readonly panes: readonly Box[];
  readonly pane: Box;
  readonly floor: number;
  readonly night: boolean;
  readonly shaded: Shade;
}

export function drawRoom(stage: Stage): Scene {
  const { width, height, setting, palette } = stage;
  const panes = panesOf(stage, { pitch: 1250, wide: 640, tall: 0.5, top: 0.1 });
  const pane = panes[panes.length >> 1] as Box;
  const night = setting.time === "night";
  const dim = night ? 0.5 : palette.dimming * 0.55;
  const tint = night ? (setting.neon ? "#2a1040" : "#2b1f33") : palette.tint;
  const room: Inside = {
    ...{ stage, panes, pane, night },
    floor: Math.max(height * 0.74, pane.y + pane.height + 120),
    shaded: (colour) => mix(colour, tint, dim),
  };
  const horizon = pane.y + pane.height * 0.8;
  const low = setting.time === "sunset" || setting.time === "dawn";
  const light = {
    x: pane.x + pane.width * 0.7,
    y: pane.y + pane.height * (low ? 0.5 : 0.24),
    radius: 42,
  };
  return {
    outside: 3,
    layers: [
      drawSky(stage, { horizon, light }),
      drawClouds(stage, { y: [pane.y + 40, horizon - 120], count: 4, size: 240, depth: 0.08 }),
      drawOutside(stage, horizon),
      drawWall(room),
      drawCurtains(room),
      ...(night || setting.weather !== "clear" ? [] : [drawBeam(room)]),
      drawFurniture(room),
      drawFront(room),
    ],
    glints: [
      ...(night ? twinkles(stage, horizon * 0.6).filter(seenThrough(panes)) : []),
      ...dust(room, width),
    ],
  };
}

const seenThrough =
  (panes: readonly Box[]) =>
  ({ x, y }: Point): boolean =>
    panes.some((p) => x > p.x + 90 && x < p.x + p.width - 90 && y > p.y + 30 && y < p.y + p.height - 30);

function drawOutside(stage: Stage, horizon: number): Drawing {
  const random = stage.random.fork("outside");
  const snow = stage.setting.weather === "snow";
  const colour = mix(lit(snow ? "#d4dee8" : "#5f8f55", stage.palette), stage.palette.haze, 0.3);
  const points = ridge(random, { y: horizon - 30, swing: 30, rough: 0.42, bend: 260 }, stage);
  const all = everything(stage);
  const parts: string[] = [];
  for (let x = all.x; x < all.x + all.width; x += random.between(50, 130))
    parts.push(
      roundTree(
        { x, y: heightAt(points, x) + 10 },
        random.between(60, 150),
        mix(colour, "#12301f", random.between(0.15, 0.4)),
      ),
    );
  parts.push(path(downToEdge(line(points), points, stage), colour));
  return { markup: parts.join(""), depth: 0.16 };
}

function drawWall({ stage, panes, floor, shaded, night }: Inside): Drawing {
  const all = everything(stage);
  const wall = shaded("#e6d8c3");
  const wood = shaded("#a9754a");
  const white = shaded("#f3ede2");
  const parts = [wallAround(stage, panes, { wall, frame: white, round: 6 })];
  for (const { x, y, width, height } of panes) {
    const bars = [
      { x: x + width / 2 - 7, y, width: 14, height },
      { x, y: y + height * 0.36 - 6, width, height: 12 },
    ];
    parts.push(...bars.map((bar) => rect(bar, white)));
    parts.push(
      rect({ x: x - 50, y: y + height + 24, width: width + 100, height: 22 }, mix(white, "#000000", 0.1)),
    );
  }
  parts.push(
    rect({ ...all, y: floor - 26, height: 26 }, mix(white, "#000000", 0.06)),
    fade(
      "floor",
      [floor, all.y + all.height],
      [
        [0, mix(wood, "#000000", 0.16)],
        [1, mix(wood, "#000000", 0.42)],
      ],
    ),
    rect({ ...all, y: floor, height: all.y + all.height - floor }, "url(#floor)"),
    boards(stage, floor, mix(wood, "#000000", 0.5)),
    ...panes.flatMap((pane, i) => pictures(pane, { id: `${i}`, shaded })),
  );
  if (night)
    parts.push(
      rect(all, "#0a0714", 0.12),
      glow("lit", { ...lampOf(stage, panes), radius: 720 }, "#ffb65c", 0.5),
    );
  return { markup: parts.join(""), depth: 0.34 };
}

/** Gaps between boards, running to a point behind the wall. */
function boards(stage: Stage, floor: number, colour: string): string {
  const all = everything(stage);
  const bottom = all.y + all.height;
  const middle = stage.width / 2;
  let d = "";
  for (let i = -16; i <= 16; i++) {
    const [above, below] = [middle + i * 150, middle + i * 330];
    d += `M${n(above - 1)} ${n(floor)}L${n(below - 3)} ${n(bottom)}h6L${n(above + 1)} ${n(floor)}z`;
  }
  return path(d, colour, 0.5);
}

function drawCurtains({ stage, panes, shaded }: Inside): Drawing {
  const cloth = shaded("#c98a72");
  return {
    markup: panes
      .map((pane, i) => curtains(stage, pane, { id: `rod${i}`, colour: cloth, open: 0.1 }))
      .join(""),
    depth: 0.38,
    sway: { x: 5, y: 0, seconds: 5, phase: 0 },
  };
}

/** Light from the window across the floor. */
function drawBeam({ stage, panes, floor }: Inside): Drawing {
  const colour = mix(stage.palette.light, stage.palette.glow, 0.5);
  const bottom = stage.height + stage.bleed.y;
  const parts = [
    fade(
      "beam",
      [panes[0]?.y ?? 0, bottom],
      [
        [0, colour, 0.3],
        [1, colour, 0.03],
      ],
    ),
  ];
  for (const { x, y, width, height } of panes) {
    const lean = 300;
    const patch = [
      { x: x - lean * 0.5, y: floor + 10 },
      { x: x + width - lean * 0.5, y: floor + 10 },
      { x: x + width - lean * 1.3, y: floor + (bottom - floor) * 0.72 },
      { x: x - lean * 1.5, y: floor + (bottom - floor) * 0.72 },
    ];
    const beam = [
      { x, y },
      { x: x + width, y },
      { x: x + width, y: y + height },
      ...patch.slice(2),
      { x: x - lean * 0.5, y: floor },
    ];
    parts.push(polygon(beam, "url(#beam)"), polygon(patch, colour, 0.2));
  }
  return { markup: parts.join(""), depth: 0.42 };
}

function lampOf(stage: Stage, panes: readonly Box[]): Point {
  const pane = panes[panes.length >> 1] as Box;
  return { x: Math.max(110, pane.x - 150), y: Math.max(stage.height * 0.43, pane.y + pane.height * 0.62) };
}

function drawFurniture(room: Inside): Drawing {
  const { stage, panes, floor, shaded, night } = room;
  const lamp = lampOf(stage, panes);
  const foot = floor + (stage.height - floor) * 0.3;
  const metal = shaded("#5a4a3f");
  const shade = night ? "#ffe0a3" : shaded("#efe0c4");
  const wide = Math.min(660, stage.width * 0.62);
  const parts = [
    ...(night ? [glow("shade", { ...lamp, radius: 330 }, "#ffd08a", 0.85)] : []),
    rect({ x: lamp.x - 5, y: lamp.y, width: 10, height: foot - lamp.y }, metal),
    `<ellipse cx="${n(lamp.x)}" cy="${n(foot)}" rx="62" ry="13" fill="${metal}"/>`,
    path(`M${n(lamp.x - 48)} ${n(lamp.y - 62)}h96l34 122h-164z`, shade),
    sofa({ x: stage.width / 2 - wide / 2 + 60, y: foot, width: wide, height: 0 }, shaded),
    plant(stage, { x: Math.min(stage.width - 120, stage.width / 2 + wide / 2 + 190), y: foot - 8 }, shaded),
  ];
  return { markup: parts.join(""), depth: 0.62 };
}

/** A low table with a cup and books, closest to the camera. */
function drawFront({ stage, shaded }: Inside): Drawing {
  const all = everything(stage);
  const top = stage.height * 0.93;
  const wood = shaded("#7a4a2c");
  const middle = stage.width * 0.56;
  const half = Math.min(520, stage.width * 0.44);
  const stack = (x: number, y: number, width: number, colour: string) =>
    rect({ x, y, width, height: 20 }, shaded(colour));
  const cup = { x: middle - half * 0.45, y: top };
  const parts = [
    `<ellipse cx="${n(middle)}" cy="${n(top + 34)}" rx="${n(half)}" ry="44" fill="${mix(wood, "#ffffff", 0.1)}"/>`,
    path(
      `M${n(middle - half)} ${n(top + 34)}a${n(half)} 44 0 0 0 ${n(2 * half)} 0v30a${n(half)} 44 0 0 1 ${n(-2 * half)} 0z`,
      mix(wood, "#000000", 0.25),
    ),
    rect({ x: middle - 40, y: top + 96, width: 80, height: all.height }, mix(wood, "#000000", 0.45)),
    stack(middle + half * 0.12, top + 8, 190, "#b5483c"),
    stack(middle + half * 0.14, top - 12, 170, "#e3d9c4"),
    stack(middle + half * 0.12, top - 32, 180, "#3f6a8f"),
    `<path d="M${n(cup.x + 34)} ${n(cup.y - 46)}q36 -4 32 20q-4 20 -36 14" fill="none" stroke="${shaded("#f4efe6")}" stroke-width="9"/>`,
    path(`M${n(cup.x - 38)} ${n(cup.y - 62)}h76l-8 78q-30 10 -60 0z`, shaded("#f4efe6")),
    `<ellipse cx="${n(cup.x)}" cy="${n(cup.y - 62)}" rx="38" ry="8" fill="${shaded("#5a3422")}"/>`,
  ];
  return { markup: parts.join(""), depth: 1 };
}

/** Dust in the light. */
function dust({ stage, pane, floor, night }: Inside, width: number): Glint[] {
  if (night || stage.setting.weather !== "clear") return [];
  const random = stage.random.fork("dust");
  return Array.from({ length: 30 }, () => ({
    x: Math.min(width, pane.x - 160 + random.next() * pane.width),
    y: random.between(pane.y + pane.height * 0.5, floor + 60),
    radius: random.between(1.6, 3.4),
    colour: "#fff8de",
    depth: random.between(0.4, 0.7),
    seconds: random.between(2.5, 6),
    phase: random.next(),
  }));
}

/** Peaks with snow and shade, hills fading into the distance, pines in front. */
import type { Random } from "../random.ts";
import { lit, mix } from "./palette.ts";
import type { Drawing, Scene, Stage } from "./scene.ts";
import {
  downToEdge,
  everything,
  fade,
  heightAt,
  line,
  n,
  type Point,
  path,
  polygon,
  ridge,
} from "./shapes.ts";
import { drawClouds, drawSky, drawVeil, twinkles } from "./sky.ts";

export function drawMountain(stage: Stage): Scene {
  const { width, height } = stage;
  const horizon = height * 0.66;
  const low = stage.setting.time === "sunset" || stage.setting.time === "dawn";
  const light = { x: width * 0.7, y: low ? height * 0.36 : height * 0.17, radius: 50 };
  return {
    layers: [
      drawSky(stage, { horizon, light }),
      drawClouds(stage, { y: [height * 0.08, height * 0.26], count: 5, size: 300, depth: 0.07 }),
      drawPeaks(stage, {
        base: horizon,
        tall: Math.min(height * 0.36, 460),
        far: 0.5,
        depth: 0.12,
        name: "far peaks",
      }),
      drawPeaks(stage, {
        base: horizon + 60,
        tall: Math.min(height * 0.27, 330),
        far: 0.26,
        depth: 0.22,
        name: "near peaks",
      }),
      drawHill(stage, { y: height * 0.7, far: 0.4, depth: 0.36, name: "blue hill", trees: 26 }),
      drawHill(stage, { y: height * 0.79, far: 0.2, depth: 0.58, name: "green hill", trees: 46 }),
      drawHill(stage, { y: height * 0.91, far: 0.02, depth: 1, name: "front", trees: 110 }),
    ],
    glints: twinkles(stage, height * 0.45),
  };
}

interface Peaks {
  readonly name: string;
  readonly base: number;
  readonly tall: number;
  readonly far: number;
  readonly depth: number;
}

function drawPeaks(stage: Stage, shape: Peaks): Drawing {
  const random = stage.random.fork(shape.name);
  const { palette } = stage;
  const all = everything(stage);
  // Where the light is low the sky is as dark as rock: a mountain has to be darker still, and its snow less than white.
  const dark = { day: 0, dawn: 0.1, sunset: 0.3, night: 0.5 }[stage.setting.time];
  const rock = mix(
    mix(lit("#5a6680", palette), palette.haze, shape.far * (1 - dark)),
    "#060912",
    dark * 0.62,
  );
  const shade = mix(mix(rock, lit("#232c4a", palette), 0.45), palette.haze, shape.far * 0.3 * (1 - dark));
  const snow = mix(
    mix("#ffffff", palette.glow, 0.18 + dark * 0.4),
    palette.haze,
    Math.max(shape.far * 0.45, dark * 0.9 * (0.5 + shape.far)),
  );
  const snowShade = mix(mix(snow, palette.skyTop, 0.38), palette.haze, shape.far * 0.3);
  const tops: Point[] = [];
  for (let x = all.x - 100; x < all.x + all.width + 200; x += random.between(0.55, 0.95) * shape.tall)
    tops.push({ x, y: shape.base - shape.tall * random.between(0.45, 1) });
  // The highest first: lower peaks stand in front of them.
  tops.sort((a, b) => a.y - b.y);
  const parts = tops.map((top) =>
    drawPeak(random, top, { base: shape.base + 60, rock, shade, snow, snowShade }),
  );
  const ground = { x: all.x, y: shape.base + 40, width: all.width, height: all.y + all.height - shape.base };
  parts.push(
    path(`M${n(ground.x)} ${n(ground.y)}h${n(ground.width)}v${n(ground.height)}h${n(-ground.width)}z`, shade),
  );
  parts.push(drawVeil(stage, [shape.base - shape.tall * 0.45, shape.base + 50], 0.85 * (1 - dark)));
  return { markup: parts.join(""), depth: shape.depth };
}

interface Faces {
  readonly base: number;
  readonly rock: string;
  readonly shade: string;
  readonly snow: string;
  readonly snowShade: string;
}

/** A jagged edge from the top down to (x, base). */
function edge(random: Random, top: Point, foot: Point, steps: number): Point[] {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const t = i / steps;
    const off =
      i === 0 || i === steps ? 0 : random.between(-0.5, 0.5) * (Math.abs(foot.x - top.x) / steps) * 1.3;
    return { x: top.x + (foot.x - top.x) * t + off, y: top.y + (foot.y - top.y) * t };
  });
}

function drawPeak(random: Random, top: Point, faces: Faces): string {
  const tall = faces.base - top.y;
  const left = edge(random, top, { x: top.x - tall * random.between(0.75, 1.05), y: faces.base }, 9);
  const right = edge(random, top, { x: top.x + tall * random.between(0.75, 1.05), y: faces.base }, 9);
  const spine = edge(random, top, { x: top.x + tall * random.between(-0.3, 0.1), y: faces.base }, 9);
  const cap = 3;
  const teeth = (from: Point, to: Point, count: number): Point[] =>
    Array.from({ length: count * 2 - 1 }, (_, i) => {
      const t = (i + 1) / (count * 2);
      const down = i % 2 === 0 ? tall * random.between(0.06, 0.13) : -tall * random.between(0, 0.03);
      return { x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t + down };
    });
  const at = (points: readonly Point[], index: number) => points[index] ?? top;
  const snowLine = (side: readonly Point[], count: number) => [
    ...side.slice(0, cap + 1),
    ...teeth(at(side, cap), at(spine, cap), count),
    ...spine.slice(0, cap + 1).reverse(),
  ];
  return [
    polygon([...left, ...[...spine].reverse()], faces.shade),
    polygon([...spine, ...[...right].reverse()], faces.rock),
    polygon(snowLine(left, 3), faces.snowShade),
    polygon(snowLine(right, 4), faces.snow),
  ].join("");
}

interface Hill {
  readonly name: string;
  readonly y: number;
  readonly far: number;
  readonly depth: number;
  readonly trees: number;
}

function drawHill(stage: Stage, hill: Hill): Drawing {
  const random = stage.random.fork(hill.name);
  const { palette, setting } = stage;
  const all = everything(stage);
  const white = setting.weather === "snow";
  const grass = mix(lit(white ? "#dfe8f2" : "#3d6b4a", palette), palette.haze, hill.far);
  const foot = mix(mix(grass, lit("#12301f", palette), white ? 0.2 : 0.55), palette.haze, hill.far * 0.6);
  const tree = mix(lit(white ? "#4a6b6b" : "#1f4a38", palette), palette.haze, hill.far);
  // Brighter than the ground behind them, or only the dark between them would be seen.
  const cap = mix(grass, "#ffffff", setting.time === "night" ? 0.25 : 0.5);
  const points = ridge(random, { y: hill.y, swing: 34, rough: 0.42, bend: 300 }, stage);
  const id = hill.name.replace(" ", "");
  const parts: string[] = [];
  const count = Math.round((hill.trees * all.width) / 1800);
  for (let i = 0; i < count; i++) {
    const x = all.x + ((i + random.next()) / count) * all.width;
    const tall = (34 + 105 * hill.depth) * random.between(0.6, 1.25);
    parts.push(
      drawPine({ x, y: heightAt(points, x) + 8 }, tall, mix(tree, "#000000", random.between(0, 0.25))),
    );
    if (white)
      parts.push(drawPine({ x: x - tall * 0.02, y: heightAt(points, x) - tall * 0.42 }, tall * 0.5, cap));
  }
  parts.push(
    fade(
      id,
      [hill.y - 40, hill.y + 190],
      [
        [0, grass],
        [1, foot],
      ],
    ),
    path(downToEdge(line(points), points, stage), `url(#${id})`),
  );
  if (hill.depth < 0.9) parts.push(drawVeil(stage, [hill.y + 10, hill.y + 130], 0.5 * (1 - hill.depth)));
  return { markup: parts.join(""), depth: hill.depth };
}

function drawPine(foot: Point, tall: number, colour: string): string {
  let d = "";
  for (const [from, to, half] of [
    [1, 0.52, 0.13],
    [0.76, 0.28, 0.19],
    [0.5, 0.06, 0.25],
  ] as const)
    d += `M${n(foot.x)} ${n(foot.y - tall * from)}L${n(foot.x + tall * half)} ${n(foot.y - tall * to)}H${n(foot.x - tall * half)}z`;
  d += `M${n(foot.x - tall * 0.03)} ${n(foot.y - tall * 0.08)}h${n(tall * 0.06)}v${n(tall * 0.12)}h${n(-tall * 0.06)}z`;
  return path(d, colour);
}

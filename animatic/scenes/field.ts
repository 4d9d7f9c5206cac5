/** A wide field of grain or grass under a large sky: a row of trees, a mill, furrows, ears and flowers in front. */
import { lit, mix } from "./palette.ts";
import { roundTree } from "./passing.ts";
import type { Drawing, Glint, Scene, Stage } from "./scene.ts";
import {
  circle,
  downToEdge,
  everything,
  fade,
  heightAt,
  line,
  n,
  type Point,
  path,
  polygon,
  rect,
  ridge,
} from "./shapes.ts";
import { drawClouds, drawSky, drawVeil, twinkles } from "./sky.ts";

export function drawField(stage: Stage): Scene {
  const { width, height, setting } = stage;
  const horizon = height * 0.58;
  const low = setting.time === "sunset" || setting.time === "dawn";
  const light = { x: width * 0.34, y: low ? horizon - 96 : height * 0.17, radius: low ? 82 : 52 };
  const grain = grainOf(stage);
  const rows = Math.min(9, Math.max(4, Math.round((height - horizon) / 100)));
  return {
    layers: [
      drawSky(stage, { horizon, light }),
      drawClouds(stage, { y: [height * 0.07, height * 0.24], count: 4, size: 420, depth: 0.06 }),
      drawClouds(stage, { y: [height * 0.3, horizon - 90], count: 6, size: 230, depth: 0.05 }),
      drawFar(stage, horizon),
      drawMill(stage, horizon),
      drawGround(stage, horizon, grain),
      ...Array.from({ length: rows }, (_, i) => drawEars(stage, horizon, { index: i, rows, grain })),
      drawFlowers(stage),
    ],
    glints: [...twinkles(stage, horizon * 0.9), ...seeds(stage)],
  };
}

function grainOf({ palette, setting }: Stage): string {
  return lit(
    setting.weather === "snow" ? "#e6edf4" : setting.weather === "rain" ? "#8f9a52" : "#d9b352",
    palette,
  );
}

function drawFar(stage: Stage, horizon: number): Drawing {
  const random = stage.random.fork("far");
  const { palette, setting } = stage;
  const green = setting.weather === "snow" ? "#c6d3e0" : "#6d9468";
  const parts: string[] = [];
  for (const [i, rise] of [90, 40].entries()) {
    const colour = mix(lit(green, palette), palette.haze, 0.66 - 0.3 * i);
    const shape = { y: horizon - rise * 0.6, swing: rise * 0.4, rough: 0.4, bend: 380 };
    const points = ridge(random, shape, stage);
    for (let x = points[0]?.x ?? 0; i === 1 && x < stage.width + stage.bleed.x; x += random.between(18, 64)) {
      const leaf = mix(colour, lit("#234a2c", palette), random.between(0.35, 0.6));
      parts.push(roundTree({ x, y: heightAt(points, x) + 6 }, random.between(26, 70), leaf));
    }
    parts.push(path(downToEdge(line(points), points, stage), colour));
  }
  parts.push(drawVeil(stage, [horizon - 90, horizon + 20], 0.4));
  return { markup: parts.join(""), depth: 0.14 };
}

/** The only thing that stands up: where the eye rests. */
function drawMill(stage: Stage, horizon: number): Drawing {
  const { palette } = stage;
  const x = stage.width * 0.72;
  const foot = horizon + 8;
  const wall = mix("#efe6d6", palette.tint, palette.dimming * 0.75);
  const shade = mix(wall, lit("#5a5f78", palette), 0.35);
  const roof = lit("#7a4034", palette);
  const dark = mix(roof, "#000000", 0.35);
  const hub = { x, y: foot - 196 };
  const sails = [18, 108, 198, 288].map(
    (turn) =>
      `<g transform="rotate(${turn} ${n(hub.x)} ${n(hub.y)})">${rect({ x: hub.x - 3, y: hub.y - 140, width: 6, height: 140 }, dark)}${rect({ x: hub.x + 3, y: hub.y - 138, width: 26, height: 108 }, wall, 0.9)}${[0, 1, 2, 3].map((i) => rect({ x: hub.x + 3, y: hub.y - 136 + i * 32, width: 26, height: 3 }, dark)).join("")}</g>`,
  );
  const lit2 = stage.setting.time === "night" || stage.setting.time === "sunset";
  const markup = [
    polygon(
      [
        { x: x - 40, y: foot - 180 },
        { x: x + 40, y: foot - 180 },
        { x: x + 58, y: foot },
        { x: x - 58, y: foot },
      ],
      wall,
    ),
    polygon(
      [
        { x: x + 12, y: foot - 180 },
        { x: x + 40, y: foot - 180 },
        { x: x + 58, y: foot },
        { x: x + 18, y: foot },
      ],
      shade,
    ),
    path(
      `M${n(x - 48)} ${n(foot - 176)}Q${n(x - 40)} ${n(foot - 236)} ${n(x)} ${n(foot - 240)}Q${n(x + 40)} ${n(foot - 236)} ${n(x + 48)} ${n(foot - 176)}z`,
      roof,
    ),
    rect({ x: x - 12, y: foot - 46, width: 24, height: 46 }, dark),
    rect({ x: x - 11, y: foot - 128, width: 22, height: 26 }, lit2 ? "#ffd98a" : dark),
    ...sails,
    circle(hub, 10, dark),
    roundTree({ x: x - 150, y: foot }, 130, lit("#3d6b3a", palette)),
    roundTree({ x: x + 138, y: foot }, 104, lit("#355f38", palette)),
  ].join("");
  return { markup, depth: 0.2 };
}

function drawGround(stage: Stage, horizon: number, grain: string): Drawing {
  const random = stage.random.fork("furrows");
  const { palette } = stage;
  const all = everything(stage);
  const bottom = all.y + all.height;
  const dark = mix(grain, lit("#5a3a24", palette), 0.5);
  const parts = [
    fade(
      "grain",
      [horizon, bottom],
      [
        [0, mix(grain, palette.haze, 0.45)],
        [0.2, mix(grain, palette.glow, 0.12)],
        [1, dark],
      ],
    ),
    rect({ ...all, y: horizon, height: bottom - horizon }, "url(#grain)"),
  ];
  const middle = stage.width * 0.56;
  for (let i = -26; i <= 26; i++) {
    const x = middle + (i + random.between(-0.2, 0.2)) * 34;
    const low = middle + i * 260;
    parts.push(
      polygon(
        [
          { x, y: horizon },
          { x: low - 34, y: bottom },
          { x: low + 34, y: bottom },
        ],
        i % 2 ? dark : mix(grain, "#ffffff", 0.25),
        0.22,
      ),
    );
  }
  return { markup: parts.join(""), depth: 0.26 };
}

interface Ears {
  readonly index: number;
  readonly rows: number;
  readonly grain: string;
}

/** A row of stalks across everything, thicker the nearer it is; each row bends in the wind a little later. */
function drawEars(stage: Stage, horizon: number, { index, rows, grain }: Ears): Drawing {
  const random = stage.random.fork(`ears ${index}`);
  const { palette } = stage;
  const all = everything(stage);
  const t = (index + 1) / rows;
  const foot = horizon + (stage.height - horizon) * (0.18 + 0.8 * t ** 1.15);
  const size = 26 + 118 * t * t;
  const body = mix(mix(grain, lit("#6b4526", palette), 0.1 + 0.34 * t), palette.haze, 0.24 * (1 - t));
  const points: Point[] = [];
  for (let x = all.x - 60; x < all.x + all.width + 160; x += 90)
    points.push({ x, y: foot - size * 0.35 + random.between(-0.12, 0.12) * size });
  const id = `ears${index}`;
  const parts = [
    fade(
      id,
      [foot - size, foot + size * 1.6],
      [
        [0, mix(body, palette.glow, 0.2)],
        [1, mix(body, "#1c1206", 0.42)],
      ],
    ),
  ];
  const step = 5 + 11 * t;
  for (const tone of [mix(body, "#2a1a08", 0.24), body, mix(body, palette.light, 0.3)]) {
    let stalks = "";
    for (let x = all.x; x < all.x + all.width; x += step * random.between(0.9, 2)) {
      const tall = size * random.between(0.55, 1);
      const lean = random.between(-0.06, 0.3) * tall;
      stalks += stalk({ x, y: heightAt(points, x) + size * 0.3 }, { tall, lean, wide: 1.3 + 3 * t });
    }
    parts.push(path(stalks, tone));
  }
  parts.push(
    path(
      downToEdge(line(points.map((p) => ({ x: p.x, y: p.y + size * 0.18 }))), points, stage),
      `url(#${id})`,
    ),
  );
  return {
    markup: parts.join(""),
    depth: 0.34 + 0.6 * t,
    sway: { x: 4 + 12 * t, y: 1 + 2 * t, seconds: 3.6, phase: 0.18 * index },
  };
}

/** A stem with an ear at its end. */
function stalk(foot: Point, { tall, lean, wide }: { tall: number; lean: number; wide: number }): string {
  const { x, y } = foot;
  const [tipX, tipY] = [x + lean, y - tall];
  const neck = { x: x + lean * 0.62, y: y - tall * 0.72 };
  return (
    `M${n(x - wide / 2)} ${n(y)}Q${n(x)} ${n(y - tall * 0.4)} ${n(neck.x)} ${n(neck.y)}Q${n(x + wide)} ${n(y - tall * 0.4)} ${n(x + wide / 2)} ${n(y)}z` +
    `M${n(neck.x)} ${n(neck.y)}Q${n(neck.x - wide * 1.7)} ${n((neck.y + tipY) / 2)} ${n(tipX)} ${n(tipY)}Q${n(neck.x + wide * 2.3)} ${n((neck.y + tipY) / 2)} ${n(neck.x)} ${n(neck.y)}z`
  );
}

function drawFlowers(stage: Stage): Drawing {
  const random = stage.random.fork("flowers");
  const all = everything(stage);
  const { palette, setting } = stage;
  const stem = mix(lit("#4f6b2a", palette), "#0c1408", 0.3);
  const colours = setting.weather === "snow" ? ["#f4f8fc"] : ["#d8432f", "#e0563a", "#5a78d0", "#f2efe6"];
  const parts: string[] = [];
  const foot = stage.height + 10;
  for (let x = all.x; x < all.x + all.width; x += random.between(40, 120)) {
    const tall = random.between(60, 170);
    const head = { x: x + random.between(-14, 26), y: foot - tall };
    const size = random.between(9, 20);
    const colour = mix(random.pick(colours), palette.tint, palette.dimming * 0.7);
    parts.push(
      path(
        `M${n(x - 3)} ${n(all.y + all.height)}V${n(foot)}Q${n(x)} ${n(foot - tall * 0.6)} ${n(head.x)} ${n(head.y)}Q${n(x + 6)} ${n(foot - tall * 0.5)} ${n(x + 3)} ${n(foot)}V${n(all.y + all.height)}z`,
        stem,
      ),
      circle({ x: head.x - size * 0.55, y: head.y }, size * 0.75, mix(colour, "#000000", 0.14)),
      circle({ x: head.x + size * 0.55, y: head.y }, size * 0.75, mix(colour, "#000000", 0.08)),
      circle({ x: head.x, y: head.y - size * 0.3 }, size * 0.8, colour),
      circle({ x: head.x, y: head.y + size * 0.1 }, size * 0.26, mix(colour, "#1a0c08", 0.7)),
    );
  }
  return { markup: parts.join(""), depth: 1, sway: { x: 18, y: 2, seconds: 3.6, phase: 0.7 } };
}

/** Seeds that float in the light; fireflies at night. */
function seeds(stage: Stage): Glint[] {
  if (stage.setting.weather !== "clear") return [];
  const random = stage.random.fork("seeds");
  const night = stage.setting.time === "night";
  return Array.from({ length: 26 }, () => ({
    x: random.between(0, stage.width),
    y: random.between(stage.height * 0.5, stage.height * 0.95),
    radius: random.between(2, night ? 5 : 3.6),
    colour: night ? "#e6ff8a" : "#fffbe6",
    depth: random.between(0.4, 1),
    seconds: random.between(1.8, 5),
    phase: random.next(),
  }));
}

/** Inside a wood: trunks behind trunks in coloured light, rays, leaves overhead, ferns in front. */
import { lit, mix } from "./palette.ts";
import type { Drawing, Glint, Scene, Stage } from "./scene.ts";
import {
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

interface Row {
  readonly name: string;
  readonly depth: number;
  readonly far: number;
  readonly ground: number;
  readonly thick: readonly [number, number];
  readonly apart: number;
}

export function drawForest(stage: Stage): Scene {
  const { height } = stage;
  const rows: Row[] = [
    { name: "farthest", depth: 0.14, far: 0.78, ground: height * 0.72, thick: [9, 20], apart: 52 },
    { name: "far", depth: 0.26, far: 0.58, ground: height * 0.76, thick: [18, 34], apart: 105 },
    { name: "middle", depth: 0.45, far: 0.34, ground: height * 0.82, thick: [34, 58], apart: 210 },
    { name: "near", depth: 0.7, far: 0.1, ground: height * 0.9, thick: [66, 104], apart: 430 },
  ];
  const [farthest, far, middle, near] = rows.map((row) => drawTrunks(stage, row));
  if (!farthest || !far || !middle || !near) return { layers: [], glints: [] };
  return {
    layers: [drawAir(stage), farthest, far, drawRays(stage), middle, near, drawFront(stage)],
    glints: floating(stage),
  };
}

function green(stage: Stage): { air: string; light: string; leaf: string; bark: string } {
  const { palette, setting } = stage;
  const snow = setting.weather === "snow";
  const night = setting.time === "night";
  const warm = setting.time === "sunset" || setting.time === "dawn";
  const air = night ? "#2b5670" : warm ? "#e8b06a" : snow ? "#d5e1e8" : "#b5cf8a";
  return {
    air: mix(air, palette.haze, setting.weather === "clear" ? 0.12 : 0.5),
    light: night ? "#8fb8d8" : warm ? "#fff0bf" : "#f7fbd2",
    leaf: lit(snow ? "#cfdde4" : "#3f7a35", palette),
    bark: lit("#43382e", palette),
  };
}

function drawAir(stage: Stage): Drawing {
  const { air, light, leaf } = green(stage);
  const { width, height } = stage;
  const all = everything(stage);
  const night = stage.setting.time === "night";
  const deep = mix(air, leaf, night ? 0.55 : 0.4);
  const stops = [
    [0, mix(deep, "#0a1a10", night ? 0.5 : 0.1)],
    [0.45, air],
    [0.72, mix(air, light, 0.5)],
    [1, deep],
  ] as const;
  const sun = { x: width * 0.56, y: height * 0.4, radius: Math.min(width, height) * 0.75 };
  return {
    markup:
      fade("air", [-80, height], stops) +
      rect(all, "url(#air)") +
      glow("sun", sun, light, night ? 0.5 : 0.95),
    depth: 0.05,
  };
}

function drawTrunks(stage: Stage, row: Row): Drawing {
  const random = stage.random.fork(row.name);
  const all = everything(stage);
  const { air, leaf, bark } = green(stage);
  const colour = mix(bark, air, row.far);
  const ground = mix(mix(leaf, bark, 0.4), air, row.far);
  const parts: string[] = [];
  const floor = ridge(random, { y: row.ground, swing: 18, rough: 0.5, bend: 240 }, stage);
  for (let x = all.x - random.next() * row.apart, i = 0; x < all.x + all.width; i++) {
    const thick = random.between(...row.thick);
    const lean = random.between(-0.5, 0.5) * thick;
    const id = `${row.name}${i}`;
    const foot = heightAt(floor, x) + 14;
    const trunk = `M${n(x - thick * 0.8)} ${n(foot)}Q${n(x - thick * 0.45)} ${n(foot - 60)} ${n(x - thick * 0.42 + lean * 0.5)} ${n(foot - 260)}L${n(x - thick * 0.3 + lean)} ${n(all.y)}h${n(thick * 0.6)}L${n(x + thick * 0.42 + lean * 0.5)} ${n(foot - 260)}Q${n(x + thick * 0.45)} ${n(foot - 60)} ${n(x + thick * 0.85)} ${n(foot)}z`;
    parts.push(
      `<linearGradient id="${id}"><stop offset="0" stop-color="${mix(colour, "#000000", 0.22)}"/><stop offset="0.6" stop-color="${colour}"/><stop offset="1" stop-color="${mix(colour, air, 0.35)}"/></linearGradient>`,
    );
    parts.push(path(trunk, `url(#${id})`));
    if (row.depth > 0.2 && row.depth < 0.6)
      parts.push(
        drawBranch(
          { x: x + lean * 0.7, y: foot - random.between(300, 480) },
          random.chance(0.5) ? 1 : -1,
          thick,
          colour,
        ),
      );
    x += row.apart * random.between(0.55, 1.5);
  }
  parts.push(drawLeaves(stage, row, mix(leaf, air, row.far * 0.9)));
  parts.push(
    fade(
      `g${row.name}`,
      [row.ground - 20, row.ground + 150],
      [
        [0, ground],
        [1, mix(ground, "#07130a", 0.35)],
      ],
    ),
  );
  parts.push(path(downToEdge(line(floor), floor, stage), `url(#g${row.name})`));
  return { markup: parts.join(""), depth: row.depth };
}

function drawBranch(at: Point, side: number, thick: number, colour: string): string {
  const long = side * thick * 3.2;
  return path(
    `M${n(at.x)} ${n(at.y)}q${n(long * 0.5)} ${n(-thick * 0.3)} ${n(long)} ${n(-thick * 1.5)}q${n(-long * 0.45)} ${n(thick * 1.5)} ${n(-long)} ${n(thick * 2)}z`,
    colour,
  );
}

/** A ragged roof of leaves along the top. */
function drawLeaves(stage: Stage, row: Row, colour: string): string {
  const random = stage.random.fork(`leaves ${row.name}`);
  const all = everything(stage);
  const low = stage.height * (0.26 - 0.16 * row.depth);
  const size = 26 + 60 * row.depth;
  const tones = [mix(colour, "#000000", 0.14), colour, mix(colour, "#ffffff", 0.08)] as const;
  let markup = rect({ ...all, height: low - all.y - size * 0.4 }, tones[0]);
  tones.forEach((tone, k) => {
    let d = "";
    for (let x = all.x - size; x < all.x + all.width + size; x += size * 0.42) {
      const y = low - k * size * 0.5 + random.between(-1, 0.7) * size;
      const r = size * random.between(0.35, 0.8);
      d += `M${n(x - r)} ${n(y)}a${n(r)} ${n(r * 0.8)} 0 1 0 ${n(2 * r)} 0a${n(r)} ${n(r * 0.8)} 0 1 0 ${n(-2 * r)} 0z`;
    }
    markup += path(d, tone);
  });
  return markup;
}

function drawRays(stage: Stage): Drawing {
  const { width, height, setting } = stage;
  const random = stage.random.fork("rays");
  const { light } = green(stage);
  const strength = setting.weather === "rain" ? 0.06 : setting.time === "night" ? 0.13 : 0.24;
  const parts = [
    fade(
      "ray",
      [height * 0.05, height * 0.85],
      [
        [0, light, strength],
        [1, light, 0],
      ],
    ),
  ];
  for (let i = 0; i < 7; i++) {
    const x = width * (0.25 + i * 0.11) + random.between(-30, 30);
    const wide = random.between(26, 80);
    const lean = random.between(150, 260);
    parts.push(
      polygon(
        [
          { x, y: -stage.bleed.y },
          { x: x + wide, y: -stage.bleed.y },
          { x: x + wide * 2.2 - lean, y: height * 0.86 },
          { x: x - lean, y: height * 0.86 },
        ],
        "url(#ray)",
      ),
    );
  }
  return { markup: parts.join(""), depth: 0.3, sway: { x: 14, y: 0, seconds: 9, phase: 0 } };
}

/** Ferns and grass along the lower edge. */
function drawFront(stage: Stage): Drawing {
  const random = stage.random.fork("front");
  const all = everything(stage);
  const { leaf } = green(stage);
  const dark = mix(leaf, "#050d08", 0.55);
  const ground = stage.height * 0.965;
  const parts = [rect({ ...all, y: ground, height: stage.height }, mix(dark, "#000000", 0.3))];
  for (let x = all.x; x < all.x + all.width; x += random.between(26, 64)) {
    const colour = mix(dark, leaf, random.between(0, 0.4));
    let d = "";
    for (let i = 0; i < 7; i++) {
      const side = (i - 3) * random.between(14, 24);
      const tall = random.between(40, 105) - Math.abs(i - 3) * 8;
      d += `M${n(x - 5)} ${n(ground + 14)}Q${n(x + side * 0.2)} ${n(ground - tall * 0.8)} ${n(x + side)} ${n(ground - tall)}Q${n(x + side * 0.5)} ${n(ground - tall * 0.5)} ${n(x + 5)} ${n(ground + 14)}z`;
    }
    parts.push(path(d, colour));
  }
  return { markup: parts.join(""), depth: 1, sway: { x: 5, y: 0, seconds: 5, phase: 0.3 } };
}

/** Fireflies at night, floating dust in the light by day. */
function floating(stage: Stage): Glint[] {
  if (stage.setting.weather !== "clear") return [];
  const random = stage.random.fork("floating");
  const night = stage.setting.time === "night";
  return Array.from({ length: night ? 46 : 34 }, () => ({
    x: random.between(0, stage.width),
    y: random.between(stage.height * 0.3, stage.height * 0.92),
    radius: random.between(2, night ? 5.5 : 4),
    colour: night ? "#e6ff8a" : "#fffbe0",
    depth: random.between(0.3, 0.9),
    seconds: random.between(1.8, 5),
    phase: random.next(),
  }));
}

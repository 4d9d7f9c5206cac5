/** A road that runs to the horizon between meadows, with posts, poles and the lights of cars. */
import { lit, mix } from "./palette.ts";
import { roundTree } from "./passing.ts";
import type { Drawing, Glint, Scene, Stage } from "./scene.ts";
import {
  boxes,
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

/** Where the road ends, and how far it is to each of its sides at the lower edge of what may be seen. */
interface Way {
  readonly x: number;
  readonly y: number;
  readonly bottom: number;
  readonly half: number;
}

export function drawRoad(stage: Stage): Scene {
  const { width, height, setting } = stage;
  const horizon = height * 0.56;
  const low = setting.time === "sunset" || setting.time === "dawn";
  const way = {
    ...{ x: width * 0.5, y: horizon + 6 },
    bottom: height + stage.bleed.y,
    half: Math.min(760, width * 0.62) * (1 + stage.bleed.y / (height - horizon)),
  };
  const light = {
    x: width * (low ? 0.57 : 0.72),
    y: low ? horizon - 74 : height * 0.17,
    radius: low ? 70 : 50,
  };
  return {
    layers: [
      drawSky(stage, { horizon, light }),
      drawClouds(stage, { y: [height * 0.07, height * 0.3], count: 5, size: 340, depth: 0.06 }),
      drawFar(stage, horizon),
      drawGround(stage, way),
      drawSides(stage, way),
      drawGrass(stage),
    ],
    glints: [...twinkles(stage, horizon * 0.8), ...cars(stage, way)],
  };
}

/** `t` 0 at the horizon to 1 at the lower edge; `side` in halves of the road. */
function on(way: Way, t: number, side: number): Point {
  return { x: way.x + side * way.half * t, y: way.y + (way.bottom - way.y) * t };
}

function drawFar(stage: Stage, horizon: number): Drawing {
  const random = stage.random.fork("far");
  const { palette, setting } = stage;
  const snow = setting.weather === "snow";
  const parts: string[] = [];
  for (const [i, rise] of [120, 46].entries()) {
    const colour = mix(
      lit(snow ? "#c9d6e4" : i ? "#5f8554" : "#63798f", palette),
      palette.haze,
      0.6 - 0.28 * i,
    );
    const shape = { y: horizon - rise * 0.5, swing: rise * 0.55, rough: 0.46, bend: 330 - 90 * i };
    const points = ridge(random, shape, stage);
    if (i === 1)
      for (let x = points[0]?.x ?? 0; x < stage.width + stage.bleed.x; x += random.between(16, 60))
        parts.push(
          roundTree({ x, y: heightAt(points, x) + 6 }, random.between(20, 44), mix(colour, "#10291c", 0.3)),
        );
    parts.push(path(downToEdge(line(points), points, stage), colour));
  }
  parts.push(drawVeil(stage, [horizon - 70, horizon + 12], 0.45));
  return { markup: parts.join(""), depth: 0.14 };
}

function drawGround(stage: Stage, way: Way): Drawing {
  const { palette, setting } = stage;
  const random = stage.random.fork("ground");
  const all = everything(stage);
  const snow = setting.weather === "snow";
  const wet = setting.weather === "rain" || setting.neon;
  const grass = lit(snow ? "#e2eaf2" : "#7a9a4a", palette);
  const tar = lit(snow ? "#7c8590" : wet ? "#39424f" : "#555b64", palette);
  const shine = mix(tar, palette.skyLow, wet ? 0.5 : 0.22);
  const parts = [
    fade(
      "meadow",
      [way.y, way.bottom],
      [
        [0, mix(grass, palette.haze, 0.5)],
        [0.3, grass],
        [1, mix(grass, "#12240f", 0.35)],
      ],
    ),
    rect({ ...all, y: way.y - 4, height: way.bottom - way.y + 4 }, "url(#meadow)"),
  ];
  // Furrows of the meadow run to the same point: without them the ground would stand up like a wall.
  for (let i = 0; i < 34; i++) {
    const side = (i % 2 ? 1 : -1) * random.between(1.15, 7);
    const from = random.between(0.02, 0.3);
    const to = Math.min(1, from + random.between(0.2, 0.7));
    const [a, b] = [on(way, from, side), on(way, to, side)];
    const wide = 5 + 26 * to;
    const tone = mix(grass, random.chance(0.5) ? "#ffffff" : "#0f2410", 0.22);
    parts.push(polygon([a, { x: b.x - wide, y: b.y }, { x: b.x + wide, y: b.y }], tone, 0.35));
  }
  parts.push(
    polygon(
      [on(way, 0, -1.12), on(way, 0, 1.12), on(way, 1, 1.12), on(way, 1, -1.12)],
      mix(grass, "#8a7350", 0.5),
    ),
    fade(
      "tar",
      [way.y, way.bottom],
      [
        [0, mix(shine, palette.haze, 0.35)],
        [0.25, shine],
        [1, mix(tar, "#000000", 0.28)],
      ],
    ),
    polygon([on(way, 0, -1), on(way, 0, 1), on(way, 1, 1), on(way, 1, -1)], "url(#tar)"),
    ...markings(way, lit("#f4f0e4", palette)),
  );
  return { markup: parts.join(""), depth: 0.34 };
}

/** Lines at both sides and dashes between, each as long as the next in the world. */
function markings(way: Way, white: string): string[] {
  const strip = (t0: number, t1: number, side: number, half: number) =>
    polygon(
      [
        on(way, t0, side - half),
        on(way, t0, side + half),
        on(way, t1, side + half),
        on(way, t1, side - half),
      ],
      white,
      0.9,
    );
  const parts = [strip(0, 1, -0.9, 0.014), strip(0, 1, 0.9, 0.014)];
  for (let far = 1; far < 24; far += 1) parts.push(strip(1 / (far + 0.45), 1 / far, 0, 0.018));
  return parts;
}

/** What stands beside the road: posts, poles with wires, trees; each smaller the farther it is. */
function drawSides(stage: Stage, way: Way): Drawing {
  const random = stage.random.fork("sides");
  const { palette, setting } = stage;
  const wood = lit("#4a3d36", palette);
  const white = mix("#f2efe8", palette.tint, palette.dimming * 0.7);
  const leaf = lit(setting.weather === "snow" ? "#8fa3a3" : "#3f6f3a", palette);
  const parts: string[] = [];
  const tops: Point[] = [];
  for (let far = 16; far >= 1.5; far -= far > 6 ? 2 : 0.75) {
    const t = 1 / far;
    const haze = Math.min(0.6, far * 0.035);
    for (const side of [-1, 1]) {
      const foot = on(way, t, side * 1.22);
      const size = way.half * t;
      parts.push(
        rect(
          { x: foot.x - size * 0.02, y: foot.y - size * 0.2, width: size * 0.04, height: size * 0.2 },
          mix(white, palette.haze, haze),
        ),
        rect(
          { x: foot.x - size * 0.02, y: foot.y - size * 0.16, width: size * 0.04, height: size * 0.045 },
          mix(lit("#d0473c", palette), palette.haze, haze),
        ),
      );
    }
    const pole = on(way, t * 0.93, -1.75);
    const tall = way.half * t * 1.5;
    const dark = mix(wood, palette.haze, haze);
    parts.push(
      boxes(
        [
          { x: pole.x - tall * 0.016, y: pole.y - tall, width: tall * 0.032, height: tall },
          { x: pole.x - tall * 0.16, y: pole.y - tall * 0.93, width: tall * 0.32, height: tall * 0.026 },
        ],
        dark,
      ),
    );
    tops.push({ x: pole.x, y: pole.y - tall * 0.92 });
    if (random.chance(0.75))
      parts.push(
        roundTree(
          on(way, t * 0.94, random.between(2, 3.6)),
          way.half * t * random.between(0.9, 1.4),
          mix(leaf, palette.haze, haze),
        ),
      );
  }
  return { markup: wires(tops, wood) + parts.join(""), depth: 0.5 };
}

function wires(tops: readonly Point[], colour: string): string {
  let d = "";
  tops.forEach((top, i) => {
    const next = tops[i + 1];
    if (!next) return;
    for (const side of [-0.12, 0.12]) {
      const [a, b] = [top.x + side * i * 14, next.x + side * (i + 1) * 14];
      d += `M${n(a)} ${n(top.y)}Q${n((a + b) / 2)} ${n(Math.max(top.y, next.y) + i * 3)} ${n(b)} ${n(next.y)}`;
    }
  });
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="2.4" opacity="0.8"/>`;
}

/** High grass at both corners. */
function drawGrass(stage: Stage): Drawing {
  const random = stage.random.fork("grass");
  const all = everything(stage);
  const snow = stage.setting.weather === "snow";
  const dark = mix(lit(snow ? "#b9c6cf" : "#3f5f2a", stage.palette), "#0a140a", 0.35);
  const parts: string[] = [];
  for (let x = all.x; x < all.x + all.width; x += random.between(7, 17)) {
    const corner = Math.abs(x - stage.width / 2) / (stage.width / 2);
    const tall =
      (corner * corner * 1.05 - 0.34) * Math.min(250, stage.width * 0.22) * random.between(0.6, 1.1);
    if (tall < 8) continue;
    const foot = stage.height + 6;
    const lean = random.between(-0.3, 0.34) * tall;
    const d = `M${n(x - 6)} ${n(all.y + all.height)}V${n(foot)}Q${n(x)} ${n(foot - tall * 0.6)} ${n(x + lean)} ${n(foot - tall)}Q${n(x + 8)} ${n(foot - tall * 0.5)} ${n(x + 8)} ${n(foot)}V${n(all.y + all.height)}z`;
    parts.push(path(d, mix(dark, stage.palette.glow, random.between(0, 0.22))));
  }
  return { markup: parts.join(""), depth: 1, sway: { x: 7, y: 0, seconds: 4.4, phase: 0.2 } };
}

/** Headlights that come and tail lights that go. */
function cars(stage: Stage, way: Way): Glint[] {
  const random = stage.random.fork("cars");
  const dark = stage.setting.time !== "day" || stage.setting.weather !== "clear";
  if (!dark) return [];
  return [0, 1, 2].flatMap((i) => {
    const comes = i !== 1;
    const [seconds, phase] = [random.between(5, 8), random.next()];
    return [-0.12, 0.12].map((off): Glint => {
      const side = (comes ? -0.46 : 0.46) + off;
      const [far, near] = [on(way, 0.03, side), on(way, 0.62, side)];
      const [start, end] = [
        { ...far, radius: 2.2 },
        { ...near, radius: 26 },
      ];
      const colour = comes ? "#fff4cf" : "#ff4a3c";
      return { ...start, to: end, colour, depth: 0.34, seconds, phase };
    });
  });
}

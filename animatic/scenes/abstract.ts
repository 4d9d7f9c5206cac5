/** Where a prompt names no place: ribbons of colour and soft lights. */
import { mix } from "./palette.ts";
import type { Drawing, Glint, Scene, Stage } from "./scene.ts";
import { circle, downToEdge, everything, fade, glow, type Point, path, rect, smooth } from "./shapes.ts";

const SCHEMES = [
  ["#1b1464", "#6c3fc5", "#e0559f", "#ff9f68", "#ffe3a3"],
  ["#062b4f", "#0f6f8c", "#26b7a0", "#8fe0a8", "#f4ffd6"],
  ["#2a0e3f", "#8a1f5f", "#e2495b", "#ff9a56", "#ffe9b8"],
  ["#0d1b4c", "#2749a8", "#4f8fe6", "#8fd0f5", "#f2fbff"],
] as const;

export function drawAbstract(stage: Stage): Scene {
  const random = stage.random.fork("abstract");
  const night = stage.setting.time === "night";
  const colours = random.pick(SCHEMES).map((colour) => (night ? mix(colour, "#05061a", 0.45) : colour));
  const at = (index: number) => colours[index] ?? "#ffffff";
  const all = everything(stage);
  const sky =
    fade(
      "back",
      [-80, stage.height],
      [
        [0, at(0)],
        [0.5, at(1)],
        [0.85, at(2)],
        [1, at(3)],
      ],
    ) + rect(all, "url(#back)");
  const sun = { x: stage.width * random.between(0.3, 0.7), y: stage.height * 0.42, radius: 150 };
  const disc = fade(
    "disc",
    [sun.y - 150, sun.y + 150],
    [
      [0, at(4)],
      [1, at(3)],
    ],
  );
  return {
    layers: [
      {
        markup:
          sky + glow("halo", { ...sun, radius: 620 }, at(4), 0.6) + disc + circle(sun, 150, "url(#disc)"),
        depth: 0.05,
      },
      drawLights(stage, {
        name: "far lights",
        count: 16,
        size: [20, 70],
        colour: at(4),
        depth: 0.25,
        strength: 0.16,
      }),
      ...[0, 1, 2, 3, 4, 5].map((i) =>
        drawRibbon(stage, i, [at(3 - Math.min(3, i >> 1)), at(Math.max(0, 2 - (i >> 1)))]),
      ),
      drawLights(stage, {
        name: "near lights",
        count: 9,
        size: [60, 150],
        colour: at(4),
        depth: 1,
        strength: 0.1,
      }),
    ],
    glints: sparks(stage, at(4)),
  };
}

function drawRibbon(stage: Stage, index: number, colours: readonly [string, string]): Drawing {
  const random = stage.random.fork(`ribbon ${index}`);
  const all = everything(stage);
  const t = index / 5;
  const top = stage.height * (0.5 + 0.4 * t);
  const swing = 46 + 30 * t;
  const points: Point[] = [];
  for (let x = all.x - 500, up = random.chance(0.5); x < all.x + all.width + 700; up = !up) {
    points.push({ x, y: top + (up ? -1 : 1) * swing * random.between(0.5, 1.1) });
    x += random.between(200, 380) * (0.8 + 0.5 * t);
  }
  const id = `ribbon${index}`;
  const shape = smooth(points);
  const rim = `<path d="${shape}" fill="none" stroke="#ffffff" stroke-width="2.5" opacity="0.3"/>`;
  return {
    markup:
      fade(
        id,
        [top - swing, top + 260],
        [
          [0, colours[0], 0.92],
          [1, colours[1], 0.96],
        ],
      ) +
      path(downToEdge(shape, points, stage), `url(#${id})`) +
      rim,
    depth: 0.2 + 0.7 * t,
    sway: { x: 40 + 20 * t, y: 10, seconds: 7 + index, phase: random.next() },
  };
}

interface Lights {
  readonly name: string;
  readonly count: number;
  readonly size: readonly [number, number];
  readonly colour: string;
  readonly depth: number;
  readonly strength: number;
}

function drawLights(stage: Stage, lights: Lights): Drawing {
  const random = stage.random.fork(lights.name);
  const all = everything(stage);
  let markup = "";
  for (let i = 0; i < (lights.count * all.width) / 2200; i++) {
    const at = { x: all.x + random.next() * all.width, y: random.between(0, stage.height) };
    const radius = random.between(...lights.size);
    markup +=
      circle(at, radius, lights.colour, lights.strength) +
      circle(at, radius * 0.86, lights.colour, lights.strength * 0.6);
  }
  return { markup, depth: lights.depth, drift: 4 };
}

function sparks(stage: Stage, colour: string): Glint[] {
  const random = stage.random.fork("sparks");
  return Array.from({ length: 40 }, () => ({
    x: random.between(0, stage.width),
    y: random.between(0, stage.height * 0.9),
    radius: random.between(2, 5),
    colour,
    depth: random.between(0.2, 0.9),
    seconds: random.between(2, 5),
    phase: random.next(),
  }));
}

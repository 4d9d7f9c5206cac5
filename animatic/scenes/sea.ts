/** Open water with a low sun or moon, swaying rows of waves, a headland with a lighthouse and a sailing boat. */
import { lit, mix } from "./palette.ts";
import type { Drawing, Glint, Scene, Stage } from "./scene.ts";
import {
  circle,
  downToEdge,
  everything,
  fade,
  glow,
  line,
  n,
  type Point,
  path,
  polygon,
  rect,
  ridge,
  smooth,
} from "./shapes.ts";
import { drawClouds, drawSky, twinkles } from "./sky.ts";

export function drawSea(stage: Stage): Scene {
  const { width, height, setting } = stage;
  const horizon = height * 0.56;
  const high = setting.time === "day" || setting.time === "night";
  const light = { x: width * 0.36, y: high ? height * 0.2 : horizon - 62, radius: high ? 52 : 74 };
  const waves = [0, 1, 2, 3, 4];
  return {
    layers: [
      drawSky(stage, { horizon, light }),
      drawClouds(stage, { y: [height * 0.1, height * 0.3], count: 4, size: 380, depth: 0.08 }),
      drawClouds(stage, { y: [horizon - 130, horizon - 50], count: 6, size: 210, depth: 0.05 }),
      drawWater(stage, horizon, light.x),
      drawHeadland(stage, horizon),
      ...waves.slice(0, 2).map((i) => drawWave(stage, horizon, i)),
      drawBoat(stage, horizon),
      ...waves.slice(2).map((i) => drawWave(stage, horizon, i)),
    ],
    glints: [...twinkles(stage, horizon), ...glitter(stage, horizon, light.x)],
  };
}

/** The sky's colours far out, the water's own close by. */
function waterColour(stage: Stage, near: number): string {
  const { palette } = stage;
  const own = lit(mix("#2c8aa8", "#0b3f68", near), palette);
  const sky = mix(palette.skyLow, palette.skyMiddle, Math.min(1, near * 1.6));
  return mix(own, sky, 0.62 * (1 - near) + 0.16);
}

/** The flat water up to the horizon with the light's path on it. */
function drawWater(stage: Stage, horizon: number, lightX: number): Drawing {
  const all = everything(stage);
  const bottom = all.y + all.height;
  const random = stage.random.fork("water");
  const parts = [
    fade(
      "water",
      [horizon, bottom],
      [
        [0, waterColour(stage, 0)],
        [0.3, waterColour(stage, 0.45)],
        [1, waterColour(stage, 1)],
      ],
    ),
    rect({ ...all, y: horizon, height: bottom - horizon }, "url(#water)"),
  ];
  if (stage.setting.weather === "clear") {
    for (let i = 0; i < 90; i++) {
      const t = (i / 90) ** 1.6;
      const spread = 30 + t * 190;
      const long = random.between(20, 70) * (0.5 + t * 1.6);
      const x = lightX + random.between(-1, 1) * spread - long / 2;
      parts.push(
        rect(
          { x, y: horizon + 2 + t * (stage.height - horizon) * 0.8, width: long, height: 1.4 + t * 4 },
          stage.palette.light,
          0.55 - t * 0.35,
        ),
      );
    }
  }
  for (let i = 0; i < all.width / 18; i++) {
    const t = random.next() ** 1.7;
    const dark = random.chance(0.5);
    parts.push(
      rect(
        {
          x: all.x + random.next() * all.width,
          y: horizon + 4 + t * (bottom - horizon),
          width: random.between(30, 140) * (0.4 + t),
          height: 1 + t * 3,
        },
        dark ? waterColour(stage, 1) : stage.palette.skyLow,
        dark ? 0.22 : 0.16,
      ),
    );
  }
  return { markup: parts.join(""), depth: 0.12 };
}

function drawWave(stage: Stage, horizon: number, index: number): Drawing {
  const random = stage.random.fork(`wave ${index}`);
  const t = (index + 1) / 5;
  const top = horizon + (stage.height - horizon) * (0.13 + 0.68 * t ** 1.35);
  const all = everything(stage);
  const swing = 5 + 17 * t;
  const spacing = 46 + 100 * t;
  const points: Point[] = [];
  for (let x = all.x - spacing, up = true; x < all.x + all.width + 2 * spacing; up = !up) {
    points.push({ x, y: top + (up ? -swing * random.between(0.5, 1) : swing * random.between(0.3, 0.9)) });
    x += spacing * random.between(0.7, 1.3);
  }
  const colour = waterColour(stage, 0.25 + 0.75 * t);
  const crest = mix(colour, stage.palette.skyLow, 0.42);
  const id = `wave${index}`;
  const shape = smooth(points);
  const foam = `<path d="${shape}" fill="none" stroke="${mix(crest, "#ffffff", 0.35)}" stroke-width="${n(1.4 + 2.6 * t)}" opacity="0.5"/>`;
  return {
    markup: `${fade(
      id,
      [top - swing, top + 70 + 120 * t],
      [
        [0, crest],
        [0.35, colour],
        [1, mix(colour, "#001226", 0.28)],
      ],
    )}${path(downToEdge(shape, points, stage), `url(#${id})`)}${foam}`,
    depth: 0.2 + 0.8 * t,
    sway: { x: 16 + 22 * t, y: 3 + 5 * t, seconds: 4.5 + 0.7 * index, phase: random.next() },
  };
}

function drawHeadland(stage: Stage, horizon: number): Drawing {
  const { palette, width } = stage;
  const random = stage.random.fork("headland");
  const rock = mix(lit("#4b5a52", palette), palette.haze, 0.38);
  const hills = ridge(random, { y: horizon - 26, swing: 40, rough: 0.45, bend: 220 }, stage);
  const from = width * 0.62;
  const land = hills.map((p) => {
    const rise = Math.max(0, Math.min(1, (p.x - from) / 220));
    return { x: p.x, y: horizon + 6 - rise * Math.max(10, horizon - p.y + 34) };
  });
  const foot = [
    ...land.filter((p) => p.x > from - 30),
    { x: stage.width + stage.bleed.x + 20, y: horizon + 6 },
  ];
  const x = width * 0.83;
  const top = horizon - 250;
  const tower = mix("#f5f1ea", palette.tint, palette.dimming * 0.7);
  const parts: string[] = [];
  if (stage.setting.time !== "day")
    parts.push(glow("beacon", { x, y: top - 12, radius: 150 }, "#ffe9a8", 0.9));
  parts.push(
    polygon(
      [
        { x: x - 13, y: top },
        { x: x + 13, y: top },
        { x: x + 22, y: horizon - 50 },
        { x: x - 22, y: horizon - 50 },
      ],
      tower,
    ),
  );
  for (const [from, to] of [
    [0.1, 0.3],
    [0.52, 0.74],
  ] as const) {
    const at = (t: number) => ({ y: top + t * 200, half: 13 + 9 * t });
    const [a, b] = [at(from), at(to)];
    parts.push(
      polygon(
        [
          { x: x - a.half, y: a.y },
          { x: x + a.half, y: a.y },
          { x: x + b.half, y: b.y },
          { x: x - b.half, y: b.y },
        ],
        mix("#c8453c", palette.tint, palette.dimming * 0.7),
      ),
    );
  }
  parts.push(
    rect({ x: x - 19, y: top - 5, width: 38, height: 7 }, "#2b3138"),
    rect({ x: x - 10, y: top - 24, width: 20, height: 20 }, "#fff4c9"),
  );
  parts.push(
    polygon(
      [
        { x: x - 15, y: top - 24 },
        { x, y: top - 46 },
        { x: x + 15, y: top - 24 },
      ],
      "#a8342e",
    ),
  );
  parts.push(polygon([...foot, { x: from - 30, y: horizon + 6 }], rock));
  parts.push(path(`${line(foot)}`, "none"));
  return { markup: parts.join(""), depth: 0.16 };
}

function drawBoat(stage: Stage, horizon: number): Drawing {
  const { palette, width, height } = stage;
  const y = horizon + (height - horizon) * 0.33;
  const x = width * 0.24;
  const sail = mix("#fdf8ee", palette.tint, palette.dimming * 0.5);
  const hull = lit("#7b3b2e", palette);
  const markup = [
    path(`M${n(x - 62)} ${n(y - 12)}h132l-26 34h-84z`, hull),
    rect({ x: x - 62, y: y - 14, width: 132, height: 5 }, mix(hull, "#ffffff", 0.35)),
    rect({ x: x - 3, y: y - 178, width: 5, height: 168 }, mix(hull, "#000000", 0.3)),
    path(`M${n(x + 7)} ${n(y - 176)}q78 66 66 150h-66z`, sail),
    path(`M${n(x - 8)} ${n(y - 160)}q-12 84 -50 136h50z`, mix(sail, palette.cloudShade, 0.3)),
    circle({ x: x - 0.5, y: y - 180 }, 4, "#d9473c"),
  ];
  return { markup: markup.join(""), depth: 0.42, drift: 6, sway: { x: 3, y: 6, seconds: 4.2, phase: 0.1 } };
}

function glitter(stage: Stage, horizon: number, lightX: number): Glint[] {
  if (stage.setting.weather !== "clear") return [];
  const random = stage.random.fork("glitter");
  return Array.from({ length: 90 }, () => {
    const t = random.next() ** 1.4;
    return {
      x: lightX + random.between(-1, 1) * (30 + 170 * t),
      y: horizon + 6 + t * (stage.height - horizon) * 0.75,
      radius: 1.4 + 1.8 * t,
      stretch: 4,
      colour: stage.palette.light,
      depth: 0.12 + 0.6 * t,
      seconds: random.between(0.9, 2.6),
      phase: random.next(),
    };
  });
}

/** Draws the sample pictures: `node samples/draw.ts` writes lighthouse.jpg, and the same place at night, beside this file. */
import { fileURLToPath } from "node:url";
import sharp, { type Sharp } from "sharp";
import { seededRandom } from "../animatic/random.ts";
import { mix, paletteOf } from "../animatic/scenes/palette.ts";
import type { Stage } from "../animatic/scenes/scene.ts";
import type { Setting } from "../animatic/scenes/setting.ts";
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
} from "../animatic/scenes/shapes.ts";
import { drawClouds, drawSky } from "../animatic/scenes/sky.ts";

const WIDTH = 1280;
const HEIGHT = 720;
const SETTING: Setting = { place: "sea", time: "dawn", weather: "clear", neon: false };
const ROCK = "#5b4a57";
const LIT_ROCK = "#9c7672";

function draw(stage: Stage): string {
  const horizon = 640;
  const sun = { x: 470, y: horizon - 96, radius: 62 };
  return [
    drawSky(stage, { horizon, light: sun }).markup,
    drawClouds(stage, { y: [110, 240], count: 4, size: 400, depth: 0.2 }).markup,
    drawClouds(stage, { y: [horizon - 190, horizon - 90], count: 7, size: 230, depth: 0.1 }).markup,
    drawIsles(stage, horizon),
    drawWater(stage, horizon, sun.x),
    drawBoat({ x: 690, y: 706 }),
    drawCliff(stage),
    drawCottage({ x: 1560, y: 520 }),
    drawLighthouse({ x: 1330, y: 510 }),
    drawGrass(stage),
    drawGulls(),
  ].join("");
}

function drawIsles(stage: Stage, horizon: number): string {
  const hills = ridge(
    stage.random.fork("isles"),
    { y: horizon - 26, swing: 26, rough: 0.45, bend: 260 },
    stage,
  );
  const far = hills.map((p) => ({
    x: p.x,
    y: Math.min(horizon + 4, p.y + Math.max(0, 1 - p.x / 330) * -24 + (p.x > 330 ? 60 : 0)),
  }));
  return polygon(
    [...far, { x: stage.width, y: horizon + 6 }, { x: 0, y: horizon + 6 }],
    mix("#6d6488", stage.palette.haze, 0.55),
  );
}

function drawWater(stage: Stage, horizon: number, sunX: number): string {
  const random = stage.random.fork("water");
  const all = everything(stage);
  const parts = [
    fade(
      "water",
      [horizon, stage.height],
      [
        [0, "#f3c6ae"],
        [0.14, "#c99bb0"],
        [0.5, "#5f7ba8"],
        [1, "#2d4f83"],
      ],
    ),
    rect({ ...all, y: horizon, height: 400 }, "url(#water)"),
  ];
  for (let i = 0; i < 150; i++) {
    const t = (i / 150) ** 1.5;
    const long = random.between(24, 96) * (0.4 + t * 1.5);
    const x = sunX + random.between(-1, 1) * (34 + t * 200) - long / 2;
    parts.push(
      rect(
        { x, y: horizon + 2 + t * 330, width: long, height: 1.6 + t * 5 },
        "#fff3d2",
        Math.round((0.7 - t * 0.5) * 100) / 100,
      ),
    );
  }
  for (let i = 0; i < 4; i++) {
    const top = horizon + 110 + i * 68;
    const points: Point[] = [];
    for (let x = all.x - 90, up = true; x < all.x + all.width + 200; up = !up) {
      points.push({ x, y: top + (up ? -1 : 0.7) * (7 + i * 4) * random.between(0.6, 1) });
      x += (70 + i * 24) * random.between(0.7, 1.3);
    }
    const shape = smooth(points);
    parts.push(
      fade(
        `swell${i}`,
        [top - 12, top + 100],
        [
          [0, mix("#a9a3c8", "#4d74a8", i / 3), 0.75],
          [1, "#2f5389", 0.5],
        ],
      ),
    );
    parts.push(path(downToEdge(shape, points, stage), `url(#swell${i})`));
    parts.push(
      `<path d="${shape}" fill="none" stroke="#ffe9d6" stroke-width="${n(1.6 + i * 0.7)}" opacity="0.6"/>`,
    );
  }
  return parts.join("");
}

function drawBoat({ x, y }: Point): string {
  return [
    path(`M${n(x - 52)} ${n(y - 10)}h108l-22 28h-66z`, "#8d3f38"),
    rect({ x: x - 52, y: y - 12, width: 108, height: 5 }, "#f5e3d2"),
    rect({ x: x - 2, y: y - 150, width: 4, height: 140 }, "#5d3a35"),
    path(`M${n(x + 6)} ${n(y - 148)}q64 58 54 124h-54z`, "#fff6ea"),
    path(`M${n(x - 7)} ${n(y - 132)}q-10 70 -42 112h42z`, "#f2cfc4"),
  ].join("");
}

/** A headland that comes in from the right. */
function drawCliff(stage: Stage): string {
  const random = stage.random.fork("cliff");
  const crest: Point[] = [];
  for (let x = 950; x <= 1900; x += 28) {
    const rise = 1 - Math.max(0, (1250 - x) / 300) ** 2;
    crest.push({ x, y: 1010 - rise * 495 + random.between(-7, 7) });
  }
  const foot = [
    { x: 1900, y: 1010 },
    { x: 940, y: 1010 },
  ];
  const parts = [
    fade(
      "rock",
      [500, 1000],
      [
        [0, LIT_ROCK],
        [0.4, ROCK],
        [1, "#33304a"],
      ],
    ),
    polygon([...crest, ...foot], "url(#rock)"),
  ];
  parts.push(
    `<clipPath id="inside"><path d="${line([...crest, ...foot])}z"/></clipPath><g clip-path="url(#inside)">`,
  );
  for (let i = 0; i < 46; i++) {
    const x = random.between(900, 1800);
    const y = 600 + ((i + random.next()) / 46) * 400;
    const long = random.between(60, 240);
    const thick = random.between(4, 13);
    const tone = random.chance(0.45) ? "#c99a86" : "#2a2540";
    const layer = [
      { x, y },
      { x: x + long * 0.6, y: y - thick },
      { x: x + long, y: y - long * 0.06 },
      { x: x + long * 0.5, y: y + thick * 0.7 },
    ];
    parts.push(polygon(layer, tone, 0.24));
  }
  // The side towards the sun.
  parts.push(
    polygon(
      [
        { x: 900, y: 1010 },
        { x: 1100, y: 560 },
        { x: 1150, y: 640 },
        { x: 1090, y: 760 },
        { x: 1120, y: 840 },
        { x: 1030, y: 1010 },
      ],
      "#e0a58e",
      0.32,
    ),
    "</g>",
  );
  const turf = crest.filter((p) => p.x > 1080);
  parts.push(
    fade(
      "turf",
      [500, 640],
      [
        [0, "#a3b070"],
        [1, "#55704f"],
      ],
    ),
  );
  parts.push(
    polygon(
      [...turf, ...[...turf].reverse().map((p) => ({ x: p.x - 6, y: p.y + random.between(26, 74) }))],
      "url(#turf)",
    ),
  );
  const foam: Point[] = [];
  for (let x = 800; x < 1900; x += random.between(26, 48))
    foam.push({ x, y: 972 + (x < 960 ? (960 - x) * 0.16 : 0) + random.between(-9, 9) });
  for (const drop of [0, 13])
    parts.push(
      path(`${smooth(foam.map((p) => ({ x: p.x + drop * 2, y: p.y + drop })))}V1020H800z`, "#fff1e8", 0.55),
    );
  return parts.join("");
}

function drawLighthouse({ x, y }: Point): string {
  const top = y - 350;
  const half = (at: number) => 27 + (23 * (at - top)) / 350;
  const band = (from: number, to: number, fill: string) => {
    const [a, b] = [half(from), half(to)];
    return path(`M${n(x - a)} ${n(from)}H${n(x + a)}L${n(x + b)} ${n(to)}H${n(x - b)}z`, fill);
  };
  const beam = (tip: number, spread: number) =>
    path(`M${n(x)} ${n(top - 34)}L${n(tip)} ${n(top - 34 - spread)}v${n(spread * 1.4)}z`, "url(#beam)");
  const parts = [
    `<linearGradient id="beam" gradientUnits="userSpaceOnUse" x1="${x - 900}" x2="${x}" y1="0" y2="0"><stop offset="0" stop-color="#fff6cf" stop-opacity="0"/><stop offset="1" stop-color="#fff6cf" stop-opacity="0.7"/></linearGradient>`,
    beam(x - 900, 110),
    glow("lamp", { x, y: top - 34, radius: 260 }, "#fff0b4", 0.95),
    `<linearGradient id="round"><stop offset="0" stop-color="#fff1d8" stop-opacity="0.35"/><stop offset="0.45" stop-color="#000000" stop-opacity="0"/><stop offset="1" stop-color="#3a2244" stop-opacity="0.5"/></linearGradient>`,
    band(top, y + 14, "#f6efe6"),
  ];
  for (const at of [0.06, 0.4, 0.74]) parts.push(band(top + at * 350, top + (at + 0.17) * 350, "#cc4b43"));
  parts.push(band(top, y + 14, "url(#round)"));
  for (const at of [0.3, 0.63])
    parts.push(path(`M${n(x - 8)} ${n(top + at * 350 + 18)}v-18a8 8 0 0 1 16 0v18z`, "#4a3d55"));
  parts.push(path(`M${n(x - 13)} ${n(y + 14)}v-32a13 13 0 0 1 26 0v32z`, "#5b3a3a"));
  parts.push(
    rect({ x: x - 40, y: top - 10, width: 80, height: 11 }, "#3b3347"),
    rect({ x: x - 40, y: top - 26, width: 80, height: 3 }, "#3b3347"),
  );
  for (let i = -2; i <= 2; i++)
    parts.push(rect({ x: x + i * 18 - 1.5, y: top - 26, width: 3, height: 18 }, "#3b3347"));
  parts.push(
    rect({ x: x - 21, y: top - 58, width: 42, height: 48 }, "#fffbe2"),
    rect({ x: x - 2, y: top - 58, width: 4, height: 48 }, "#3b3347"),
  );
  parts.push(
    path(`M${n(x - 28)} ${n(top - 58)}q4 -34 28 -40q24 6 28 40z`, "#b93d37"),
    circle({ x, y: top - 102 }, 6, "#3b3347"),
  );
  return parts.join("");
}

function drawCottage({ x, y }: Point): string {
  const window = (at: number) =>
    rect({ x: x + at, y: y - 44, width: 24, height: 26 }, "#ffd98c") +
    rect({ x: x + at + 11, y: y - 44, width: 2, height: 26 }, "#6b4a3f");
  return [
    rect({ x: x - 78, y: y - 66, width: 156, height: 84 }, "#f3e6d8"),
    rect({ x: x + 28, y: y - 66, width: 50, height: 84 }, "#b99aa0", 0.5),
    rect({ x: x + 34, y: y - 132, width: 22, height: 50 }, "#8d5a50"),
    path(`M${n(x - 94)} ${n(y - 62)}l32 -56h124l32 56z`, "#7d4a58"),
    window(-58),
    window(34),
    rect({ x: x - 14, y: y - 46, width: 28, height: 64 }, "#4f6d7a"),
  ].join("");
}

function drawGrass(stage: Stage): string {
  const random = stage.random.fork("grass");
  let d = "";
  for (let x = 1150; x < stage.width + 20; x += random.between(5, 12)) {
    const y = 545 + random.between(-6, 10) - (x > 1250 ? 12 : (1250 - x) * -0.3);
    d += `M${n(x)} ${n(y)}q${n(random.between(-6, 2))} -12 ${n(random.between(-9, 9))} ${n(-random.between(12, 26))}q0 14 5 26z`;
  }
  return path(d, "#6f8a58");
}

function drawGulls(): string {
  const gull = (x: number, y: number, wing: number) =>
    `<path d="${line([{ x, y }])}q${n(wing * 0.5)} ${n(-wing * 0.55)} ${n(wing)} 0q${n(wing * 0.5)} ${n(-wing * 0.55)} ${n(wing)} 0" fill="none" stroke="#fffaf2" stroke-width="${n(wing / 9)}" stroke-linecap="round"/>`;
  return gull(880, 300, 34) + gull(970, 250, 24) + gull(800, 380, 20) + gull(1050, 330, 18);
}

const scale = 1000 / HEIGHT;
const stage: Stage = {
  width: WIDTH * scale,
  height: 1000,
  bleed: { x: 40, y: 40 },
  setting: SETTING,
  palette: paletteOf(SETTING),
  random: seededRandom(20),
};
const box = `0 0 ${stage.width} ${stage.height}`;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="${box}">${draw(stage)}</svg>`;
const lighthouse = await sharp(Buffer.from(svg)).flatten().toBuffer();
await save(sharp(lighthouse), "lighthouse.jpg");
await save(
  sharp(lighthouse)
    .recomb([
      [0.22, 0.06, 0.02],
      [0.08, 0.24, 0.06],
      [0.1, 0.16, 0.34],
    ])
    .composite([{ input: Buffer.from(nightLights()), blend: "screen" }]),
  "lighthouse-at-night.jpg",
);

/** The lamp with its two beams, the cottage's window and some stars. */
function nightLights(): string {
  const lamp = { x: 1330, y: 128 };
  const stars = seededRandom(7);
  const sky = Array.from({ length: 90 }, () => {
    const at = { x: stars.between(0, 1240), y: stars.between(0, 460) };
    return circle(at, stars.between(0.8, 2.2), "#e8eeff");
  });
  const beam = (tip: Point, spread: number): string =>
    `<polygon points="${lamp.x},${lamp.y} ${tip.x},${tip.y - spread} ${tip.x},${tip.y + spread}" fill="url(#beam)"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="${box}">
    <defs><radialGradient id="beam" gradientUnits="userSpaceOnUse" cx="${lamp.x}" cy="${lamp.y}" r="900">
    <stop offset="0" stop-color="#ffe9a8" stop-opacity="0.85"/><stop offset="1" stop-color="#ffe9a8" stop-opacity="0"/>
    </radialGradient></defs>${sky.join("")}${beam({ x: 420, y: 60 }, 80)}${beam({ x: 1900, y: 175 }, 50)}
    <circle cx="${lamp.x}" cy="${lamp.y}" r="26" fill="#fff6d8"/></svg>`;
}

async function save(picture: Sharp, name: string): Promise<void> {
  await picture.jpeg({ quality: 88, mozjpeg: true }).toFile(fileURLToPath(new URL(name, import.meta.url)));
}

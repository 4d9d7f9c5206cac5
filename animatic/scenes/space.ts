/** A planet with rings and a moon before nebulae and stars, rocks drifting by. */
import type { Random } from "../random.ts";
import { mix } from "./palette.ts";
import type { Drawing, Glint, Scene, Stage } from "./scene.ts";
import { circle, everything, fade, glow, n, type Point, polygon, radial, rect } from "./shapes.ts";

const SCHEMES = [
  {
    deep: "#070516",
    nebula: ["#6a2bd9", "#d9398f", "#2b6ad9"],
    planet: ["#ffcf8f", "#d9703f", "#5b1f3f"],
    ring: "#ffd9a8",
  },
  {
    deep: "#03101a",
    nebula: ["#1f9bb0", "#3f5bd9", "#7fd1a8"],
    planet: ["#a8f0ff", "#2f86c9", "#0b2550"],
    ring: "#cfeaff",
  },
  {
    deep: "#0d0714",
    nebula: ["#c9482f", "#8f2bd9", "#e89a3f"],
    planet: ["#e8d0ff", "#8a5bd0", "#2a1258"],
    ring: "#ffc9e8",
  },
] as const;
type Scheme = (typeof SCHEMES)[number];

export function drawSpace(stage: Stage): Scene {
  const random = stage.random.fork("space");
  const scheme = random.pick(SCHEMES);
  const small = Math.min(stage.width, stage.height);
  // In a narrow frame it stands in the middle, and nowhere larger than its ring has room.
  const aside = stage.width > 1.25 * stage.height ? 0.15 : 0.03;
  const side = random.chance(0.5) ? 0.5 + aside : 0.5 - aside;
  const radius = Math.min(small * 0.27, (stage.width * (0.5 - aside)) / 2.1);
  const planet = { x: stage.width * side, y: stage.height * 0.52, radius };
  const moon = {
    x: stage.width * (0.5 + (side > 0.5 ? -1 : 1) * Math.max(aside + 0.02, 0.3 - aside)),
    y: stage.height * 0.27,
    radius: small * 0.062,
  };
  return {
    layers: [
      drawDeep(stage, scheme),
      drawStars(stage, { name: "far stars", share: 1, size: [0.5, 1.5], depth: 0.1 }),
      drawStars(stage, { name: "near stars", share: 0.16, size: [1.4, 2.6], depth: 0.22 }),
      {
        markup: drawBall(moon, ["#f2f0ea", "#a3a09a", "#3b3a42"], "moon") + craters(random, moon),
        depth: 0.34,
      },
      drawPlanet(planet, scheme),
      drawRocks(stage, scheme, { name: "rocks", count: 16, size: [6, 22], depth: 0.7, drift: -5 }),
      drawRocks(stage, scheme, { name: "near rocks", count: 5, size: [26, 62], depth: 1, drift: -9 }),
    ],
    glints: twinkling(stage),
  };
}

function drawDeep(stage: Stage, scheme: Scheme): Drawing {
  const random = stage.random.fork("nebula");
  const all = everything(stage);
  const parts = [rect(all, scheme.deep)];
  // A band of clouds from one corner to the other.
  const clouds = Math.round((all.width * all.height) / 1e5);
  for (let i = 0; i < clouds; i++) {
    const t = random.next();
    const at = {
      x: all.x + t * all.width,
      y: all.y + all.height * (0.78 - 0.56 * t) + random.between(-1, 1) * stage.height * 0.2,
      radius: random.between(140, 420),
    };
    parts.push(glow(`n${i}`, at, random.pick(scheme.nebula), random.between(0.16, 0.4)));
  }
  return { markup: parts.join(""), depth: 0.05 };
}

interface Stars {
  readonly name: string;
  readonly share: number;
  readonly size: readonly [number, number];
  readonly depth: number;
}

function drawStars(stage: Stage, stars: Stars): Drawing {
  const random = stage.random.fork(stars.name);
  const all = everything(stage);
  const count = Math.round(((all.width * all.height) / 3600) * stars.share);
  let markup = "";
  for (let i = 0; i < count; i++) {
    const at = { x: all.x + random.next() * all.width, y: all.y + random.next() * all.height };
    markup += circle(
      at,
      random.between(...stars.size),
      random.pick(["#ffffff", "#ffffff", "#cfe0ff", "#ffe6c4"]),
      Math.round(random.between(3, 10)) / 10,
    );
  }
  return { markup, depth: stars.depth };
}

type Shades = readonly [bright: string, middle: string, dark: string];

function drawBall(at: Point & { radius: number }, shades: Shades, id: string): string {
  const stops = [
    [0, shades[0]],
    [0.45, shades[1]],
    [0.8, shades[2]],
    [1, mix(shades[2], "#000000", 0.6)],
  ] as const;
  return radial(id, { x: 0.3, y: 0.28 }, stops) + circle(at, at.radius, `url(#${id})`);
}

function craters(random: Random, moon: Point & { radius: number }): string {
  let markup = "";
  for (let i = 0; i < 7; i++) {
    const at = {
      x: moon.x + random.between(-0.6, 0.4) * moon.radius,
      y: moon.y + random.between(-0.6, 0.5) * moon.radius,
    };
    markup += circle(at, moon.radius * random.between(0.06, 0.17), "#5b5860", 0.35);
  }
  return markup;
}

function drawPlanet(planet: Point & { radius: number }, scheme: Scheme): Drawing {
  const { x, y, radius: r } = planet;
  const [bright, middle] = scheme.planet;
  const clip = `<clipPath id="disc"><circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}"/></clipPath>`;
  const bands = [-0.62, -0.36, -0.08, 0.16, 0.42, 0.68]
    .map(
      (t, i) =>
        `<ellipse cx="${n(x)}" cy="${n(y + t * r)}" rx="${n(r * 1.1)}" ry="${n(r * (0.05 + (i % 3) * 0.03))}" fill="${i % 2 ? bright : mix(middle, "#000000", 0.25)}" opacity="0.3"/>`,
    )
    .join("");
  const night = radial("terminator", { x: 0.26, y: 0.24 }, [
    [0, "#000000", 0],
    [0.55, "#000000", 0],
    [0.95, "#000000", 0.82],
    [1, "#000000", 0.9],
  ]);
  const turn = `transform="rotate(-18 ${n(x)} ${n(y)})"`;
  const ring = (upper: boolean) =>
    [
      [1.95, 0.12, 0.5],
      [1.66, 0.1, 0.75],
      [1.44, 0.07, 0.4],
    ]
      .map(([out = 0, wide = 0, opacity]) => {
        const rx = n(r * out);
        const ry = n(r * out * 0.26);
        return `<path d="M${n(x - r * out)} ${n(y)}A${rx} ${ry} 0 0 ${upper ? 1 : 0} ${n(x + r * out)} ${n(y)}" fill="none" stroke="${scheme.ring}" stroke-width="${n(r * wide)}" opacity="${opacity}"/>`;
      })
      .join("");
  return {
    markup: [
      glow("air", { ...planet, radius: r * 1.55 }, mix(bright, scheme.nebula[2], 0.4), 0.55),
      `<g ${turn}>${ring(true)}</g>`,
      drawBall(planet, scheme.planet, "ball"),
      clip,
      `<g clip-path="url(#disc)"><g ${turn}>${bands}</g></g>`,
      night,
      circle(planet, r, "url(#terminator)"),
      `<g ${turn}>${ring(false)}</g>`,
    ].join(""),
    depth: 0.46,
  };
}

function drawRocks(
  stage: Stage,
  scheme: Scheme,
  rocks: { name: string; count: number; size: readonly [number, number]; depth: number; drift: number },
): Drawing {
  const random = stage.random.fork(rocks.name);
  const all = everything(stage);
  const parts: string[] = [];
  const count = Math.round((rocks.count * all.width) / 2200);
  for (let i = 0; i < count; i++) {
    const t = (i + random.next()) / count;
    const centre = {
      x: all.x + t * all.width,
      y: stage.height * (0.9 - 0.26 * t) + random.between(-0.09, 0.12) * stage.height,
    };
    parts.push(
      drawRock(
        random,
        centre,
        random.between(...rocks.size),
        `${rocks.name.replace(" ", "")}${i}`,
        mix("#8a7a72", scheme.planet[1], 0.3),
      ),
    );
  }
  return { markup: parts.join(""), depth: rocks.depth, drift: rocks.drift };
}

const CORNERS: readonly (readonly [number, number])[] = [
  [1, 0],
  [0.77, 0.64],
  [0.17, 0.98],
  [-0.5, 0.87],
  [-0.94, 0.34],
  [-0.94, -0.34],
  [-0.5, -0.87],
  [0.17, -0.98],
  [0.77, -0.64],
];

function drawRock(random: Random, at: Point, size: number, id: string, colour: string): string {
  const outline = CORNERS.map(([cx, cy]) => {
    const r = size * random.between(0.72, 1.1);
    return { x: at.x + cx * r, y: at.y + cy * r * 0.8 };
  });
  const shade = fade(
    id,
    [at.y - size, at.y + size],
    [
      [0, mix(colour, "#ffffff", 0.2)],
      [0.5, mix(colour, "#000000", 0.35)],
      [1, "#0c0a12"],
    ],
  );
  const facet = outline.slice(4, 8).concat({ x: at.x + size * 0.1, y: at.y - size * 0.1 });
  return shade + polygon(outline, `url(#${id})`) + polygon(facet, "#ffffff", 0.12);
}

function twinkling(stage: Stage): Glint[] {
  const random = stage.random.fork("twinkling");
  return Array.from({ length: 44 }, () => ({
    x: random.between(0, stage.width),
    y: random.between(0, stage.height * 0.4) * (random.chance(0.8) ? 1 : 2.2),
    radius: random.between(1.6, 3.4),
    colour: random.pick(["#ffffff", "#cfe0ff", "#ffe9c9"]),
    depth: 0.1,
    seconds: random.between(1.5, 4.5),
    phase: random.next(),
  }));
}

/** The sky that most places share: gradient, stars, sun or moon, clouds. */
import type { Random } from "../random.ts";
import { mix } from "./palette.ts";
import type { Drawing, Glint, Stage } from "./scene.ts";
import { circle, everything, fade, glow, n, type Point, path, rect } from "./shapes.ts";

export interface SkyShape {
  /** Where the sky's lowest colour is reached. */
  readonly horizon: number;
  /** The sun or moon; none where the weather hides it. */
  readonly light: Point & { readonly radius: number };
}

export function drawSky(stage: Stage, shape: SkyShape): Drawing {
  const { palette, setting } = stage;
  const random = stage.random.fork("sky");
  const stops = [
    [0, palette.skyTop],
    [0.55, palette.skyMiddle],
    [1, palette.skyLow],
  ] as const;
  const parts = [fade("sky", [-40, shape.horizon], stops), rect(everything(stage), "url(#sky)")];
  const hidden = setting.weather === "rain" || setting.weather === "fog" || setting.weather === "snow";
  if (setting.time === "night" && !hidden) parts.push(stars(stage, random, shape.horizon));
  if (!hidden || setting.weather === "snow") parts.push(drawLight(stage, shape.light, hidden));
  return { markup: parts.join(""), depth: 0.04 };
}

function drawLight(stage: Stage, light: SkyShape["light"], hidden: boolean): string {
  const { palette, setting } = stage;
  const wide = setting.time === "night" ? 4.5 : 7;
  const parts = [glow("halo", { ...light, radius: light.radius * wide }, palette.glow, hidden ? 0.35 : 0.75)];
  if (hidden) return parts.join("");
  parts.push(circle(light, light.radius, palette.light));
  if (setting.time === "night") {
    const shade = mix(palette.light, palette.skyMiddle, 0.22);
    for (const [x, y, r] of [
      [-0.3, -0.2, 0.24],
      [0.28, 0.1, 0.17],
      [-0.05, 0.42, 0.15],
      [0.3, -0.45, 0.1],
    ] as const)
      parts.push(
        circle({ x: light.x + x * light.radius, y: light.y + y * light.radius }, r * light.radius, shade),
      );
  }
  return parts.join("");
}

function stars(stage: Stage, random: Random, horizon: number): string {
  const { x, y, width } = everything(stage);
  let markup = "";
  const count = Math.round((width * (horizon - y)) / 6500);
  for (let i = 0; i < count; i++) {
    const height = random.next() * random.next();
    const at = { x: x + random.next() * width, y: y + (0.02 + height * 0.95) * (horizon - y) };
    markup += circle(at, random.between(0.6, 1.9), "#ffffff", Math.round(random.between(3, 9)) / 10);
  }
  return markup;
}

/** Stars that twinkle, over the ones that do not. */
export function twinkles(stage: Stage, horizon: number): Glint[] {
  if (stage.setting.time !== "night" || stage.setting.weather !== "clear") return [];
  const random = stage.random.fork("twinkles");
  return Array.from({ length: 36 }, () => ({
    x: random.between(0, stage.width),
    y: random.between(0, horizon * 0.7),
    radius: random.between(1.6, 3.2),
    colour: "#ffffff",
    depth: 0.04,
    seconds: random.between(1.6, 4),
    phase: random.next(),
  }));
}

export interface CloudShape {
  readonly y: readonly [number, number];
  /** In a width of about two frames' heights. */
  readonly count: number;
  readonly size: number;
  readonly depth: number;
}

export function drawClouds(stage: Stage, shape: CloudShape): Drawing {
  const random = stage.random.fork(`clouds ${shape.depth}`);
  const { x, width } = everything(stage);
  const { cloud, cloudShade } = stage.palette;
  let markup = "";
  // Rain comes from somewhere: under single fair-weather clouds it would fall out of the blue.
  const heavy = stage.setting.weather === "rain" ? 1.9 : stage.setting.weather === "snow" ? 1.4 : 1;
  const count = Math.max(1, Math.round((shape.count * heavy * width) / 2150));
  for (let i = 0; i < count; i++) {
    const at = {
      x: x + ((i + random.between(0.1, 0.9)) / count) * width,
      y: random.between(...shape.y),
    };
    const long = shape.size * heavy * random.between(0.6, 1.3);
    markup += fade(
      `c${i}`,
      [at.y - long * 0.24, at.y + long * 0.07],
      [
        // A dark cloud would take a bite out of the moon.
        [0, cloud, stage.setting.time === "night" ? 0.6 : 0.95],
        [1, cloudShade, stage.setting.time === "night" ? 0.35 : 0.55],
      ],
    );
    markup += path(puffs(random, at, long), `url(#c${i})`);
  }
  return { markup, depth: shape.depth, drift: random.between(5, 9) };
}

/** Round above, flat below, one outline. */
function puffs(random: Random, at: Point, long: number): string {
  const lumps = 6 + random.integer(0, 3);
  let d = `M${n(at.x - long / 2)} ${n(at.y + long * 0.05)}`;
  for (let i = 0; i < lumps; i++) {
    const middle = 1 - Math.abs((2 * (i + 0.5)) / lumps - 1);
    const right = at.x - long / 2 + (long * (i + 1)) / lumps;
    const up = at.y + long * 0.05 - long * 0.13 * middle * random.between(0.6, 1.25);
    const radius = long / lumps / random.between(1.5, 1.9);
    d += `A${n(radius)} ${n(radius)} 0 0 1 ${n(right)} ${n(i === lumps - 1 ? at.y + long * 0.05 : up)}`;
  }
  return `${d}Q${n(at.x)} ${n(at.y + long * 0.09)} ${n(at.x - long / 2)} ${n(at.y + long * 0.05)}z`;
}

/** A veil of haze that thickens downwards; between layers it makes the ones behind it far. */
export function drawVeil(stage: Stage, span: readonly [number, number], strength: number): string {
  const id = `veil${Math.round(span[0])}`;
  const box = { ...everything(stage), y: span[0], height: stage.height + stage.bleed.y - span[0] };
  return `${fade(id, span, [
    [0, stage.palette.haze, 0],
    [1, stage.palette.haze, strength],
  ])}${rect(box, `url(#${id})`)}`;
}

/** Banks of fog that drift through a scene, in front of everything; `near` is 0 or 1. */
export function drawFog(stage: Stage, near: number): Drawing {
  const random = stage.random.fork(`fog ${near}`);
  const { x, width } = everything(stage);
  const white = mix(stage.palette.haze, "#ffffff", stage.setting.time === "night" ? 0.05 : 0.3);
  let markup = `<radialGradient id="fog"><stop offset="0" stop-color="${white}" stop-opacity="0.72"/><stop offset="0.5" stop-color="${white}" stop-opacity="0.38"/><stop offset="1" stop-color="${white}" stop-opacity="0"/></radialGradient>`;
  const count = Math.round(width / 330);
  for (let i = 0; i < count; i++) {
    const centre = x + ((i + random.next()) / count) * width;
    const y = stage.height * (0.6 + 0.22 * near + random.between(-0.09, 0.09));
    const wide = random.between(420, 760);
    markup += `<ellipse cx="${n(centre)}" cy="${n(y)}" rx="${n(wide)}" ry="${n(wide * random.between(0.16, 0.26))}" fill="url(#fog)"/>`;
  }
  return {
    markup,
    depth: 0.4 + 0.5 * near,
    drift: near ? 16 : -10,
    sway: { x: 18, y: 4, seconds: 8, phase: random.next() },
  };
}

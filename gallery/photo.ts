/**
 * Two photographs that nobody took: fruit on a table, traced with soft light, a short depth of field and grain. Real
 * photographs have a licence each and are not ours to give away; `--photo` shows the gallery on one of yours.
 */
import sharp from "sharp";
import { type Random, seededRandom } from "../animatic/random.ts";
import { sine } from "../animatic/wave.ts";

type Vector = readonly [x: number, y: number, z: number];

interface Ball {
  readonly at: Vector;
  readonly radius: number;
  readonly colour: Vector;
  /** How rough its skin is, and how much it shines. */
  readonly skin: number;
  readonly gloss: number;
}

const WIDTH = 960;
const HEIGHT = 540;
const SAMPLES = 10;
const EYE: Vector = [0, 1.5, -6.2];
const LAMP: Vector = [-4.5, 6.5, -3.5];
/** Distance that is sharp, and the width of the lens. */
const LENS = { focus: 6.2, wide: 0.07 };

const BOWLS: readonly (readonly Ball[])[] = [
  [
    { at: [-1.15, 0.8, 0.1], radius: 0.8, colour: [0.93, 0.45, 0.06], skin: 0.06, gloss: 0.35 },
    { at: [0.42, 0.72, -0.45], radius: 0.72, colour: [0.62, 0.07, 0.08], skin: 0.01, gloss: 0.8 },
    { at: [1.75, 0.66, 0.7], radius: 0.66, colour: [0.45, 0.62, 0.12], skin: 0.01, gloss: 0.7 },
    { at: [-0.25, 0.42, -1.55], radius: 0.42, colour: [0.9, 0.75, 0.12], skin: 0.05, gloss: 0.4 },
    { at: [1.35, 0.3, -1.35], radius: 0.3, colour: [0.22, 0.1, 0.3], skin: 0.02, gloss: 0.5 },
    { at: [-2.7, 0.62, 1.7], radius: 0.62, colour: [0.5, 0.66, 0.16], skin: 0.01, gloss: 0.6 },
  ],
  [
    { at: [0.1, 0.95, 0.3], radius: 0.95, colour: [0.2, 0.42, 0.6], skin: 0.01, gloss: 0.9 },
    { at: [-1.7, 0.6, -0.5], radius: 0.6, colour: [0.85, 0.82, 0.76], skin: 0.02, gloss: 0.5 },
    { at: [1.6, 0.5, -0.8], radius: 0.5, colour: [0.75, 0.22, 0.3], skin: 0.03, gloss: 0.6 },
    { at: [2.7, 0.75, 1.6], radius: 0.75, colour: [0.85, 0.62, 0.25], skin: 0.05, gloss: 0.3 },
    { at: [-0.5, 0.3, -1.7], radius: 0.3, colour: [0.25, 0.5, 0.35], skin: 0.01, gloss: 0.8 },
  ],
];

/** `which` 0 or 1. */
export async function takePhoto(path: string, which: number): Promise<void> {
  const random = seededRandom(40 + which);
  const balls = BOWLS[which] ?? [];
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, at += 3) {
      const sum = [0, 0, 0];
      for (let i = 0; i < SAMPLES; i++) {
        const seen = look(balls, x + random.next(), y + random.next(), random);
        for (const c of [0, 1, 2]) sum[c] = (sum[c] ?? 0) + (seen[c] ?? 0) / SAMPLES;
      }
      const grain = random.between(-5, 5);
      for (const c of [0, 1, 2]) data[at + c] = Math.max(0, Math.min(255, filmed(sum[c] ?? 0) + grain));
    }
  }
  await sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: 92 })
    .toFile(path);
}

/** Light to a level: bright things fade into white, as on film. */
function filmed(light: number): number {
  const bent = light / (light + 0.55);
  return 255 * Math.sqrt(Math.min(1, bent * 1.28));
}

const add = (a: Vector, b: Vector, k = 1): Vector => [a[0] + b[0] * k, a[1] + b[1] * k, a[2] + b[2] * k];
const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const unit = (a: Vector): Vector => {
  const k = 1 / Math.sqrt(dot(a, a));
  return [a[0] * k, a[1] * k, a[2] * k];
};
const tinted = (a: Vector, b: Vector, k: number): Vector => [
  a[0] * b[0] * k,
  a[1] * b[1] * k,
  a[2] * b[2] * k,
];

function look(balls: readonly Ball[], x: number, y: number, random: Random): Vector {
  const aim = unit([(x / WIDTH - 0.5) * 1.1, ((0.5 - y / HEIGHT) * 1.1 * HEIGHT) / WIDTH - 0.13, 1]);
  const sharpAt = add(EYE, aim, LENS.focus);
  const from = add(EYE, [random.between(-1, 1) * LENS.wide, random.between(-1, 1) * LENS.wide, 0]);
  return trace(balls, from, unit(add(sharpAt, from, -1)), random, 1);
}

function hit(balls: readonly Ball[], from: Vector, way: Vector): { far: number; ball: Ball | null } {
  let far = way[1] < -1e-4 ? -from[1] / way[1] : Number.POSITIVE_INFINITY;
  let ball: Ball | null = null;
  for (const one of balls) {
    const to = add(one.at, from, -1);
    const along = dot(to, way);
    const depth = one.radius * one.radius - dot(to, to) + along * along;
    if (depth < 0) continue;
    const near = along - Math.sqrt(depth);
    if (near > 1e-3 && near < far) [far, ball] = [near, one];
  }
  return { far, ball };
}

function trace(balls: readonly Ball[], from: Vector, way: Vector, random: Random, bounces: number): Vector {
  const { far, ball } = hit(balls, from, way);
  if (far > 14) return backdrop(way);
  const place = add(from, way, far);
  const rough = ball?.skin ?? 0.03;
  const bump = (i: number) => rough * sine((place[i] ?? 0) * 7 + sine((place[(i + 1) % 3] ?? 0) * 9));
  const flat: Vector = ball ? unit(add(place, ball.at, -1)) : [0, 1, 0];
  const normal = unit(add(flat, [bump(0), bump(1), bump(2)]));
  const colour = ball ? tinted(ball.colour, ball.colour, 1.15) : table(place);
  // Somewhere on a window rather than on a point: shadows are soft.
  const window: Vector = [LAMP[0] + random.between(-1.4, 1.4), LAMP[1], LAMP[2] + random.between(-1.4, 1.4)];
  const light = unit(add(window, place, -1));
  const shade = hit(balls, add(place, normal, 1e-3), light).ball ? 0 : Math.max(0, dot(normal, light));
  const sky = 0.2 + 0.16 * normal[1];
  let seen = add(tinted(colour, [1.5, 1.36, 1.15], shade), tinted(colour, [0.75, 0.9, 1.15], sky));
  const mirror = add(way, normal, -2 * dot(way, normal));
  const gloss = ball?.gloss ?? 0.1;
  const spark = Math.max(0, dot(unit(mirror), light)) ** 60;
  if (shade > 0) seen = add(seen, [1, 0.97, 0.9], spark * gloss * 2.2);
  const edge = gloss * 0.32 * (1 - Math.max(0, -dot(way, normal))) ** 2;
  return bounces > 0 && edge > 0.01
    ? add(seen, trace(balls, add(place, normal, 1e-3), unit(mirror), random, bounces - 1), edge)
    : seen;
}

/** Boards of wood. */
function table([x, , z]: Vector): Vector {
  const board = Math.floor(z * 0.9);
  const grain = sine(x * 0.35 + sine(z * 1.7 + board * 0.37) * 0.6 + z * 6.5);
  const gap = z * 0.9 - board < 0.03 ? 0.45 : 1;
  const tone = (0.9 + 0.1 * sine(board * 0.618)) * (1 + 0.13 * grain) * gap;
  return [0.24 * tone, 0.12 * tone, 0.055 * tone];
}

/** A garden, far out of focus: soft discs of light. */
function backdrop([x, y]: Vector): Vector {
  let light: Vector = [0.07 + y * 0.12, 0.12 + y * 0.2, 0.06 + y * 0.1];
  for (let i = 0; i < 14; i++) {
    const at = [(((i * 0.618) % 1) - 0.5) * 1.3, 0.02 + ((i * 0.377) % 1) * 0.32];
    const away = ((x - (at[0] ?? 0)) ** 2 + (y - (at[1] ?? 0)) ** 2) / (0.0022 + 0.0016 * (i % 3));
    if (away < 1) light = add(light, i % 3 ? [0.16, 0.2, 0.07] : [0.36, 0.26, 0.1], 1 - away * 0.35);
  }
  return light;
}

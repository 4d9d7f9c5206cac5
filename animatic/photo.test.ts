import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Frame } from "../src/media/codec.ts";
import { endOf, viewAt } from "./camera.ts";
import type { Move } from "./camera-words.ts";
import { type Hand, type Shake, shakeOf } from "./handheld.ts";
import { openKernels } from "./kernels.ts";
import { beatAt } from "./life.ts";
import { openPhoto } from "./photo.ts";
import { type Framing, type Life, STILL, WHOLE } from "./plan.ts";
import { seededRandom } from "./random.ts";
import { openPicture, type Size } from "./source.ts";
import { type Desk, openDesk, writePhoto } from "./testing/pictures.ts";
import { ease } from "./wave.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.clear());

const OPPOSITES: Readonly<Record<Move, Move>> = {
  push: "pull",
  pull: "push",
  left: "right",
  right: "left",
  up: "down",
  down: "up",
  "dolly-in": "dolly-out",
  "dolly-out": "dolly-in",
  "orbit-left": "orbit-right",
  "orbit-right": "orbit-left",
  "crane-up": "crane-down",
  "crane-down": "crane-up",
};
const MOVES = Object.keys(OPPOSITES) as readonly Move[];
const FRAMES = 120;
const ALIVE: Life = { sway: 1, ripple: 1, drift: 1 };

interface Asked {
  readonly size?: Size;
  readonly moves?: readonly Move[];
  readonly strength?: number;
  readonly handheld?: number;
  readonly life?: Life;
  readonly framing?: Framing;
  readonly seed?: number;
}

interface Film {
  /** A copy of frame `index` of 120. */
  at(index: number): Frame;
  /** How often a frame so far looked beyond what there is. */
  beyond(): number;
  readonly shake: Shake;
}

async function film(path: string, asked: Asked): Promise<Film> {
  const { size = { width: 320, height: 180 }, moves = [], strength = 1, handheld = 0, life = STILL } = asked;
  const kernels = await openKernels(size.width, size.height);
  const source = await openPicture(path, size, "first frame", asked.framing ?? WHOLE);
  const end = endOf({ moves, strength, handheld }, size, source.room);
  const photo = await openPhoto(kernels, source, { size, farthest: end, handheld, life });
  const shake = shakeOf(handheld, size, seededRandom(asked.seed ?? 1));
  const target = kernels.target();
  let beyond = 0;
  return {
    at(index) {
      const pose = viewAt(end, ease(index / (FRAMES - 1)));
      beyond += photo({ pose, hand: shake(index / 24), beat: beatAt(index / 24) }, target);
      const { y, uv } = kernels.frame(target);
      return { ...size, y: y.slice(), uv: uv.slice() };
    },
    beyond: () => beyond,
    shake,
  };
}

const KINDS: readonly [string, Asked][] = [
  ...MOVES.map((move): [string, Asked] => [move, { moves: [move] }]),
  ["dolly-in and pan right", { moves: ["dolly-in", "right"] }],
  ["orbit-left, pulled back", { moves: ["orbit-left", "dolly-out"], strength: 3.4 }],
  ["handheld", { handheld: 1 }],
  ["a hand that cannot hold still", { handheld: 5 }],
  ["life", { life: ALIVE }],
  ["everything", { moves: ["crane-up", "orbit-right"], strength: 3.4, handheld: 1, life: ALIVE }],
];

const SHAPES = [
  [320, 180, 500, 300],
  [180, 320, 500, 300],
  [202, 178, 400, 90],
  [16, 16, 300, 300],
] as const;

/** Between whole pixels a mesh and a lens round to 1/256 pixel each in its own way. */
const enlarged = (height: number, of: number): boolean => height > of;

function farthest(a: Frame, b: Frame): number {
  const most = (plane: "y" | "uv"): number =>
    a[plane].reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[plane][i] ?? 0))), 0);
  return Math.max(most("y"), most("uv"));
}

test.each(KINDS)("%s: the first frame is not the picture, or a frame looks beyond it", async (_, asked) => {
  for (const [width, height, pictureWidth, pictureHeight] of SHAPES) {
    const path = await writePhoto(desk.path("photo.png"), pictureWidth, pictureHeight);
    const still = (await film(path, { size: { width, height } })).at(0);
    const moved = await film(path, { ...asked, size: { width, height } });
    expect(farthest(moved.at(0), still)).toBeLessThanOrEqual(enlarged(height, pictureHeight) ? 1 : 0);
    for (const index of [30, 61, 90, 119]) expect(moved.at(index).y).not.toEqual(still.y);
    expect(moved.beyond()).toBe(0);
  }
});

/** Soft bright blobs on grey. */
async function writeBlobs(name: string, ...places: readonly (readonly [number, number])[]): Promise<string> {
  const [width, height] = [640, 360];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [((i / 3) | 0) % width, Math.floor(i / 3 / width)];
    return places.reduce((sum, [px, py]) => sum + 180 * Math.exp(-((x - px) ** 2 + (y - py) ** 2) / 120), 40);
  });
  const path = desk.path(name);
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
  return path;
}

/** The middle of what is bright between two lines of the frame. */
function centreOf(frame: Frame, from = 0, to = frame.height): { x: number; y: number } {
  let [sum, x, y] = [0, 0, 0];
  for (let i = from * frame.width; i < to * frame.width; i++) {
    const light = Math.max(0, (frame.y[i] ?? 0) - 60);
    sum += light;
    x += light * (i % frame.width);
    y += light * Math.floor(i / frame.width);
  }
  return { x: x / sum, y: y / sum };
}

const BIG = { width: 640, height: 360 };

/** What is left of a second difference without the gathering and losing of speed that a move is made of. */
function unsteady(values: readonly number[]): number {
  const jerks = values.slice(2).map((c, i) => c - 2 * (values[i + 1] ?? 0) + (values[i] ?? 0));
  const rest = jerks.slice(3, -3).map((jerk, i) => {
    const around = jerks.slice(i, i + 7);
    return Math.abs(jerk - around.reduce((sum, one) => sum + one, 0) / around.length);
  });
  return Math.max(...rest);
}

test.each([...MOVES, "sway"] as const)("%s shakes", async (kind) => {
  const path = await writeBlobs("blob.png", [240, 150]);
  const asked = kind === "sway" ? { life: ALIVE } : { moves: [kind] as const };
  const { at } = await film(path, { size: BIG, ...asked });
  const centres = Array.from({ length: FRAMES }, (_, i) => centreOf(at(i)));
  for (const axis of ["x", "y"] as const) expect(unsteady(centres.map((c) => c[axis]))).toBeLessThan(0.05);
});

test.each([
  ["orbit-left", "x", 1],
  ["orbit-right", "x", -1],
] as const)("%s moves what is near no more than what is far", async (move, axis, sign) => {
  const path = await writeBlobs("two.png", [320, 70], [320, 290]);
  const { at } = await film(path, { size: BIG, moves: [move] });
  const end = at(FRAMES - 1);
  const apart = centreOf(end, 180)[axis] - centreOf(end, 0, 180)[axis];
  expect(sign * apart).toBeGreaterThan(3);
  // At most five percent of the width.
  expect(sign * apart).toBeLessThan(32);
});

test("a dolly lets what is near grow no more than what is far", async () => {
  const path = await writeBlobs("four.png", [200, 70], [440, 70], [200, 290], [440, 290]);
  const { at } = await film(path, { size: BIG, moves: ["dolly-in"] });
  const [before, after] = [at(0), at(FRAMES - 1)];
  const width = (frame: Frame, from: number, to: number) => {
    const half = (side: 0 | 1) => {
      const y = frame.y.slice();
      for (let i = 0; i < y.length; i++) if (i % 640 < 320 !== (side === 0)) y[i] = 0;
      return centreOf({ ...frame, y }, from, to).x;
    };
    return half(1) - half(0);
  };
  const far = width(after, 0, 180) / width(before, 0, 180);
  const near = width(after, 180, 360) / width(before, 180, 360);
  expect(far).toBeGreaterThan(1.01);
  expect(near).toBeGreaterThan(far + 0.02);
});

test("a hand moves in jumps, leaves its path, or is the same for every seed", async () => {
  const path = await writeBlobs("held.png", [320, 180]);
  const { at, shake } = await film(path, { size: BIG, handheld: 1 });
  const off = Array.from({ length: FRAMES }, (_, i) => {
    const [centre, hand] = [centreOf(at(i)), shake(i / 24)];
    return { x: centre.x - 319.5 + hand.x, y: centre.y - 179.5 + hand.y };
  });
  const middle = off[0] ?? { x: 0, y: 0 };
  for (const c of off)
    for (const axis of ["x", "y"] as const) expect(Math.abs(c[axis] - middle[axis])).toBeLessThan(0.05);
  const rest = (hand: Hand) => Math.max(...Object.values(hand).map(Math.abs));
  expect(rest(shake(0))).toBe(0);
  expect(shake(2)).not.toEqual(shakeOf(1, BIG, seededRandom(2))(2));
  expect(shake(2)).toEqual(shakeOf(1, BIG, seededRandom(1))(2));
  expect(rest(shake(2, 0))).toBe(0);
});

test("a shot does not open on its part of the picture", async () => {
  const path = await writePhoto(desk.path("wide.png"), 640, 360);
  for (const [x, y] of [
    [0.25, 0.25],
    [0.75, 0.5],
    [1, 0],
  ] as const) {
    const opened = (await film(path, { framing: { zoom: 2, x, y } })).at(0);
    const left = Math.min(320, Math.max(0, 640 * x - 160));
    const top = Math.min(180, Math.max(0, 360 * y - 90));
    await sharp(path).extract({ left, top, width: 320, height: 180 }).toFile(desk.path("part.png"));
    const part = (await film(desk.path("part.png"), {})).at(0);
    expect(opened.y).toEqual(part.y);
  }
});

/** The share of samples between two lines that differ by more than noise. */
function changed(a: Frame, b: Frame, from: number, to: number): number {
  let count = 0;
  for (let i = from * a.width; i < to * a.width; i++)
    if (Math.abs((a.y[i] ?? 0) - (b.y[i] ?? 0)) > 1) count++;
  return count / ((to - from) * a.width);
}

test.each([
  ["ripple", 0, 80, 130, 180],
  ["drift", 130, 180, 0, 60],
] as const)("%s stirs what it has nothing to do with", async (kind, stillFrom, stillTo, from, to) => {
  const path = await writePhoto(desk.path("life.png"), 640, 360, 5);
  const { at } = await film(path, { life: { ...STILL, [kind]: 1 } });
  const [before, after] = [at(0), at(100)];
  expect(changed(before, after, stillFrom, stillTo)).toBe(0);
  expect(changed(before, after, from, to)).toBeGreaterThan(0.01);
});

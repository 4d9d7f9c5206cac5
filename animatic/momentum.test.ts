import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Codec, Frame } from "../src/media/codec.ts";
import { findBackends, hash, psnr } from "../src/media/testing/backends.ts";
import { openKernels, type View } from "./kernels.ts";
import {
  carryOn,
  type Momentum,
  momentumOf,
  motionOfFrames,
  REST,
  type Small,
  shrink,
  within,
} from "./momentum.ts";
import { type Shot, STILL, WHOLE } from "./plan.ts";
import { seededRandom } from "./random.ts";
import { openShot } from "./shoot.ts";
import { openPicture } from "./source.ts";
import { type Desk, openDesk } from "./testing/pictures.ts";

const SIZE = { width: 480, height: 270 };
const found = await findBackends();
let desk: Desk;
let photo: string;
beforeAll(async () => {
  desk = await openDesk();
  photo = await writeTown(desk.path("town.png"));
});
afterAll(() => desk.clear());

/** Boxes of many sizes: corners everywhere, as in pictures of anything. */
async function writeTown(path: string): Promise<string> {
  const random = seededRandom(5);
  const boxes = Array.from({ length: 400 }, () => {
    const grey = random.integer(20, 235);
    return `<rect x="${random.integer(-40, 1240)}" y="${random.integer(-40, 690)}" width="${random.integer(8, 90)}"
      height="${random.integer(8, 70)}" fill="rgb(${grey},${grey},${random.integer(20, 235)})"/>`;
  });
  await sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="1240" height="690">${boxes.join("")}</svg>`),
  )
    .png()
    .toFile(path);
  return path;
}

/** A clip of the town whose camera is where `at` says, seconds before the end. */
async function encode(codec: Codec, name: string, at: (before: number) => View): Promise<string> {
  const kernels = await openKernels(SIZE.width, SIZE.height);
  const canvas = await (await openPicture(photo, SIZE, "town")).place(kernels, { x: 60, y: 60 });
  const target = kernels.target();
  const path = desk.path(name);
  const encoder = await codec.openEncoder({ path, ...SIZE, fps: 24, frames: 25, sound: false, comment: "" });
  for (let i = 0; i < 25; i++) {
    kernels.draw(canvas, at((24 - i) / 24), target);
    await encoder.frame(kernels.frame(target));
  }
  await encoder.close();
  return path;
}

const moving =
  ({ x, y, step }: Momentum) =>
  (before: number): View => ({
    step: 1 - step * before,
    x: -x * before * SIZE.width,
    y: -y * before * SIZE.height,
  });

function expectNear(received: Momentum, wanted: Momentum, within = 0.006): void {
  for (const key of ["x", "y", "step"] as const)
    expect(Math.abs(received[key] - wanted[key]), `${key} of ${JSON.stringify(received)}`).toBeLessThan(
      within,
    );
}

describe.each(found)("$id", (codec) => {
  test.each<[string, Momentum]>([
    ["a pan", { x: 0.06, y: 0, step: 0 }],
    ["a slow tilt", { x: 0, y: -0.02, step: 0 }],
    ["a push", { x: 0, y: 0, step: -0.06 }],
    ["a pull and a pan", { x: -0.03, y: 0.01, step: 0.05 }],
  ])("%s is felt as another motion", async (name, momentum) => {
    expectNear(await momentumOf(codec, await encode(codec, `${name}.mp4`, moving(momentum))), momentum);
  });

  test("a clip that stands still begins to move", async () => {
    const still = await encode(codec, "still.mp4", () => ({ step: 1, x: 0, y: 0 }));
    expect(await momentumOf(codec, still)).toBe(REST);
  });

  test("a move that comes to rest is thrown on", async () => {
    // Its speed is nothing at the end, though it was some half a second before.
    const braking = (before: number): View => ({ step: 1, x: -0.1 * before * before * SIZE.width, y: 0 });
    const felt = await momentumOf(codec, await encode(codec, "braking.mp4", braking));
    expect(Math.abs(felt.x)).toBeLessThan(0.012);
  });
});

test.skipIf(found.length < 2)("the two codecs feel another motion in the same clip", async () => {
  const path = await encode(found[0]!, "both.mp4", moving({ x: 0.04, y: 0.01, step: -0.02 }));
  const [first, second] = await Promise.all(found.map((codec) => momentumOf(codec, path)));
  expect(second).toEqual(first);
});

/** A plain luma plane that `look` draws. */
function small(look: (x: number, y: number) => number): Small {
  const y = Uint8Array.from({ length: 160 * 90 }, (_, i) => look(i % 160, Math.floor(i / 160)));
  return { width: 160, height: 90, y };
}

test("what cannot be followed is followed", () => {
  const random = seededRandom(1);
  const noise = () => small(() => random.integer(16, 235));
  const flat = small(() => 120);
  const frames = (make: () => Small) => Array.from({ length: 13 }, make);
  expect(motionOfFrames(frames(noise), 24)).toBe(REST);
  expect(
    motionOfFrames(
      frames(() => flat),
      24,
    ),
  ).toBe(REST);
  expect(motionOfFrames([flat], 24)).toBe(REST);
  expect(motionOfFrames([], 24)).toBe(REST);
  // Stripes: every place along them looks alike.
  const stripes = frames(() => small((x) => (x % 8 < 4 ? 40 : 200)));
  expect(motionOfFrames(stripes, 24)).toBe(REST);
});

test("one thing that crosses the picture takes all of it along", () => {
  const ground = seededRandom(3);
  const grid = Array.from({ length: 40 * 23 }, () => ground.integer(30, 220));
  const look = (car: number) => (x: number, y: number) =>
    x > car && x < car + 30 && y > 40 && y < 70
      ? 235
      : (grid[Math.floor(y / 4) * 40 + Math.floor(x / 4)] ?? 0);
  const frames = Array.from({ length: 13 }, (_, i) => small(look(20 + 4 * i)));
  expect(motionOfFrames(frames, 24)).toBe(REST);
});

test("a small copy is no mean of its samples", () => {
  const y = new Uint8Array(480 * 270).map((_, i) => (i % 2) * 100);
  const copy = shrink({ width: 480, height: 270, y, uv: new Uint8Array(480 * 135) });
  expect([copy.width, copy.height, new Set(copy.y)]).toEqual([240, 135, new Set([50])]);
});

describe("what is carried on", () => {
  const speed = { x: 0.02, y: -0.01, step: -0.015 };
  const speedAt = (carry: (seconds: number) => View, now: number) => {
    const [a, b] = [carry(now), carry(now + 0.001)];
    return { x: (b.x - a.x) / 480 / 0.001, y: (b.y - a.y) / 270 / 0.001, step: (b.step - a.step) / 0.001 };
  };

  test.each([true, false])(
    "starts elsewhere or at another speed, with a move of its own to come: %s",
    (asked) => {
      const carry = carryOn(speed, { size: SIZE, seconds: 5, asked });
      expect(carry(0).step).toBe(1);
      expect(Math.abs(carry(0).x) + Math.abs(carry(0).y)).toBe(0);
      expectNear(speedAt(carry, 0), speed, 0.0005);
    },
  );

  test("goes on after the shot has its own move, or stops where it has none", () => {
    const asked = carryOn(speed, { size: SIZE, seconds: 5, asked: true });
    expect(speedAt(asked, 1.6)).toMatchObject({ x: 0, y: 0 });
    const alone = carryOn(speed, { size: SIZE, seconds: 5, asked: false });
    expect(speedAt(alone, 4.9).x).toBeCloseTo(0.02, 5);
  });

  test("leaves the picture at the end of a long shot, or shows much of its mirror on the way", () => {
    for (const x of [0.01, 0.05, 0.4, -1]) {
      const carry = carryOn({ x, y: 0, step: 0 }, { size: SIZE, seconds: 10, asked: false });
      const beyond = (now: number) => {
        const view = carry(now);
        return Math.abs(view.x) / 480 + view.step / 2 - 0.5;
      };
      expect(beyond(10)).toBeLessThan(1e-9);
      // The fastest throw runs ahead of its own closing in, and is caught up with.
      for (let now = 0; now <= 10; now += 0.25) expect(beyond(now)).toBeLessThan(0.12);
    }
  });

  test("is laid over the shot's move instead of under it", () => {
    expect(within({ step: 0.5, x: 10, y: 0 }, { step: 0.8, x: 4, y: 2 })).toEqual({ step: 0.4, x: 12, y: 1 });
  });
});

const shotOf = (path: string, asked: boolean): Shot => ({
  frames: 24,
  motion: { moves: asked ? ["left"] : ["push"], strength: 1, handheld: 0 },
  framing: WHOLE,
  life: STILL,
  style: null,
  opening: { kind: "clip", path, asked },
  closing: null,
  scene: null,
});

test("a continuation opens on another frame, stops dead, or makes a move that nobody asked for", async () => {
  const [codec] = found as [Codec];
  const speed = { x: 0.06, y: 0, step: 0 };
  const clip = await encode(codec, "pan.mp4", moving(speed));
  const camera = await openShot(shotOf(clip, false), { size: SIZE, fps: 24, seed: 1, codec });
  const frames = Array.from({ length: 24 }, (_, i) => copyOf(camera(i)));
  const last = await codec.lastFrame(clip);
  expect(hash(frames[0]!)).toBe(hash(last));
  const felt = motionOfFrames(frames.slice(0, 9).map(shrink), 24);
  expect(Math.abs(felt.x - speed.x)).toBeLessThan(0.01);
  // It comes a little closer, and that begins slowly.
  expect(Math.abs(felt.step)).toBeLessThan(0.08);
  // Continued by the same clip's next frames, as the scene itself goes on.
  const goesOn = await encode(codec, "on.mp4", (before) => moving(speed)(before - 0.25));
  expect(psnr(await lumaOf(codec, goesOn), frames[6]!.y)).toBeGreaterThan(24);
  expect(psnr(last.y, frames[6]!.y)).toBeLessThan(22);
});

const copyOf = (frame: Frame): Frame => ({ ...frame, y: frame.y.slice(), uv: frame.uv.slice() });
const lumaOf = async (codec: Codec, path: string) => (await codec.lastFrame(path)).y;

test("a move that is asked for does not come, or comes with a jerk", async () => {
  const [codec] = found as [Codec];
  const clip = await encode(codec, "before-left.mp4", moving({ x: 0.06, y: 0, step: 0 }));
  const camera = await openShot(
    { ...shotOf(clip, true), frames: 72 },
    { size: SIZE, fps: 24, seed: 1, codec },
  );
  const frames = Array.from({ length: 72 }, (_, i) => shrink(camera(i)));
  expect(motionOfFrames(frames.slice(0, 9), 24).x).toBeGreaterThan(0.01);
  expect(motionOfFrames(frames.slice(40, 53), 24).x).toBeLessThan(-0.02);
});

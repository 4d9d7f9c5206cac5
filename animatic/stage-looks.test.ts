import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Frame } from "../src/media/codec.ts";
import type { View } from "./kernels.ts";
import { openKernels } from "./kernels.ts";
import { STYLES } from "./plan.ts";
import { seededRandom } from "./random.ts";
import type { Setting } from "./scenes/setting.ts";
import { openScene, type SceneOrder } from "./stage.ts";

const SIZE = { width: 192, height: 108 };
const STILL: View = { step: 1, x: 0, y: 0 };
const CITY: Setting = { place: "city", time: "night", weather: "clear", neon: false };

async function film(setting: Partial<Setting>, changes: Partial<SceneOrder> = {}) {
  const frame = changes.frame ?? SIZE;
  const kernels = await openKernels(frame.width, frame.height);
  const order = { frame, setting: { ...CITY, ...setting }, random: seededRandom(7), end: STILL, seconds: 4 };
  const scene = await openScene(kernels, { ...order, ...changes });
  const target = kernels.target();
  return (seconds: number, progress = 0): Frame => {
    scene(target, progress, seconds);
    const { y, uv } = kernels.frame(target);
    return { ...frame, y: y.slice(), uv: uv.slice() };
  };
}

const hashOf = ({ y, uv }: Frame) => createHash("sha256").update(y).update(uv).digest("hex");
const rows = ({ y, width }: Frame, from: number, to: number) => y.subarray(from * width, to * width);

function apart(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}

test.each(["room", "train"] as const)("it rains inside the %s", async (place) => {
  const [rain, dry] = [
    await film({ place, time: "day", weather: "rain" }),
    await film({ place: "city", time: "day", weather: "rain" }),
  ];
  // What is nearest moves with the train, but no streak is on it: the same after a whole swing.
  const low = (frame: Frame) => rows(frame, 100, 108);
  const swing = place === "train" ? 0.9 : 0.5;
  expect(apart(low(rain(0)), low(rain(swing)))).toBeLessThan(0.2);
  expect(apart(low(dry(0)), low(dry(swing)))).toBeGreaterThan(0.2);
});

test.each(["room", "train"] as const)("rain does not show in the window of the %s", async (place) => {
  const [rain, again] = [
    await film({ place, time: "night", weather: "rain" }),
    await film({ place, time: "night", weather: "fog" }),
  ];
  expect(hashOf(rain(0.3))).not.toBe(hashOf(again(0.3)));
  expect(apart(rows(rain(0), 20, 60), rows(rain(0.21), 20, 60))).toBeGreaterThan(0.05);
});

test("the country beside a train comes to an end, or stands still", async () => {
  const train = await film({ place: "train", time: "day" }, { seconds: 120 });
  const seen = [0, 1, 7.3, 33.1, 60.7, 119.9].map((seconds) => train(seconds));
  // Nothing drawn is luma 0; black is 16.
  for (const frame of seen) expect(frame.y.every((value) => value >= 15)).toBe(true);
  for (const frame of seen.slice(1)) expect(apart(seen[0]!.y, frame.y)).toBeGreaterThan(1);
});

test("the country beside a train jumps where it begins again", async () => {
  const train = await film({ place: "train", time: "day" }, { seconds: 120 });
  const steps = Array.from({ length: 70 }, (_, i) => apart(train(i / 24).y, train((i + 1) / 24).y));
  const usual = [...steps].sort((a, b) => a - b)[35]!;
  expect(Math.max(...steps)).toBeLessThan(4 * usual);
});

test("the lights of cars do not travel", async () => {
  const road = await film({ place: "road" });
  const lit = (seconds: number) => road(seconds).y.reduce((sum, value, i) => sum + (value > 150 ? i : 0), 0);
  expect(new Set([0.2, 1, 2, 3].map(lit)).size).toBe(4);
});

test("a framing shows another part than it says", async () => {
  const whole = (await film({ place: "mountain", time: "day" }))(0);
  const framed = await film({ place: "mountain", time: "day" }, { framing: { zoom: 2, x: 0.7, y: 0.4 } });
  const part = framed(0);
  const [left, top] = [Math.round(0.45 * SIZE.width), Math.round(0.15 * SIZE.height)];
  const enlarged = part.y.map((_, i) => {
    const [x, y] = [i % SIZE.width, Math.floor(i / SIZE.width)];
    return whole.y[(top + (y >> 1)) * SIZE.width + left + (x >> 1)]!;
  });
  expect(apart(part.y, enlarged)).toBeLessThan(7);
  expect(apart(part.y, whole.y)).toBeGreaterThan(10);
});

test.each([
  [0, 0],
  [1, 1],
  [1, 0.5],
])("a framing at %d, %d looks beyond what is drawn", async (x, y) => {
  for (const place of ["city", "room", "field", "train"] as const) {
    const scene = await film({ place }, { framing: { zoom: 1.6, x, y }, end: { step: 1.1, x: 20, y: -9 } });
    for (const progress of [0, 1]) expect(scene(1, progress).y.every((value) => value >= 15)).toBe(true);
  }
});

test("another camera or another framing is in another place", async () => {
  const wide = await film({ place: "city", time: "day" });
  const moving = await film({ place: "city", time: "day" }, { end: { step: 1.1, x: 14, y: 6 } });
  // Not to the bit: where a layer begins shifts its edges by a hair.
  expect(apart(wide(0).y, moving(0).y)).toBeLessThan(0.2);
});

test("a hand does not move a scene, or moves it past its edge", async () => {
  const changes = { handheld: 1, end: { step: 1.2, x: 30, y: 14 } };
  for (const place of ["city", "sea", "road", "room"] as const) {
    const scene = await film({ place, time: "day" }, changes);
    const steady = await film({ place, time: "day" }, { end: changes.end });
    expect(apart(scene(0).y, steady(0).y)).toBeLessThan(0.2);
    expect(apart(scene(2.3).y, steady(2.3).y)).toBeGreaterThan(0.5);
    for (const at of [1, 2.3, 3.9]) expect(scene(at, at / 4).y.every((value) => value >= 15)).toBe(true);
  }
});

test.each(STYLES)("a scene in %s has holes, or looks like the plain one", async (style) => {
  const plain = await film({ place: "sea", time: "sunset" });
  const styled = await film({ place: "sea", time: "sunset" }, { style });
  expect(apart(plain(0).y, styled(0).y) + apart(plain(0).uv, styled(0).uv)).toBeGreaterThan(3);
  expect(hashOf(styled(1))).toBe(hashOf((await film({ place: "sea", time: "sunset" }, { style }))(1)));
});

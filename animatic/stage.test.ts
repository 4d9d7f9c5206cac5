import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Frame } from "../src/media/codec.ts";
import { endOf } from "./camera.ts";
import { openKernels } from "./kernels.ts";
import { motionOf } from "./motion-words.ts";
import { seededRandom } from "./random.ts";
import { describeSetting, type Place, settingOf } from "./scenes/setting.ts";
import { openScene } from "./stage.ts";
import { varianceOf } from "./testing/pictures.ts";

const ASPECTS = [
  [16, 9],
  [9, 16],
  [1, 1],
  [4, 3],
  [3, 4],
  [21, 9],
  [3, 2],
  [2, 3],
] as const;
const PROMPTS: Readonly<Record<Place, string>> = {
  city: "a city at night in the rain, neon, pan left",
  sea: "sunset over the sea, zoom out",
  mountain: "snow falls on the mountains, crane up",
  forest: "a forest in the fog, truck right",
  desert: "desert at dawn",
  space: "a planet in outer space, tilt down",
  room: "a cozy room by day, push in",
  road: "an open road at sunset, dolly in",
  train: "a train at dawn, pan left",
  field: "a wheat field by day, crane up",
  abstract: "a feeling of hope",
};

const settingIn = (prompt: string, seed = 7) => settingOf(prompt, seededRandom(seed).fork("setting"));

async function film(
  prompt: string,
  size: { width: number; height: number },
  seed = 7,
): Promise<(index: number) => Frame> {
  const kernels = await openKernels(size.width, size.height);
  const scene = await openScene(kernels, {
    frame: size,
    setting: settingIn(prompt, seed),
    random: seededRandom(seed),
    end: endOf(motionOf(prompt, 2), size, { x: 0.12, y: 0.08 }),
    seconds: 2,
  });
  const target = kernels.target();
  return (index) => {
    scene(target, index / 47, index / 24);
    return kernels.frame(target);
  };
}

const hashOf = (frame: Frame) => createHash("sha256").update(frame.y).update(frame.uv).digest("hex");

for (const [place, prompt] of Object.entries(PROMPTS)) {
  test.each(ASPECTS)(
    `${place} at %i:%i is flat, empty at an edge, or another picture the second time`,
    async (w, h) => {
      const scale = 96 / Math.min(w, h);
      const size = { width: 2 * Math.round((w * scale) / 2), height: 2 * Math.round((h * scale) / 2) };
      const [once, again] = [await film(prompt, size), await film(prompt, size)];
      for (const index of [0, 24, 47]) {
        const frame = once(index);
        expect(frame.y.length).toBe(size.width * size.height);
        expect(varianceOf(frame.y)).toBeGreaterThan(60);
        // Nothing drawn is luma 0; black is 16.
        expect(frame.y.every((value) => value >= 15)).toBe(true);
        expect(hashOf(again(index))).toBe(hashOf(frame));
      }
    },
  );
}

test.each([
  ["mountain", "雪山"],
  ["sea", "a beach"],
])("nothing moves in %s", async (_, prompt) => {
  const frames = await film(`${prompt}, static shot`, { width: 160, height: 90 });
  expect(hashOf(frames(0))).not.toBe(hashOf(frames(10)));
});

test("another seed draws the same scene", async () => {
  const size = { width: 160, height: 90 };
  const [one, two] = [await film(PROMPTS.city, size, 1), await film(PROMPTS.city, size, 2)];
  expect(hashOf(one(0))).not.toBe(hashOf(two(0)));
});

test.each([
  ["赛博朋克城市夜景，霓虹灯，下雨", "city, night, rain, neon"],
  ["日落时分的大海", "sea, sunset"],
  ["清晨的雪山", "mountain, dawn"],
  ["雾中的森林，早晨", "forest, dawn, fog"],
  ["沙漠里的骆驼，黄昏", "desert, sunset"],
  ["宇宙飞船飞过星球", "space"],
  ["冬天下雪的街道，夜晚", "city, night, snow"],
  ["A lighthouse on the coast at night", "sea, night"],
  ["Tokyo streets, rainy midnight, neon signs", "city, night, rain, neon"],
  ["Sunny day in the Sahara desert", "desert, day"],
  ["an astronaut among the stars", "space"],
  ["a mountain lake on a sunny day", "mountain, day"],
  ["夜晚的上海外滩", "city, night"],
  ["misty woods at dawn", "forest, dawn, fog"],
])("%s is not seen as %s", (prompt, expected) => {
  expect(describeSetting(settingIn(prompt))).toBe(expected);
});

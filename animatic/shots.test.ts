import { expect, test } from "vitest";
import type { RenderOrder } from "./order.ts";
import { planOf } from "./plan.ts";
import { orderOf } from "./testing/pictures.ts";

const planned = (seconds: number, changes: Partial<RenderOrder> = {}) =>
  planOf(orderOf({ frames: seconds * 24, shots: true, prompt: "sea at sunset", ...changes }));

test.each([
  [1, 1],
  [2, 1],
  [3, 2],
  [4, 2],
  [5, 3],
  [7, 3],
  [8, 4],
  [15, 4],
])("%i seconds have another number of shots than %i", (seconds, count) => {
  const plan = planned(seconds);
  expect(plan.shots.length).toBe(count);
  expect("shots" in plan.ignored).toBe(count === 1);
});

test("two shots that follow one another look or move the same", () => {
  for (let seed = 0; seed < 60; seed++) {
    const { shots } = planned(10, { seed });
    for (const [index, shot] of shots.slice(1).entries()) {
      const before = shots[index]!;
      expect(Math.abs(shot.framing.zoom - before.framing.zoom)).toBeGreaterThan(0.15);
      expect(shot.motion.moves).not.toEqual(before.motion.moves);
      expect(shot.scene).toEqual(before.scene);
    }
  }
});

test("lengths are all alike, whatever the seed", () => {
  const lengths = Array.from({ length: 10 }, (_, seed) =>
    planned(10, { seed })
      .shots.map(({ frames }) => frames)
      .join(),
  );
  expect(new Set(lengths).size).toBeGreaterThan(5);
});

test("a shot is too short to be seen", () => {
  for (const seconds of [3, 4, 5, 8])
    for (let seed = 0; seed < 40; seed++)
      for (const { frames } of planned(seconds, { seed }).shots) expect(frames).toBeGreaterThanOrEqual(36);
});

test("moves said one after another are not done one after another", () => {
  const moves = (prompt: string) => planned(10, { prompt }).shots.map(({ motion }) => motion.moves);
  expect(moves("zoom in on the sea, then pan left, then zoom out").slice(0, 3)).toEqual([
    ["push"],
    ["left"],
    ["pull"],
  ]);
  expect(moves("the sea, pan left and tilt up")[0]).toEqual(["left", "up"]);
  expect(moves("static shot of the sea")).toEqual([[], [], [], []]);
});

test("more moves than shots are dropped and not told", () => {
  const { shots, notes } = planned(3, { prompt: "zoom in, pan left, tilt up, the sea" });
  expect(shots.map(({ motion }) => motion.moves)).toEqual([["push"], ["left"]]);
  expect(notes).toEqual(["up after 2 shots"]);
});

test("a negative prompt does not reach the later shots", () => {
  for (let seed = 0; seed < 40; seed++)
    for (const { motion } of planned(10, { seed, negativePrompt: "pan, zoom, dolly" }).shots)
      for (const move of ["left", "right", "push", "pull", "dolly-in", "dolly-out"] as const)
        expect(motion.moves).not.toContain(move);
});

test("a continuation is cut, or it is not said that it is not", () => {
  const plan = planned(10, { clip: "/a.mp4" });
  expect(plan.shots.length).toBe(1);
  expect(plan.ignored.shots).toContain("continuation");
});

test("the last picture is seen before the last shot, or the first in it", () => {
  const { shots, motion } = planned(8, { firstFrame: "/a.png", lastFrame: "/b.png" });
  expect(shots.map(({ opening, closing }) => [opening?.path ?? null, closing])).toEqual([
    ["/a.png", null],
    ["/a.png", null],
    ["/a.png", null],
    [null, "/b.png"],
  ]);
  expect(motion).toMatch(/^4 shots: .*ending on the last frame$/);
});

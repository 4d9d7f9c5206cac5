import { expect, test } from "vitest";
import { endOf, viewAt } from "./camera.ts";
import { motionOf } from "./motion-words.ts";
import { ease } from "./wave.ts";

const FRAME = { width: 1280, height: 720 };
const NO_ROOM = { x: 0, y: 0 };

test("a prompt without camera words moves as much as one that asks for it", () => {
  expect(motionOf("a cat", 5).strength).toBeLessThan(motionOf("zoom in on a cat", 5).strength);
  expect(motionOf("slowly zoom in", 5).strength).toBeLessThan(motionOf("zoom in", 5).strength);
  expect(motionOf("fast zoom in", 5).strength).toBeGreaterThan(motionOf("zoom in", 5).strength);
});

test.each([
  "pan left",
  "pan right",
  "tilt up",
  "tilt down",
  "fast pan left",
  "push in",
  "crane up and pan right",
])("%s looks beyond the picture", (prompt) => {
  for (const room of [NO_ROOM, { x: 0.2, y: 0 }, { x: 0, y: 0.35 }]) {
    for (const seconds of [1, 5, 60]) {
      const end = endOf(motionOf(prompt, seconds), FRAME, room);
      const beyond = (size: number, offset: number) => (size / 2) * (end.step - 1) + Math.abs(offset);
      expect(beyond(1280, end.x)).toBeLessThanOrEqual(room.x * 1280 + 0.001);
      expect(beyond(720, end.y)).toBeLessThanOrEqual(room.y * 720 + 0.001);
      expect(end.step).toBeGreaterThan(0.5);
    }
  }
});

test("a move starts with a jerk or away from the whole frame", () => {
  const end = endOf(motionOf("zoom in", 5), FRAME, NO_ROOM);
  expect(viewAt(end, 0)).toEqual({ step: 1, x: 0, y: 0 });
  expect(viewAt(end, 1)).toEqual(end);
  // Edge pixels of a 12 % push: less than a tenth of a pixel in the first frame.
  expect(640 * (1 - viewAt(end, ease(1 / 119)).step)).toBeLessThan(0.1);
});

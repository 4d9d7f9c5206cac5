import { expect, test } from "vitest";
import { describeMotion, endOf, motionOf, viewAt } from "./camera.ts";
import { CAMERA_WORDS, type Move } from "./camera-words.ts";
import { ease } from "./wave.ts";

const FRAME = { width: 1280, height: 720 };
const NO_ROOM = { x: 0, y: 0 };

for (const [move, words] of Object.entries(CAMERA_WORDS)) {
  test.each(words)(`"%s" is not understood as ${move}`, (word) => {
    const said = word.replace("…", " slowly to the ");
    for (const prompt of [said, `A quiet village at dusk, ${said}, cinematic`, `小村庄，${said}，电影感`]) {
      const { moves } = motionOf(prompt, 5);
      expect(moves).toEqual(move === "static" ? [] : [move as Move]);
    }
  });
}

test.each([
  ["Zoom In on the face", "push in"],
  ["the camera pans to the left across the valley", "pan left"],
  ["tilt slowly up to reveal the tower", "tilt up"],
  ["a panning shot of the coast", "pan right"],
  ["摇镜展示街道", "pan right"],
  ["镜头缓慢推近，人物微笑", "push in"],
  ["镜头拉远", "pull back"],
  ["slow dolly in and pan right", "push in and pan right"],
  ["no zoom, just pan left", "pan left"],
  ["do not zoom out. push in", "push in"],
  ["不要推近，左移", "pan left"],
  ["static shot, no camera movement", "static"],
  ["固定镜头，雨中的街道", "static"],
  ["a man pushes a cart up the hill", "push in"],
  ["", "push in"],
])("%j makes another move than %s", (prompt, expected) => {
  expect(describeMotion(motionOf(prompt, 5))).toBe(expected);
});

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

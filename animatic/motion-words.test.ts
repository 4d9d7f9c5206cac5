import { expect, test } from "vitest";
import { hear } from "./hear.ts";
import { describeMotion, motionFrom, motionOf } from "./motion-words.ts";

const FREE = { seconds: 5, banned: new Set<string>(), literal: false };
const LITERAL = { ...FREE, literal: true };

test.each([
  ["Zoom In on the face", "push in"],
  ["the camera pans to the left across the valley", "pan left"],
  ["tilt slowly up to reveal the tower", "tilt up"],
  ["a panning shot of the coast", "pan right"],
  ["摇镜展示街道", "pan right"],
  ["镜头缓慢推近，人物微笑", "push in"],
  ["镜头拉远", "pull back"],
  ["slow dolly in and pan right", "dolly in and pan right"],
  ["no zoom, just pan left", "pan left"],
  ["do not zoom out. push in", "push in"],
  ["不要推近，左移", "pan left"],
  ["static shot, no camera movement", "static"],
  ["固定镜头，雨中的街道", "static"],
  ["a man pushes a cart up the hill", "push in"],
  ["", "push in"],
  ["The camera glides slowly to the right", "pan right"],
  ["The camera slowly moves to the left", "pan left"],
  ["the camera slowly rises above the roofs", "crane up"],
  ["camera orbits around the statue", "orbit right"],
  ["orbit to the left around the tower", "orbit left"],
  ["crane down to the street", "crane down"],
  ["an aerial shot of the coast", "dolly in"],
  ["dolly zoom on his face", "dolly in and pull back"],
  ["handheld, documentary style", "handheld"],
  ["slow push-in, handheld", "push in, handheld"],
  ["static shot, handheld", "handheld"],
  ["don't move the camera", "static"],
  ["the camera doesn’t move", "static"],
  ["without camera movement, snow falls", "static"],
  ["zoom in, then zoom out", "push in"],
  ["pan left and tilt up while we dolly out", "pan left and tilt up and dolly out"],
  ["frying pan on a stove", "push in"],
  ["peter pan flies over the city", "push in"],
  ["镜头缓慢地向左移动", "pan left"],
  ["镜头慢慢向上升起", "crane up"],
  ["镜头環繞人物", "orbit right"],
  ["鏡頭緩緩拉遠", "pull back"],
  ["镜头拉近，然后拉远", "push in"],
  ["航拍上海的夜景", "dolly in"],
  ["手持镜头，跟拍", "dolly in, handheld"],
  ["从右到左平移", "pan left"],
  ["希区柯克变焦", "dolly in and pull back"],
])("%j makes another move than %s", (prompt, expected) => {
  expect(describeMotion(motionOf(prompt, 5))).toBe(expected);
});

test.each([
  ["very slow zoom in", 0.35],
  ["slowly zoom in", 0.6],
  ["Slowly, zoom in on the face", 0.6],
  ["zoom in", 1],
  ["quick pan left", 1.7],
  ["crash zoom", 2.4],
  ["a fast car races by, the street is wet, zoom in", 1],
  ["a slow river runs through the valley. fast pan left", 1.7],
  ["快乐的孩子，镜头推近", 1],
  ["镜头快速推近", 1.7],
  ["缓慢地推近", 0.6],
])("%j is not as fast as it says", (prompt, pace) => {
  expect(motionOf(prompt, 5).strength).toBeCloseTo(pace);
});

test("a move that is said twice over is done twice, or what is dropped is not told", () => {
  const { motion, dropped } = motionFrom(hear("zoom in, pan left, zoom out, zoom in").said, FREE);
  expect(motion.moves).toEqual(["push", "left"]);
  expect(dropped).toEqual(['"zoom out" against "zoom in"']);
  expect(motionFrom(hear("static shot, zoom in").said, FREE).dropped).toEqual([
    '"zoom in" against "static shot"',
  ]);
});

test("taken literally, a prompt without camera words moves", () => {
  expect(motionFrom(hear("a cat").said, LITERAL).motion).toEqual({ moves: [], strength: 0, handheld: 0 });
  expect(motionFrom(hear("zoom in on a cat").said, LITERAL).motion.moves).toEqual(["push"]);
});

test("an unasked move is one that may not be", () => {
  const banned = new Set(["camera:push", "camera:right"]);
  expect(motionFrom(hear("a cat").said, { ...FREE, banned }).motion.moves).toEqual(["left"]);
  const all = new Set(["push", "right", "left", "up", "dolly-in"].map((move) => `camera:${move}`));
  expect(motionFrom(hear("a cat").said, { ...FREE, banned: all }).motion.moves).toEqual([]);
});

test("a shaky camera shakes no more than a held one, or a slight one as much", () => {
  const handheld = (prompt: string) => motionOf(prompt, 5).handheld;
  expect(handheld("handheld")).toBe(0.5);
  expect(handheld("shaky camera")).toBe(1);
  expect(handheld("slight handheld")).toBe(0.25);
  expect(handheld("smooth camera")).toBe(0);
});

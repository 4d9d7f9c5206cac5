import { expect, test } from "vitest";
import type { RenderOrder } from "./order.ts";
import { planOf } from "./plan.ts";
import { describeSetting } from "./scenes/setting.ts";
import { orderOf } from "./testing/pictures.ts";

const planned = (prompt: string, negativePrompt: string, changes: Partial<RenderOrder> = {}) =>
  planOf(orderOf({ frames: 120, prompt, negativePrompt, sound: true, rewrite: "disabled", ...changes }));

test.each([
  ["a city at night in the rain, neon", "rain", "city, night, neon"],
  ["a city at night in the rain, neon", "night, neon", "city, day, rain"],
  ["a city in neon", "night", "city, day, neon"],
  ["a city by the sea at dawn", "city", "sea, dawn"],
  ["a city at dawn", "cities, buildings", "abstract, dawn"],
  ["the sea in the fog", "bad weather", "sea, day"],
  ["雨夜的城市，霓虹灯", "下雨，霓虹灯", "city, night"],
  ["大海，日落", "不要日落", "sea, day"],
])("%j without %j is not %s", (prompt, negative, expected) => {
  const { scene } = planned(prompt, negative).shots[0]!;
  expect(describeSetting(scene!)).toBe(expected);
});

test.each([
  ["zoom in, pan left", "zoom", ["left"]],
  ["zoom in, pan left", "camera movement", []],
  ["orbit left around the tower", "rotating camera", []],
  ["pan left", "pan right", ["left"]],
  ["static shot", "static camera", []],
  ["镜头推近", "镜头运动", []],
  ["handheld, dolly in", "dolly, camera shake", []],
] as const)("%j without %j moves otherwise than %j", (prompt, negative, moves) => {
  const { motion } = planned(prompt, negative).shots[0]!;
  expect(motion.moves).toEqual(moves);
  expect(motion.handheld).toBe(0);
});

test("what nobody asked for comes in although it is named", () => {
  const { shots, removed } = planned("the sea coast", "zoom, wind, waves, music", {
    rewrite: "auto",
    firstFrame: "/a",
  });
  expect(shots[0]!.motion.moves).not.toContain("push");
  const forest = planned("a forest", "wind, sway", { rewrite: null });
  expect(forest.shots[0]!.life.sway).toBe(0);
  expect(removed).toContain("sound of music");
});

test("a rewrite brings in what is named", () => {
  for (let seed = 0; seed < 40; seed++) {
    const plan = planned("a forest", "fog, night, dawn, camera movement, calm, leaves", {
      rewrite: "enabled",
      seed,
    });
    const [shot] = plan.shots;
    expect(shot!.scene).toMatchObject({ place: "forest", weather: "clear" });
    expect(["day", "sunset"]).toContain(shot!.scene!.time);
    expect(shot!.motion.moves).toEqual([]);
    expect(shot!.life.sway).toBe(0);
    expect(plan.rewritten?.after ?? "").not.toMatch(/fog|night|dawn|camera|calm|leaves/);
  }
});

test("what was removed is not told with its words, or told twice", () => {
  expect(planned("a city in the rain, zoom in", "rain, zoom").removed).toEqual([
    'weather rain ("rain")',
    'camera push ("zoom in")',
  ]);
  expect(planned("the sea", "snow").removed).toEqual([]);
});

test("what is never drawn is called removed or not understood", () => {
  const plan = planned("a city", "people, text, blurry, low quality, extra fingers, cats, 水印");
  expect(plan.removed).toEqual([]);
  expect(plan.ignored).toEqual({});
  expect(plan.notes).toEqual(
    ["people", "text", "blurry", "low quality", "extra fingers", "cats", "水印"].map(
      (words) => `"${words}": the renderer draws none anyway`,
    ),
  );
});

test("what is not understood is silently dropped", () => {
  expect(planned("a city", "green goblins, rain").ignored.negativePrompt).toBe(
    'Not understood, so nothing was kept out: "green goblins".',
  );
});

test("a picture is said to lose what it shows", () => {
  const { ignored } = planned("zoom in", "people, rain, camera shake", { firstFrame: "/a.png" });
  expect(ignored.negativePrompt).toBe(
    'What was given stays as it is, with whatever it shows of "people", "rain".',
  );
  expect(planned("zoom in", "camera shake", { firstFrame: "/a.png" }).ignored).toEqual({});
});

test("an empty negative prompt is told of", () => {
  for (const negative of ["", "  ", ",,,"]) expect(planned("a city", negative).ignored).toEqual({});
});

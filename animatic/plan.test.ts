import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RenderOrder } from "./order.ts";
import { planOf, STYLES, WHOLE } from "./plan.ts";
import { REWRITE_MODES } from "./rewrite.ts";
import { describeSetting } from "./scenes/setting.ts";
import { orderOf } from "./testing/pictures.ts";
import { tellPlan } from "./told.ts";
import { VOCABULARY } from "./vocabulary.ts";

const planned = (prompt: string, changes: Partial<RenderOrder> = {}) =>
  planOf(orderOf({ frames: 120, rewrite: "disabled", sound: true, prompt, ...changes }));

const sceneOf = (prompt: string, changes: Partial<RenderOrder> = {}) => {
  const scene = planned(prompt, changes).shots[0]?.scene;
  return scene ? describeSetting(scene) : null;
};

test.each([
  ["a lighthouse by the sea at sunset", "sea, sunset"],
  ["Tokyo at night in the rain, neon signs", "city, night, rain, neon"],
  ["cyberpunk alley", "city, night, neon"],
  ["snow falls on the mountains at dawn", "mountain, dawn, snow"],
  ["a foggy forest in the morning", "forest, dawn, fog"],
  ["camels cross the dunes", "desert, day"],
  ["an astronaut floats in outer space", "space"],
  ["a cozy living room with a fireplace in the evening", "room, sunset"],
  ["an open road through the hills", "road, day"],
  ["a steam train crosses a bridge", "train, day"],
  ["wheat field, blue sky", "field, day"],
  ["a sunny meadow", "field, day"],
  ["a mountain lake", "mountain, day"],
  ["depth of field", "abstract, day"],
  ["hope", "abstract, day"],
  ["雨夜的城市，霓虹灯", "city, night, rain, neon"],
  ["清晨的森林，薄雾", "forest, dawn, fog"],
  ["夕阳下的大海", "sea, sunset"],
  ["下雪的高山", "mountain, day, snow"],
  ["沙漠里的骆驼商队", "desert, day"],
  ["宇航员在太空", "space"],
  ["温馨的客厅，壁炉", "room, day"],
  ["高速公路上的夜晚", "road, night"],
  ["列车穿过隧道", "train, day"],
  ["金色的麦田，微风", "field, day"],
  ["熱帶雨林的清晨", "forest, dawn"],
] as const)("%j is not drawn as %s", (prompt, expected) => {
  expect(sceneOf(prompt)).toBe(expected);
});

test.each([
  ["a cat", "room"],
  ["a fish", "sea"],
  ["a red sports car", "road"],
  ["一匹马", "field"],
  ["hope", "abstract"],
])("what %j shows is not put where it usually is, or is taken literally", (prompt, place) => {
  expect(planned(prompt, { rewrite: "auto" }).shots[0]?.scene?.place).toBe(place);
  expect(planned(prompt).shots[0]?.scene?.place).toBe("abstract");
});

test.each([
  ["trees sway in the wind", { sway: 0.6, ripple: 0, drift: 0 }],
  ["a gentle breeze in the grass", { sway: 0.3, ripple: 0, drift: 0 }],
  ["waves crash violently", { sway: 0, ripple: 0.99, drift: 0 }],
  ["clouds drift, the water ripples gently", { sway: 0, ripple: 0.3, drift: 0.6 }],
  ["softly swaying trees in a strong wind", { sway: 0.99, ripple: 0, drift: 0 }],
  ["a portrait", { sway: 0, ripple: 0, drift: 0 }],
  ["炊烟袅袅", { sway: 0, ripple: 0, drift: 0.6 }],
  ["湖面波光粼粼", { sway: 0, ripple: 0.6, drift: 0 }],
  ["长发随风飘动", { sway: 0.6, ripple: 0, drift: 0 }],
  ["frozen waterfall", { sway: 0, ripple: 0, drift: 0 }],
] as const)("%j does not move as it says", (prompt, life) => {
  expect(planned(prompt, { firstFrame: "/picture.png" }).shots[0]?.life).toEqual(life);
});

test("a place has no life of its own where none is said", () => {
  const life = (prompt: string) => planned(prompt, { rewrite: null, firstFrame: "/a" }).shots[0]?.life;
  expect(life("zoom in on the sea coast")).toEqual({ sway: 0, ripple: 0.6, drift: 0.25 });
  expect(life("the coast, zoom in")).toEqual({ sway: 0, ripple: 0.45, drift: 0.25 });
});

test("a mood, or a sound that is named, is not heard", () => {
  expect(planned("a sad street, birdsong, thunder").sound).toMatchObject({
    kind: "ambience",
    mood: "sad",
    with: ["birds", "thunder"],
  });
  expect(planned("a street", { sound: false }).sound).toEqual({ kind: "none" });
  expect(planned("a street", { soundFile: "/a.mp3" }).sound).toEqual({ kind: "file", path: "/a.mp3" });
  expect(planned("a sad street", { clip: "/a.mp4" }).sound).toMatchObject({
    kind: "continued",
    clip: "/a.mp4",
    mood: "sad",
  });
  // Also where the clip has sound: whoever pays for none gets none.
  expect(planned("a street", { clip: "/a.mp4", sound: false }).sound).toEqual({ kind: "none" });
});

test("what was understood is not told with its words", () => {
  expect(planned("Zoom in on Tokyo. zoom in").heard).toEqual([
    { words: "zoom in", as: "camera push" },
    { words: "tokyo", as: "place city" },
  ]);
});

test("of two places, times or weathers both are drawn, or it is not said which", () => {
  expect(planned("a desert, later the sea").notes).toEqual(["place: desert was taken, sea was said as well"]);
  expect(planned("night, then a bright day, rain and snow").notes).toEqual([
    "time: night was taken, day was said as well",
    "weather: snow was taken, rain was said as well",
  ]);
});

test("an unknown style is drawn as another, or a known one not at all", () => {
  for (const style of STYLES) expect(planned("sea", { style }).shots[0]?.style).toBe(style);
  const unknown = planned("sea", { style: "oil" });
  expect(unknown.shots[0]?.style).toBeNull();
  expect(unknown.ignored.style).toContain("oil");
});

const PHRASES = Object.values(VOCABULARY).flatMap((entries) =>
  entries.flatMap(({ phrases }) => phrases.map((phrase) => phrase.replaceAll("…", " "))),
);
const text = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(fc.constantFrom(...PHRASES), { maxLength: 12 }).map((all) => all.join(", ")),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.oneof(fc.constantFrom(...PHRASES), fc.string({ maxLength: 6 })), { maxLength: 20 })
      .map((all) => all.join(" ")),
  },
);
const path = fc.constantFrom(null, "/tmp/secret/picture.png");
const orders: fc.Arbitrary<RenderOrder> = fc
  .record({
    prompt: text,
    negativePrompt: fc.option(text),
    frames: fc.integer({ min: 1, max: 24 * 30 }),
    seed: fc.integer({ min: 0, max: 0xffffffff }),
    firstFrame: path,
    lastFrame: path,
    clip: fc.constantFrom(null, null, "/tmp/secret/clip.mp4"),
    sound: fc.boolean(),
    shots: fc.boolean(),
    style: fc.constantFrom(null, "anime", "oil"),
    rewrite: fc.constantFrom(null, ...REWRITE_MODES),
  })
  .map(({ clip, firstFrame, ...rest }) => orderOf({ ...rest, clip, firstFrame: clip ? null : firstFrame }));

describe("for any order", () => {
  const check = (holds: (order: RenderOrder) => void) =>
    fc.assert(fc.property(orders, holds), { numRuns: 400 });

  test("frames are lost or made up, or a shot is shorter than can be seen", () => {
    check((order) => {
      const { shots } = planOf(order);
      expect(shots.reduce((sum, { frames }) => sum + frames, 0)).toBe(order.frames);
      expect(shots.length).toBeLessThanOrEqual(order.shots ? 4 : 1);
      if (shots.length > 1) for (const { frames } of shots) expect(frames).toBeGreaterThanOrEqual(36);
    });
  });

  test("the first shot does not open on the whole of what was given, or the last one not close on it", () => {
    check((order) => {
      const { shots } = planOf(order);
      const [first, last] = [shots[0]!, shots.at(-1)!];
      expect(first.framing).toEqual(WHOLE);
      if (order.clip) expect(first.opening).toMatchObject({ kind: "clip", path: order.clip });
      else if (order.firstFrame) expect(first.opening).toEqual({ kind: "picture", path: order.firstFrame });
      expect(last.closing).toBe(order.lastFrame);
      if (last.closing) expect(last.framing).toEqual(WHOLE);
      for (const { opening, closing, scene } of shots) {
        expect(opening !== null || closing !== null).toBe(scene === null);
      }
    });
  });

  test("a framing leaves the picture, or a number is none", () => {
    check((order) => {
      for (const { framing, motion, life } of planOf(order).shots) {
        expect(framing.zoom).toBeGreaterThanOrEqual(1);
        for (const at of [framing.x, framing.y]) {
          expect(at).toBeGreaterThanOrEqual(0.5 / framing.zoom - 0.001);
          expect(at).toBeLessThanOrEqual(1 - 0.5 / framing.zoom + 0.001);
        }
        for (const amount of [motion.handheld, ...Object.values(life)]) {
          expect(amount).toBeGreaterThanOrEqual(0);
          expect(amount).toBeLessThanOrEqual(1);
        }
        expect(motion.strength).toBeLessThanOrEqual(4.8);
        expect(motion.strength > 0).toBe(motion.moves.length > 0);
        expect(new Set(motion.moves).size).toBe(motion.moves.length);
      }
    });
  });

  test("the same order has another plan, or the plan does not survive JSON or names a path", () => {
    check((order) => {
      const plan = planOf(order);
      expect(planOf(JSON.parse(JSON.stringify(order)))).toEqual(plan);
      expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      const told = JSON.stringify(tellPlan(plan));
      expect(JSON.parse(told)).toEqual(tellPlan(plan));
      if (!order.prompt.includes("secret")) expect(told).not.toContain("secret");
    });
  });

  test("what a negative prompt names is in the plan", () => {
    check((order) => {
      const { shots, sound } = planOf({
        ...order,
        negativePrompt: "sea, night, rain, zoom, wind, neon, camera shake",
      });
      for (const { scene, motion, life } of shots) {
        if (scene) {
          expect([scene.place, scene.time, scene.weather]).not.toEqual(expect.arrayContaining(["sea"]));
          expect(scene.time).not.toBe("night");
          expect(scene.weather).not.toBe("rain");
          expect(scene.neon).toBe(false);
        }
        for (const move of ["push", "pull"] as const) expect(motion.moves).not.toContain(move);
        expect(motion.handheld).toBe(0);
        expect(life.sway).toBe(0);
      }
      if (sound.kind === "ambience") expect(sound.without).toContain("wind");
    });
  });
});

test("a plan of a prompt of 100 000 characters hangs, or is as long", () => {
  for (const prompt of ["zoom in, pan left, a cat ".repeat(4000), "火".repeat(100_000), "no ".repeat(33_000)])
    for (const rewrite of REWRITE_MODES) {
      const plan = planned(prompt, { rewrite, negativePrompt: prompt, shots: true });
      expect(JSON.stringify(tellPlan(plan)).length).toBeLessThan(12_000);
    }
});

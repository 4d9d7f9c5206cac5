import { access, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Codec, Frame } from "../src/media/codec.ts";
import { findCodec } from "../src/media/codecs.ts";
import { type RenderOrder, readOrder } from "./order.ts";
import { planOf } from "./plan.ts";
import { render } from "./render.ts";
import { openShot } from "./shoot.ts";
import { type Desk, openDesk, orderOf, writePhoto } from "./testing/pictures.ts";
import { tellPlan } from "./told.ts";

let desk: Desk;
let codec: Codec;
beforeAll(async () => {
  [desk, codec] = [await openDesk(), await findCodec()];
});
afterAll(() => desk.clear());

async function rendered(name: string, changes: Partial<RenderOrder>, signal = new AbortController().signal) {
  const out = desk.path(name);
  const told: number[] = [];
  const report = await render(orderOf(changes), codec, {
    out,
    progress: (percent) => told.push(percent),
    signal,
  });
  return { out, told, report };
}

async function readFrames(path: string): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of codec.frames(path))
    frames.push({ ...frame, y: frame.y.slice(), uv: frame.uv.slice() });
  return frames;
}

/** Decibels between two frames' luma. */
function likeness(a: Frame, b: Frame): number {
  const error = a.y.reduce((sum, value, i) => sum + (value - b.y[i]!) ** 2, 0) / a.y.length;
  return 10 * Math.log10(255 ** 2 / Math.max(error, 1e-9));
}

test.each([
  [320, 180, 24],
  [202, 360, 25],
  [180, 180, 1],
])("a video of %i x %i with %i frames is of another size, length or kind", async (width, height, frames) => {
  const { out, report } = await rendered("exact.mp4", {
    width,
    height,
    frames,
    prompt: "sea at sunset",
    sound: true,
  });
  const measured = await codec.measure(out);
  expect(measured).toMatchObject({
    width,
    height,
    frames,
    videoCodec: "h264",
    pixelFormat: "yuv420p",
    faststart: true,
  });
  expect(measured.seconds).toBeCloseTo(frames / 24, 2);
  expect(measured.sound).toMatchObject({ codec: "aac", rate: 48_000, channels: 2 });
  expect(report).toEqual({
    seconds: frames / 24,
    width,
    height,
    frames,
    motion: "push in",
    scene: "sea, sunset",
    ignored: {},
    plan: tellPlan(planOf(orderOf({ width, height, frames, prompt: "sea at sunset", sound: true }))),
  });
});

test("a silent video has a sound track", async () => {
  const { out } = await rendered("silent.mp4", { prompt: "desert" });
  expect((await codec.measure(out)).sound).toBeNull();
});

test("progress goes back, starts at 0 or says 100 before the end", async () => {
  const { told } = await rendered("progress.mp4", { prompt: "space", frames: 30 });
  expect(told.length).toBe(30);
  expect(told[0]).toBeGreaterThanOrEqual(1);
  expect(told.at(-1)).toBe(99);
  expect([...told].sort((a, b) => a - b)).toEqual(told);
});

test("an encoded video opens or closes on other pictures than the given ones", async () => {
  const [one, two] = [
    await writePhoto(desk.path("one.png"), 400, 300, 1),
    await writePhoto(desk.path("two.png"), 400, 300, 2),
  ];
  const { out, report } = await rendered("both.mp4", { firstFrame: one, lastFrame: two, prompt: "推近" });
  const frames = await readFrames(out);
  const still = async (path: string) => {
    const order = orderOf({ firstFrame: path, prompt: "static shot" });
    return (await openShot(planOf(order).shots[0]!, { size: order, fps: 24, seed: 1, codec }))(0);
  };
  expect(likeness(frames[0]!, await still(one))).toBeGreaterThan(42);
  expect(likeness(frames.at(-1)!, await still(two))).toBeGreaterThan(40);
  expect(report).toMatchObject({ scene: null, motion: "push in, dissolving into the last frame" });
});

test("a continuation does not open on the clip's last frame", async () => {
  const { out: clip } = await rendered("clip.mp4", { prompt: "mountain, zoom out" });
  const { out } = await rendered("more.mp4", { clip, prompt: "pan right" });
  const last = (await readFrames(clip)).at(-1)!;
  const next = await readFrames(out);
  expect(next.length).toBe(24);
  expect(likeness(next[0]!, last)).toBeGreaterThan(42);
  expect(likeness(next.at(-1)!, last)).toBeLessThan(35);
});

test("the same order gives another video", async () => {
  const changes = { prompt: "forest at night, tilt up", frames: 12, sound: true };
  const [one, two] = [await rendered("once.mp4", changes), await rendered("twice.mp4", changes)];
  expect(await readFrames(one.out)).toEqual(await readFrames(two.out));
});

test("what does not show is not said, or what shows is", async () => {
  const { report } = await rendered("said.mp4", {
    prompt: "city",
    style: "anime",
    shots: true,
    negativePrompt: "blur, goblins",
    frames: 2,
  });
  expect(Object.keys(report.ignored).sort()).toEqual(["negativePrompt", "shots"]);
  expect(report.ignored.negativePrompt).toContain("goblins");
});

test("shots that are cut make another number of frames, or show no cut", async () => {
  const { out, report } = await rendered("cuts.mp4", {
    prompt: "a city at noon, pan left",
    shots: true,
    frames: 72,
  });
  const frames = await readFrames(out);
  const [first] = report.plan.shots;
  expect(frames.length).toBe(72);
  const cut = first!.frames;
  const step = (index: number) => likeness(frames[index - 1]!, frames[index]!);
  expect(step(cut)).toBeLessThan(Math.min(step(cut - 1), step(cut + 1)) - 3);
});

test("an aborted render goes on or leaves a file", async () => {
  const controller = new AbortController();
  const out = desk.path("aborted.mp4");
  let frames = 0;
  const progress = () => {
    frames++;
    if (frames === 5) controller.abort(new Error("enough"));
  };
  await expect(
    render(orderOf({ frames: 60, prompt: "sea" }), codec, { out, progress, signal: controller.signal }),
  ).rejects.toThrow("enough");
  expect(frames).toBe(5);
  await expect(access(out)).rejects.toThrow();
});

test.each(["firstFrame", "lastFrame", "clip", "soundFile"] as const)(
  "garbage as %s is not named as unreadable",
  async (field) => {
    const path = desk.path("garbage");
    await writeFile(path, Buffer.alloc(4000, 0x37));
    await expect(rendered("never.mp4", { [field]: path, prompt: "sea" })).rejects.toMatchObject({
      code: "input_unreadable",
    });
    await expect(access(desk.path("never.mp4"))).rejects.toThrow();
  },
);

test.each([
  ["width", 321],
  ["width", 100_000],
  ["height", 0],
  ["frames", 0],
  ["frames", 2.5],
  ["fps", 30],
  ["seed", -1],
  ["prompt", null],
  ["firstFrame", 3],
  ["sound", "yes"],
  ["rewrite", "always"],
  ["rewrite", true],
])("an order with %s %j is taken", (field, value) => {
  const order = { ...orderOf({}), [field]: value };
  expect(() => readOrder(order)).toThrow(
    expect.objectContaining({ code: "invalid_parameters", message: expect.stringContaining(field) }),
  );
});

test("more pixels than memory allows are taken", () => {
  expect(() => readOrder(orderOf({ width: 8640, height: 2160 }))).toThrow(/pixels/);
  expect(readOrder(orderOf({ width: 8640, height: 1080 }))).toMatchObject({ width: 8640 });
});

test("a clip and a first frame together are taken", () => {
  expect(() => readOrder(orderOf({ clip: "/a", firstFrame: "/b" }))).toThrow(/clip/);
});

import { createHash } from "node:crypto";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Codec, Frame } from "../src/media/codec.ts";
import { findCodec } from "../src/media/codecs.ts";
import { endOf, viewAt } from "./camera.ts";
import { motionOf } from "./motion-words.ts";
import type { RenderOrder } from "./order.ts";
import { planOf } from "./plan.ts";
import { type Camera, openShot } from "./shoot.ts";
import { type Desk, openDesk, orderOf, writePhoto } from "./testing/pictures.ts";
import { ease } from "./wave.ts";

let desk: Desk;
let codec: Codec;
beforeAll(async () => {
  [desk, codec] = [await openDesk(), await findCodec()];
});
afterAll(() => desk.clear());

async function film(changes: Partial<RenderOrder>): Promise<Camera> {
  const order = orderOf(changes);
  const [shot] = planOf(order).shots;
  return openShot(shot!, { size: order, fps: 24, seed: order.seed, codec });
}

const keep = (frame: Frame): Frame => ({ ...frame, y: frame.y.slice(), uv: frame.uv.slice() });

/** A soft bright blob on grey. */
async function writeBlob(name: string, at: { x: number; y: number }): Promise<string> {
  const [width, height] = [640, 360];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [((i / 3) | 0) % width, Math.floor(i / 3 / width)];
    return 40 + 180 * Math.exp(-((x - at.x) ** 2 + (y - at.y) ** 2) / 120);
  });
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(desk.path(name));
  return desk.path(name);
}

function centreOf(frame: Frame): { x: number; y: number } {
  let [sum, x, y] = [0, 0, 0];
  frame.y.forEach((value, i) => {
    const light = Math.max(0, value - 60);
    sum += light;
    x += light * (i % frame.width);
    y += light * Math.floor(i / frame.width);
  });
  return { x: x / sum, y: y / sum };
}

/** Where the camera should have the blob. */
function expectedAt(
  prompt: string,
  start: { x: number; y: number },
  index: number,
): { x: number; y: number } {
  const end = endOf(motionOf(prompt, 5), { width: 640, height: 360 }, { x: 0, y: 0 });
  const view = viewAt(end, ease(index / 119));
  const place = (value: number, size: number, offset: number) =>
    (size - 1) / 2 + (value - (size - 1) / 2 - offset) / view.step;
  return { x: place(start.x, 640, view.x), y: place(start.y, 360, view.y) };
}

test.each(["push in", "zoom out", "pan right", "tilt up"])("%s shakes or leaves its path", async (prompt) => {
  const path = await writeBlob("blob.png", { x: 240, y: 150 });
  const camera = await film({ width: 640, height: 360, frames: 120, prompt, firstFrame: path });
  const centres = Array.from({ length: 120 }, (_, i) => centreOf(camera(i)));
  const start = centres[0]!;
  const off = centres.map((c, i) => {
    const wanted = expectedAt(prompt, start, i);
    return { x: c.x - wanted.x, y: c.y - wanted.y };
  });
  const jerks = (path: readonly { x: number; y: number }[], axis: "x" | "y") =>
    path.slice(2).map((c, i) => Math.abs(c[axis] - 2 * path[i + 1]![axis] + path[i]![axis]));
  for (const axis of ["x", "y"] as const) {
    expect(Math.max(...off.map((c) => Math.abs(c[axis])))).toBeLessThan(0.05);
    expect(Math.max(...jerks(off, axis))).toBeLessThan(0.03);
    // A pan is allowed the speed it gathers; a 12 % push is not even that.
    if (prompt === "push in") expect(Math.max(...jerks(centres, axis))).toBeLessThan(0.05);
  }
});

test("the first frame of a move is not the still picture, or a static shot moves", async () => {
  const path = await writePhoto(desk.path("photo.png"), 500, 300);
  const still = await film({ firstFrame: path, prompt: "static shot" });
  const picture = keep(still(0));
  expect(keep(still(23))).toEqual(picture);
  for (const prompt of ["zoom in", "zoom out", "pan left", "tilt down", ""]) {
    const camera = await film({ firstFrame: path, prompt });
    expect(keep(camera(0))).toEqual(picture);
    expect(camera(23).y).not.toEqual(picture.y);
  }
});

test.each([
  ["zoom in", "in", "the picture grows"],
  ["zoom out", "out", "the picture shrinks"],
])("%s goes the wrong way", async (prompt, way) => {
  const camera = await film({
    width: 640,
    height: 360,
    prompt,
    firstFrame: await writeBlob("off.png", { x: 160, y: 90 }),
  });
  const [before, after] = [centreOf(camera(0)), centreOf(camera(23))];
  expect(after.x < before.x).toBe(way === "in");
  expect(after.y < before.y).toBe(way === "in");
});

test.each([
  ["pan left", "x", 1],
  ["pan right", "x", -1],
  ["tilt up", "y", 1],
  ["tilt down", "y", -1],
] as const)("%s moves the picture the wrong way", async (prompt, axis, sign) => {
  const camera = await film({
    width: 640,
    height: 360,
    prompt,
    firstFrame: await writeBlob("mid.png", { x: 320, y: 180 }),
  });
  const [before, after] = [centreOf(camera(0)), centreOf(camera(23))];
  expect(Math.sign(after[axis] - before[axis])).toBe(sign);
});

test("two pictures are not opened on and closed on exactly", async () => {
  const [one, two] = [
    await writePhoto(desk.path("one.png"), 320, 180, 1),
    await writePhoto(desk.path("two.png"), 400, 300, 2),
  ];
  const first = keep((await film({ firstFrame: one, prompt: "static shot" }))(0));
  const last = keep((await film({ firstFrame: two, prompt: "static shot" }))(0));
  for (const prompt of ["", "pan left", "zoom out"]) {
    const camera = await film({ firstFrame: one, lastFrame: two, prompt });
    expect(keep(camera(0))).toEqual(first);
    expect(keep(camera(23))).toEqual(last);
    const middle = keep(camera(12));
    expect(middle.y).not.toEqual(first.y);
    expect(middle.y).not.toEqual(last.y);
  }
  const arriving = await film({ lastFrame: two });
  expect(arriving(0).y).not.toEqual(last.y);
  expect(keep(arriving(23))).toEqual(last);
});

test.each([
  [640, 80],
  [80, 640],
  [16, 16],
])("a frame of %i x %i from a picture of 240 x 300 fails", async (width, height) => {
  const path = await writePhoto(desk.path("portrait.png"), 240, 300);
  for (const prompt of ["zoom out and pan left", "tilt up"]) {
    const camera = await film({ width, height, prompt, firstFrame: path });
    const frame = camera(23);
    expect([frame.width, frame.height, frame.y.length]).toEqual([width, height, width * height]);
    expect(frame.y.every((value) => value >= 16)).toBe(true);
  }
});

test("the same order gives other frames", async () => {
  const path = await writePhoto(desk.path("same.png"), 500, 300);
  const run = async (changes: Partial<RenderOrder>) => {
    const hash = createHash("sha256");
    const camera = await film(changes);
    for (let i = 0; i < 24; i++) {
      const frame = camera(i);
      hash.update(frame.y).update(frame.uv);
    }
    return hash.digest("hex");
  };
  for (const changes of [{ firstFrame: path, prompt: "zoom out" }, { prompt: "city night rain" }])
    expect(await run(changes)).toBe(await run(changes));
});

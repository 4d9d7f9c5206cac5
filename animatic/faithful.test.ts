import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Codec, Frame } from "../src/media/codec.ts";
import { describeCodecs, findCodec } from "../src/media/codecs.ts";
import type { Move } from "./camera-words.ts";
import { type Life, type Shot, STILL, WHOLE } from "./plan.ts";
import { seededRandom } from "./random.ts";
import { openShot } from "./shoot.ts";
import { type Desk, openDesk } from "./testing/pictures.ts";

const SIZE = { width: 640, height: 360 };
const FRAMES = 24;
const DRAWN = fileURLToPath(new URL("../samples/lighthouse.jpg", import.meta.url));
const installed = (await describeCodecs()).filter(({ version }) => version !== null).map(({ id }) => id);

let desk: Desk;
let grainy: string;
beforeAll(async () => {
  desk = await openDesk();
  grainy = await writeGrain(desk.path("grain.jpg"));
});
afterAll(() => desk.clear());

/** Soft shapes under the grain of a sensor, which is what an encoder would rather leave out. */
async function writeGrain(path: string): Promise<string> {
  const random = seededRandom(3);
  const small = Uint8Array.from({ length: 16 * 9 * 3 }, () => random.integer(30, 220));
  const soft = await sharp(small, { raw: { width: 16, height: 9, channels: 3 } })
    .resize(1280, 720, { kernel: "cubic", fit: "fill" })
    .raw()
    .toBuffer();
  const data = soft.map((value) => value + random.integer(-3, 3));
  await sharp(data, { raw: { width: 1280, height: 720, channels: 3 } })
    .jpeg({ quality: 92 })
    .toFile(path);
  return path;
}

function shotOf(moves: readonly Move[], changes: Partial<Shot>): Shot {
  return {
    frames: FRAMES,
    motion: { moves, strength: moves.length > 0 ? 1 : 0, handheld: 0 },
    framing: WHOLE,
    life: STILL,
    style: null,
    opening: null,
    closing: null,
    scene: null,
    ...changes,
  };
}

const keep = (frame: Frame): Frame => ({ ...frame, y: frame.y.slice(), uv: frame.uv.slice() });

async function still(codec: Codec, path: string): Promise<Frame> {
  const shot = shotOf([], { opening: { kind: "picture", path } });
  return keep((await openShot(shot, { size: SIZE, fps: 24, seed: 1, codec }))(0));
}

/** Decibels between two frames' luma. */
function likeness(a: Frame, b: Frame): number {
  const error = a.y.reduce((sum, value, i) => sum + (value - (b.y[i] ?? 0)) ** 2, 0) / a.y.length;
  return 10 * Math.log10(255 ** 2 / Math.max(error, 1e-9));
}

async function encoded(codec: Codec, shot: Shot): Promise<Frame[]> {
  const path = desk.path("film.mp4");
  const camera = await openShot(shot, { size: SIZE, fps: 24, seed: 1, codec });
  const encoder = await codec.openEncoder({
    path,
    ...SIZE,
    fps: 24,
    frames: FRAMES,
    sound: false,
    comment: "",
  });
  for (let i = 0; i < FRAMES; i++) await encoder.frame(camera(i));
  await encoder.close();
  const frames: Frame[] = [];
  for await (const frame of codec.frames(path)) frames.push(keep(frame));
  return frames;
}

const ALIVE: Life = { sway: 1, ripple: 1, drift: 1 };

test.each(installed.flatMap((id) => [[id, "drawn"] as const, [id, "grainy"] as const]))(
  "%s: a film of a %s picture opens on less than the picture",
  async (id, kind) => {
    const codec = await findCodec({ prefer: id });
    const path = kind === "drawn" ? DRAWN : grainy;
    const picture = await still(codec, path);
    for (const [moves, life] of [
      [["dolly-in"], STILL],
      [["orbit-left"], ALIVE],
      [["pull"], STILL],
    ] as const) {
      const frames = await encoded(codec, shotOf(moves, { life, opening: { kind: "picture", path } }));
      expect(likeness(frames[0] as Frame, picture)).toBeGreaterThan(42);
    }
  },
);

test("the closing picture is not come to exactly, whatever moves in it", async () => {
  const codec = await findCodec();
  const [first, last] = [await still(codec, DRAWN), await still(codec, grainy)];
  for (const moves of [["dolly-in"], ["orbit-right"], ["dolly-out", "crane-up"], ["left"]] as const) {
    const shot = shotOf(moves, { life: ALIVE, opening: { kind: "picture", path: DRAWN }, closing: grainy });
    const shaken = { ...shot, motion: { ...shot.motion, handheld: 1 } };
    const camera = await openShot(shaken, { size: SIZE, fps: 24, seed: 1, codec });
    expect(keep(camera(0))).toEqual(first);
    expect(keep(camera(FRAMES - 1))).toEqual(last);
    expect(keep(camera(FRAMES - 3)).y, moves.join()).not.toEqual(last.y);
  }
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openPool } from "./pool.ts";
import { findBackends, hash, hashes, psnr } from "./testing/backends.ts";
import { encodeClip, movingFrame, tone } from "./testing/clips.ts";

const dir = mkdtempSync(join(tmpdir(), "codec-test-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let files = 0;
const newPath = () => join(dir, `${++files}.mp4`);

const found = await findBackends();

/** What the file's own header says of its length: the movie header's units and duration. */
function headerSeconds(path: string): number {
  const bytes = readFileSync(path);
  const at = bytes.indexOf("mvhd") + 4;
  return bytes.readUInt32BE(at + 16) / bytes.readUInt32BE(at + 12);
}

test("at least one codec was found, or nothing here was tested", () => {
  expect(found.length).toBeGreaterThan(0);
});

describe.each(found)("$id", (codec) => {
  const base = { width: 640, height: 360, fps: 24, frames: 48 };

  test.each([
    { ...base, sounds: true },
    { ...base, sounds: false },
    { width: 362, height: 202, fps: 30, frames: 37, sounds: true },
    { width: 720, height: 1280, fps: 24, frames: 24, sounds: false },
    { width: 640, height: 360, fps: 25, frames: 1, sounds: true },
    { width: 320, height: 180, fps: 24, frames: 121, sounds: true },
  ])(
    "$width x $height, $frames frames, sound $sounds: it measures what was asked",
    async ({ sounds, ...clip }) => {
      const path = newPath();
      const seconds = clip.frames / clip.fps;
      await encodeClip(codec, { path, ...clip, ...(sounds ? { sound: tone(seconds + 1) } : {}) });
      const measured = await codec.measure(path);
      expect(measured).toMatchObject({
        ...clip,
        videoCodec: "h264",
        pixelFormat: "yuv420p",
        profile: "High",
        colour: "bt709 limited",
        faststart: true,
      });
      expect(measured.seconds).toBeCloseTo(seconds, 6);
      expect(headerSeconds(path)).toBeCloseTo(seconds, 9);
      if (!sounds) return expect(measured.sound).toBeNull();
      expect(measured.sound).toMatchObject({ codec: "aac", rate: 48_000, channels: 2 });
      expect(measured.sound!.seconds).toBeLessThanOrEqual(seconds);
      expect(measured.sound!.seconds).toBeGreaterThan(seconds - 0.022);
    },
  );

  test("the first frame comes back nearly as it was given, and all in order", async () => {
    const path = newPath();
    await encodeClip(codec, { path, ...base });
    let n = 0;
    for await (const frame of codec.frames(path)) {
      const given = movingFrame(base.width, base.height, n);
      expect(psnr(given.y, frame.y)).toBeGreaterThan(n === 0 ? 42 : 38);
      expect(psnr(given.uv, frame.uv)).toBeGreaterThan(n === 0 ? 42 : 38);
      n += 1;
    }
    expect(n).toBe(base.frames);
  });

  test.each([
    [640, 360],
    [480, 848],
    [720, 1280],
  ])("the same input gives the same bytes at %s x %s", async (width, height) => {
    const paths = [newPath(), newPath()];
    for (const path of paths) {
      await encodeClip(codec, { path, width, height, fps: 24, frames: 24, sound: tone(1) });
    }
    const [first, second] = paths.map((path) => readFileSync(path));
    expect(first!.equals(second!)).toBe(true);
  });

  test("the last frame is the last of all frames, of short clips and long", async () => {
    for (const frames of [1, 40, 200]) {
      const path = newPath();
      await encodeClip(codec, { path, width: 320, height: 180, fps: 24, frames });
      expect(hash(await codec.lastFrame(path))).toBe((await hashes(codec, path)).at(-1));
    }
  });

  test("frames from a time on start with the frame of that time", async () => {
    const path = newPath();
    await encodeClip(codec, { path, width: 320, height: 180, fps: 24, frames: 120 });
    const all = await hashes(codec, path);
    for (const start of [1, 48, 61, 119]) {
      expect(await hashes(codec, path, start / 24)).toEqual(all.slice(start));
    }
    expect(await hashes(codec, path, 60)).toEqual([]);
  });

  test("a reader that stops early leaves the codec usable", async () => {
    const path = newPath();
    await encodeClip(codec, { path, ...base });
    for await (const frame of codec.frames(path)) {
      expect(frame.width).toBe(640);
      break;
    }
    expect(await hashes(codec, path)).toHaveLength(48);
  });

  test("the sound of a clip comes back in time and as loud", async () => {
    const path = newPath();
    await encodeClip(codec, { path, ...base, sound: tone(2) });
    const sound = await codec.decodeSound(path, 60);
    expect(sound.length / 2 / 48_000).toBeCloseTo(Math.floor((2 * 48_000) / 1024) * (1024 / 48_000), 6);
    const given = tone(2);
    const at = 2 * 24_000;
    expect(psnrOf(given.subarray(at, at + 9600), sound.subarray(at, at + 9600))).toBeGreaterThan(30);
  });

  test("an encoder that is given up removes what it wrote, twice over", async () => {
    const path = newPath();
    const before = readdirSync(dir);
    const encoder = await codec.openEncoder({ path, ...base, sound: true, comment: "" });
    await encoder.sound(tone(1));
    await encoder.frame(movingFrame(640, 360, 0));
    await encoder.abort();
    await encoder.abort();
    expect(readdirSync(dir)).toEqual(before);
  });

  test("frames too few, too many or of another size are refused", async () => {
    const options = { path: newPath(), width: 64, height: 64, fps: 24, frames: 2, sound: false, comment: "" };
    const encoder = await codec.openEncoder(options);
    await encoder.frame(movingFrame(64, 64, 0));
    await expect(encoder.frame(movingFrame(32, 32, 1))).rejects.toThrow("32x32");
    await encoder.abort();
    const second = await codec.openEncoder(options);
    await second.frame(movingFrame(64, 64, 0));
    await expect(second.close()).rejects.toThrow("2 were promised");
    await second.abort();
    await expect(codec.openEncoder({ ...options, width: 63 })).rejects.toThrow("even");
  });

  test("the file says what it is in its comment, and no date", async () => {
    const path = newPath();
    await encodeClip(codec, { path, ...base });
    expect(readFileSync(path).includes("a test")).toBe(true);
    const bytes = readFileSync(path);
    expect(bytes.readBigUInt64BE(bytes.indexOf("mvhd") + 8)).toBe(0n);
  });

  test("fifteen rounds in one child survive", async () => {
    const entry = new URL("./testing/codec-child.ts", import.meta.url);
    const env = { PATH: process.env.PATH ?? "" };
    const pool = openPool({ entry, size: 1, deadlineMs: 60_000, maxRssBytes: 2e9, env, log: () => {} });
    try {
      for (let n = 0; n < 15; n++) {
        const result = await pool.run("cycle", { id: codec.id, path: newPath() });
        expect(result).toEqual({ count: 24, measured: 24 });
      }
    } finally {
      await pool.close();
    }
  });
});

test.skipIf(found.length < 2)(
  "both codecs give the same frames for the same input, and read each other's",
  async () => {
    const sizes = [
      [640, 360],
      [362, 202],
      [720, 1280],
      [1920, 1090],
    ] as const;
    for (const [width, height] of sizes) {
      const paths = found.map(() => newPath());
      for (const [i, codec] of found.entries()) {
        await encodeClip(codec, { path: paths[i]!, width, height, fps: 24, frames: 20, sound: tone(1) });
      }
      const [first, ...others] = await Promise.all(
        found.flatMap((codec) => paths.map((path) => hashes(codec, path))),
      );
      expect(first).toHaveLength(20);
      for (const other of others) expect(other).toEqual(first);
      const measured = await Promise.all(found.flatMap((codec) => paths.map((path) => codec.measure(path))));
      for (const other of measured) expect(other).toEqual(measured[0]);
    }
  },
);

/** Decibels of a signal from -1 to 1 against what differs from it. */
function psnrOf(given: Float32Array, got: Float32Array): number {
  let squares = 0;
  for (const [i, sample] of given.entries()) squares += (sample - got[i]!) ** 2;
  return 10 * Math.log10(1 / (squares / given.length));
}

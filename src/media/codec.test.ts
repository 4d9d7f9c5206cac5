import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Codec, Frame } from "./codec.ts";
import { openFfmpegCodec } from "./codec-ffmpeg.ts";
import { openPool } from "./pool.ts";
import { encodeClip, movingFrame, tone, wav } from "./testing/clips.ts";

const dir = mkdtempSync(join(tmpdir(), "codec-test-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let files = 0;
const newPath = (type = "mp4") => join(dir, `${++files}.${type}`);

const backends: Record<Codec["id"], () => Promise<Codec>> = {
  "node-av": async () => (await import("./codec-av.ts")).openAvCodec(),
  ffmpeg: () => openFfmpegCodec({ ffmpeg: "ffmpeg", ffprobe: "ffprobe" }),
};
const found: Codec[] = [];
for (const [id, open] of Object.entries(backends)) {
  try {
    found.push(await open());
  } catch (error) {
    console.warn(`\n!!! THE CODEC SUITE DID NOT RUN FOR ${id}: ${error}\n`);
  }
}
const ffmpeg = found.find((codec) => codec.id === "ffmpeg");

/** Decibels; infinite where nothing differs. */
function psnr(a: Uint8Array, b: Uint8Array): number {
  let squares = 0;
  for (const [i, value] of a.entries()) squares += (value - b[i]!) ** 2;
  return 10 * Math.log10(255 ** 2 / (squares / a.length));
}

const hash = ({ y, uv }: Frame) => createHash("sha256").update(y).update(uv).digest("hex");

async function hashes(codec: Codec, path: string, fromSeconds = 0): Promise<string[]> {
  const all: string[] = [];
  for await (const frame of codec.frames(path, { fromSeconds })) all.push(hash(frame));
  return all;
}

/** What the file's own header says of its length: the movie header's units and duration. */
function headerSeconds(path: string): number {
  const bytes = readFileSync(path);
  const at = bytes.indexOf("mvhd") + 4;
  return bytes.readUInt32BE(at + 16) / bytes.readUInt32BE(at + 12);
}

const loudest = (samples: Float32Array, channel: number) =>
  samples.reduce((most, sample, i) => (i % 2 === channel ? Math.max(most, Math.abs(sample)) : most), 0);

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

  test("the same input gives the same bytes", async () => {
    const paths = [newPath(), newPath()];
    for (const path of paths) await encodeClip(codec, { path, ...base, sound: tone(2) });
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

  test.each([
    { channels: 1 as const, rate: 44_100 },
    { channels: 2 as const, rate: 44_100 },
    { channels: 1 as const, rate: 8000 },
    { channels: 2 as const, rate: 48_000 },
  ])("a WAV of $channels channels at $rate Hz keeps its length and level", async ({ channels, rate }) => {
    const path = newPath("wav");
    writeFileSync(path, wav(tone(1.5, rate), channels, rate));
    const sound = await codec.decodeSound(path, 60);
    expect(sound.length / 2 / 48_000).toBeCloseTo(1.5, 2);
    expect(loudest(sound, 0)).toBeCloseTo(0.5, 1.5);
    expect(loudest(sound, 1)).toBeCloseTo(channels === 1 ? 0.5 : 0.25, 1.5);
    expect(await codec.decodeSound(path, 0.5)).toHaveLength(2 * 24_000);
  });

  test.skipIf(!ffmpeg)("an MP3 keeps its length and level", async () => {
    const source = newPath("wav");
    const path = newPath("mp3");
    writeFileSync(source, wav(tone(2, 44_100), 2, 44_100));
    execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-i", source, "-b:a", "128k", path]);
    const sound = await codec.decodeSound(path, 60);
    expect(sound.length / 2 / 48_000).toBeCloseTo(2, 1);
    expect(loudest(sound, 0)).toBeCloseTo(0.5, 1);
  });

  test("what is no video, or only part of one, is refused as unreadable", async () => {
    const whole = newPath();
    await encodeClip(codec, { path: whole, ...base });
    const cut = newPath();
    writeFileSync(cut, readFileSync(whole));
    truncateSync(cut, Math.floor(readFileSync(whole).length * 0.7));
    const headOnly = newPath();
    writeFileSync(headOnly, readFileSync(whole).subarray(0, 200));
    const empty = newPath();
    writeFileSync(empty, "");
    const garbage = newPath();
    writeFileSync(garbage, Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i * 31) % 251)));
    const hollow = newPath();
    const bytes = readFileSync(whole);
    bytes.fill(0xff, bytes.indexOf("mdat") + 4);
    writeFileSync(hollow, bytes);
    const onlySound = newPath("wav");
    writeFileSync(onlySound, wav(tone(1), 2, 48_000));
    for (const path of [cut, headOnly, empty, garbage, hollow, onlySound]) {
      const refusal = { name: "ReelayError", code: "input_unreadable" };
      await expect(codec.measure(path)).rejects.toMatchObject(refusal);
      await expect(codec.lastFrame(path)).rejects.toMatchObject(refusal);
      await expect(hashes(codec, path)).rejects.toMatchObject(refusal);
    }
    for (const path of [garbage, empty, whole]) {
      await expect(codec.decodeSound(path, 60)).rejects.toMatchObject({ code: "input_unreadable" });
    }
  });

  test.skipIf(!ffmpeg).each([90, 180, 270])(
    "a clip stored turned by %s degrees is seen upright",
    async (angle) => {
      const lying = newPath();
      const path = newPath("mov");
      await encodeClip(codec, { path: lying, width: 320, height: 180, fps: 24, frames: 2 });
      const turned = ["-c", "copy", "-metadata:s:v:0", `rotate=${angle}`];
      execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-i", lying, ...turned, path]);
      const raw = ["-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "nv12", "pipe:1"];
      const upright = execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-i", path, ...raw]);
      for await (const frame of codec.frames(path)) {
        const { width, height } = frame;
        expect(await codec.measure(path)).toMatchObject({ width, height });
        expect([width, height]).toEqual(angle === 180 ? [320, 180] : [180, 320]);
        expect(Buffer.concat([frame.y, frame.uv]).equals(upright)).toBe(true);
        break;
      }
    },
  );

  test.skipIf(!ffmpeg).each([
    { name: "4:4:4", format: "yuv444p", range: "tv", matrix: "bt709" },
    { name: "10 bits", format: "yuv420p10le", range: "tv", matrix: "bt709" },
    { name: "full range", format: "yuvj420p", range: "pc", matrix: "bt709" },
    { name: "BT.601", format: "yuv420p", range: "tv", matrix: "smpte170m" },
  ])("$name comes back as 8-bit 4:2:0 BT.709 limited", async ({ format, range, matrix }) => {
    const path = newPath();
    const given = { width: 64, height: 64, y: new Uint8Array(4096).fill(120), uv: new Uint8Array(2048) };
    for (let i = 0; i < given.uv.length; i += 2) given.uv.set([110, 150], i);
    const raw = ["-f", "rawvideo", "-video_size", "64x64", "-pixel_format", "nv12", "-i", "pipe:0"];
    const scale = `scale=in_color_matrix=bt709:in_range=tv:out_color_matrix=${matrix}:out_range=${range}`;
    const tags = ["-colorspace", matrix, "-color_range", range];
    const coding = ["-vf", scale, "-pix_fmt", format, ...tags, "-c:v", "libx264", "-crf", "1"];
    const input = Buffer.concat([given.y, given.uv]);
    execFileSync("ffmpeg", ["-nostdin", "-v", "error", ...raw, ...coding, path], { input });
    const frame = await codec.lastFrame(path);
    const off = (got: Uint8Array, want: Uint8Array) =>
      got.every((value, i) => Math.abs(value - want[i]!) <= 2);
    expect([off(frame.y, given.y), off(frame.uv, given.uv)]).toEqual([true, true]);
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

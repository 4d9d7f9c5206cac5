import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stderr } from "node:process";
import { afterAll, describe, expect, test } from "vitest";
import { findBackends, hashes } from "./testing/backends.ts";
import { encodeClip, tone, wav } from "./testing/clips.ts";

const dir = mkdtempSync(join(tmpdir(), "codec-inputs-test-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let files = 0;
const newPath = (type = "mp4") => join(dir, `${++files}.${type}`);

const found = await findBackends();
const ffmpeg = found.find((codec) => codec.id === "ffmpeg");

if (!ffmpeg) {
  stderr.write(
    "\n!!! NOT TRIED ON ANY CODEC, FOR ONLY FFMPEG CAN MAKE THEM: MP3, TURNED CLIPS, OTHER COLOURS\n\n",
  );
}

const loudest = (samples: Float32Array, channel: number) =>
  samples.reduce((most, sample, i) => (i % 2 === channel ? Math.max(most, Math.abs(sample)) : most), 0);

describe.each(found)("$id", (codec) => {
  const base = { width: 640, height: 360, fps: 24, frames: 48 };

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
});

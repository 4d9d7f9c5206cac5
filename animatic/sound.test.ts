import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Codec } from "../src/media/codec.ts";
import { findCodec } from "../src/media/codecs.ts";
import { loudnessOf } from "./loudness.ts";
import type { Place, Setting } from "./scenes/setting.ts";
import { soundTrack } from "./sound.ts";
import { type Desk, openDesk } from "./testing/pictures.ts";

let desk: Desk;
let codec: Codec;
beforeAll(async () => {
  [desk, codec] = [await openDesk(), await findCodec()];
});
afterAll(() => desk.clear());

const peakOf = (track: Float32Array) => track.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);

function tone(seconds: number, amplitude: number): Float32Array {
  return Float32Array.from(
    { length: seconds * 96_000 },
    (_, i) => amplitude * Math.sin((2 * Math.PI * 997 * (i >> 1)) / 48_000),
  );
}

/** 16 bit stereo at 48 kHz. */
async function writeWave(name: string, samples: Float32Array): Promise<string> {
  const bytes = Buffer.alloc(44 + samples.length * 2);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write("WAVEfmt ", 8);
  for (const [at, value] of [
    [16, 16],
    [24, 48_000],
    [28, 192_000],
    [40, samples.length * 2],
  ] as const)
    bytes.writeUInt32LE(value, at);
  for (const [at, value] of [
    [20, 1],
    [22, 2],
    [32, 4],
    [34, 16],
  ] as const)
    bytes.writeUInt16LE(value, at);
  bytes.write("data", 36);
  samples.forEach((sample, i) => {
    bytes.writeInt16LE(Math.round(sample * 32767), 44 + i * 2);
  });
  await writeFile(desk.path(name), bytes);
  return desk.path(name);
}

test("the meter is off: a 997 Hz tone at -20 dB in both channels is -20 LUFS", () => {
  expect(loudnessOf(tone(3, 0.1))).toBeCloseTo(-20, 1);
  expect(loudnessOf(new Float32Array(96_000))).toBe(-Infinity);
});

const PLACES: readonly Place[] = ["city", "sea", "mountain", "forest", "desert", "space", "abstract"];
test.each(
  PLACES.flatMap(
    (place) =>
      [
        [place, "day"],
        [place, "night"],
      ] as const,
  ),
)(
  "the sound of %s by %s is silent, too loud, of another length or different the second time",
  async (place, time) => {
    const setting: Setting = { place, time, weather: place === "city" ? "rain" : "clear", neon: false };
    const make = () => soundTrack({ kind: "ambience", setting }, codec, { seconds: 2.5, seed: 7 });
    const track = (await make())!;
    expect(track.length).toBe(2.5 * 96_000);
    expect(peakOf(track)).toBeLessThanOrEqual(0.9);
    expect(loudnessOf(track)).toBeGreaterThan(-22);
    expect(loudnessOf(track)).toBeLessThan(-15);
    expect(Math.abs(track[0]!)).toBe(0);
    expect(Math.abs(track.at(-1)!)).toBe(0);
    expect(Buffer.from((await make())!.buffer).equals(Buffer.from(track.buffer))).toBe(true);
  },
);

test("a given sound is not as long as the video, clips or ends with a click", async () => {
  const long = await writeWave("long.wav", tone(4, 0.9));
  const track = (await soundTrack({ kind: "file", path: long }, codec, { seconds: 2, seed: 1 }))!;
  expect(track.length).toBe(2 * 96_000);
  expect(peakOf(track)).toBeLessThanOrEqual(0.9);
  expect(Math.abs(loudnessOf(track) + 16)).toBeLessThan(1.5);
  expect(Math.abs(track.at(-1)!)).toBe(0);
});

test("a short sound is stretched or looped instead of ending", async () => {
  const short = await writeWave("short.wav", tone(1, 0.2));
  const track = (await soundTrack({ kind: "file", path: short }, codec, { seconds: 2, seed: 1 }))!;
  expect(peakOf(track.subarray(0, 90_000))).toBeGreaterThan(0.1);
  expect(peakOf(track.subarray(100_000))).toBe(0);
});

test("silence is amplified", async () => {
  const silent = await writeWave("silent.wav", new Float32Array(96_000));
  const track = (await soundTrack({ kind: "file", path: silent }, codec, { seconds: 1, seed: 1 }))!;
  expect(peakOf(track)).toBe(0);
});

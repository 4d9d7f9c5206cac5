import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Codec } from "../src/media/codec.ts";
import { findCodec } from "../src/media/codecs.ts";
import { encodeClip } from "../src/media/testing/clips.ts";
import { level, loudnessOf } from "./loudness.ts";
import type { Setting } from "./scenes/setting.ts";
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

const PLACES = [
  ...["city", "sea", "mountain", "forest", "desert", "space", "room", "road", "train", "field", "abstract"],
  "a place that nobody has told the sound of",
];
const WEATHERS = ["clear", "rain", "snow", "fog"];
const settingOf = (place: string, time = "day", weather = "clear") =>
  ({ place, time, weather, neon: false }) as unknown as Setting;
const SHORT = { seconds: 2.5, seed: 7 };

/** The largest step from one sample to the next of a channel. */
function largestStep(track: Float32Array): number {
  let most = 0;
  for (let i = 2; i < track.length; i++) most = Math.max(most, Math.abs(track[i]! - track[i - 2]!));
  return most;
}

test.each(PLACES.flatMap((place) => ["day", "night"].map((time) => [place, time] as const)))(
  "the sound of %s by %s is silent, too loud, of another length or different the second time",
  async (place, time) => {
    for (const weather of WEATHERS) {
      const setting = settingOf(place, time, weather);
      const make = () => soundTrack({ kind: "ambience", setting }, codec, SHORT);
      const track = (await make())!;
      expect(track.length).toBe(2.5 * 96_000);
      expect(peakOf(track)).toBeLessThanOrEqual(0.9);
      expect(Math.abs(loudnessOf(track) + 16), weather).toBeLessThan(0.5);
      expect(track[0]).toBeCloseTo(0, 9);
      expect(Math.abs(track.at(-1)!)).toBeCloseTo(0, 9);
      expect(Buffer.from((await make())!.buffer).equals(Buffer.from(track.buffer))).toBe(true);
    }
  },
);

test("two places sound alike, or weather, hour, mood and seed are not heard", async () => {
  const heard = new Set<string>();
  const plans = [
    ...PLACES.slice(0, -1).map((place) => ({ setting: settingOf(place) })),
    { setting: settingOf("city", "day", "rain") },
    { setting: settingOf("forest", "night") },
    ...["calm", "tense", "happy", "sad", "epic", "mysterious"].map((mood) => ({
      setting: settingOf("sea"),
      mood,
    })),
    { setting: settingOf("sea"), with: ["thunder"] },
    { setting: settingOf("sea"), with: ["fire"] },
    { setting: settingOf("sea"), without: ["music"] },
  ];
  const digest = (track: Float32Array) => createHash("sha256").update(track).digest("hex");
  for (const plan of plans)
    heard.add(digest((await soundTrack({ kind: "ambience", ...plan }, codec, SHORT))!));
  const other = { ...SHORT, seed: 8 };
  heard.add(digest((await soundTrack({ kind: "ambience", setting: settingOf("city") }, codec, other))!));
  expect(heard.size).toBe(plans.length + 1);
});

/** Power of a band, from the differences of neighbouring samples: what is high changes much. */
const brightness = (track: Float32Array): number => {
  let [steps, power] = [0, 0];
  for (let i = 2; i < track.length; i++) {
    steps += (track[i]! - track[i - 2]!) ** 2;
    power += track[i]! ** 2;
  }
  return steps / power;
};

test("rain sounds as it does outside though there is a roof, or insects are not above the wind", async () => {
  const of = async (place: string, weather: string) =>
    brightness(
      (await soundTrack({ kind: "ambience", setting: settingOf(place, "day", weather) }, codec, SHORT))!,
    );
  expect(await of("road", "rain")).toBeLessThan((await of("field", "rain")) / 4);
  expect(await of("field", "clear")).toBeGreaterThan(2 * (await of("mountain", "clear")));
});

test("a voice that is kept out, and music, leave something to be heard", async () => {
  const plan = { kind: "ambience", setting: settingOf("sea"), without: ["waves", "music"] } as const;
  expect(peakOf((await soundTrack(plan, codec, SHORT))!)).toBe(0);
});

test("traffic is heard at night though it is kept out", async () => {
  const plan = { setting: settingOf("city", "night"), without: ["traffic", "music"] };
  expect(peakOf((await soundTrack({ kind: "ambience", ...plan }, codec, SHORT))!)).toBe(0);
});

test.each(PLACES)("what nobody can hear, below 20 Hz, takes up the loudness of %s", async (place) => {
  const plan = { kind: "ambience", setting: settingOf(place) } as const;
  const track = (await soundTrack(plan, codec, { seconds: 6, seed: 7 }))!;
  // The mean over a twentieth of a second, which leaves of 20 Hz and above nearly nothing.
  let [slow, all] = [0, 0];
  for (let from = 0; from + 4800 <= track.length; from += 4800) {
    let [sum, power] = [0, 0];
    for (let i = from; i < from + 4800; i += 2) {
      sum += track[i]!;
      power += track[i]! ** 2;
    }
    slow += (sum / 2400) ** 2;
    all += power / 2400;
  }
  expect(slow / all).toBeLessThan(0.01);
});

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

test("single peaks make all of a sound quiet, or are cut off flat", () => {
  const track = tone(4, 0.02);
  for (const at of [48_000, 144_000, 300_000])
    for (let i = 0; i < 20; i++) track[at + i] = i < 10 ? 0.95 : -0.95;
  const before = largestStep(track);
  level(track);
  expect(Math.abs(loudnessOf(track) + 16)).toBeLessThan(1.5);
  expect(peakOf(track)).toBeLessThanOrEqual(0.8901);
  // Held down as a whole: its shape is still there, no step has become steeper than it was.
  expect(largestStep(track)).toBeLessThanOrEqual(before);
});

test("a whisper becomes a roar of its own hiss", () => {
  const track = tone(2, 0.002);
  level(track);
  expect(peakOf(track)).toBeCloseTo(0.016, 3);
});

async function clipWith(name: string, sound: Float32Array | null, frames = 48): Promise<string> {
  const size = { width: 64, height: 64, fps: 24, frames };
  const path = desk.path(name);
  await encodeClip(codec, { path, ...size, ...(sound ? { sound } : {}) });
  return path;
}

const goingOn = (clip: string) =>
  soundTrack({ kind: "continued", clip, setting: settingOf("sea") }, codec, SHORT);

test("a silent clip is gone on from without the sound that was asked for", async () => {
  const silent = await clipWith("silent.mp4", null);
  expect(Math.abs(loudnessOf((await goingOn(silent))!) + 16)).toBeLessThan(0.5);
});

test("the clip's sound breaks off where the new part begins, or lasts for ever", async () => {
  const clip = await clipWith("humming.mp4", tone(2, 0.2));
  const track = (await goingOn(clip))!;
  expect(track.length).toBe(SHORT.seconds * 96_000);
  // The encoder holds whole frames of sound, so its end is up to 21 ms before the pictures'.
  const end = await codec.decodeSound(clip, 2);
  const joint = 480;
  expect(Math.abs(track[joint]! - end.at(-2 - joint)!)).toBeLessThan(0.02);
  // A tone of 997 Hz is most of the beginning and nothing of the end.
  const share = (from: number) => {
    const part = track.subarray(from * 96_000, (from + 0.2) * 96_000);
    let [x, y, power] = [0, 0, 0];
    for (let i = 0; i < part.length; i += 2) {
      const turn = (2 * Math.PI * 997 * i) / 2 / 48_000;
      x += part[i]! * Math.cos(turn);
      y += part[i]! * Math.sin(turn);
      power += part[i]! ** 2;
    }
    return (4 * (x * x + y * y)) / part.length / power;
  };
  expect(share(0.05)).toBeGreaterThan(0.9);
  expect(share(0.9)).toBeLessThan(share(0.5));
  expect(share(1.5)).toBeLessThan(0.05);
  expect(Math.abs(track[0]!)).toBeCloseTo(0, 9);
  expect(Math.abs(track.at(-1)!)).toBeCloseTo(0, 9);
  expect(largestStep(track)).toBeLessThan(0.2);
});

test("a clip that faded out is followed by as long a quiet again", async () => {
  const sound = tone(2, 0.2);
  const from = 1.4 * 96_000;
  for (let i = from; i < sound.length; i++) sound[i]! *= (1 - (i - from) / (sound.length - from)) ** 2;
  const track = (await goingOn(await clipWith("faded.mp4", sound)))!;
  const made = await soundTrack({ kind: "ambience", setting: settingOf("sea") }, codec, SHORT);
  expect(track).toEqual(made);
});

test("a sound that ended before its pictures is heard again", async () => {
  const clip = await clipWith("ended.mp4", null, 24);
  const short = { ...codec, decodeSound: async () => tone(0.5, 0.2) } as Codec;
  const measured = {
    ...(await codec.measure(clip)),
    sound: { codec: "aac", rate: 48_000, channels: 2, seconds: 0.5 },
  };
  const lying = { ...short, measure: async () => measured } as Codec;
  const plan = { kind: "continued", clip, setting: settingOf("sea") } as const;
  const made = await soundTrack({ kind: "ambience", setting: settingOf("sea") }, codec, SHORT);
  expect(await soundTrack(plan, lying, SHORT)).toEqual(made);
});

/**
 * The sound track of a video: made for its setting, taken from a file, or going on from a clip's; exactly as long as
 * the pictures, about -16 LUFS, and without a click where it starts or ends. One track lies under all shots, so a cut
 * is not heard.
 */
import type { Codec } from "../src/media/codec.ts";
import { ambienceOf } from "./ambience.ts";
import { level } from "./loudness.ts";
import type { Ambience, SoundPlan } from "./plan.ts";
import { type Random, seededRandom } from "./random.ts";
import { joinClip, lastSoundOf } from "./sound-join.ts";
import { RATE } from "./sound-noise.ts";
import { sine } from "./wave.ts";

/** Interleaved stereo at 48 kHz for `seconds`; null where the video is silent. */
export async function soundTrack(
  plan: SoundPlan,
  codec: Codec,
  video: { readonly seconds: number; readonly seed: number },
): Promise<Float32Array | null> {
  const random = seededRandom(video.seed).fork("sound");
  switch (plan.kind) {
    case "none":
      return null;
    case "file":
      return await given(plan.path, codec, video.seconds);
    case "ambience":
      return made(plan, { random, seconds: video.seconds, fadeIn: 0.25 });
    case "continued":
      return await continued(plan, codec, { random, seconds: video.seconds });
  }
}

async function given(path: string, codec: Codec, seconds: number): Promise<Float32Array> {
  const track = new Float32Array(2 * Math.round(seconds * RATE));
  const part = (await codec.decodeSound(path, seconds)).subarray(0, track.length);
  track.set(part);
  // Faded where the sound itself ends, which may be before the pictures do.
  fade(track.subarray(0, part.length), { start: 0.02, end: 0.4 });
  level(track);
  return track;
}

interface Making {
  readonly random: Random;
  readonly seconds: number;
}

function made(
  plan: Ambience,
  { random, seconds, fadeIn }: Making & { readonly fadeIn: number },
): Float32Array {
  const track = ambienceOf(plan, random, seconds);
  fade(track, { start: fadeIn, end: 0.6 });
  level(track);
  return track;
}

async function continued(
  plan: Extract<SoundPlan, { kind: "continued" }>,
  codec: Codec,
  making: Making,
): Promise<Float32Array> {
  const last = await lastSoundOf(codec, plan.clip);
  if (last === null || last.length === 0) return made(plan, { ...making, fadeIn: 0.25 });
  const track = made(plan, { ...making, fadeIn: 0 });
  joinClip(track, last);
  return track;
}

/** Seconds of fade at both ends, at most a quarter of the whole each. */
function fade(track: Float32Array, ends: { readonly start: number; readonly end: number }): void {
  const frames = track.length / 2;
  const apply = (seconds: number, at: (index: number) => number) => {
    const count = Math.min(Math.round(seconds * RATE), frames >> 2);
    for (let i = 0; i < count; i++) {
      const quarter = sine(i / count / 4);
      const gain = quarter * quarter;
      for (const channel of [0, 1]) track[at(i) * 2 + channel] = (track[at(i) * 2 + channel] ?? 0) * gain;
    }
  };
  apply(ends.start, (i) => i);
  apply(ends.end, (i) => frames - 1 - i);
}

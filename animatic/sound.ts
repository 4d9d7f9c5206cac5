/** The sound track of a video: made for its setting or taken from a file, exactly as long as the pictures. */
import type { Codec } from "../src/media/codec.ts";
import { ambienceOf } from "./ambience.ts";
import { loudnessOf } from "./loudness.ts";
import type { SoundPlan } from "./plan.ts";
import { seededRandom } from "./random.ts";

const RATE = 48_000;
const TARGET_LUFS = -16;
/** About -1 dB: room for what the AAC encoder adds. */
const PEAK = 0.89;
/** A whisper may be lifted this much and no more: beyond it, only its hiss would grow. */
const MOST_GAIN = 8;

/** Interleaved stereo at 48 kHz for `seconds`; null where the video is silent. */
export async function soundTrack(
  plan: SoundPlan,
  codec: Codec,
  video: { readonly seconds: number; readonly seed: number },
): Promise<Float32Array | null> {
  if (plan.kind === "none") return null;
  const track = new Float32Array(2 * Math.round(video.seconds * RATE));
  if (plan.kind === "file") {
    const decoded = await codec.decodeSound(plan.path, video.seconds);
    const part = decoded.subarray(0, track.length);
    track.set(part);
    level(track);
    // Faded where the sound itself ends, which may be before the pictures do.
    fade(track.subarray(0, part.length), { start: 0.02, end: 0.4 });
    return track;
  }
  track.set(ambienceOf(plan.setting, seededRandom(video.seed).fork("sound"), video.seconds));
  level(track);
  fade(track, { start: 0.25, end: 0.6 });
  return track;
}

/** Brings a track to about -16 LUFS, lower where its peaks would clip. */
function level(track: Float32Array): void {
  let peak = 0;
  for (const sample of track) peak = Math.max(peak, Math.abs(sample));
  const loudness = loudnessOf(track);
  if (peak === 0 || loudness === -Infinity) return;
  const gain = Math.min(10 ** ((TARGET_LUFS - loudness) / 20), PEAK / peak, MOST_GAIN);
  for (let i = 0; i < track.length; i++) track[i] = (track[i] ?? 0) * gain;
}

/** Seconds of fade at both ends, at most a quarter of the whole each. */
function fade(track: Float32Array, ends: { readonly start: number; readonly end: number }): void {
  const frames = track.length / 2;
  const apply = (seconds: number, at: (index: number) => number) => {
    const count = Math.min(Math.round(seconds * RATE), frames >> 2);
    for (let i = 0; i < count; i++) {
      const gain = Math.sin((Math.PI / 2) * (i / count)) ** 2;
      for (const channel of [0, 1]) track[at(i) * 2 + channel] = (track[at(i) * 2 + channel] ?? 0) * gain;
    }
  };
  apply(ends.start, (i) => i);
  apply(ends.end, (i) => frames - 1 - i);
}

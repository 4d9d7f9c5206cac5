/** Where a video goes on from a clip: the clip's last sound rings on into the new one. */
import type { Codec } from "../src/media/codec.ts";
import { RATE } from "./sound-noise.ts";
import { sine } from "./wave.ts";

/** How long the clip's sound is heard beyond its end. */
const JOIN_SECONDS = 1.2;
/** A sound that ends this much before its pictures has ended by itself. */
const MISSING_SECONDS = 0.25;
/** Clips are seconds long; of one that is not, nothing is worth holding a quarter of a gigabyte for. */
const MOST_SECONDS = 180;
/** A sound whose end has so small a part of the power of what was before it has faded out. */
const FADED = { seconds: 0.1, share: 0.01 };
/** Long enough to be no click by itself, too short to be a gap after the clip. */
const EDGE_SECONDS = 0.004;

/** The last of a clip's sound, interleaved stereo; null where the clip is silent, empty where its sound had ended or faded out. */
export async function lastSoundOf(codec: Codec, path: string): Promise<Float32Array | null> {
  const { sound, seconds } = await codec.measure(path);
  if (sound === null) return null;
  if (seconds > MOST_SECONDS) return new Float32Array();
  const samples = await codec.decodeSound(path, seconds);
  const missing = seconds - samples.length / 2 / RATE;
  if (missing > MISSING_SECONDS) return new Float32Array();
  const last = samples.slice(-2 * Math.round(JOIN_SECONDS * RATE));
  return hasFaded(last) ? new Float32Array() : last;
}

/** As our own videos do: what follows then begins anew, or the quiet would last as long again. */
function hasFaded(last: Float32Array): boolean {
  const end = last.subarray(-2 * Math.round(FADED.seconds * RATE));
  return powerOf(end) < FADED.share * powerOf(last);
}

function powerOf(samples: Float32Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length);
}

/**
 * Lays the clip's last sound over the track's beginning, backwards: its first sample is the one that the clip ended
 * with, so that the two are one line where they meet; played forwards it would jump back in time.
 */
export function joinClip(track: Float32Array, last: Float32Array): void {
  const frames = Math.min(track.length, last.length) / 2;
  const edge = Math.min(frames, Math.round(EDGE_SECONDS * RATE));
  for (let i = 0; i < frames; i++) {
    const t = sine(i / frames / 4);
    const into = t * t;
    const rise = i < edge ? i / edge : 1;
    for (const channel of [0, 1]) {
      const at = 2 * i + channel;
      const old = last[last.length - 2 - 2 * i + channel] ?? 0;
      track[at] = ((track[at] ?? 0) * into + old * (1 - into)) * rise;
    }
  }
}

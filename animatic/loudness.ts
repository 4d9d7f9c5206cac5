/**
 * How loud a sound is to people: integrated loudness after ITU-R BS.1770 (K-weighted, gated), at 48 kHz, and bringing
 * a track to the loudness that videos have. In powers, not decibels: a logarithm may differ from machine to machine.
 */

/** Frames of two samples. */
const BLOCK = 19200;
const HOP = 4800;

type Biquad = readonly [b0: number, b1: number, b2: number, a1: number, a2: number];
const SHELF: Biquad = [
  1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585,
];
const HIGH_PASS: Biquad = [1, -2, 1, -1.99004745483398, 0.99007225036621];

/** -70 LUFS: quieter counts as silence. */
const AUDIBLE = 1.1724653045822966e-7;
/** -16 LUFS. */
const TARGET = 0.029451030260147056;

/** About -1 dB: room for what the AAC encoder adds. */
const PEAK = 0.89;
/** A whisper may be lifted this much and no more: beyond it, only its hiss would grow. */
const MOST_GAIN = 8;

/** LUFS of interleaved stereo; -Infinity for silence. */
export function loudnessOf(samples: Float32Array): number {
  return -0.691 + 10 * Math.log10(powerOf(samples));
}

/** Mean square of what is neither silent nor much quieter than the rest. */
function powerOf(samples: Float32Array): number {
  const energy = hopEnergies(samples);
  const blocks: number[] = [];
  const hops = Math.max(1, Math.min(BLOCK / HOP, energy.length));
  for (let i = 0; i + hops <= energy.length; i++) {
    let sum = 0;
    for (let k = 0; k < hops; k++) sum += energy[i + k] ?? 0;
    blocks.push(sum / hops);
  }
  const audible = blocks.filter((power) => power > AUDIBLE);
  const gate = mean(audible) / 10;
  return mean(audible.filter((power) => power > gate));
}

/**
 * Brings a track to -16 LUFS. Where single peaks would clip, they are held down for a moment instead of making all of
 * it quieter, and what that cost is added again.
 */
export function level(track: Float32Array): void {
  let lifted = 1;
  for (let round = 0; round < 4; round++) {
    const power = powerOf(track);
    if (power === 0) return;
    const gain = Math.min(Math.sqrt(TARGET / power), MOST_GAIN / lifted);
    lifted *= gain;
    for (let i = 0; i < track.length; i++) track[i] = (track[i] ?? 0) * gain;
    if (!holdDown(track)) return;
  }
}

/** Samples of each channel: 5 ms. */
const PIECE = 240;
/** How much louder each piece may be than the one before it: back to full in a tenth of a second. */
const RELEASE = 0.05;

/** Turns down around every peak above `PEAK`, in slopes. False where there is none. */
function holdDown(track: Float32Array): boolean {
  const pieces = Math.ceil(track.length / 2 / PIECE);
  const gains = new Float64Array(pieces).fill(1);
  let held = false;
  for (let piece = 0; piece < pieces; piece++) {
    let peak = 0;
    const end = Math.min(track.length, (piece + 1) * PIECE * 2);
    for (let i = piece * PIECE * 2; i < end; i++) peak = Math.max(peak, Math.abs(track[i] ?? 0));
    if (peak <= PEAK) continue;
    gains[piece] = PEAK / peak;
    held = true;
  }
  if (!held) return false;
  const at = (piece: number) => gains[Math.min(pieces - 1, Math.max(0, piece))] ?? 1;
  for (let piece = 1; piece < pieces; piece++) gains[piece] = Math.min(at(piece), at(piece - 1) + RELEASE);
  for (let piece = pieces - 2; piece >= 0; piece--)
    gains[piece] = Math.min(at(piece), at(piece + 1) + 2 * RELEASE);
  for (let piece = 0; piece < pieces; piece++) {
    const from = Math.min(at(piece - 1), at(piece));
    const to = Math.min(at(piece), at(piece + 1));
    for (let i = 0; i < PIECE; i++) {
      const gain = from + ((to - from) * i) / PIECE;
      const first = (piece * PIECE + i) * 2;
      for (let k = first; k < Math.min(first + 2, track.length); k++) track[k] = (track[k] ?? 0) * gain;
    }
  }
  return true;
}

/** Mean square of both channels together for each tenth of a second. */
function hopEnergies(samples: Float32Array): readonly number[] {
  const hops = Math.max(1, Math.floor(samples.length / 2 / HOP));
  const energies = new Array<number>(hops).fill(0);
  for (const channel of [0, 1]) {
    const shelf = filter(SHELF);
    const high = filter(HIGH_PASS);
    for (let hop = 0; hop < hops; hop++) {
      let sum = 0;
      for (let i = hop * HOP; i < (hop + 1) * HOP; i++) {
        const value = high(shelf(samples[i * 2 + channel] ?? 0));
        sum += value * value;
      }
      energies[hop] = (energies[hop] ?? 0) + sum / HOP;
    }
  }
  return energies;
}

function filter([b0, b1, b2, a1, a2]: Biquad): (x: number) => number {
  let z1 = 0;
  let z2 = 0;
  return (x) => {
    const y = b0 * x + z1;
    z1 = b1 * x - a1 * y + z2;
    z2 = b2 * x - a2 * y;
    return y;
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

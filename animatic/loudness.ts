/** How loud a sound is to people: integrated loudness after ITU-R BS.1770 (K-weighted, gated), at 48 kHz. */

/** Frames of two samples. */
const BLOCK = 19200;
const HOP = 4800;

type Biquad = readonly [b0: number, b1: number, b2: number, a1: number, a2: number];
const SHELF: Biquad = [
  1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585,
];
const HIGH_PASS: Biquad = [1, -2, 1, -1.99004745483398, 0.99007225036621];

/** LUFS of interleaved stereo; -Infinity for silence. */
export function loudnessOf(samples: Float32Array): number {
  const energy = hopEnergies(samples);
  const blocks: number[] = [];
  const hops = Math.max(1, Math.min(BLOCK / HOP, energy.length));
  for (let i = 0; i + hops <= energy.length; i++) {
    let sum = 0;
    for (let k = 0; k < hops; k++) sum += energy[i + k] ?? 0;
    blocks.push(sum / hops);
  }
  const audible = blocks.filter((power) => toLufs(power) > -70);
  const gate = toLufs(mean(audible)) - 10;
  return toLufs(mean(audible.filter((power) => toLufs(power) > gate)));
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
      for (let i = hop * HOP; i < (hop + 1) * HOP; i++)
        sum += high(shelf(samples[i * 2 + channel] ?? 0)) ** 2;
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

function toLufs(power: number): number {
  return -0.691 + 10 * Math.log10(power);
}

/**
 * Noise and tones that ambience is made of, in additions, multiplications and square roots only: the same samples on
 * every machine. Tracks are interleaved stereo.
 */
import type { Random } from "./random.ts";
import { sine } from "./wave.ts";

/** Samples a second of each channel. */
export const RATE = 48_000;

export interface Noise {
  /** Hertz above which it fades. */
  readonly cutoff: number;
  /** Hertz below which it fades; 0 keeps everything. */
  readonly floor?: number;
  readonly level: number;
  /** Seconds between swells, and how deep they go (0 to 1). */
  readonly swell: number;
  readonly depth: number;
}

/** Samples between two looks at how loud it is to be: slow changes need no more. */
const STEP = 64;

export function addNoise(out: Float32Array, random: Random, noise: Noise): void {
  const { cutoff, floor = 0, level, swell, depth } = noise;
  const low = poleOf(cutoff);
  const high = poleOf(floor);
  const makeUp = level * Math.sqrt(RATE / cutoff / 8);
  const phase = random.next();
  const frames = out.length / 2;
  for (const channel of [0, 1]) {
    const source = random.fork(`channel ${channel}`);
    let [once, twice, under] = [0, 0, 0];
    let gain = 0;
    for (let i = 0; i < frames; i++) {
      if (i % STEP === 0) {
        const t = i / RATE / swell + phase + channel * 0.07;
        gain = makeUp * (1 - depth * (0.5 + 0.34 * sine(t + 0.25) + 0.16 * sine(t * 1.618 + 0.25)));
      }
      once = once * low + (source.next() * 2 - 1) * (1 - low);
      twice = twice * low + once * (1 - low);
      under = under * high + twice * (1 - high);
      const at = 2 * i + channel;
      out[at] = (out[at] ?? 0) + (floor > 0 ? twice - under : twice) * gain;
    }
  }
}

/** Takes away what swings slower than `hertz`, and any constant part. */
export function cutBelow(out: Float32Array, hertz: number): void {
  const pole = poleOf(hertz);
  for (const channel of [0, 1]) {
    let [once, twice] = [0, 0];
    for (let at = channel; at < out.length; at += 2) {
      const value = out[at] ?? 0;
      once = once * pole + value * (1 - pole);
      const left = value - once;
      twice = twice * pole + left * (1 - pole);
      out[at] = left - twice;
    }
  }
}

/** Of a filter that remembers: about e^(-2 pi f / RATE), by its bilinear form. */
function poleOf(hertz: number): number {
  const k = (Math.PI * hertz) / RATE;
  return (1 - k) / (1 + k);
}

export interface Tone {
  /** Seconds. */
  readonly start: number;
  readonly seconds: number;
  /** Hertz at its start and end. */
  readonly from: number;
  readonly to: number;
  readonly level: number;
  /** 0 left, 1 right. */
  readonly side: number;
}

/** One note that swells and fades. */
export function addTone(out: Float32Array, tone: Tone): void {
  const first = Math.floor(tone.start * RATE);
  const count = Math.floor(tone.seconds * RATE);
  let turns = 0;
  for (let i = 0; i < count && (first + i) * 2 + 1 < out.length; i++) {
    const t = i / count;
    turns += (tone.from + (tone.to - tone.from) * t) / RATE;
    const half = sine(t / 2);
    addTo(out, first + i, sine(turns) * half * half * tone.level, tone.side);
  }
}

export interface Knock {
  readonly start: number;
  readonly seconds: number;
  /** Hertz: of the body that rings, and above which its noise fades. */
  readonly pitch: number;
  readonly cutoff: number;
  readonly level: number;
  readonly side: number;
}

/** Something struck: a short noise and a body that rings, both dying away. Begins within a millisecond, not at once. */
export function addKnock(out: Float32Array, random: Random, knock: Knock): void {
  const first = Math.floor(knock.start * RATE);
  const count = Math.floor(knock.seconds * RATE);
  const pole = poleOf(knock.cutoff);
  let noise = 0;
  for (let i = 0; i < count && (first + i) * 2 + 1 < out.length; i++) {
    const left = 1 - i / count;
    const rise = Math.min(1, i / 96);
    noise = noise * pole + (random.next() * 2 - 1) * (1 - pole);
    const body = sine((knock.pitch * i) / RATE);
    addTo(out, first + i, (noise * 4 + body * 0.4) * rise * left * left * left * knock.level, knock.side);
  }
}

export interface Pass {
  /** Seconds, of its nearest point. */
  readonly at: number;
  readonly seconds: number;
  readonly cutoff: number;
  readonly level: number;
  /** From which side it comes: 0 left, 1 right. */
  readonly from: number;
}

/** Something that goes by: noise that grows, crosses from side to side and fades. */
export function addPass(out: Float32Array, random: Random, pass: Pass): void {
  const first = Math.floor((pass.at - pass.seconds / 2) * RATE);
  const count = Math.floor(pass.seconds * RATE);
  const pole = poleOf(pass.cutoff);
  const makeUp = pass.level * Math.sqrt(RATE / pass.cutoff / 8);
  let [once, twice] = [0, 0];
  for (let i = 0; i < count; i++) {
    once = once * pole + (random.next() * 2 - 1) * (1 - pole);
    twice = twice * pole + once * (1 - pole);
    if (first + i < 0 || (first + i) * 2 + 1 >= out.length) continue;
    const t = i / count;
    const bell = sine(t / 2);
    addTo(out, first + i, twice * bell * bell * bell * makeUp, pass.from + (1 - 2 * pass.from) * t);
  }
}

/** A steady tone with overtones, slightly different on both sides, its pitch and level wandering. */
export function addHum(
  out: Float32Array,
  random: Random,
  hum: {
    readonly pitch: number;
    readonly overtones: readonly number[];
    readonly level: number;
    readonly wander: number;
  },
): void {
  const frames = out.length / 2;
  for (const channel of [0, 1]) {
    const phase = random.next();
    let turns = random.next();
    let [pitch, gain] = [hum.pitch, hum.level];
    for (let i = 0; i < frames; i++) {
      if (i % STEP === 0) {
        const t = i / RATE;
        pitch = hum.pitch * (1 + hum.wander * sine(t / 4.3 + phase)) * (1 + 0.002 * channel);
        gain = hum.level * (1 + 0.3 * sine(t / 2.9 + 2 * phase));
      }
      turns += pitch / RATE;
      let wave = 0;
      for (let k = 0; k < hum.overtones.length; k++) wave += (hum.overtones[k] ?? 0) * sine(turns * (k + 1));
      const at = 2 * i + channel;
      out[at] = (out[at] ?? 0) + wave * gain;
    }
  }
}

function addTo(out: Float32Array, frame: number, value: number, side: number): void {
  const at = frame * 2;
  out[at] = (out[at] ?? 0) + value * (1 - side);
  out[at + 1] = (out[at + 1] ?? 0) + value * side;
}

/** Seeded background sound for a setting: noise shaped into rain, waves and wind, small voices, a quiet chord. */
import type { Random } from "./random.ts";
import type { Setting } from "./scenes/setting.ts";

const RATE = 48_000;
const TURN = 2 * Math.PI;

/** Interleaved stereo at 48 kHz, of no particular loudness. */
export function ambienceOf(setting: Setting, random: Random, seconds: number): Float32Array {
  const out = new Float32Array(2 * Math.round(seconds * RATE));
  const { place, weather, time } = setting;
  const music = place === "space" || place === "abstract";
  addChord(out, random.fork("chord"), {
    level: music ? 0.16 : 0.05,
    dark: time === "night" || place === "space",
  });
  if (weather === "rain" && place !== "space") addRain(out, random.fork("rain"));
  if (place === "sea")
    addNoise(out, random.fork("waves"), { cutoff: 700, level: 0.5, swell: 6.5, depth: 0.8 });
  if (place === "city")
    addNoise(out, random.fork("traffic"), { cutoff: 170, level: 0.8, swell: 9, depth: 0.35 });
  if (place === "mountain" || place === "desert" || weather === "snow")
    addNoise(out, random.fork("wind"), { cutoff: 420, level: 0.4, swell: 5, depth: 0.75 });
  if (place === "forest")
    addNoise(out, random.fork("leaves"), { cutoff: 1800, level: 0.1, swell: 4, depth: 0.6 });
  if (place === "space") addNoise(out, random.fork("hum"), { cutoff: 90, level: 0.9, swell: 11, depth: 0.5 });
  const calm = weather === "clear" && (place === "forest" || place === "mountain" || place === "desert");
  if (calm && time === "night") addCrickets(out, random.fork("crickets"));
  if (calm && time !== "night" && place === "forest") addBirds(out, random.fork("birds"));
  return out;
}

interface Noise {
  /** Hertz above which it fades. */
  readonly cutoff: number;
  readonly level: number;
  /** Seconds between swells, and how deep they go (0 to 1). */
  readonly swell: number;
  readonly depth: number;
}

function addNoise(out: Float32Array, random: Random, noise: Noise): void {
  const pole = Math.exp((-TURN * noise.cutoff) / RATE);
  const phase = random.next();
  for (const channel of [0, 1]) {
    const source = random.fork(`channel ${channel}`);
    let once = 0;
    let twice = 0;
    for (let i = channel; i < out.length; i += 2) {
      once = once * pole + (source.next() * 2 - 1) * (1 - pole);
      twice = twice * pole + once * (1 - pole);
      const t = i / 2 / RATE / noise.swell + phase + channel * 0.07;
      const swell = 1 - noise.depth * (0.5 + 0.34 * Math.cos(TURN * t) + 0.16 * Math.cos(TURN * t * 1.618));
      out[i] = (out[i] ?? 0) + twice * noise.level * swell * Math.sqrt(RATE / noise.cutoff / 8);
    }
  }
}

/** A steady hiss and single drops close by. */
function addRain(out: Float32Array, random: Random): void {
  addNoise(out, random.fork("hiss"), { cutoff: 5200, level: 0.22, swell: 7, depth: 0.25 });
  const drops = Math.round((out.length / 2 / RATE) * 60);
  for (let k = 0; k < drops; k++) {
    const pitch = random.between(1200, 4200);
    addTone(out, {
      start: random.next() * (out.length / 2 / RATE),
      seconds: 0.025,
      from: pitch,
      to: pitch * 1.5,
      level: random.between(0.01, 0.05),
      side: random.next(),
    });
  }
}

interface Tone {
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

function addTone(out: Float32Array, tone: Tone): void {
  const first = Math.floor(tone.start * RATE);
  const count = Math.floor(tone.seconds * RATE);
  let turns = 0;
  for (let i = 0; i < count && (first + i) * 2 + 1 < out.length; i++) {
    const t = i / count;
    turns += (tone.from + (tone.to - tone.from) * t) / RATE;
    const value = Math.sin(TURN * turns) * Math.sin(Math.PI * t) ** 2 * tone.level;
    const at = (first + i) * 2;
    out[at] = (out[at] ?? 0) + value * (1 - tone.side);
    out[at + 1] = (out[at + 1] ?? 0) + value * tone.side;
  }
}

function addCrickets(out: Float32Array, random: Random): void {
  const total = out.length / 2 / RATE;
  for (let voice = 0; voice < 4; voice++) {
    const pitch = random.between(3900, 4700);
    const side = random.next();
    for (let t = random.next(); t < total; t += random.between(0.5, 0.8))
      for (let pulse = 0; pulse < 3; pulse++)
        addTone(out, { start: t + pulse * 0.055, seconds: 0.04, from: pitch, to: pitch, level: 0.025, side });
  }
}

function addBirds(out: Float32Array, random: Random): void {
  const total = out.length / 2 / RATE;
  for (let t = random.between(0.2, 1); t < total; t += random.between(0.5, 1.8)) {
    const pitch = random.between(2300, 4200);
    const side = random.next();
    const notes = random.integer(2, 5);
    for (let i = 0; i < notes; i++)
      addTone(out, {
        start: t + i * 0.11,
        seconds: 0.09,
        from: pitch,
        to: pitch * random.between(0.8, 1.3),
        level: 0.06,
        side,
      });
  }
}

/** Two chords that change into one another, each note slightly out of tune with itself. */
function addChord(out: Float32Array, random: Random, sound: { level: number; dark: boolean }): void {
  const root = 110 * 2 ** (random.integer(-3, 4) / 12);
  const chords = sound.dark
    ? [
        [0, 7, 12, 15, 19],
        [-4, 3, 8, 12, 20],
      ]
    : [
        [0, 7, 12, 16, 19],
        [-7, 5, 9, 12, 21],
      ];
  chords.forEach((chord, index) => {
    for (const note of chord) {
      for (const channel of [0, 1]) {
        const pitch = root * 2 ** (note / 12) * (1 + (channel - 0.5) * 0.0035);
        const phase = random.next();
        for (let i = channel; i < out.length; i += 2) {
          const t = i / 2 / RATE;
          const turn = 0.5 + 0.5 * Math.cos(TURN * (t / 12 + index / 2));
          const wave = Math.sin(TURN * (pitch * t + phase)) + 0.25 * Math.sin(TURN * 2 * pitch * t);
          out[i] = (out[i] ?? 0) + wave * turn * turn * sound.level * 0.2;
        }
      }
    }
  });
}

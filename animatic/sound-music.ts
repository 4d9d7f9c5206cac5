/** A quiet pad under the ambience: two chords that change into one another, chosen by mood. */
import type { Random } from "./random.ts";
import { RATE } from "./sound-noise.ts";
import { sine } from "./wave.ts";

interface Pad {
  readonly level: number;
  readonly character: Character;
}

/** Two chords in half tones above the root, and how high it lies (half tones from A2). */
interface Character {
  readonly chords: readonly (readonly number[])[];
  readonly root: readonly [low: number, high: number];
  /** Seconds from one chord to the next and back. */
  readonly round: number;
  /** Of the octave above each note. */
  readonly bright: number;
}

const CHARACTERS = {
  bright: {
    chords: [
      [0, 7, 12, 16, 19],
      [-7, 5, 9, 12, 21],
    ],
    root: [-3, 4],
    round: 12,
    bright: 0.25,
  },
  dark: {
    chords: [
      [0, 7, 12, 15, 19],
      [-4, 3, 8, 12, 20],
    ],
    root: [-3, 4],
    round: 12,
    bright: 0.25,
  },
  calm: {
    chords: [
      [0, 7, 14, 16, 21],
      [-5, 7, 11, 14, 19],
    ],
    root: [-5, 0],
    round: 18,
    bright: 0.12,
  },
  happy: {
    chords: [
      [0, 4, 7, 12, 16],
      [-7, 5, 9, 12, 17],
    ],
    root: [2, 7],
    round: 8,
    bright: 0.4,
  },
  sad: {
    chords: [
      [0, 7, 12, 15, 22],
      [-4, 3, 8, 15, 19],
    ],
    root: [-5, 0],
    round: 16,
    bright: 0.1,
  },
  tense: {
    chords: [
      [0, 6, 12, 13, 18],
      [-1, 6, 11, 13, 17],
    ],
    root: [-8, -4],
    round: 7,
    bright: 0.15,
  },
  mysterious: {
    chords: [
      [0, 7, 14, 18, 23],
      [-3, 6, 13, 16, 21],
    ],
    root: [-6, -2],
    round: 14,
    bright: 0.2,
  },
  epic: {
    chords: [
      [-12, 0, 7, 12, 15],
      [-16, -4, 8, 12, 15],
    ],
    root: [-3, 2],
    round: 9,
    bright: 0.5,
  },
} as const satisfies Record<string, Character>;

/** A mood that is not known here sounds as the light does. */
export function characterOf(mood: string | null | undefined, dark: boolean): Character {
  return CHARACTERS[mood && isKnown(mood) ? mood : dark ? "dark" : "bright"];
}

function isKnown(mood: string): mood is keyof typeof CHARACTERS {
  return Object.hasOwn(CHARACTERS, mood);
}

/** 2^(n/12) for n of 0 to 11: a power may differ in its last bit from machine to machine. */
const HALF_TONES = [
  1,
  1.0594630943592953,
  1.122462048309373,
  1.189207115002721,
  1.2599210498948732,
  1.3348398541700344,
  Math.SQRT2,
  1.4983070768766815,
  1.5874010519681994,
  1.681792830507429,
  1.7817974362806785,
  1.8877486253633868,
];

function pitchOf(halfTones: number): number {
  let octave = Math.floor(halfTones / 12);
  let pitch = 110 * (HALF_TONES[halfTones - 12 * octave] ?? 1);
  for (; octave > 0; octave--) pitch *= 2;
  for (; octave < 0; octave++) pitch /= 2;
  return pitch;
}

/** Samples between two looks at how loud a chord is. */
const STEP = 64;

export function addPad(out: Float32Array, random: Random, { level, character }: Pad): void {
  const root = random.integer(...character.root);
  const frames = out.length / 2;
  character.chords.forEach((chord, index) => {
    // Once for both chords and sides, not once for each note.
    const gains = Float64Array.from({ length: Math.ceil(frames / STEP) }, (_, block) => {
      const turn = 0.5 + 0.5 * sine((block * STEP) / RATE / character.round + index / 2 + 0.25);
      return turn * turn * level * 0.2;
    });
    for (const note of chord) {
      for (const channel of [0, 1]) {
        // Slightly out of tune with itself, or it would stand still in the middle.
        const pitch = pitchOf(root + note) * (1 + (channel - 0.5) * 0.0035);
        addNote(out, { channel, turns: random.next(), step: pitch / RATE, bright: character.bright, gains });
      }
    }
  });
}

interface Note {
  readonly channel: number;
  readonly turns: number;
  readonly step: number;
  readonly bright: number;
  readonly gains: Float64Array;
}

/** A hand that goes round, turned by the same angle each sample: no sine for each of them. */
function addNote(out: Float32Array, { channel, turns, step, bright, gains }: Note): void {
  let [x, y] = [sine(turns + 0.25), sine(turns)];
  // sine() is off by up to 0.0002; the hand must neither grow nor shrink.
  const [c0, s0] = [1 - 2 * square(smallSine(step / 2)), smallSine(step)];
  const length = Math.sqrt(c0 * c0 + s0 * s0);
  const [c, s] = [c0 / length, s0 / length];
  const frames = out.length / 2;
  for (let i = 0; i < frames; i++) {
    const at = 2 * i + channel;
    // y is the sine; 2xy that of twice the angle.
    out[at] = (out[at] ?? 0) + (y + bright * 2 * x * y) * (gains[(i / STEP) | 0] ?? 0);
    const turned = x * c - y * s;
    y = x * s + y * c;
    x = turned;
  }
}

const square = (value: number) => value * value;

/** Sine of a small part of a turn, to the last digits: a pitch that is off by little is out of tune by much. */
function smallSine(turns: number): number {
  const x = turns * 6.283185307179586;
  const x2 = x * x;
  return x * (1 - (x2 / 6) * (1 - (x2 / 20) * (1 - (x2 / 42) * (1 - x2 / 72))));
}

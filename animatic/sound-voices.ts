/** What is heard in a place, by name. Each voice is seeded and lasts as long as the track. */
import type { Random } from "./random.ts";
import { addHum, addKnock, addNoise, addPass, addTone, type Noise, RATE } from "./sound-noise.ts";

type Voice = (out: Float32Array, random: Random) => void;

const noise =
  (shape: Noise): Voice =>
  (out, random) =>
    addNoise(out, random, shape);

export const VOICES: Readonly<Record<string, Voice>> = {
  wind: noise({ cutoff: 420, floor: 60, level: 0.4, swell: 5, depth: 0.75 }),
  "dry wind": noise({ cutoff: 760, floor: 140, level: 0.34, swell: 6.5, depth: 0.85 }),
  breeze: noise({ cutoff: 520, floor: 60, level: 0.2, swell: 5, depth: 0.7 }),
  leaves: noise({ cutoff: 1800, floor: 200, level: 0.14, swell: 4, depth: 0.6 }),
  hum: noise({ cutoff: 90, floor: 30, level: 0.9, swell: 11, depth: 0.5 }),
  waves(out, random) {
    addNoise(out, random.fork("waves"), { cutoff: 700, floor: 50, level: 0.5, swell: 6.5, depth: 0.8 });
    // The same stream, so that the foam swells with the wave that it is of.
    addNoise(out, random.fork("waves"), { cutoff: 3600, floor: 900, level: 0.16, swell: 6.5, depth: 0.95 });
  },
  rain(out, random) {
    addNoise(out, random.fork("hiss"), { cutoff: 5200, floor: 500, level: 0.3, swell: 7, depth: 0.25 });
    addDrops(out, random.fork("drops"), 60);
  },
  "rain outside"(out, random) {
    addNoise(out, random.fork("hiss"), { cutoff: 1500, floor: 120, level: 0.16, swell: 7, depth: 0.25 });
    addDrops(out, random.fork("drops"), 24);
  },
  thunder: addThunder,
  fire: addFire,
  traffic: (out, random) => addTraffic(out, random, { rumble: 0.5, every: [2.2, 4.5] }),
  "traffic at night": (out, random) => addTraffic(out, random, { rumble: 0.3, every: [4, 8] }),
  engine: addEngine,
  train: addRails,
  room: addRoom,
  birds: addBirds,
  crickets: addCrickets,
  insects: addInsects,
};

const secondsOf = (out: Float32Array) => out.length / 2 / RATE;

/** Single drops close by. */
function addDrops(out: Float32Array, random: Random, aSecond: number): void {
  const total = secondsOf(out);
  const drops = Math.round(total * aSecond);
  for (let k = 0; k < drops; k++) {
    const pitch = random.between(1200, 4200);
    addTone(out, {
      start: random.next() * total,
      seconds: 0.025,
      from: pitch,
      to: pitch * 1.5,
      level: random.between(0.01, 0.05),
      side: random.next(),
    });
  }
}

function addCrickets(out: Float32Array, random: Random): void {
  const total = secondsOf(out);
  for (let voice = 0; voice < 4; voice++) {
    const pitch = random.between(3900, 4700);
    const side = random.next();
    for (let t = random.next(); t < total; t += random.between(0.5, 0.8))
      for (let pulse = 0; pulse < 3; pulse++)
        addTone(out, { start: t + pulse * 0.055, seconds: 0.04, from: pitch, to: pitch, level: 0.025, side });
  }
}

function addBirds(out: Float32Array, random: Random): void {
  const total = secondsOf(out);
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

/** Grasshoppers by day. */
function addInsects(out: Float32Array, random: Random): void {
  addNoise(out, random.fork("meadow"), { cutoff: 6500, floor: 4200, level: 0.12, swell: 3.1, depth: 0.7 });
  const total = secondsOf(out);
  for (let voice = 0; voice < 3; voice++) {
    const pitch = random.between(4800, 6200);
    const side = random.next();
    for (let t = random.next() * 2; t < total; t += random.between(1.2, 2.6)) {
      const strokes = random.integer(8, 16);
      for (let k = 0; k < strokes; k++)
        addTone(out, { start: t + k * 0.034, seconds: 0.026, from: pitch, to: pitch, level: 0.016, side });
    }
  }
}

interface Traffic {
  readonly rumble: number;
  /** Seconds from car to car. */
  readonly every: readonly [number, number];
}

/** A city from some way off, and cars now and then that stand out from it. */
function addTraffic(out: Float32Array, random: Random, { rumble, every }: Traffic): void {
  const share = rumble / 0.5;
  addNoise(out, random.fork("traffic"), { cutoff: 170, floor: 40, level: rumble, swell: 9, depth: 0.35 });
  addNoise(out, random.fork("streets"), {
    cutoff: 900,
    floor: 250,
    level: 0.12 * share,
    swell: 6,
    depth: 0.4,
  });
  addPasses(out, random.fork("cars"), { every, seconds: [2, 3.4], cutoff: 1100, level: 0.75 });
}

/** From within a car: engine, tyres, and what comes the other way. */
function addEngine(out: Float32Array, random: Random): void {
  addHum(out, random.fork("engine"), {
    pitch: random.between(62, 84),
    overtones: [0.5, 0.32, 0.2, 0.1, 0.05],
    level: 0.11,
    wander: 0.02,
  });
  addNoise(out, random.fork("tyres"), { cutoff: 480, floor: 40, level: 0.3, swell: 8, depth: 0.2 });
  addPasses(out, random.fork("others"), { every: [1.8, 4], seconds: [0.8, 1.5], cutoff: 1400, level: 0.4 });
}

interface Passing {
  readonly every: readonly [number, number];
  readonly seconds: readonly [number, number];
  readonly cutoff: number;
  readonly level: number;
}

function addPasses(out: Float32Array, random: Random, { every, seconds, cutoff, level }: Passing): void {
  const total = secondsOf(out);
  for (let at = random.between(0.6, every[0]); at < total + 1; at += random.between(...every)) {
    const from = random.chance(0.5) ? 0 : 1;
    addPass(out, random.fork(`pass ${at}`), { at, seconds: random.between(...seconds), cutoff, level, from });
  }
}

/** Wheels over the gaps between rails, two and two, over a low rolling. */
function addRails(out: Float32Array, random: Random): void {
  addNoise(out, random.fork("rolling"), { cutoff: 210, floor: 40, level: 0.3, swell: 5, depth: 0.25 });
  addNoise(out, random.fork("air"), { cutoff: 1600, floor: 300, level: 0.06, swell: 4, depth: 0.4 });
  const total = secondsOf(out);
  const gap = random.between(0.95, 1.2);
  const knocks = random.fork("knocks");
  for (let t = random.between(0.1, 0.5); t < total; t += gap) {
    for (const [late, strength] of [
      [0, 1],
      [0.13, 0.8],
      [0.46, 0.55],
      [0.59, 0.45],
    ] as const)
      addKnock(out, knocks, {
        start: t + late + knocks.between(-0.006, 0.006),
        seconds: 0.11,
        pitch: 88,
        cutoff: 900,
        level: 0.42 * strength,
        side: 0.5 + knocks.between(-0.12, 0.12),
      });
  }
}

/** Quiet, so that what music there is carries it: air that stands still, the hum of the mains, and a clock somewhere. */
function addRoom(out: Float32Array, random: Random): void {
  addNoise(out, random.fork("air"), { cutoff: 260, floor: 60, level: 0.06, swell: 13, depth: 0.15 });
  addNoise(out, random.fork("hush"), { cutoff: 2600, floor: 400, level: 0.016, swell: 9, depth: 0.2 });
  addHum(out, random.fork("mains"), { pitch: 50, overtones: [0.3, 1, 0, 0.25], level: 0.005, wander: 0 });
  const total = secondsOf(out);
  const clock = random.fork("clock");
  const side = clock.between(0.25, 0.75);
  let tick = 0;
  for (let t = clock.next(); t < total; t += 0.5) {
    const pitch = tick++ % 2 === 0 ? 2100 : 1750;
    addKnock(out, clock, { start: t, seconds: 0.018, pitch, cutoff: 6000, level: 0.022, side });
  }
}

/** Far off: a roll that comes in waves and goes down. */
function addThunder(out: Float32Array, random: Random): void {
  const total = secondsOf(out);
  for (let at = random.between(0.5, 1 + total / 8); at < total; at += random.between(5, 9)) {
    const from = random.chance(0.5) ? 0.3 : 0.7;
    for (let roll = 0; roll < 4; roll++)
      addPass(out, random.fork(`roll ${at} ${roll}`), {
        at: at + roll * random.between(0.35, 0.7),
        seconds: random.between(1.4, 2.6),
        cutoff: 130 - 15 * roll,
        level: 1.5 / (1 + roll),
        from,
      });
  }
}

/** A low roar, and wood that cracks. */
function addFire(out: Float32Array, random: Random): void {
  addNoise(out, random.fork("roar"), { cutoff: 300, floor: 50, level: 0.28, swell: 2.3, depth: 0.4 });
  addNoise(out, random.fork("hiss"), { cutoff: 4200, floor: 1500, level: 0.05, swell: 1.7, depth: 0.5 });
  const total = secondsOf(out);
  const cracks = random.fork("cracks");
  for (let start = cracks.next() * 0.3; start < total; start += cracks.between(0.02, 0.4)) {
    const level = cracks.between(0.02, 0.12);
    const pitch = cracks.between(700, 2600);
    addKnock(out, cracks, { start, seconds: 0.03, pitch, cutoff: 5000, level, side: cracks.next() });
  }
}

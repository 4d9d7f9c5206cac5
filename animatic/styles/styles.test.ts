import { expect, test } from "vitest";
import type { Pixels } from "../colour.ts";
import { STYLES, type Style } from "../plan.ts";
import { seededRandom } from "../random.ts";
import { applyStyle } from "./apply.ts";
import { blurred, halved } from "./field.ts";
import { putBack, takeApart } from "./picture.ts";

const FRAME = { width: 160, height: 90, left: 0, top: 0 };

/** Soft shapes of several colours on a graded ground, with grain: something for every style to work on. */
function photo(width = FRAME.width, height = FRAME.height): Pixels {
  const random = seededRandom(3);
  const data = new Uint8Array(width * height * 3);
  const balls = Array.from({ length: 6 }, () => ({
    x: random.next() * width,
    y: random.next() * height,
    r: random.between(0.1, 0.3) * height,
    colour: [random.integer(20, 250), random.integer(20, 250), random.integer(20, 250)],
  }));
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const over = balls.find((ball) => (x - ball.x) ** 2 + (y - ball.y) ** 2 < ball.r ** 2);
    const light = over ? 1 - 0.5 * (((x - over.x) / over.r + 1) / 2) : 1;
    for (let c = 0; c < 3; c++)
      data[i * 3 + c] = (over?.colour[c] ?? 60 + (120 * y) / height) * light + random.between(-6, 6);
  }
  return { data, width, height, channels: 3 };
}

/** A disc on nothing, with a soft glow beside it. */
function layer(width = FRAME.width, height = FRAME.height): Pixels {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const far = Math.sqrt((x - width * 0.3) ** 2 + (y - height / 2) ** 2);
    const glow = Math.max(0, 1 - Math.sqrt((x - width * 0.75) ** 2 + (y - height / 2) ** 2) / (height * 0.4));
    const alpha = Math.max(255 * Math.min(1, Math.max(0, height * 0.3 - far)), 160 * glow);
    data.set(alpha >= 1 ? [200, 120, 60, alpha] : [0, 0, 0, 0], i * 4);
  }
  return { data, width, height, channels: 4 };
}

function apart(a: Pixels, b: Pixels): number {
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]!), 0) / a.data.length;
}

test.each([
  ["a photograph", photo],
  ["a drawing", layer],
])("two styles look alike on %s, or one changes nothing", (_, make) => {
  const looks = [null, ...STYLES].map((style) => applyStyle(make(), style, FRAME));
  for (const [i, one] of looks.entries())
    for (const other of looks.slice(i + 1)) expect(apart(one, other)).toBeGreaterThan(1.5);
});

test.each(STYLES)("%s comes out otherwise the second time", (style) => {
  expect(applyStyle(photo(), style, FRAME).data).toEqual(applyStyle(photo(), style, FRAME).data);
});

test.each(STYLES)("%s writes into the pixels that it was given", (style) => {
  const given = photo();
  applyStyle(given, style, FRAME);
  expect(given.data).toEqual(photo().data);
});

test.each(STYLES)("%s makes opaque what is transparent, or the other way round", (style) => {
  for (const frame of [FRAME, { ...FRAME, width: 3840, height: 2160 }]) {
    const given = layer();
    const { data } = applyStyle(given, style, frame);
    for (let i = 3; i < data.length; i += 4) {
      expect(data[i]).toBe(given.data[i]);
      if (data[i] === 0) expect(data[i - 1]! + data[i - 2]! + data[i - 3]!).toBe(0);
    }
  }
});

/** Colours at a soft edge are those of the thing, only thinner: else every layer had a black or white rim. */
test.each<Style>(["3d_animation", "clay", "cyberpunk"])("%s gives a soft light a rim", (style) => {
  const { data, width, height } = applyStyle(layer(), style, FRAME);
  const at = (x: number) =>
    data.subarray(((height >> 1) * width + x) * 4, ((height >> 1) * width + x) * 4 + 3);
  const [middle, rim] = [at(Math.round(width * 0.75)), at(Math.round(width * 0.75 + height * 0.33))];
  for (const c of [0, 1, 2]) expect(Math.abs(middle[c]! - rim[c]!)).toBeLessThan(90);
});

test.each(STYLES)("the pattern of %s lies elsewhere where the picture goes on beyond the frame", (style) => {
  for (const level of [60, 100, 140, 180, 220]) {
    const flat = (width: number, height: number): Pixels => {
      const data = new Uint8Array(width * height * 3).fill(level);
      return { data, width, height, channels: 3 };
    };
    const whole = applyStyle(flat(160, 90), style, FRAME);
    const wider = applyStyle(flat(200, 110), style, { ...FRAME, left: 20, top: 10 });
    const row = (pixels: Pixels, y: number, left: number) =>
      pixels.data.subarray((y * pixels.width + left) * 3, (y * pixels.width + left + 160) * 3);
    // Light that spills over from beyond the edge may be a level or two.
    for (let y = 0; y < 90; y++) {
      const there = row(wider, y + 10, 20);
      row(whole, y, 0).forEach((value, i) => {
        if (Math.abs(value - there[i]!) > 2) expect.fail(`${value} is ${there[i]} at ${i}, ${y}`);
      });
    }
  }
});

test.each([1, 2, 3])("a layer gets a black rim where it is worked on at 1/%i of its size", (shrink) => {
  const given = layer(161, 91);
  const picture = takeApart(given, { unit: 1, left: 0, top: 0 }, shrink);
  const { data } = putBack(picture, given, shrink);
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3]! > 0)
      for (const [c, value] of [200, 120, 60].entries())
        expect(Math.abs(data[i + c]! - value)).toBeLessThanOrEqual(1);
});

test.each(STYLES)("%s is another style at 4k", (style) => {
  const frame = { width: 3840, height: 2160, left: 0, top: 0 };
  // A sixth of the frame, at the scale that it has there.
  const large = applyStyle(photo(640, 360), style, frame);
  const small = applyStyle(photo(213, 120), style, { width: 1280, height: 720, left: 0, top: 0 });
  const mean = ({ data }: Pixels, c: number) =>
    data.reduce((sum, value, i) => sum + (i % 3 === c ? value : 0), 0) / (data.length / 3);
  for (const c of [0, 1, 2]) expect(Math.abs(mean(large, c) - mean(small, c))).toBeLessThan(9);
});

test("a blur makes a flat field brighter at an edge, or smears one value along a row", () => {
  const extent = { width: 40, height: 30 };
  const flat = new Uint16Array(40 * 30).fill(12800);
  for (const value of blurred(flat, extent, 4, 3)) expect(Math.abs(value - 12800)).toBeLessThanOrEqual(4);
  const dot = new Uint16Array(40 * 30);
  dot[15 * 40 + 20] = 32000;
  const soft = blurred(dot, extent, 3);
  expect(soft[15 * 40 + 17]).toBeGreaterThan(0);
  expect(soft[15 * 40 + 16]).toBe(0);
  expect(soft[12 * 40 + 20]).toBeGreaterThan(0);
  expect(soft[19 * 40 + 20]).toBe(0);
  expect(halved(flat, extent)).toMatchObject({ width: 20, height: 15 });
});

import { describe, expect, test } from "vitest";
import type { Frame } from "../src/media/codec.ts";
import { type Look, lookOf } from "./looks.ts";
import { inkOf } from "./particles.ts";
import { STYLES } from "./plan.ts";

const SIZE = { width: 96, height: 64 };
const GREY = 90;

function grey(): Frame {
  const { width, height } = SIZE;
  const y = new Uint8Array(width * height).fill(GREY);
  return { width, height, y, uv: new Uint8Array((width * height) / 2).fill(128) };
}

const THINGS: Readonly<Record<string, (look: Look, frame: Frame, x: number, y: number) => void>> = {
  drop: (look, frame, x, y) =>
    look.drop(frame, { x, y, length: 24, slant: -0.16, thickness: 2, strength: 0.5 }, 0.4),
  flake: (look, frame, x, y) => look.flake(frame, { x, y, radius: 6, strength: 0.9 }, 0.4),
  light: (look, frame, x, y) => look.light(frame, { x, y, radius: 8, strength: 0.9 }, inkOf("#ffd080")),
};

const ALL = [null, ...STYLES];

describe.each(Object.keys(THINGS))("a %s", (thing) => {
  const drawn = (style: (typeof ALL)[number], x = 48, y = 20): Frame => {
    const frame = grey();
    THINGS[thing]?.(lookOf(style), frame, x, y);
    return frame;
  };

  test("looks alike in two styles", () => {
    const looks = ALL.map((style) => drawn(style));
    looks.forEach((one, i) => {
      for (const other of looks.slice(i + 1)) {
        const differ = one.y.filter((value, at) => Math.abs(value - (other.y[at] ?? 0)) > 8).length;
        expect(differ).toBeGreaterThan(8);
      }
    });
  });

  test.each(ALL)("wraps round the frame's side, or is seen where it is not (%s)", (style) => {
    for (const [x, y] of [
      [-60, 20],
      [160, 20],
      [48, -70],
      [48, 130],
    ] as const) {
      const { y: luma, uv } = drawn(style, x, y);
      expect([luma.every((value) => value === GREY), uv.every((value) => value === 128)]).toEqual([
        true,
        true,
      ]);
    }
    // Half out at the left: the right half of the frame stays as it is.
    const { y: luma } = drawn(style, 0, 20);
    expect(luma.some((value) => value !== GREY)).toBe(true);
    luma.forEach((value, i) => {
      if (i % SIZE.width > 48 && value !== GREY) expect.fail(`something at ${i % SIZE.width}`);
    });
  });

  test.each(ALL)("has a colour that H.264's limited range lacks (%s)", (style) => {
    const { y, uv } = drawn(style);
    expect([Math.min(...y) >= 16, Math.max(...y) <= 235]).toEqual([true, true]);
    expect([Math.min(...uv) >= 16, Math.max(...uv) <= 240]).toEqual([true, true]);
  });
});

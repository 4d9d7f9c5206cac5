import { expect, test } from "vitest";
import { openTurner, quartersOf } from "./turn.ts";

/** 4x2 luma, 2x1 pairs of chroma. */
const frame = {
  width: 4,
  height: 2,
  y: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  uv: Uint8Array.of(10, 11, 20, 21),
};

test.each([
  { quarters: 0 as const, width: 4, height: 2, y: [1, 2, 3, 4, 5, 6, 7, 8], uv: [10, 11, 20, 21] },
  { quarters: 1 as const, width: 2, height: 4, y: [5, 1, 6, 2, 7, 3, 8, 4], uv: [10, 11, 20, 21] },
  { quarters: 2 as const, width: 4, height: 2, y: [8, 7, 6, 5, 4, 3, 2, 1], uv: [20, 21, 10, 11] },
  { quarters: 3 as const, width: 2, height: 4, y: [4, 8, 3, 7, 2, 6, 1, 5], uv: [20, 21, 10, 11] },
])("$quarters quarter turns clockwise", ({ quarters, ...turned }) => {
  const result = openTurner(quarters)(frame);
  expect({ ...result, y: [...result.y], uv: [...result.uv] }).toEqual(turned);
});

test("angles below zero and beyond a full turn, and no quarter turn at all", () => {
  expect([0, 90, -90, 270, 540, -180, 45].map(quartersOf)).toEqual([0, 1, 3, 3, 2, 2, 0]);
});

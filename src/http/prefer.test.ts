import { expect, it } from "vitest";
import { readWait } from "./prefer.ts";

it.each<[string | undefined, number | undefined]>([
  [undefined, undefined],
  ["", undefined],
  ["respond-async", undefined],
  ["wait=0", 0],
  ["wait=5", 5],
  ["Wait = 5", 5],
  ['wait="5"', 5],
  ["wait=60", 60],
  ["wait=61", 60],
  ["wait=999999999", 60],
  ["respond-async, wait=7", 7],
  ["wait=7; strict, respond-async", 7],
  ["return=minimal; wait=3", undefined],
  ["wait=3, wait=9", 3],
  ['note="soon, wait=9"', undefined],
  ['note="soon, wait=9", wait=4', 4],
  ["wait", undefined],
  ["wait=", undefined],
  ["wait=-1", undefined],
  ["wait=1.5", undefined],
  ["wait=10s", undefined],
  ["await=5", undefined],
])("Prefer: %j is a wait of %j seconds", (header, seconds) => {
  expect(readWait(header)).toBe(seconds);
});

it("does not take long over a header that is made to", () => {
  const started = performance.now();
  for (const unit of ['"', "wait = ", ", wait=1x", '"a\\', " "]) readWait(unit.repeat(16_000 / unit.length));
  expect(performance.now() - started).toBeLessThan(500);
});

import { afterEach, expect, it } from "vitest";
import { until } from "../../test/support/until.ts";
import { openShedding, type Shedding, type SheddingBounds } from "./shedding.ts";

let open: Shedding | undefined;
afterEach(() => open?.close());

function start(bounds: Partial<SheddingBounds>): () => boolean {
  const shedding = openShedding({ delayMs: 1e9, heapBytes: 1e15, ...bounds });
  open = shedding;
  return () => {
    try {
      shedding.check();
      return false;
    } catch (error) {
      expect(error).toMatchObject({ code: "overloaded", retryAfter: 1 });
      return true;
    }
  };
}

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

it("an event loop that was held up refuses work, and takes it again once it runs freely", async () => {
  const refuses = start({ delayMs: 150 });
  expect(refuses()).toBe(false);
  const heldUp = (): boolean => {
    block(300);
    return refuses();
  };
  await until(heldUp, { ms: 5000, everyMs: 1, what: "a refusal" });
  await until(() => !refuses(), { ms: 10_000, what: "work to be taken again" });
});

it("a single long hold is seen, whenever in the second it comes", async () => {
  const refuses = start({ delayMs: 150 });
  const begun = performance.now();
  await until(() => performance.now() > begun + 100, { ms: 5000 });
  block(1500);
  await until(refuses, { ms: 2000, what: "a refusal" });
});

it("a loop that is merely busy is not overloaded", async () => {
  const refuses = start({ delayMs: 1000 });
  // Two and a half seconds of work in short turns. The bound is wide, for a machine under test may hiccup by itself.
  const end = performance.now() + 2500;
  await until(
    () => {
      block(20);
      expect(refuses()).toBe(false);
      return performance.now() > end;
    },
    { ms: 10_000, everyMs: 1 },
  );
});

it("a heap beyond its bound refuses work", async () => {
  const refuses = start({ heapBytes: 1 });
  await until(refuses, { ms: 3000, what: "a refusal" });
});

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Json } from "../core/json.ts";
import type { Provider } from "../core/provider.ts";
import { openWheel, type Wheel } from "../engine/wheel.ts";
import { openWatcher } from "./watch.ts";

let wheel: Wheel;
beforeEach(() => {
  // No I/O here: time is all there is.
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance", "Date"], now: 1_000_000 });
  wheel = openWheel();
});
afterEach(() => {
  wheel.close();
  vi.useRealTimers();
});

it("a client that asks to look a hundred times a second does not use up everybody's turns", async () => {
  const looks = new Map<Json, number>();
  const check = async (ticket: Json) => {
    looks.set(ticket, (looks.get(ticket) ?? 0) + 1);
    return { state: "pending" } as const;
  };
  const provider = { id: "p", pollEveryMs: 1_000, checksPerSecond: 5, check } as unknown as Provider;
  const watcher = openWatcher({
    ...{ providers: new Map([["p", provider]]), wheel, clock: { now: () => Date.now() }, random: () => 0.5 },
    ...{ onProgress: () => undefined, onCheckFailed: () => undefined },
  });
  const now = Date.now();
  for (const ticket of ["greedy", "other"]) {
    const watch = {
      provider: "p",
      ticket,
      begunAt: now,
      handedOverAt: now,
      deadlineAt: now + 3_600_000,
      expectedSeconds: 0,
    };
    watcher.start(ticket, watch, () => undefined);
  }
  for (let i = 0; i < 2_000; i++) {
    void watcher.look("greedy");
    await vi.advanceTimersByTimeAsync(10);
  }
  // Twenty seconds at a second's pace.
  expect(looks.get("other")).toBeGreaterThanOrEqual(10);
  expect(looks.get("greedy")).toBeGreaterThanOrEqual(10);
});

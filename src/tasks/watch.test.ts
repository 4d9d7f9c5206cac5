import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ReelayError } from "../core/errors.ts";
import type { Json } from "../core/json.ts";
import type { Progress, Provider } from "../core/provider.ts";
import type { Watcher } from "../engine/engine.ts";
import { openWheel, type Wheel } from "../engine/wheel.ts";
import { openWatcher, type Seen, type Watch } from "./watch.ts";

const EVERY_MS = 1_000;
const DONE: Progress = { state: "done", output: { from: { url: "u" }, meta: {}, ignored: {} } };
const PENDING: Progress = { state: "pending" };

let wheel: Wheel;
let seen: Map<string, Seen>;
let progress: [id: string, percent: number][];
let failed: unknown[];
beforeEach(() => {
  // No I/O here: time is all there is.
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance", "Date"], now: 1_000_000 });
  wheel = openWheel();
  seen = new Map();
  progress = [];
  failed = [];
});
afterEach(() => {
  wheel.close();
  vi.useRealTimers();
});

type Check = (ticket: Json) => Promise<Progress>;

function open(check: Check, about: Partial<Provider> = {}): Watcher<Watch, Seen> {
  const provider = { id: "p", pollEveryMs: EVERY_MS, checksPerSecond: 1_000, check, ...about } as Provider;
  return openWatcher({
    providers: new Map([["p", provider]]),
    wheel,
    clock: { now: () => Date.now() },
    random: () => 0.5,
    onProgress: (id, percent) => progress.push([id, percent]),
    onCheckFailed: (_id, _provider, error) => failed.push(error),
  });
}

function watch(watcher: Watcher<Watch, Seen>, id: string, change: Partial<Watch> = {}): void {
  const now = Date.now();
  const what = {
    provider: "p",
    ticket: id,
    begunAt: now,
    handedOverAt: change.begunAt ?? now,
    deadlineAt: now + 60_000,
    expectedSeconds: 0,
    ...change,
  };
  watcher.start(id, what, (end) => seen.set(id, end));
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe("looks", () => {
  it("at once where it begins, as after a restart, and says what was ready", async () => {
    const watcher = open(async () => DONE);
    watch(watcher, "t1", { begunAt: 0, deadlineAt: 1 });
    await pass(100);
    expect(seen.get("t1")).toEqual({ output: DONE.state === "done" && DONE.output });
    expect(wheel.size).toBe(0);
  });

  it("again and again until the end, words without meaning included, and tells the progress", async () => {
    const states: Progress[] = [
      PENDING,
      { state: "processing", progress: 7 },
      { state: "processing", progress: 60 },
    ];
    const watcher = open(async () => states.shift() ?? DONE);
    watch(watcher, "t1");
    await pass(2_500);
    expect([seen.size, progress.map(([, percent]) => percent)]).toEqual([0, [7, 60]]);
    await pass(2_000);
    expect(seen.has("t1")).toBe(true);
  });

  it("not before the provider's Retry-After, but at the deadline all the same", async () => {
    const check = vi.fn(async (): Promise<Progress> => ({ state: "pending", retryAfterMs: 10_000 }));
    watch(open(check), "t1", { deadlineAt: Date.now() + 15_000 });
    await pass(9_900);
    expect(check).toHaveBeenCalledTimes(1);
    await pass(300);
    expect(check).toHaveBeenCalledTimes(2);
    await pass(5_000);
    expect(seen.get("t1")).toMatchObject({ error: { code: "deadline_exceeded" } });
  });

  it("that fail say nothing about the work: they back off, and go on", async () => {
    const times: number[] = [];
    const watcher = open(async () => {
      times.push(Date.now());
      if (times.length < 5) throw new Error("502");
      return DONE;
    });
    watch(watcher, "t1");
    await pass(40_000);
    const gaps = times.slice(1).map((time, i) => time - times[i]!);
    expect(gaps.map((gap) => Math.round(gap / 1000))).toEqual([2, 4, 8, 16]);
    expect([failed.length, seen.size]).toEqual([4, 1]);
  });

  it("that are refused for now are not repeated before the Retry-After they were refused with", async () => {
    const check = vi.fn(() => Promise.reject(new ReelayError("provider_busy", "429", { retryAfter: 30 })));
    watch(open(check), "t1");
    await pass(20_000);
    expect(check).toHaveBeenCalledTimes(1);
  });
});

describe("the deadline", () => {
  it("comes after a look: what was ready while nobody looked is not late", async () => {
    const watcher = open(async (ticket) => (ticket === "ready" ? DONE : PENDING));
    for (const id of ["ready", "not"]) watch(watcher, id, { begunAt: 0, deadlineAt: 1 });
    await pass(100);
    expect(seen.get("ready")).toHaveProperty("output");
    expect(seen.get("not")).toMatchObject({ error: { code: "deadline_exceeded" } });
  });

  it("holds where every look fails", async () => {
    watch(
      open(() => Promise.reject(new Error("down"))),
      "t1",
    );
    await pass(61_000);
    expect(seen.get("t1")).toMatchObject({ error: { code: "deadline_exceeded" } });
  });

  it("holds where a look never comes back", async () => {
    watch(
      open(() => new Promise(() => undefined)),
      "t1",
    );
    await pass(300_000);
    expect(seen.get("t1")).toMatchObject({ error: { code: "deadline_exceeded" } });
  });
});

describe("the budget", () => {
  it("is not passed, however many wait", async () => {
    const times: number[] = [];
    const watcher = open(
      async () => {
        times.push(Date.now());
        return PENDING;
      },
      { checksPerSecond: 10 },
    );
    for (let i = 0; i < 200; i++) watch(watcher, `t${i}`);
    await pass(10_000);
    for (const from of times) {
      const within = times.filter((time) => time >= from && time < from + 1_000).length;
      // A full bucket and one second's refill.
      expect(within).toBeLessThanOrEqual(20);
    }
    expect(times.length).toBeGreaterThan(80);
    expect(times.length).toBeLessThanOrEqual(110);
  });

  it("that is too small for all is shared: nobody is left out", async () => {
    const asked = new Set<Json>();
    const watcher = open(
      async (ticket) => {
        asked.add(ticket);
        return PENDING;
      },
      { checksPerSecond: 10 },
    );
    for (let i = 0; i < 100; i++) watch(watcher, `t${i}`, { deadlineAt: Date.now() + 3_600_000 });
    // Three times as long as a fair round takes.
    await pass(30_000);
    expect(asked.size).toBe(100);
  });

  it("that is too small for all does not keep a deadline from holding", async () => {
    const watcher = open(async () => PENDING, { checksPerSecond: 2 });
    for (let i = 0; i < 100; i++) watch(watcher, `t${i}`, { deadlineAt: Date.now() + 10_000 });
    await pass(20_000);
    expect(seen.size).toBe(100);
  });

  it("of less than one a second asks all the same", async () => {
    const check = vi.fn(async () => DONE);
    watch(open(check, { checksPerSecond: 0.5 }), "t1");
    await pass(30_000);
    expect(check).toHaveBeenCalled();
  });
});

describe("look()", () => {
  it("looks at once and resolves after that look", async () => {
    let state: Progress = PENDING;
    const watcher = open(async () => state, { pollEveryMs: 50_000 });
    watch(watcher, "t1");
    await pass(100);
    state = { state: "processing", progress: 50 };
    await watcher.look("t1");
    expect(progress).toEqual([["t1", 50]]);
    state = DONE;
    await watcher.look("t1");
    expect([seen.size, wheel.size]).toEqual([1, 0]);
  });

  it("of two while a look is under way resolves for both only after a new one", async () => {
    const gates: PromiseWithResolvers<Progress>[] = [];
    const watcher = open(() => {
      const gate = Promise.withResolvers<Progress>();
      gates.push(gate);
      return gate.promise;
    });
    watch(watcher, "t1");
    await pass(100);
    let resolved = 0;
    const looks = [1, 2].map(() => watcher.look("t1").then(() => resolved++));
    gates[0]?.resolve(PENDING);
    await pass(1);
    expect([gates.length, resolved]).toEqual([2, 0]);
    gates[1]?.resolve(PENDING);
    await Promise.all(looks);
    expect([gates.length, wheel.size]).toEqual([2, 1]);
  });

  it("resolves where that look ends the watch, or fails", async () => {
    let check: Check = async () => PENDING;
    const watcher = open((ticket) => check(ticket));
    for (const id of ["t1", "t2"]) watch(watcher, id);
    await pass(100);
    check = () => Promise.reject(new Error("down"));
    await watcher.look("t1");
    check = async () => DONE;
    await watcher.look("t2");
    expect([failed.length, [...seen.keys()]]).toEqual([1, ["t2"]]);
  });

  it("waits for the budget rather than resolve without a look", async () => {
    const check = vi.fn(async () => PENDING);
    const watcher = open(check, { checksPerSecond: 1, pollEveryMs: 50_000 });
    watch(watcher, "t1");
    await pass(100);
    let looksWhenTold = 0;
    const looked = watcher.look("t1").then(() => {
      looksWhenTold = check.mock.calls.length;
    });
    await pass(2_000);
    await looked;
    expect(looksWhenTold).toBe(2);
  });
});

describe("stop()", () => {
  it("ends the looking, also in the middle of a look, whose answer is not told", async () => {
    const gate = Promise.withResolvers<Progress>();
    const check = vi.fn(() => gate.promise);
    const watcher = open(check);
    for (const id of ["t1", "t2"]) watch(watcher, id);
    watcher.stop("t2");
    await pass(100);
    watcher.stop("t1");
    watcher.stop("unknown");
    // Resolves at once where nothing is watched.
    for (const id of ["t1", "unknown"]) await watcher.look(id);
    gate.resolve(DONE);
    await pass(5_000);
    expect([check.mock.calls.length, seen.size]).toEqual([1, 0]);
  });

  it("in the middle of a look does not end another's watch", async () => {
    const check = vi.fn((ticket: Json) =>
      ticket === "t1" ? new Promise<Progress>(() => undefined) : Promise.resolve(PENDING),
    );
    const watcher = open(check);
    watch(watcher, "t1");
    watch(watcher, "t2", { deadlineAt: Date.now() + 3_600_000 });
    await pass(100);
    watcher.stop("t1");
    await pass(10_000);
    expect(check.mock.calls.filter(([ticket]) => ticket === "t2").length).toBeGreaterThan(5);
  });
});

it("work of a provider that is gone ends, and says so", async () => {
  const watcher = open(async () => PENDING);
  watch(watcher, "t1", { provider: "gone" });
  await pass(100);
  expect(seen.get("t1")).toMatchObject({ error: { code: "no_route" } });
});

import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Queue } from "./queue.ts";
import { type Lives, openHandWatcher, openLives, RULES, toItem } from "./testing/lives.ts";

let lives: Lives;
beforeEach(async () => {
  lives = await openLives();
});
afterEach(() => lives.destroy());

const WRITES_NOTHING = {
  readSteps: async () => new Map<string, string>(),
  saveStep: () => Promise.reject(new Error("a poll writes nothing")),
};

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn();
}

it("waits until its end is seen, again after every restart, and writes nothing", async () => {
  for (const life of ["first", "second"]) {
    const watcher = openHandWatcher();
    const seen: string[] = [];
    const engine = lives.open(async (run) => seen.push(await run.poll("the watch")), {
      store: WRITES_NOTHING,
      watcher,
    });
    engine.start(toItem("t1"), RULES);
    await vi.waitFor(() => expect(watcher.watched.get("t1")?.watch).toBe("the watch"));
    expect(seen).toEqual([]);
    watcher.watched.get("t1")?.end(life);
    await vi.waitFor(() => expect(engine.open).toBe(0));
    expect([seen, lives.lost]).toEqual([[life], []]);
  }
});

it("holds no function while it waits: the workflow starts again from its beginning", async () => {
  const watcher = openHandWatcher();
  const passed: string[] = [];
  const engine = lives.open(
    async (run) => {
      passed.push("before");
      await run.poll("w").finally(() => passed.push("out"));
      passed.push("after");
    },
    { store: WRITES_NOTHING, watcher },
  );
  engine.start(toItem("t1"), RULES);
  await settle();
  expect(passed).toEqual(["before", "out"]);
  watcher.watched.get("t1")?.end("seen");
  await settle();
  expect(passed).toEqual(["before", "out", "before", "out", "after"]);
});

it("a thousand that end in one moment all go on, no more awake at once than allowed", async () => {
  const watcher = openHandWatcher();
  let awake = 0;
  let most = 0;
  const ended = new Set<string>();
  const engine = lives.open(
    async (run) => {
      most = Math.max(most, ++awake);
      try {
        await turn();
        ended.add(await run.poll(run.id));
      } finally {
        awake--;
      }
    },
    { store: WRITES_NOTHING, watcher, awake: 7, queue: new Queue(() => 1000) },
  );
  for (let i = 0; i < 1000; i++) engine.start(toItem(`t${i}`), RULES);
  await vi.waitFor(() => expect(watcher.watched.size).toBe(1000));
  for (const [id, { end }] of watcher.watched) end(id);
  await vi.waitFor(() => expect(engine.open).toBe(0));
  expect([ended.size, most]).toEqual([1000, 7]);
});

it("what was seen is not lost where the run was woken and the server closed before it went on", async () => {
  const watcher = openHandWatcher();
  const seen: string[] = [];
  const open = () =>
    lives.open(async (run) => seen.push(await run.poll("w")), { store: WRITES_NOTHING, watcher });
  const engine = open();
  engine.start(toItem("t1"), RULES);
  await vi.waitFor(() => expect(watcher.watched.size).toBe(1));
  watcher.watched.get("t1")?.end("too late");
  await engine.close();
  watcher.watched.clear();
  open().start(toItem("t1"), RULES);
  await vi.waitFor(() => expect(watcher.watched.size).toBe(1));
  watcher.watched.get("t1")?.end("again");
  await vi.waitFor(() => expect(seen).toEqual(["again"]));
});

import { describe, expect, it, vi } from "vitest";
import { openHandWatcher } from "./testing/lives.ts";
import { settle, slots, useRuns } from "./testing/runs.ts";

const scene = useRuns();
const { open, openHeld, start } = scene;

describe.each([
  ["the resource's limit", slots],
  ["the limit on runs awake", (awake: number) => ({ awake })],
])("slots by %s", (_name, limit) => {
  it("are never exceeded, and runs begin in the order in which they came", async () => {
    const options = limit(2);
    const { begun, end } = openHeld(options);
    const ids = ["e", "d", "c", "b", "a"];
    start(...ids);
    for (let done = 0; done < ids.length; done++) {
      await settle();
      expect(begun).toEqual(ids.slice(0, done + 2));
      expect(scene.engine.open).toBe(ids.length - done);
      end(ids[done] ?? "");
    }
    await settle();
    expect(scene.engine.open).toBe(0);
  });

  it("0: everything waits and nothing runs, and close() does not hang", async () => {
    const { begun } = openHeld(limit(0));
    start("a", "b");
    await scene.engine.close();
    expect([begun, scene.engine.open]).toEqual([[], 2]);
  });

  it("a run that is started twice runs once, waiting or running", async () => {
    const { begun, end } = openHeld(limit(1));
    start("a", "a", "b", "b", "a");
    await settle();
    expect(begun).toEqual(["a"]);
    end("a");
    await settle();
    end("b");
    await settle();
    expect(begun).toEqual(["a", "b"]);
  });

  it("a workflow that throws is reported, frees its slot and does not stop the others", async () => {
    const { begun, end, fail } = openHeld(limit(2));
    start("a", "b", "c");
    await settle();
    fail("b", new Error("a bug"));
    await settle();
    expect(begun).toEqual(["a", "b", "c"]);
    expect(scene.lives.lost).toEqual([["b", new Error("a bug")]]);
    for (const id of ["a", "c"]) end(id);
    await settle();
    expect(scene.lives.lost).toHaveLength(1);
    expect(scene.engine.open).toBe(0);
  });

  it("steps that cannot be read lose that run and not its slot", async () => {
    const readSteps = async (id: string) =>
      id === "a" ? Promise.reject(new Error("disk")) : new Map<string, string>();
    const begun: string[] = [];
    const store = { readSteps, saveStep: async () => undefined };
    open(async (run) => begun.push(run.id), { ...limit(1), store });
    start("a", "b");
    await vi.waitFor(() => expect(begun).toEqual(["b"]));
    expect(scene.lives.lost).toEqual([["a", new Error("disk")]]);
  });
});

it("a parked run keeps its provider's slot and gives up its awake one", async () => {
  const begun: string[] = [];
  const watcher = openHandWatcher();
  open(
    async (run) => {
      if (!begun.includes(run.id)) begun.push(run.id);
      await run.poll(run.id);
    },
    { ...slots(2), awake: 1, watcher },
  );
  start("a", "b", "c");
  await settle();
  expect([begun, [...watcher.watched.keys()]]).toEqual([
    ["a", "b"],
    ["a", "b"],
  ]);
  watcher.watched.get("a")?.end("seen");
  await settle();
  expect(begun).toEqual(["a", "b", "c"]);
});

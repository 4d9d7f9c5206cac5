import { setImmediate as turn } from "node:timers/promises";
import { afterEach, expect, it, vi } from "vitest";
import { Engine, type Run } from "./engine.ts";

const HOUR = 3_600_000;

let engine: Engine;
afterEach(() => engine.close());

function open(workflow: (run: Run) => Promise<unknown>): void {
  engine = new Engine({
    store: {
      readSteps: async () => new Map(),
      saveStep: () => Promise.reject(new Error("a poll writes nothing")),
    },
    workflow: async (run) => void (await workflow(run)),
    slots: 1,
    newIntent: () => "intent",
    onLost: () => undefined,
  });
}

it("looks until it is done, again after every restart, and writes nothing", async () => {
  for (const life of [1, 2]) {
    let looks = 0;
    const seen = vi.fn();
    open(async (run) => {
      seen(await run.poll(async () => (++looks === 3 ? { done: life } : { againInMs: 1 })));
    });
    engine.start("t1");
    await vi.waitFor(() => expect(seen).toHaveBeenCalledWith(life));
    expect(looks).toBe(3);
  }
});

it("look() wakes it and resolves after that look", async () => {
  let state = "pending";
  const looks: string[] = [];
  open((run) =>
    run.poll(async () => {
      const asked = state;
      await turn();
      looks.push(asked);
      return { againInMs: HOUR };
    }),
  );
  engine.start("t1");
  await vi.waitFor(() => expect(looks).toHaveLength(1));
  await turn();
  state = "processing";
  await engine.look("t1");
  expect(looks).toEqual(["pending", "processing"]);
});

it("look() resolves where that look ends the run, by its end or by an error", async () => {
  for (const end of [async () => ({ done: true }), () => Promise.reject(new Error("lost it"))]) {
    let looks = 0;
    open(async (run) => {
      await run.poll(async () => (++looks === 1 ? { againInMs: HOUR } : end()));
    });
    engine.start("t1");
    await vi.waitFor(() => expect(looks).toBe(1));
    await turn();
    await engine.look("t1");
    expect(looks).toBe(2);
    await vi.waitFor(() => expect(engine.open).toBe(0));
  }
});

it("look() resolves at once where nothing polls", async () => {
  const stuck = Promise.withResolvers<null>();
  open((run) => run.step("a", () => stuck.promise));
  for (const id of ["t1", "t2"]) engine.start(id);
  for (const id of ["t1", "t2", "unknown"]) await engine.look(id);
  stuck.resolve(null);
});

it("look() of two at the same moment resolves for both only after a look", async () => {
  let state = "old";
  let seen = "";
  open((run) =>
    run.poll(async () => {
      await turn();
      seen = state;
      return { againInMs: HOUR };
    }),
  );
  engine.start("t1");
  await vi.waitFor(() => expect(seen).toBe("old"));
  await turn();
  state = "new";
  const told = await Promise.all([1, 2].map(() => engine.look("t1").then(() => seen)));
  expect(told).toEqual(["new", "new"]);
});

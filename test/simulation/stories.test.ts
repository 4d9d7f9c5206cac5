import { afterEach, beforeEach, expect, it } from "vitest";
import { ReelayError } from "../../src/core/errors.ts";
import type { Provider } from "../../src/core/provider.ts";
import { cancelTask } from "../../src/tasks/cancel.ts";
import { lookForLate } from "../../src/tasks/late.ts";
import type { WorkflowParts } from "../../src/tasks/workflow.ts";
import { bytes, DEADLINE_MS, DONE, openStage, PENDING, START, type Stage, URGENT } from "./stage.ts";
import { sleep } from "./virtual-time.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

it("a video is made, charged for and held", async () => {
  await stage.begin({});
  await stage.create("t1");
  await stage.pass(10_000);
  expect(await stage.read("t1")).toMatchObject({
    state: "completed",
    billing: { state: "charged", amount: 500_000 },
  });
  expect(await stage.store.checkLedger()).toEqual([]);
  expect(stage.files.has("res_t1")).toBe(true);
});

it("cancelled while it is watched: the provider is told once, and what it keeps of the work is let go", async () => {
  const told: string[] = [];
  await stage.begin({
    check: async () => PENDING,
    cancel: async () => {
      told.push("cancel");
      return "cancelled";
    },
    forget: async () => void told.push("forget"),
  });
  await stage.create("t1");
  await stage.pass(5_000);
  await cancelTask(stage.life.parts, await stage.read("t1"));
  await stage.pass(5_000);
  expect(told).toEqual(["cancel", "forget"]);
});

it("cancelled while it is handed over: work that is accepted then is stopped at the provider", async () => {
  const cancelled: unknown[] = [];
  const outside = stage.time.openWheel();
  await stage.begin({
    submit: async ({ attemptId }) => {
      await sleep(outside, 2_000);
      return { accepted: { job: attemptId } };
    },
    cancel: async (ticket) => {
      cancelled.push(ticket);
      return "cancelled";
    },
  });
  await stage.create("t1");
  await stage.pass(1_000);
  await cancelTask(stage.life.parts, await stage.read("t1"));
  await stage.pass(10_000);
  expect(cancelled).toHaveLength(1);
});

it("nothing is bought after the deadline, however long the provider asks us to wait", async () => {
  const times: number[] = [];
  const refused = new ReelayError("provider_busy", "later");
  await stage.begin({
    submit: async () => {
      times.push(stage.time.now() - START);
      return { refused, again: { afterMs: 10 * DEADLINE_MS } };
    },
  });
  await stage.create("t1");
  await stage.pass(2 * DEADLINE_MS);
  expect((await stage.read("t1")).state).toBe("failed");
  await stage.pass(20 * DEADLINE_MS);
  expect(Math.max(...times)).toBeLessThan(DEADLINE_MS);
});

// wiring/tasks.ts resume(): open tasks queue up as if none was handed over; those that are wait unwatched behind new ones.
it("after a restart the provider has no more of our work than it takes, and what it has is watched", async () => {
  const inHand = new Set<string>();
  const about: Partial<Provider> = {
    check: async () => PENDING,
    submit: async ({ attemptId }) => {
      inHand.add(attemptId);
      return { accepted: { job: attemptId } };
    },
  };
  await stage.begin(about);
  for (const id of ["t1", "t2"]) await stage.create(id);
  await stage.create("urgent", URGENT);
  await stage.pass(5_000);
  // The urgent one is next, and is handed over; the one that waits is older.
  await cancelTask(stage.life.parts, await stage.read("t1"));
  await stage.pass(5_000);
  inHand.delete([...inHand][0] ?? "");
  stage.life.kill();
  await stage.begin(about);
  await stage.pass(5_000);
  expect(inHand.size).toBe(1);
});

// wiring/tasks.ts: the queue's limit of a provider that is not there is 0, so its tasks wait for ever, with their holds.
it("a task whose provider is gone after a restart ends", async () => {
  await stage.begin({ check: async () => PENDING });
  await stage.create("t1");
  await stage.pass(5_000);
  stage.life.kill();
  await stage.begin({ id: "other" });
  await stage.pass(2 * DEADLINE_MS);
  expect((await stage.read("t1")).error?.code).toBe("no_route");
});

it("a task that fails by our fault after it was handed over may be billed, and says so", async () => {
  await stage.begin({ check: async () => PENDING });
  await stage.create("t1");
  await stage.pass(5_000);
  stage.life.kill();
  await stage.begin(
    { check: async () => PENDING },
    { instead: { catalog: { models: new Map(), operators: new Set() } } },
  );
  await stage.pass(5_000);
  expect((await stage.read("t1")).error?.code).toBe("no_route");
  expect((await stage.read("t1")).billing.state).toBe("unknown");
});

const hiccup = (failures: number): Partial<WorkflowParts> => {
  let tries = 0;
  return {
    fetchResult: async () => {
      if (++tries <= failures) throw new Error("reset");
      return bytes();
    },
  };
};

it("a result that cannot be fetched at once is fetched again", async () => {
  await stage.begin({}, { instead: hiccup(2) });
  await stage.create("t1");
  await stage.pass(60_000);
  expect((await stage.read("t1")).state).toBe("completed");
});

it("a result whose host is away for a moment is not lost", async () => {
  await stage.begin({}, { instead: hiccup(3) });
  await stage.create("t1");
  await stage.pass(60_000);
  expect((await stage.read("t1")).state).toBe("completed");
});

it("a result that breaks off half-way is fetched again", async () => {
  let tries = 0;
  const fetchResult = async (): Promise<AsyncIterable<Uint8Array>> =>
    (async function* () {
      yield Buffer.from("half");
      if (++tries === 1) throw new Error("reset");
    })();
  await stage.begin({}, { instead: { fetchResult } });
  await stage.create("t1");
  await stage.pass(60_000);
  expect((await stage.read("t1")).state).toBe("completed");
});

it("two rounds that find the same late video at once keep it", async () => {
  let ready = false;
  await stage.begin({ check: async () => (ready ? DONE : PENDING) });
  await stage.create("t1");
  await stage.pass(2 * DEADLINE_MS);
  expect((await stage.read("t1")).error?.code).toBe("deadline_exceeded");
  ready = true;
  const signal = new AbortController().signal;
  const workflow = stage.life.parts as unknown as WorkflowParts;
  await Promise.all([lookForLate(workflow, signal), lookForLate(workflow, signal)]);
  expect(await stage.store.listResults("t1")).toHaveLength(1);
  expect(stage.files.has("late_t1")).toBe(true);
});

it("a video that comes late is put beside the failure, which stays one, and is not charged", async () => {
  let ready = false;
  await stage.begin({ check: async () => (ready ? DONE : PENDING) });
  await stage.create("t1");
  await stage.pass(2 * DEADLINE_MS);
  ready = true;
  await stage.pass(120_000);
  expect(await stage.read("t1")).toMatchObject({ state: "failed", billing: { state: "unknown", amount: 0 } });
  expect(await stage.store.listResults("t1")).toMatchObject([{ id: "late_t1", meta: { late: true } }]);
  expect([stage.files.has("late_t1"), await stage.store.checkLedger()]).toEqual([true, []]);
});

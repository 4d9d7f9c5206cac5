import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ReelayError } from "../../src/core/errors.ts";
import type { Progress, Provider } from "../../src/core/provider.ts";
import type { KeyRecord, Store } from "../../src/core/store.ts";
import type { Task } from "../../src/core/task.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { cancelTask } from "../../src/tasks/cancel.ts";
import { lookForLate } from "../../src/tasks/late.ts";
import { submitTask } from "../../src/tasks/submit.ts";
import type { WorkflowParts } from "../../src/tasks/workflow.ts";
import { type Life, type LifeOptions, openLife } from "./life.ts";
import { type MemoryFiles, openMemoryFiles } from "./memory-files.ts";
import { MODEL } from "./model.ts";
import { openRandom } from "./random.ts";
import { openVirtualTime, sleep, type VirtualTime } from "./virtual-time.ts";

const START = 1_780_000_000_000;
const DEADLINE_MS = 120_000;
const KEY: KeyRecord = {
  ...{
    id: "key_a",
    digest: "a",
    name: "a",
    hint: "a",
    account: "default",
    createdAt: START,
    revokedAt: null,
    priority: 0,
    concurrency: null,
    test: false,
  },
};
const URGENT: KeyRecord = { ...KEY, id: "key_b", digest: "b", priority: 1 };
const PENDING: Progress = { state: "pending" };
const DONE: Progress = { state: "done", output: { from: { url: "u" }, meta: {}, ignored: {} } };

let folder: string;
let store: Store;
let files: MemoryFiles;
let time: VirtualTime;
let life: Life;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reelay-story-"));
  store = await openSqliteStore({ path: join(folder, "reelay.db") });
  files = openMemoryFiles();
  time = openVirtualTime(START);
  for (const key of [KEY, URGENT]) await store.addKey(key);
});
afterEach(async () => {
  life.kill();
  await store.close();
  await rm(folder, { recursive: true });
});

async function begin(about: Partial<Provider>, options: Partial<LifeOptions> = {}): Promise<void> {
  const provider: Provider = {
    ...{
      id: "upstream",
      kind: "upstream",
      free: false,
      concurrency: 1,
      pollEveryMs: 1_000,
      checksPerSecond: 100,
      reconcileMs: 60_000,
    },
    prior: () => 1,
    submit: async ({ attemptId }) => ({ accepted: { job: attemptId } }),
    check: async () => DONE,
    ...about,
  };
  let intents = 0;
  life = await openLife({
    ...{ store, files, provider, time, random: openRandom(1), deadlineMs: DEADLINE_MS, killChance: 0 },
    newIntent: () => `att_${time.now()}_${++intents}`,
    instead: { fetchResult: async () => bytes() },
    ...options,
  });
}

async function* bytes(): AsyncIterable<Uint8Array> {
  yield Buffer.from("a video");
}

async function create(id: string, key: KeyRecord = KEY): Promise<void> {
  const body = { prompt: id };
  await submitTask(life.parts, MODEL, {
    key,
    dialect: "d",
    model: MODEL.id,
    body,
    callbackUrl: null,
    idempotency: null,
    newId: () => id,
  });
}

async function read(id: string): Promise<Task> {
  return (await store.readTask(id))!;
}

/** Lets virtual time pass, and everything happen in it. */
async function pass(ms: number): Promise<void> {
  const until = time.now() + ms;
  const wheel = time.openWheel();
  wheel.after(ms, () => undefined);
  do for (let quiet = 0; quiet < 5; quiet = life.busy > 0 && !life.dead ? 0 : quiet + 1) await turn();
  while (time.step(until));
  wheel.close();
}

it("a video is made, charged for and held", async () => {
  await begin({});
  await create("t1");
  await pass(10_000);
  expect(await read("t1")).toMatchObject({
    state: "completed",
    billing: { state: "charged", amount: 500_000 },
  });
  expect(await store.checkLedger()).toEqual([]);
  expect(files.has("res_t1")).toBe(true);
});

it("cancelled while it is handed over: work that is accepted then is stopped at the provider", async () => {
  const cancelled: unknown[] = [];
  const outside = time.openWheel();
  await begin({
    submit: async ({ attemptId }) => {
      await sleep(outside, 2_000);
      return { accepted: { job: attemptId } };
    },
    cancel: async (ticket) => {
      cancelled.push(ticket);
      return "cancelled";
    },
  });
  await create("t1");
  await pass(1_000);
  await cancelTask(life.parts, await read("t1"));
  await pass(10_000);
  expect(cancelled).toHaveLength(1);
});

it("nothing is bought after the deadline, however long the provider asks us to wait", async () => {
  const times: number[] = [];
  const refused = new ReelayError("provider_busy", "later");
  await begin({
    submit: async () => {
      times.push(time.now() - START);
      return { refused, again: { afterMs: 10 * DEADLINE_MS } };
    },
  });
  await create("t1");
  await pass(2 * DEADLINE_MS);
  expect((await read("t1")).state).toBe("failed");
  await pass(20 * DEADLINE_MS);
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
  await begin(about);
  for (const id of ["t1", "t2"]) await create(id);
  await create("urgent", URGENT);
  await pass(5_000);
  // The urgent one is next, and is handed over; the one that waits is older.
  await cancelTask(life.parts, await read("t1"));
  await pass(5_000);
  inHand.delete([...inHand][0] ?? "");
  life.kill();
  await begin(about);
  await pass(5_000);
  expect(inHand.size).toBe(1);
});

// wiring/tasks.ts: the queue's limit of a provider that is not there is 0, so its tasks wait for ever, with their holds.
it("a task whose provider is gone after a restart ends", async () => {
  await begin({ check: async () => PENDING });
  await create("t1");
  await pass(5_000);
  life.kill();
  await begin({ id: "other" });
  await pass(2 * DEADLINE_MS);
  expect((await read("t1")).error?.code).toBe("no_route");
});

it("a task that fails by our fault after it was handed over may be billed, and says so", async () => {
  await begin({ check: async () => PENDING });
  await create("t1");
  await pass(5_000);
  life.kill();
  await begin(
    { check: async () => PENDING },
    { instead: { catalog: { models: new Map(), operators: new Set() } } },
  );
  await pass(5_000);
  expect((await read("t1")).error?.code).toBe("no_route");
  expect((await read("t1")).billing.state).toBe("unknown");
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
  await begin({}, { instead: hiccup(2) });
  await create("t1");
  await pass(60_000);
  expect((await read("t1")).state).toBe("completed");
});

it("a result whose host is away for a moment is not lost", async () => {
  await begin({}, { instead: hiccup(3) });
  await create("t1");
  await pass(60_000);
  expect((await read("t1")).state).toBe("completed");
});

it("a result that breaks off half-way is fetched again", async () => {
  let tries = 0;
  const fetchResult = async (): Promise<AsyncIterable<Uint8Array>> =>
    (async function* () {
      yield Buffer.from("half");
      if (++tries === 1) throw new Error("reset");
    })();
  await begin({}, { instead: { fetchResult } });
  await create("t1");
  await pass(60_000);
  expect((await read("t1")).state).toBe("completed");
});

it("two rounds that find the same late video at once keep it", async () => {
  let ready = false;
  await begin({ check: async () => (ready ? DONE : PENDING) });
  await create("t1");
  await pass(2 * DEADLINE_MS);
  expect((await read("t1")).error?.code).toBe("deadline_exceeded");
  ready = true;
  const signal = new AbortController().signal;
  const workflow = life.parts as unknown as WorkflowParts;
  await Promise.all([lookForLate(workflow, signal), lookForLate(workflow, signal)]);
  expect(await store.listResults("t1")).toHaveLength(1);
  expect(files.has("late_t1")).toBe(true);
});

it("a video that comes late is put beside the failure, which stays one, and is not charged", async () => {
  let ready = false;
  await begin({ check: async () => (ready ? DONE : PENDING) });
  await create("t1");
  await pass(2 * DEADLINE_MS);
  ready = true;
  await pass(120_000);
  expect(await read("t1")).toMatchObject({ state: "failed", billing: { state: "unknown", amount: 0 } });
  expect(await store.listResults("t1")).toMatchObject([{ id: "late_t1", meta: { late: true } }]);
  expect([files.has("late_t1"), await store.checkLedger()]).toEqual([true, []]);
});

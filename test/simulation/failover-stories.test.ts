/** What happens between a failure and the next attempt, told one by one. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { ReelayError } from "../../src/core/errors.ts";
import type { Progress, Provider } from "../../src/core/provider.ts";
import { workShape } from "../../src/tasks/estimate.ts";
import { MODEL } from "./model.ts";
import { DEADLINE_MS, DONE, openStage, PENDING, START, type Stage } from "./stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const FAILED: Progress = { state: "failed", error: new ReelayError("provider_busy", "No machine was free.") };

// tasks/resume.ts: whatever had begun counted as under way, also what stood in the next provider's queue.
it("after a restart what waits for its second provider still waits, and that one has no more than it takes", async () => {
  const atSecond = new Set<string>();
  const providers: readonly Partial<Provider>[] = [
    { concurrency: 3, check: async () => FAILED },
    {
      check: async () => PENDING,
      submit: async ({ attemptId }) => {
        atSecond.add(attemptId);
        return { accepted: { job: attemptId } };
      },
    },
  ];
  await stage.begin(providers);
  for (const id of ["t1", "t2", "t3"]) await stage.create(id);
  await stage.pass(10_000);
  expect(atSecond.size).toBe(1);
  for (const id of ["t1", "t2", "t3"]) expect((await stage.read(id)).provider).toBe("upstream-2");
  stage.life.kill();
  await stage.begin(providers);
  await stage.pass(10_000);
  expect(atSecond.size).toBe(1);
});

// tasks/route.ts: it did not see the turns, so the first in rank held back what the second could have done at once.
it("a provider of few submits a minute gets as many, and the next in rank the others", async () => {
  await stage.begin([{ concurrency: 10 }, { concurrency: 10 }], {
    supply: { submitsPerMinute: new Map([["upstream", 2]]) },
  });
  for (const id of ["t1", "t2", "t3", "t4"]) await stage.create(id);
  await stage.pass(10_000);
  const tasks = await Promise.all(["t1", "t2", "t3", "t4"].map((id) => stage.read(id)));
  expect(tasks.map(({ state }) => state)).toEqual(["completed", "completed", "completed", "completed"]);
  expect(tasks.map(({ provider }) => provider)).toEqual([
    ...["upstream", "upstream-2", "upstream-2", "upstream-2"],
  ]);
  await stage.pass(30_000);
  await stage.create("t5");
  await stage.pass(10_000);
  expect(await stage.read("t5")).toMatchObject({ state: "completed", provider: "upstream" });
});

// tasks/workflow.ts: what the first had spent on the work, and the time in line, was learned as the second's slowness.
it("the second provider's time counts from when it got the work", async () => {
  const handedOver = new Map<string, number>();
  await stage.begin([
    {
      concurrency: 2,
      check: async () => (stage.time.now() < START + 60_000 ? PENDING : FAILED),
    },
    {
      submit: async ({ attemptId }) => {
        handedOver.set(attemptId, stage.time.now());
        return { accepted: { job: attemptId } };
      },
      check: async (ticket) => {
        const since = handedOver.get((ticket as { job: string }).job) ?? 0;
        return stage.time.now() < since + 10_000 ? PENDING : DONE;
      },
    },
  ]);
  for (const id of ["t1", "t2"]) await stage.create(id);
  await stage.pass(DEADLINE_MS);
  const [first, second] = await Promise.all([stage.read("t1"), stage.read("t2")]);
  for (const task of [first, second]) expect(task).toMatchObject({ state: "completed" });
  // One after the other, so the second had waited for its place, too.
  expect(Math.abs(Number(first.finishedAt) - Number(second.finishedAt))).toBeGreaterThanOrEqual(10_000);
  const timing = await stage.store.readTiming(
    workShape(MODEL, first.input, { id: "upstream-2" } as Provider),
  );
  expect(timing?.count).toBe(2);
  expect(timing?.seconds).toBeGreaterThanOrEqual(10);
  expect(timing?.seconds).toBeLessThan(15);
});

// tasks/place.ts: it waited for its turn to be handed over until long after its deadline, and took the turn of another.
it("a turn that comes after the deadline is not waited for, and is left to those who still have time", async () => {
  const handedOver: number[] = [];
  await stage.begin(
    {
      concurrency: 10,
      submit: async ({ attemptId }) => {
        handedOver.push(stage.time.now() - START);
        return { accepted: { job: attemptId } };
      },
    },
    { supply: { submitsPerMinute: new Map([["upstream", 1]]) } },
  );
  for (const id of ["t1", "t2", "t3", "t4", "t5"]) await stage.create(id);
  await stage.pass(DEADLINE_MS + 1_000);
  for (const id of ["t3", "t4", "t5"])
    expect((await stage.read(id)).error).toMatchObject({ code: "deadline_exceeded" });
  await stage.create("t6");
  await stage.pass(10_000);
  expect((await stage.read("t6")).state).toBe("completed");
  expect(handedOver).toHaveLength(3);
});

// engine/engine.ts: in the second provider's queue nobody looked at its deadline, and that queue may be long.
it.each([
  ["", false],
  [", also after a restart", true],
])("what waits for its second provider ends at its deadline%s", async (_, restarts) => {
  let first: string | undefined;
  const providers: readonly Partial<Provider>[] = [
    {
      concurrency: 2,
      submit: async ({ attemptId }) => {
        first ??= attemptId;
        return { accepted: { job: attemptId } };
      },
      check: async (ticket) => {
        const early = stage.time.now() < START + DEADLINE_MS / 2;
        return early && (ticket as { job: string }).job === first ? PENDING : FAILED;
      },
    },
    { check: async () => PENDING },
  ];
  await stage.begin(providers);
  await stage.create("t1");
  await stage.pass(DEADLINE_MS / 4);
  await stage.create("t2");
  await stage.pass(DEADLINE_MS / 2);
  for (const id of ["t1", "t2"]) expect((await stage.read(id)).provider).toBe("upstream-2");
  if (restarts) {
    stage.life.kill();
    await stage.begin(providers);
  }
  await stage.pass(DEADLINE_MS / 4 + 1_000);
  expect((await stage.read("t1")).error?.code).toBe("deadline_exceeded");
  expect((await stage.read("t2")).finishedAt).toBeNull();
});

/** What happens between a failure and the next attempt, told one by one. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { ReelayError } from "../../src/core/errors.ts";
import type { Progress, Provider } from "../../src/core/provider.ts";
import { DEADLINE_MS, openStage, PENDING, START, type Stage } from "./stage.ts";

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

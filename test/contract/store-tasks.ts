import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import type { Store } from "../../src/core/store.ts";
import {
  cancelled,
  completed,
  completedIn,
  failed,
  idsOf,
  NOW,
  newFile,
  newResult,
  newTask,
} from "./store-samples.ts";

export function describeTasks(store: () => Store, reopen: () => Promise<void>): void {
  describe("tasks", () => {
    it("gives a new task back as pending, also after reopening", async () => {
      const { hold, account, ...task } = newTask("task_1", { callbackUrl: "https://example.com/hook?a=ü" });
      expect(await store().createTask({ ...task, hold, account })).toEqual({ created: true });
      const pending = {
        ...task,
        state: "pending",
        startedAt: null,
        finishedAt: null,
        progress: 0,
        error: null,
        notes: [],
        billing: { state: "free", amount: 0 },
        test: null,
        memo: null,
        version: 1,
      };
      expect(await store().readTask("task_1")).toEqual(pending);
      await reopen();
      expect(await store().readTask("task_1")).toEqual(pending);
    });

    it("keeps what a test key's task is to go through, and tells an empty plan from none", async () => {
      await store().createTask(newTask("task_1", { test: {} }));
      await store().createTask(newTask("task_2", { test: { fail: "content_refused", after: 2 } }));
      await reopen();
      expect((await store().readTask("task_1"))?.test).toEqual({});
      expect((await store().readTask("task_2"))?.test).toEqual({ fail: "content_refused", after: 2 });
    });

    it("keeps what a dialect wants to find with its task again, also after it has ended", async () => {
      const memo = { webhook: { url: "https://example.com/ü", test_mode: { enabled: true } }, nothing: null };
      await store().createTask(newTask("task_1", { memo }));
      await store().finishTask("task_1", failed);
      await reopen();
      expect((await store().readTask("task_1"))?.memo).toEqual(memo);
    });

    it("moves an open task to another provider, and an ended one nowhere", async () => {
      await store().createTask(newTask("task_1"));
      await store().moveTask("task_1", "another");
      await reopen();
      expect((await store().readTask("task_1"))?.provider).toBe("another");
      expect(await store().listOpenTasks()).toMatchObject([{ id: "task_1", provider: "another" }]);
      await store().finishTask("task_1", failed);
      await store().moveTask("task_1", "a-third");
      expect((await store().readTask("task_1"))?.provider).toBe("another");
    });

    it("remembers each provider's health, the last word only, also after reopening", async () => {
      await store().saveHealth("fal", { successes: 1 });
      await store().saveHealth("other", null);
      await store().saveHealth("fal", { successes: 2, text: "ü" });
      await reopen();
      expect(await store().listHealth()).toEqual(
        new Map<string, unknown>([
          ["fal", { successes: 2, text: "ü" }],
          ["other", null],
        ]),
      );
    });

    it("knows nothing of a task that was never created", async () => {
      expect(await store().readTask("task_1")).toBeUndefined();
      expect(await store().listResults("task_1")).toEqual([]);
      expect(await store().readSteps("task_1")).toEqual(new Map());
      expect(await store().finishTask("task_1", failed)).toBe(false);
    });

    it("keeps every input value as it was", async () => {
      const input: JsonObject = {
        text: "Füchse 🦊 \u202E \u0000 \n \" \\ ' ; -- 漢字",
        big: Number.MAX_SAFE_INTEGER,
        huge: 1.7976931348623157e308,
        small: 5e-324,
        third: 1 / 3,
        negative: -(2 ** 53) + 1,
        nested: { nothing: null, list: [null, [], {}, [null, { deep: null }]], "": false },
        "key with 'quotes' and $.path": 0,
      };
      await store().createTask(newTask("task_1", { input }));
      await store().createTask(newTask("task_2", { input: JSON.parse('{"__proto__": {"a": 1}}') }));
      await reopen();
      expect((await store().readTask("task_1"))?.input).toEqual(input);
      expect(JSON.stringify((await store().readTask("task_2"))?.input)).toBe('{"__proto__":{"a":1}}');
    });

    it("rejects an id that is taken without hurting the writes beside it", async () => {
      const outcomes = await Promise.allSettled([
        store().createTask(newTask("task_1")),
        store().createTask(newTask("task_1", { model: "impostor" })),
        store().createTask(newTask("task_2")),
        store().saveStep("task_1", "kept", 1),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual([
        "fulfilled",
        "rejected",
        "fulfilled",
        "fulfilled",
      ]);
      expect((await store().readTask("task_1"))?.model).toBe("some-model");
      expect((await store().readTask("task_2"))?.state).toBe("pending");
      expect(await store().readSteps("task_1")).toEqual(new Map([["kept", 1]]));
    });

    it("has each of 1,000 tasks created at once after reopening", async () => {
      const ids = Array.from({ length: 1000 }, (_, index) => `task_${String(index).padStart(4, "0")}`);
      await Promise.all(
        ids.map((id, index) => store().createTask(newTask(id, { createdAt: NOW + index, input: { index } }))),
      );
      await reopen();
      const read = await Promise.all(ids.map((id) => store().readTask(id)));
      expect(read.map((task) => task?.input)).toEqual(ids.map((_, index) => ({ index })));
      expect(idsOf(await store().listOpenTasks())).toEqual(ids);
    });

    it("keeps the order in which writes of one turn were asked for", async () => {
      const outcomes = await Promise.all([
        store().createTask(newTask("task_1")),
        store().startTask("task_1", NOW + 1),
        store().saveStep("task_1", "step", "first"),
        store().saveStep("task_1", "step", "second"),
        store().finishTask("task_1", failed),
        store().saveStep("task_1", "step", "too late"),
      ]);
      expect(outcomes[4]).toBe(true);
      expect(await store().readTask("task_1")).toMatchObject({ state: "failed", startedAt: NOW + 1 });
      expect(await store().readSteps("task_1")).toEqual(new Map([["step", "second"]]));
    });

    it("lists open tasks oldest first and leaves out the ended ones", async () => {
      await store().createTask(newTask("task_c", { createdAt: NOW + 1 }));
      await store().createTask(newTask("task_a", { createdAt: NOW + 3 }));
      await store().createTask(newTask("task_b", { createdAt: NOW + 2 }));
      await store().createTask(newTask("task_d", { createdAt: NOW }));
      await store().startTask("task_a", NOW + 5);
      await store().finishTask("task_b", failed);
      const [first, ...others] = await store().listOpenTasks();
      expect(first).toEqual({ id: "task_d", keyId: "key_1", provider: "some-provider", begun: false });
      expect(idsOf(others)).toEqual(["task_c", "task_a"]);
      await store().saveStep("task_c", "inputs", {});
      const begun = (await store().listOpenTasks()).filter((task) => task.begun);
      expect(idsOf(begun)).toEqual(["task_c"]);
    });

    it("has the inputs of one key's open tasks, and none of an ended one or of another key", async () => {
      await store().createTask(newTask("task_1", { input: { image_url: "one" } }));
      await store().createTask(newTask("task_2", { input: { image_url: "two" } }));
      await store().createTask(newTask("task_3", { input: { image_url: "three" }, keyId: "key_2" }));
      await store().finishTask("task_1", failed);
      expect((await store().listOpenInputs("key_1")).map((text) => JSON.parse(text))).toEqual([
        { image_url: "two" },
      ]);
    });

    it("starts a task once: a second start after a restart moves neither time nor version", async () => {
      await store().createTask(newTask("task_1"));
      await store().startTask("task_1", NOW + 5);
      await store().startTask("task_1", NOW + 500);
      const task = await store().readTask("task_1");
      expect(task).toMatchObject({ state: "processing", startedAt: NOW + 5, version: 2 });
    });

    it("does not start a task that has ended or that is not there", async () => {
      await store().createTask(newTask("task_1"));
      await store().finishTask("task_1", failed);
      await store().startTask("task_1", NOW + 99);
      await store().startTask("task_2", NOW + 99);
      expect(await store().readTask("task_1")).toMatchObject({ state: "failed", startedAt: null });
      expect(await store().readTask("task_2")).toBeUndefined();
    });
  });
}

export function describeEnding(store: () => Store, reopen: () => Promise<void>): void {
  describe("the end of a task", () => {
    it("writes state, results in their order, notes and timing together", async () => {
      await store().createTask(newTask("task_1"));
      const results = [newResult("file_b", "task_1"), newResult("file_a", "task_1")];
      expect(await store().finishTask("task_1", completedIn(12.5, results))).toBe(true);
      await reopen();
      expect(await store().readTask("task_1")).toMatchObject({
        state: "completed",
        finishedAt: NOW + 9000,
        error: null,
        notes: [{ field: "seed", message: "not supported" }],
      });
      expect(await store().listResults("task_1")).toEqual(results);
      expect(await store().readTiming("some-shape")).toEqual({ count: 1, seconds: 12.5 });
    });

    it("keeps the error of a failed or cancelled task", async () => {
      await store().createTask(newTask("task_1"));
      await store().createTask(newTask("task_2"));
      await store().finishTask("task_1", failed);
      await store().finishTask("task_2", cancelled);
      expect(await store().readTask("task_1")).toMatchObject({
        state: "failed",
        error: { code: "provider_failed", message: "no", field: "prompt" },
      });
      expect(await store().readTask("task_2")).toMatchObject({
        state: "cancelled",
        finishedAt: NOW,
        progress: 7,
        error: { code: "cancelled", message: "cancelled by the caller" },
      });
    });

    it("is final: a later success writes neither state nor results nor timing", async () => {
      await store().createTask(newTask("task_1"));
      await store().finishTask("task_1", failed);
      const before = await store().readTask("task_1");
      expect(await store().finishTask("task_1", completedIn(3, [newResult("file_1", "task_1")]))).toBe(false);
      expect(await store().readTask("task_1")).toEqual(before);
      expect(await store().listResults("task_1")).toEqual([]);
      expect(await store().readFile("file_1")).toBeUndefined();
      expect(await store().readTiming("some-shape")).toBeUndefined();
    });

    it("is final: a later failure does not take back a success", async () => {
      await store().createTask(newTask("task_1"));
      const [first, second] = await Promise.all([
        store().finishTask("task_1", completed([newResult("file_1", "task_1")])),
        store().finishTask("task_1", failed),
      ]);
      expect([first, second]).toEqual([true, false]);
      expect(await store().readTask("task_1")).toMatchObject({ state: "completed", error: null });
      expect(idsOf(await store().listResults("task_1"))).toEqual(["file_1"]);
    });

    it("stays open, with nothing written, where a result cannot be written", async () => {
      await store().addFile(newFile("file_taken"));
      await store().createTask(newTask("task_1"));
      const results = [newResult("file_new", "task_1"), newResult("file_taken", "task_1")];
      const [finish, beside] = await Promise.allSettled([
        store().finishTask("task_1", completedIn(3, results)),
        store().createTask(newTask("task_2")),
      ]);
      expect([finish.status, beside.status]).toEqual(["rejected", "fulfilled"]);
      expect(await store().readTask("task_1")).toMatchObject({ state: "pending", finishedAt: null });
      expect(await store().readFile("file_new")).toBeUndefined();
      expect(await store().readTiming("some-shape")).toBeUndefined();
      expect(idsOf(await store().listOpenTasks())).toContain("task_2");
    });
  });
}

export function describeSteps(store: () => Store): void {
  describe("steps", () => {
    it("keeps a finished step whose value is null apart from one that never finished", async () => {
      await store().createTask(newTask("task_1"));
      await store().saveStep("task_1", "nothing", null);
      await store().saveStep("task_1", "ticket", { id: "ü", parts: [1, null] });
      const steps = await store().readSteps("task_1");
      expect(steps.has("nothing")).toBe(true);
      expect(steps.has("missing")).toBe(false);
      expect(steps).toEqual(
        new Map<string, unknown>([
          ["nothing", null],
          ["ticket", { id: "ü", parts: [1, null] }],
        ]),
      );
    });

    it("replaces a step of the same name, in its own task only", async () => {
      await store().createTask(newTask("task_1"));
      await store().createTask(newTask("task_2"));
      await store().saveStep("task_1", "submit", "intent");
      await store().saveStep("task_2", "submit", "other");
      await store().saveStep("task_1", "submit", "ticket");
      expect(await store().readSteps("task_1")).toEqual(new Map([["submit", "ticket"]]));
      expect(await store().readSteps("task_2")).toEqual(new Map([["submit", "other"]]));
    });

    it("ignores a step of a task that has ended or that is not there", async () => {
      await store().createTask(newTask("task_1"));
      await store().saveStep("task_1", "submit", "ticket");
      await store().finishTask("task_1", failed);
      await store().saveStep("task_1", "submit", "late");
      await store().saveStep("task_1", "collect", "late");
      await store().saveStep("task_2", "submit", "late");
      expect(await store().readSteps("task_1")).toEqual(new Map([["submit", "ticket"]]));
      expect(await store().readSteps("task_2")).toEqual(new Map());
    });
  });
}

export function describeTimings(store: () => Store): void {
  describe("timings", () => {
    const finishIn = async (id: string, seconds: number): Promise<void> => {
      await store().createTask(newTask(id));
      await store().finishTask(id, completedIn(seconds));
    };

    it("has the mean of the first tasks", async () => {
      for (const [index, seconds] of [10, 20, 60].entries()) await finishIn(`task_${index}`, seconds);
      const timing = await store().readTiming("some-shape");
      expect(timing?.count).toBe(3);
      expect(timing?.seconds).toBeCloseTo(30, 9);
      expect(await store().readTiming("another-shape")).toBeUndefined();
    });

    it("follows a provider that became faster after many slow tasks", async () => {
      for (let index = 0; index < 200; index++) await finishIn(`slow_${index}`, 100);
      for (let index = 0; index < 100; index++) await finishIn(`fast_${index}`, 10);
      const timing = await store().readTiming("some-shape");
      expect(timing?.count).toBe(20);
      expect(timing?.seconds).toBeGreaterThan(10);
      expect(timing?.seconds).toBeLessThan(11);
    });
  });
}

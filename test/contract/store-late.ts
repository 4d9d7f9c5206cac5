import { describe, expect, it } from "vitest";
import type { Outcome, Store } from "../../src/core/store.ts";
import { cancelled, completed, failed, idsOf, NOW, newFile, newResult, newTask } from "./store-samples.ts";

const late = { ...failed, lateUntil: NOW + 20_000 };

export function describeLate(store: () => Store): void {
  describe("a late result", () => {
    const fail = async (id: string, outcome: Outcome = late, createdAt = NOW): Promise<void> => {
      await store().createTask(newTask(id, { hold: 400, createdAt }));
      await store().finishTask(id, outcome);
    };

    it("is added once, and is seen; state, error and money stay", async () => {
      await fail("task_1");
      const before = await store().readTask("task_1");
      const [first, second] = await Promise.all([
        store().addLateResults("task_1", [newResult("file_1", "task_1")]),
        store().addLateResults("task_1", [newResult("file_2", "task_1")]),
      ]);
      expect([first, second]).toEqual([true, false]);
      expect(await store().readTask("task_1")).toEqual({ ...before, version: 3 });
      expect(await store().listResults("task_1")).toEqual([newResult("file_1", "task_1")]);
      expect(await store().readFile("file_2")).toBeUndefined();
      expect(await store().readBalance("key_1")).toEqual({ granted: null, held: 0, spent: 0 });
      expect(await store().checkLedger()).toEqual([]);
      expect(await store().listLateTasks(NOW)).toEqual([]);
    });

    it("is not added again after the first one's file was removed", async () => {
      await fail("task_1");
      await store().addLateResults("task_1", [newResult("file_1", "task_1")]);
      await store().removeFile("file_1");
      expect(await store().addLateResults("task_1", [newResult("file_2", "task_1")])).toBe(false);
    });

    it("is not lost where it comes although nobody waits for it any more", async () => {
      await fail("task_1", failed);
      await fail("task_2");
      await store().endLate("task_2");
      expect(await store().addLateResults("task_1", [newResult("file_1", "task_1")])).toBe(true);
      expect(await store().addLateResults("task_2", [newResult("file_2", "task_2")])).toBe(true);
    });

    it("is refused by a task that is open, completed, cancelled or not there", async () => {
      for (const id of ["task_open", "task_completed", "task_cancelled"]) {
        await store().createTask(newTask(id));
      }
      await store().finishTask("task_completed", completed([newResult("file_1", "task_completed")]));
      await store().finishTask("task_cancelled", cancelled);
      for (const id of ["task_open", "task_completed", "task_cancelled", "task_none"]) {
        expect(await store().addLateResults(id, [newResult("file_2", id)])).toBe(false);
      }
      expect(await store().readFile("file_2")).toBeUndefined();
    });

    it("may still come where its file could not be written", async () => {
      await store().addFile(newFile("file_taken"));
      await fail("task_1");
      await expect(store().addLateResults("task_1", [newResult("file_taken", "task_1")])).rejects.toThrow();
      expect(idsOf(await store().listLateTasks(NOW))).toEqual(["task_1"]);
      expect(await store().addLateResults("task_1", [newResult("file_1", "task_1")])).toBe(true);
    });

    it("is waited for in the tasks that say so, until their time, oldest first", async () => {
      await fail("task_b", late, NOW + 1);
      await fail("task_a", late, NOW + 2);
      await fail("task_over", { ...late, lateUntil: NOW + 10 });
      await fail("task_ended");
      await fail("task_plain", failed);
      await store().createTask(newTask("task_open"));
      await store().endLate("task_ended");
      expect(await store().listLateTasks(NOW + 10)).toEqual([
        { id: "task_b", keyId: "key_1", provider: "some-provider" },
        { id: "task_a", keyId: "key_1", provider: "some-provider" },
      ]);
      expect(await store().listLateTasks(NOW + 20_000)).toEqual([]);
    });
  });
}

export function describeRetention(store: () => Store): void {
  describe("retention", () => {
    const end = async (id: string, at: number): Promise<void> => {
      await store().createTask(newTask(id, { callbackUrl: "https://example.com", hold: 400 }));
      await store().saveStep(id, "submit", 1);
      await store().finishTask(id, completed([], { at, charge: 300, deliveryId: `delivery of ${id}` }));
    };

    it("lists tasks by when they ended, oldest first, no more than asked for, and no open one", async () => {
      await store().createTask(newTask("task_open", { createdAt: 1 }));
      await end("task_b", NOW + 2);
      await end("task_a", NOW + 1);
      await end("task_young", NOW + 3);
      expect(await store().listEndedTasks(NOW + 3, 10)).toEqual(["task_a", "task_b"]);
      expect(await store().listEndedTasks(NOW + 3, 1)).toEqual(["task_a"]);
    });

    it("removes a task with all that hangs on it, keeps its entries, and leaves the others alone", async () => {
      await end("task_1", NOW);
      await end("task_2", NOW);
      const tried = { at: NOW, ms: 5, status: 200, detail: "" };
      for (const id of ["task_1", "task_2"]) {
        await store().addTry(`delivery of ${id}`, tried, { state: "delivered", dueAt: null });
      }
      await store().removeTask("task_1");
      await store().removeTask("task_1");
      expect(await store().readTask("task_1")).toBeUndefined();
      expect(await store().readSteps("task_1")).toEqual(new Map());
      expect(await store().readDelivery("delivery of task_1")).toBeUndefined();
      expect(await store().listTries("delivery of task_1")).toEqual([]);
      expect(await store().listEndedTasks(NOW + 1, 10)).toEqual(["task_2"]);
      expect(await store().listLedger({ taskId: "task_1" })).toHaveLength(3);
      expect(await store().readBalance("key_1")).toEqual({ granted: null, held: 0, spent: 600 });
      expect(await store().readSteps("task_2")).toEqual(new Map([["submit", 1]]));
      expect(await store().listTries("delivery of task_2")).toEqual([tried]);
      expect(await store().checkLedger()).toEqual([]);
    });

    it("removes no open task, whose hold would stay for ever, and none that still has files", async () => {
      await store().createTask(newTask("task_open", { hold: 400 }));
      await end("task_files", NOW);
      await store().addFile(newFile("file_1", { role: "input", taskId: "task_files" }));
      await expect(store().removeTask("task_open")).rejects.toThrow("it is open");
      expect(await store().removeTask("task_files")).toBe(false);
      expect(await store().readTask("task_open")).toBeDefined();
      expect(await store().readSteps("task_files")).toEqual(new Map([["submit", 1]]));
      await store().removeFile("file_1");
      expect(await store().removeTask("task_files")).toBe(true);
      expect(await store().readTask("task_files")).toBeUndefined();
    });
  });
}

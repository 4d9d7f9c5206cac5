import { describe, expect, it } from "vitest";
import type { NewTask, Store } from "../../src/core/store.ts";
import { failed, idsOf, NOW, newTask } from "./store-samples.ts";

const asked = (id: string, key: string, change: Partial<NewTask> = {}, fingerprint = "aa"): NewTask =>
  newTask(id, { idempotency: { key, fingerprint }, ...change });

export function describeIdempotency(store: () => Store, reopen: () => Promise<void>): void {
  describe("idempotency", () => {
    it("makes one task of 50 creates at once with one key, and holds once", async () => {
      const creates = Array.from({ length: 50 }, (_, n) => asked(`task_${n}`, "same", { hold: 400 }));
      const made = await Promise.all(creates.map((task) => store().createTask(task)));
      expect(made[0]).toEqual({ created: true });
      expect(made.slice(1)).toEqual(Array(49).fill({ replayed: "task_0" }));
      expect(idsOf(await store().listOpenTasks())).toEqual(["task_0"]);
      expect(await store().readBalance("key_1")).toEqual({ granted: null, held: 400, spent: 0 });
      expect(await store().listLedger({ keyId: "key_1" })).toHaveLength(1);
    });

    it("tells what a key made before without making anything, and refuses it for other work", async () => {
      expect(await store().findReplay("key_1", { key: "same", fingerprint: "aa" })).toBeUndefined();
      await store().createTask(asked("task_1", "same"));
      expect(await store().findReplay("key_1", { key: "same", fingerprint: "aa" })).toBe("task_1");
      expect(await store().findReplay("key_2", { key: "same", fingerprint: "aa" })).toBeUndefined();
      const other = store().findReplay("key_1", { key: "same", fingerprint: "bb" });
      await expect(other).rejects.toMatchObject({ code: "idempotency_mismatch" });
    });

    it("replays after reopening, after the end, and to a key that has nothing left", async () => {
      await store().grant("key_1", 400, NOW);
      await store().createTask(asked("task_1", "same", { hold: 400 }));
      await reopen();
      expect(await store().createTask(asked("task_2", "same", { hold: 400 }))).toEqual({
        replayed: "task_1",
      });
      await store().finishTask("task_1", failed);
      expect(await store().createTask(asked("task_3", "same", { hold: 400 }))).toEqual({
        replayed: "task_1",
      });
      expect(await store().readTask("task_3")).toBeUndefined();
    });

    it("refuses another request under the same key, before it looks at the balance", async () => {
      await store().grant("key_1", 0, NOW);
      await store().createTask(asked("task_1", "same"));
      const other = store().createTask(asked("task_2", "same", { hold: 400 }, "bb"));
      await expect(other).rejects.toMatchObject({
        code: "idempotency_mismatch",
        message: expect.stringMatching(/"same".*task_1.*with a new key/),
      });
      expect(await store().readTask("task_2")).toBeUndefined();
      expect(await store().createTask(asked("task_3", "same"))).toEqual({ replayed: "task_1" });
    });

    it("keeps the names that two clients chose apart", async () => {
      expect(await store().createTask(asked("task_1", "same"))).toEqual({ created: true });
      expect(await store().createTask(asked("task_2", "same", { keyId: "key_2" }, "bb"))).toEqual({
        created: true,
      });
      expect(await store().createTask(asked("task_3", "Same"))).toEqual({ created: true });
    });

    it("remembers nothing of a create that was refused or failed", async () => {
      await store().grant("key_1", 100, NOW);
      await store().createTask(newTask("task_taken"));
      await expect(store().createTask(asked("task_1", "poor", { hold: 400 }))).rejects.toThrow("credits");
      await expect(store().createTask(asked("task_taken", "taken"))).rejects.toThrow();
      await store().grant("key_1", 300, NOW);
      expect(await store().createTask(asked("task_1", "poor", { hold: 400 }))).toEqual({ created: true });
      expect(await store().createTask(asked("task_2", "taken"))).toEqual({ created: true });
    });

    it("is forgotten by age, and with its task", async () => {
      await store().createTask(asked("task_old", "old", { createdAt: NOW - 1 }));
      await store().createTask(asked("task_young", "young", { createdAt: NOW }));
      await store().createTask(asked("task_gone", "gone", { createdAt: NOW }));
      await store().finishTask("task_gone", failed);
      await store().removeTask("task_gone");
      await store().forgetIdempotency(NOW);
      expect(await store().createTask(asked("task_2", "old", {}, "bb"))).toEqual({ created: true });
      expect(await store().createTask(asked("task_3", "young"))).toEqual({ replayed: "task_young" });
      expect(await store().createTask(asked("task_4", "gone"))).toEqual({ created: true });
    });
  });
}

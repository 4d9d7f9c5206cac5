import { describe, expect, it } from "vitest";
import type { Store, TaskFilter } from "../../src/core/store.ts";
import { completed, failed, idsOf, NOW, newTask } from "./store-samples.ts";

const MINE: TaskFilter = { keyId: "key_1", dialect: "reelay", limit: 10 };

export function describeLists(store: () => Store): void {
  describe("the list of a key's tasks", () => {
    const listed = async (filter: Partial<TaskFilter> = {}): Promise<readonly string[]> =>
      idsOf(await store().listTasks({ ...MINE, ...filter }));
    const create = async (...ids: readonly string[]): Promise<void> => {
      for (const [index, id] of ids.entries()) {
        await store().createTask(newTask(id, { createdAt: NOW + index }));
      }
    };

    it("is newest first, whole tasks, no more than asked for", async () => {
      await create("task_c", "task_a", "task_b");
      expect(await listed()).toEqual(["task_b", "task_a", "task_c"]);
      expect(await listed({ limit: 2 })).toEqual(["task_b", "task_a"]);
      const [newest] = await store().listTasks(MINE);
      expect(newest).toEqual(await store().readTask("task_b"));
    });

    it("shows nothing of another key or another dialect", async () => {
      await create("task_1");
      await store().createTask(newTask("task_2", { keyId: "key_2" }));
      await store().createTask(newTask("task_3", { dialect: "another" }));
      expect(await listed()).toEqual(["task_1"]);
      expect(await listed({ keyId: "key_2" })).toEqual(["task_2"]);
      expect(await listed({ dialect: "another" })).toEqual(["task_3"]);
      expect(await listed({ keyId: "key_3" })).toEqual([]);
    });

    it("filters by state and by model", async () => {
      await create("task_1", "task_2", "task_3", "task_4");
      await store().createTask(newTask("task_5", { model: "another", createdAt: NOW + 9 }));
      await store().startTask("task_2", NOW);
      await store().finishTask("task_3", failed);
      await store().finishTask("task_4", completed());
      expect(await listed({ states: ["pending"] })).toEqual(["task_5", "task_1"]);
      expect(await listed({ states: ["pending", "processing"] })).toEqual(["task_5", "task_2", "task_1"]);
      expect(await listed({ states: ["failed", "completed"] })).toEqual(["task_4", "task_3"]);
      expect(await listed({ states: ["processing", "failed"] })).toEqual(["task_3", "task_2"]);
      expect(await listed({ states: [] })).toEqual([]);
      expect(await listed({ model: "another" })).toEqual(["task_5"]);
      expect(await listed({ model: "another", states: ["failed"] })).toEqual([]);
    });

    it("is walked page by page without a gap or a repeat while new tasks come in, all of one millisecond", async () => {
      const ids = Array.from({ length: 25 }, (_, index) => `task_${index}`);
      await Promise.all(ids.map((id) => store().createTask(newTask(id))));
      for (const states of [undefined, ["pending"]] as const) {
        const seen: string[] = [];
        for (let before: string | undefined, page = 0; page < 10; page++) {
          const filter = { limit: 4, ...(states && { states }), ...(before !== undefined && { before }) };
          const next = await listed(filter);
          seen.push(...next);
          before = next.at(-1) ?? before;
          await store().createTask(newTask(`new_${states}_${page}`, { createdAt: NOW + 1 }));
        }
        const old = seen.filter((id) => id.startsWith("task_"));
        expect(new Set(old).size).toBe(old.length);
        expect(old.toSorted()).toEqual(ids.toSorted());
      }
    });

    it("is empty before a task of another key or one that is not there", async () => {
      await store().createTask(newTask("task_other", { keyId: "key_2", createdAt: NOW + 5 }));
      await create("task_1");
      expect(await listed({ before: "task_other" })).toEqual([]);
      expect(await listed({ before: "task_none" })).toEqual([]);
    });
  });
}

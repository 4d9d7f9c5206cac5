import { describe, expect, it } from "vitest";
import { newId } from "../../src/core/ids.ts";
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

    it("is oldest first where that is asked for, with the same filters and pages", async () => {
      await create("task_c", "task_a", "task_b");
      await store().startTask("task_a", NOW);
      expect(await listed({ order: "newest" })).toEqual(["task_b", "task_a", "task_c"]);
      expect(await listed({ order: "oldest" })).toEqual(["task_c", "task_a", "task_b"]);
      expect(await listed({ order: "oldest", limit: 2 })).toEqual(["task_c", "task_a"]);
      expect(await listed({ order: "oldest", after: "task_a" })).toEqual(["task_b"]);
      expect(await listed({ order: "oldest", after: "task_b" })).toEqual([]);
      expect(await listed({ order: "oldest", states: ["pending"] })).toEqual(["task_c", "task_b"]);
    });

    it.each(["newest", "oldest"] as const)(
      "is walked page by page without a gap or a repeat, %s first, while tasks come in, all of one millisecond",
      async (order) => {
        const ids = Array.from({ length: 25 }, (_, index) => `task_${index}`);
        await Promise.all(ids.map((id) => store().createTask(newTask(id))));
        // Where nobody who walks would come by again.
        const createdAt = order === "newest" ? NOW + 1 : NOW - 1;
        for (const states of [undefined, ["pending"]] as const) {
          const seen: string[] = [];
          for (let after: string | undefined, page = 0; page < 10; page++) {
            const filter = {
              order,
              limit: 4,
              ...(states && { states }),
              ...(after !== undefined && { after }),
            };
            const next = await listed(filter);
            seen.push(...next);
            after = next.at(-1) ?? after;
            await store().createTask(newTask(`new_${states}_${page}`, { createdAt }));
          }
          const old = seen.filter((id) => id.startsWith("task_"));
          expect(new Set(old).size).toBe(old.length);
          expect(old.toSorted()).toEqual(ids.toSorted());
        }
      },
    );

    it.each(["newest", "oldest"] as const)(
      "goes on behind a task that is gone, %s first, where its id tells its time",
      async (order) => {
        const ids = Array.from({ length: 6 }, (_, index) => newId("video", NOW + index));
        await create(...ids);
        const walked = order === "newest" ? ids.toReversed() : ids;
        let gone: string | undefined;
        for (let rest = walked; rest.length > 0; rest = rest.slice(2)) {
          const page = await listed({ order, limit: 2, ...(gone !== undefined && { after: gone }) });
          expect(page).toEqual(rest.slice(0, 2));
          for (const id of page) {
            await store().finishTask(id, failed);
            await store().removeTask(id);
          }
          gone = page.at(-1);
        }
        expect(await listed({ order })).toEqual([]);
      },
    );

    it("is empty behind a task of another key or one that is not there", async () => {
      await store().createTask(newTask("task_other", { keyId: "key_2", createdAt: NOW + 5 }));
      await create("task_1");
      for (const order of ["newest", "oldest"] as const) {
        expect(await listed({ order, after: "task_other" })).toEqual([]);
        expect(await listed({ order, after: "task_none" })).toEqual([]);
      }
    });
  });
}

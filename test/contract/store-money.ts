import { describe, expect, it } from "vitest";
import { accountOwner } from "../../src/core/account.ts";
import { MICROS_PER_CREDIT } from "../../src/core/money.ts";
import type { NewTask, Outcome, Store } from "../../src/core/store.ts";
import { cancelled, completed, failed, idsOf, NOW, newFile, newResult, newTask } from "./store-samples.ts";

const CREDIT = MICROS_PER_CREDIT;

const NONE = { granted: null, held: 0, spent: 0 };

type Entries = readonly (readonly [string, number])[];
const entriesOf = async (
  store: Store,
  of: Parameters<Store["listLedger"]>[0] = { taskId: "task_1" },
): Promise<Entries> => (await store.listLedger(of)).map(({ kind, amount }) => [kind, amount] as const);

const HELD: Entries = [["hold", -400]];
const RELEASED: Entries = [...HELD, ["release", 400]];

export function describeMoney(store: () => Store): void {
  describe("money", () => {
    it("writes no entry for a free task, and nothing is held", async () => {
      await store().createTask(newTask("task_1"));
      await store().createTask(newTask("task_2"));
      await store().finishTask("task_1", completed());
      await store().finishTask("task_2", { ...failed, billing: "unknown" });
      for (const id of ["task_1", "task_2"]) {
        expect((await store().readTask(id))?.billing).toEqual({ state: "free", amount: 0 });
        expect(await store().listLedger({ taskId: id })).toEqual([]);
      }
      expect(await store().readBalance("key_1")).toEqual(NONE);
    });

    it("holds with the task, and an unlimited key too", async () => {
      await store().createTask(newTask("task_1", { hold: 400 }));
      expect((await store().readTask("task_1"))?.billing).toEqual({ state: "held", amount: 400 });
      expect(await entriesOf(store())).toEqual(HELD);
      expect(await store().readBalance("key_1")).toEqual({ granted: null, held: 400, spent: 0 });
      expect(await store().readBalance("key_2")).toEqual(NONE);
      expect(await store().checkLedger()).toEqual([]);
    });

    const ENDS: readonly (readonly [string, Outcome, object, Entries])[] = [
      [
        "charges what was delivered",
        completed([], { charge: 300 }),
        { state: "charged", amount: 300 },
        [...RELEASED, ["charge", -300]],
      ],
      [
        "charges the whole hold",
        completed([], { charge: 400 }),
        { state: "charged", amount: 400 },
        [...RELEASED, ["charge", -400]],
      ],
      ["releases all where nothing is charged", completed(), { state: "released", amount: 0 }, RELEASED],
      ["releases on failure", failed, { state: "released", amount: 0 }, RELEASED],
      ["releases on cancellation", cancelled, { state: "released", amount: 0 }, RELEASED],
      [
        "releases where the provider may have charged us",
        { ...failed, billing: "unknown" },
        { state: "unknown", amount: 0 },
        RELEASED,
      ],
    ];
    it.each(ENDS)("%s", async (_name, outcome, billing, entries) => {
      await store().createTask(newTask("task_1", { hold: 400 }));
      await store().finishTask("task_1", outcome);
      expect((await store().readTask("task_1"))?.billing).toEqual(billing);
      expect(await entriesOf(store())).toEqual(entries);
      const spent = outcome.state === "completed" ? outcome.charge : 0;
      expect(await store().readBalance("key_1")).toEqual({ granted: null, held: 0, spent });
      expect(await store().checkLedger()).toEqual([]);
    });

    it("is final: of two ends only the first settles", async () => {
      await store().createTask(newTask("task_1", { hold: 400 }));
      const ends = [completed([], { charge: 300 }), failed, completed([], { charge: 400 })];
      const wrote = await Promise.all(ends.map((outcome) => store().finishTask("task_1", outcome)));
      expect(wrote).toEqual([true, false, false]);
      expect(await entriesOf(store())).toEqual([...RELEASED, ["charge", -300]]);
      expect(await store().readBalance("key_1")).toEqual({ granted: null, held: 0, spent: 300 });
    });

    it("never charges more than was held: such an end is rejected whole", async () => {
      await store().createTask(newTask("task_1", { hold: 400 }));
      await expect(store().finishTask("task_1", completed([], { charge: 401 }))).rejects.toThrow();
      expect((await store().readTask("task_1"))?.billing).toEqual({ state: "held", amount: 400 });
      expect(await entriesOf(store())).toEqual(HELD);
    });

    it("neither settles nor counts the end of a task whose result cannot be written", async () => {
      await store().addFile(newFile("file_taken"));
      await store().createTask(newTask("task_1", { hold: 400 }));
      const end = completed([newResult("file_taken", "task_1")], { charge: 400 });
      await expect(store().finishTask("task_1", end)).rejects.toThrow();
      expect(await entriesOf(store())).toEqual(HELD);
      expect(await store().readBalance("key_1")).toEqual({ granted: null, held: 400, spent: 0 });
      expect(await store().checkLedger()).toEqual([]);
    });

    it("does not hold for a task whose id is taken", async () => {
      await store().createTask(newTask("task_1", { hold: 400 }));
      const [taken] = await Promise.allSettled([
        store().createTask(newTask("task_1", { hold: 5, keyId: "key_2" })),
        store().createTask(newTask("task_2", { hold: 100 })),
      ]);
      expect(taken.status).toBe("rejected");
      expect(await store().readBalance("key_2")).toEqual(NONE);
      expect(await store().readBalance("key_1")).toEqual({ granted: null, held: 500, spent: 0 });
      expect(await store().checkLedger()).toEqual([]);
    });
  });
}

export function describeLedger(store: () => Store, reopen: () => Promise<void>): void {
  describe("a limited key", () => {
    it("lets exactly 7 of 100 tasks at once through a balance for 7, and harms no write beside them", async () => {
      await store().grant("key_1", 7 * CREDIT + CREDIT / 2, NOW);
      const writes = Array.from({ length: 100 }, (_, n) => [
        store().createTask(newTask(`paid_${n}`, { hold: CREDIT })),
        store().createTask(newTask(`free_${n}`)),
        store().createTask(newTask(`other_${n}`, { hold: CREDIT, keyId: "key_2" })),
      ]);
      const settled = await Promise.all(writes.map((three) => Promise.allSettled(three)));
      const passed = (at: number): number =>
        settled.filter((three) => three[at]?.status === "fulfilled").length;
      expect([passed(0), passed(1), passed(2)]).toEqual([7, 100, 100]);
      await reopen();
      expect(await store().readBalance("key_1")).toEqual({
        granted: 7.5 * CREDIT,
        held: 7 * CREDIT,
        spent: 0,
      });
      expect((await store().listOpenTasks()).filter(({ id }) => id.startsWith("paid_"))).toHaveLength(7);
      expect(await store().checkLedger()).toEqual([]);
    });

    it("says what a refused task needs and what is left, in credits", async () => {
      await store().grant("key_1", 3.5 * CREDIT, NOW);
      await store().createTask(newTask("task_1", { hold: 2 * CREDIT }));
      await expect(store().createTask(newTask("task_2", { hold: 2.25 * CREDIT }))).rejects.toMatchObject({
        code: "insufficient_credits",
        message: "This request needs 2.25 credits, and 1.5 are available to this key.",
      });
      expect(await store().readTask("task_2")).toBeUndefined();
      expect(await store().listLedger({ taskId: "task_2" })).toEqual([]);
      await store().createTask(newTask("task_3", { hold: 1.5 * CREDIT }));
      await store().createTask(newTask("task_4"));
    });

    it("may spend again what was released, and not what was charged", async () => {
      await store().grant("key_1", 500, NOW);
      await store().createTask(newTask("task_1", { hold: 400 }));
      await store().finishTask("task_1", completed([], { charge: 100 }));
      await store().createTask(newTask("task_2", { hold: 400 }));
      const refused = store().createTask(newTask("task_3", { hold: 1 }));
      await expect(refused).rejects.toThrow("0 are available");
      await store().finishTask("task_2", failed);
      await store().createTask(newTask("task_3", { hold: 400 }));
      expect(await store().readBalance("key_1")).toEqual({ granted: 500, held: 400, spent: 100 });
    });

    it("is limited from its first grant on, which later ones add to or take from", async () => {
      await store().createTask(newTask("task_1", { hold: 999_999 }));
      await store().grant("key_1", 1_000_100, NOW + 1);
      await store().grant("key_1", -50, NOW + 2);
      await store().grant("key_2", 0, NOW + 3);
      expect(await store().readBalance("key_1")).toEqual({ granted: 1_000_050, held: 999_999, spent: 0 });
      await expect(store().createTask(newTask("task_2", { hold: 52 }))).rejects.toThrow("available");
      await store().createTask(newTask("task_2", { hold: 51 }));
      expect(await store().readBalance("key_2")).toEqual({ granted: 0, held: 0, spent: 0 });
      await expect(store().createTask(newTask("task_3", { hold: 1, keyId: "key_2" }))).rejects.toThrow();
      expect(await store().checkLedger()).toEqual([]);
    });

    it("has its entries listed in order, with when and for what, after reopening", async () => {
      await store().grant("key_1", 900, NOW);
      await store().createTask(newTask("task_1", { hold: 400, createdAt: NOW + 1 }));
      await store().createTask(newTask("task_2", { hold: 300, keyId: "key_2" }));
      await store().finishTask("task_1", completed([], { charge: 250, at: NOW + 2 }));
      await reopen();
      const entries = await store().listLedger({ keyId: "key_1" });
      const mine = { keyId: "key_1", account: "default" };
      expect(entries.map(({ seq: _, ...entry }) => entry)).toEqual([
        { at: NOW, keyId: "key_1", account: null, taskId: null, kind: "grant", amount: 900 },
        { at: NOW + 1, ...mine, taskId: "task_1", kind: "hold", amount: -400 },
        { at: NOW + 2, ...mine, taskId: "task_1", kind: "release", amount: 400 },
        { at: NOW + 2, ...mine, taskId: "task_1", kind: "charge", amount: -250 },
      ]);
      const order = entries.map(({ seq }) => seq);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      expect(await store().listLedger({ taskId: "task_1" })).toEqual(entries.slice(1));
      expect(idsOf(await store().listOpenTasks())).toEqual(["task_2"]);
    });

    it("balances after 300 tasks that ended in every way at once", async () => {
      await store().grant("key_1", 100_000, NOW);
      const ends: readonly Outcome[] = [
        completed([], { charge: 37 }),
        completed(),
        failed,
        cancelled,
        { ...failed, billing: "unknown" },
      ];
      const live = async (n: number): Promise<void> => {
        await store().createTask(newTask(`task_${n}`, { hold: (n % 7) * 50, keyId: `key_${n % 3}` }));
        const end = ends[n % 6];
        if (end && (n % 7 > 0 || end.state !== "completed")) await store().finishTask(`task_${n}`, end);
      };
      await Promise.all(Array.from({ length: 300 }, (_, n) => live(n)));
      await reopen();
      expect(await store().checkLedger()).toEqual([]);
    });
  });
}

export function describeAccounts(store: () => Store, reopen: () => Promise<void>): void {
  const TEAM = accountOwner("team");
  const ofTeam = (id: string, change: Partial<NewTask> = {}): NewTask =>
    newTask(id, { account: "team", hold: CREDIT, ...change });

  describe("an account", () => {
    it("of two keys lets exactly 7 of 100 tasks at once through a balance for 7", async () => {
      await store().grant(TEAM, 7.5 * CREDIT, NOW);
      const writes = Array.from({ length: 100 }, (_, n) => [
        store().createTask(ofTeam(`paid_${n}`, { keyId: `key_${n % 2}` })),
        store().createTask(newTask(`other_${n}`, { hold: CREDIT, keyId: "key_2", account: "others" })),
      ]);
      const settled = await Promise.all(writes.map((two) => Promise.allSettled(two)));
      const passed = (at: number): number => settled.filter((two) => two[at]?.status === "fulfilled").length;
      expect([passed(0), passed(1)]).toEqual([7, 100]);
      await reopen();
      expect(await store().readBalance(TEAM)).toEqual({ granted: 7.5 * CREDIT, held: 7 * CREDIT, spent: 0 });
      const keys = [await store().readBalance("key_0"), await store().readBalance("key_1")];
      expect(keys.reduce((held, key) => held + key.held, 0)).toBe(7 * CREDIT);
      expect(await store().checkLedger()).toEqual([]);
    });

    it("that is short refuses with its name, and the key holds nothing for the refused task", async () => {
      await store().grant("key_1", 9 * CREDIT, NOW);
      await store().grant(TEAM, 2 * CREDIT, NOW);
      await expect(store().createTask(ofTeam("task_1", { hold: 3 * CREDIT }))).rejects.toMatchObject({
        code: "insufficient_credits",
        message: "This request needs 3 credits, and 2 are available to its account team.",
      });
      expect(await store().readBalance("key_1")).toEqual({ granted: 9 * CREDIT, held: 0, spent: 0 });
      expect(await store().listLedger({ taskId: "task_1" })).toEqual([]);
    });

    it("with plenty does not help a key that is short, and holds nothing for it", async () => {
      await store().grant("key_1", CREDIT, NOW);
      await store().grant(TEAM, 9 * CREDIT, NOW);
      const refused = store().createTask(ofTeam("task_1", { hold: 3 * CREDIT }));
      await expect(refused).rejects.toThrow("needs 3 credits, and 1 are available to this key.");
      expect(await store().readBalance(TEAM)).toEqual({ granted: 9 * CREDIT, held: 0, spent: 0 });
    });

    it("is charged and given back with its key", async () => {
      await store().grant(TEAM, 3 * CREDIT, NOW);
      await store().createTask(ofTeam("task_1"));
      await store().createTask(ofTeam("task_2", { keyId: "key_2" }));
      await store().createTask(ofTeam("task_3"));
      await store().finishTask("task_1", completed([], { charge: 400 }));
      await store().finishTask("task_2", failed);
      expect(await store().readBalance(TEAM)).toEqual({ granted: 3 * CREDIT, held: CREDIT, spent: 400 });
      expect(await store().readBalance("key_1")).toEqual({ granted: null, held: CREDIT, spent: 400 });
      expect(await store().readBalance("key_2")).toEqual(NONE);
      expect(await store().checkLedger()).toEqual([]);
    });

    it("is unlimited until its first grant, which counts what was held before", async () => {
      await store().createTask(ofTeam("task_1"));
      expect(await store().readBalance(TEAM)).toEqual({ granted: null, held: CREDIT, spent: 0 });
      await store().grant(TEAM, CREDIT, NOW);
      await expect(store().createTask(ofTeam("task_2"))).rejects.toThrow("0 are available to its account");
    });

    it("keeps its grants from a key that is called as it is", async () => {
      await store().grant("team", CREDIT, NOW);
      await store().grant(TEAM, 2 * CREDIT, NOW);
      expect((await store().readBalance("team")).granted).toBe(CREDIT);
      expect((await store().readBalance(TEAM)).granted).toBe(2 * CREDIT);
      expect(await store().listLedger({ keyId: "team" })).toHaveLength(1);
      expect(await store().checkLedger()).toEqual([]);
    });
  });
}

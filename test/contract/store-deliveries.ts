import { describe, expect, it } from "vitest";
import type { DeliveryTry } from "../../src/core/delivery.ts";
import type { DeliveryFilter, Outcome, Store } from "../../src/core/store.ts";
import { cancelled, completed, failed, idsOf, NOW, newTask } from "./store-samples.ts";

const URL = "https://example.com/hook?token=ü";
const AGAIN = { state: "waiting", dueAt: NOW + 60_000 } as const;
const DONE = { state: "delivered", dueAt: null } as const;
const tried = (change: Partial<DeliveryTry> = {}): DeliveryTry => ({
  ...{ at: NOW + 9001, ms: 12, status: 500, detail: "no Füchse" },
  ...change,
});

export function describeDeliveries(store: () => Store, reopen: () => Promise<void>): void {
  describe("deliveries", () => {
    const end = async (name: string, outcome: Outcome = completed()): Promise<void> => {
      await store().createTask(newTask(`task_${name}`, { callbackUrl: URL }));
      await store().finishTask(`task_${name}`, { ...outcome, deliveryId: `delivery_${name}` });
    };
    const due = async (now: number, limit = 10): Promise<readonly string[]> =>
      idsOf(await store().listDueDeliveries(now, limit));

    it("begin with the end of a task that has a callback, however it ends, also after reopening", async () => {
      for (const [name, outcome] of Object.entries({ a: completed(), b: failed, c: cancelled })) {
        await end(name, outcome);
        await reopen();
        expect(await store().readDelivery(`delivery_${name}`)).toEqual({
          id: `delivery_${name}`,
          taskId: `task_${name}`,
          keyId: "key_1",
          url: URL,
          state: "waiting",
          tries: 0,
          createdAt: outcome.at,
          dueAt: outcome.at,
        });
      }
    });

    it("begin once: not without a callback, and not with a second end", async () => {
      await store().createTask(newTask("task_1"));
      await store().finishTask("task_1", completed([], { deliveryId: "delivery_none" }));
      await end("a");
      await store().finishTask("task_a", { ...failed, deliveryId: "delivery_second" });
      expect(idsOf(await store().listDeliveries({ limit: 10 }))).toEqual(["delivery_a"]);
      expect(await store().readDelivery("delivery_none")).toBeUndefined();
    });

    it("are not written where the task could not be ended", async () => {
      await end("a");
      await store().createTask(newTask("task_b", { callbackUrl: URL, hold: 5 }));
      const taken = store().finishTask("task_b", { ...failed, deliveryId: "delivery_a" });
      await expect(taken).rejects.toThrow();
      expect(await store().readTask("task_b")).toMatchObject({ state: "pending", version: 1 });
      expect(await store().checkLedger()).toEqual([]);
    });

    it("are due soonest first, no more than asked for, and not before their time", async () => {
      await end("b", completed([], { at: NOW + 2 }));
      await end("a", completed([], { at: NOW + 3 }));
      await end("c", completed([], { at: NOW + 1 }));
      await end("later", completed([], { at: NOW + 4 }));
      expect(await due(NOW + 3)).toEqual(["delivery_c", "delivery_b", "delivery_a"]);
      expect(await due(NOW + 3, 1)).toEqual(["delivery_c"]);
    });

    it("wait for their next try, and are counted and logged in order", async () => {
      await end("a");
      await end("b");
      const timeout = tried({ at: NOW + 9500, status: null, detail: "no answer within 15 s" });
      await store().addTry("delivery_a", tried(), AGAIN);
      await store().addTry("delivery_a", timeout, { ...AGAIN, dueAt: NOW + 70_000 });
      await reopen();
      expect(await store().listTries("delivery_a")).toEqual([tried(), timeout]);
      expect(await store().listTries("delivery_b")).toEqual([]);
      expect(await store().readDelivery("delivery_a")).toMatchObject({ tries: 2, dueAt: NOW + 70_000 });
      expect(await due(NOW + 69_999)).toEqual(["delivery_b"]);
      expect(await due(NOW + 70_000)).toEqual(["delivery_b", "delivery_a"]);
    });

    it("are not due once they are delivered or dead", async () => {
      await end("a");
      await end("b");
      await store().addTry("delivery_a", tried({ status: 204 }), DONE);
      await store().addTry("delivery_b", tried(), { state: "dead", dueAt: null });
      expect(await due(NOW * 2)).toEqual([]);
      expect(await store().readDelivery("delivery_a")).toMatchObject({ state: "delivered", dueAt: null });
      expect(await store().readDelivery("delivery_b")).toMatchObject({ state: "dead", dueAt: null });
    });

    it("reject a try that would leave one waiting without a time or over with one, and log nothing", async () => {
      await end("a");
      await expect(store().addTry("delivery_a", tried(), { ...AGAIN, dueAt: null })).rejects.toThrow();
      await expect(store().addTry("delivery_a", tried(), { ...DONE, dueAt: NOW })).rejects.toThrow();
      expect(await store().listTries("delivery_a")).toEqual([]);
      expect((await store().readDelivery("delivery_a"))?.tries).toBe(0);
    });

    it("log no try of one that is gone", async () => {
      await store().addTry("delivery_a", tried(), AGAIN);
      expect(await store().listTries("delivery_a")).toEqual([]);
      expect(await store().readDelivery("delivery_a")).toBeUndefined();
    });

    it("are due at once when sent again, whatever became of them, with their tries", async () => {
      for (const [name, next] of Object.entries({
        a: DONE,
        b: { state: "dead", dueAt: null } as const,
        c: AGAIN,
      })) {
        await end(name);
        await store().addTry(`delivery_${name}`, tried(), next);
        expect(await store().resendDelivery(`delivery_${name}`, NOW + 50)).toBe(true);
        const again = await store().readDelivery(`delivery_${name}`);
        expect(again).toMatchObject({ state: "waiting", dueAt: NOW + 50, tries: 1 });
      }
      expect(await due(NOW + 50)).toEqual(["delivery_a", "delivery_b", "delivery_c"]);
      expect(await store().resendDelivery("delivery_none", NOW)).toBe(false);
    });

    it("are listed newest first, by state and by task", async () => {
      const listed = async (filter: Partial<DeliveryFilter>): Promise<readonly string[]> =>
        idsOf(await store().listDeliveries({ limit: 10, ...filter }));
      for (const [index, name] of ["c", "a", "b"].entries()) {
        await end(name, completed([], { at: NOW + index }));
      }
      await store().addTry("delivery_a", tried(), DONE);
      expect(await listed({})).toEqual(["delivery_b", "delivery_a", "delivery_c"]);
      expect(await listed({ limit: 2 })).toEqual(["delivery_b", "delivery_a"]);
      expect(await listed({ state: "waiting" })).toEqual(["delivery_b", "delivery_c"]);
      expect(await listed({ state: "dead" })).toEqual([]);
      expect(await listed({ taskId: "task_a" })).toEqual(["delivery_a"]);
      expect(await listed({ taskId: "task_a", state: "waiting" })).toEqual([]);
    });
  });
}

export function describeSecrets(store: () => Store): void {
  describe("webhook secrets", () => {
    const secret = (name: string, createdAt: number, expiresAt: number | null = null, keyId = "key_1") => ({
      ...{ keyId, secret: `whsec_${name}`, createdAt, expiresAt },
    });
    const live = async (now: number, keyId = "key_1"): Promise<readonly string[]> =>
      (await store().listSecrets(keyId, now)).map((one) => one.secret);

    it("overlap: the old one stays live until its time, the new one comes first", async () => {
      await store().addSecret(secret("old", NOW));
      await store().addSecret(secret("other", NOW, null, "key_2"));
      await store().expireSecrets("key_1", NOW + 100);
      await store().addSecret(secret("new", NOW + 1));
      expect(await store().listSecrets("key_1", NOW + 99)).toEqual([
        secret("new", NOW + 1),
        secret("old", NOW, NOW + 100),
      ]);
      expect(await live(NOW + 100)).toEqual(["whsec_new"]);
      expect(await live(NOW + 100, "key_2")).toEqual(["whsec_other"]);
    });

    it("expire sooner, never later", async () => {
      await store().addSecret(secret("old", NOW));
      await store().expireSecrets("key_1", NOW + 10);
      await store().expireSecrets("key_1", NOW + 100);
      expect(await live(NOW + 9)).toEqual(["whsec_old"]);
      expect(await live(NOW + 10)).toEqual([]);
      await store().expireSecrets("key_1", NOW + 5);
      expect(await live(NOW + 5)).toEqual([]);
    });
  });
}

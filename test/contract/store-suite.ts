import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../src/core/store.ts";
import { describeDeliveries, describeSecrets } from "./store-deliveries.ts";
import { describeFiles, describeKeys } from "./store-files.ts";
import { describeIdempotency } from "./store-idempotency.ts";
import { describeLate, describeRetention } from "./store-late.ts";
import { describeLists } from "./store-lists.ts";
import { describeAccounts, describeLedger, describeMoney } from "./store-money.ts";
import { newTask } from "./store-samples.ts";
import { describeEnding, describeSteps, describeTasks, describeTimings } from "./store-tasks.ts";

export interface StoreUnderTest {
  readonly store: Store;
  /** Closes the store and opens the same data again. */
  reopen(): Promise<Store>;
  /** Closes whatever is open and removes the data. */
  destroy(): Promise<void>;
}

/** What every store must keep, whatever is under it. */
export function describeStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`the store contract on ${name}`, () => {
    let under: StoreUnderTest;
    let store: Store;
    beforeEach(async () => {
      under = await open();
      store = under.store;
    });
    afterEach(() => under.destroy());

    const current = (): Store => store;
    const reopen = async (): Promise<void> => {
      store = await under.reopen();
    };

    describeTasks(current, reopen);
    describeEnding(current, reopen);
    describeSteps(current);
    describeTimings(current);
    describeFiles(current, reopen);
    describeKeys(current, reopen);
    describeLists(current);
    describeMoney(current);
    describeLedger(current, reopen);
    describeAccounts(current, reopen);
    describeIdempotency(current, reopen);
    describeLate(current);
    describeRetention(current);
    describeDeliveries(current, reopen);
    describeSecrets(current);
    describeClose(current);
  });
}

function describeClose(store: () => Store): void {
  describe("closing", () => {
    it("makes durable what was asked for before, refuses what comes after, and may be repeated", async () => {
      const before = store().createTask(newTask("task_1"));
      const closing = store().close();
      await expect(before).resolves.toEqual({ created: true });
      await closing;
      await expect(store().createTask(newTask("task_2"))).rejects.toThrow("closed");
      await expect(store().readTask("task_1")).rejects.toThrow();
      await store().close();
    });
  });
}

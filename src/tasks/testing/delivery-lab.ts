/** A store on disk, a receiver on loopback, and tasks that end with a delivery due. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openReceiver, type Receiver } from "../../../test/support/receiver.ts";
import { until } from "../../../test/support/until.ts";
import { systemClock } from "../../core/clock.ts";
import type { DeliveryRecord } from "../../core/delivery.ts";
import { openLog } from "../../core/log.ts";
import type { Store } from "../../core/store.ts";
import { openAddressPolicy } from "../../net/address-policy.ts";
import { openPoster } from "../../net/post.ts";
import { openSqliteStore } from "../../store/sqlite/sqlite-store.ts";
import { type Deliverer, type DelivererParts, openDeliverer } from "../deliver.ts";

export interface DeliveryLab {
  /** The one that is open. */
  store(): Store;
  readonly path: string;
  readonly receiver: Receiver;
  /** What the deliverer logged. */
  readonly lines: readonly string[];
  start(parts?: Partial<DelivererParts> & { readonly timeoutMs?: number }): Deliverer;
  /** A task that ends here and now. Its delivery is `whd_` and its id. */
  endTask(id: string, url: string): Promise<void>;
  /** Waits until its delivery has ended one way or the other. */
  settled(id: string): Promise<DeliveryRecord>;
  reopen(): Promise<void>;
  close(): Promise<void>;
}

export const bodyOf = (taskId: string): string => JSON.stringify({ id: taskId, prompt: "Füchse \u{1F98A}" });

export async function openDeliveryLab(): Promise<DeliveryLab> {
  const folder = await mkdtemp(join(tmpdir(), "reelay-deliver-"));
  const path = join(folder, "reelay.db");
  const receiver = await openReceiver();
  const { post } = openPoster({ policy: openAddressPolicy({ allow: ["127.0.0.0/8"] }), ports: [] });
  const lines: string[] = [];
  let store = await openSqliteStore({ path });
  let deliverer: Deliverer | undefined;
  return {
    store: () => store,
    path,
    receiver,
    lines,
    start({ timeoutMs = 150, ...parts } = {}) {
      deliverer = openDeliverer({
        ...{ store, post, clock: systemClock, log: openLog("debug", (line) => lines.push(line)) },
        render: async (taskId) => ({ body: bodyOf(taskId), timeoutMs }),
        schedule: [20, 40, 60],
        ...parts,
      });
      deliverer.wake();
      return deliverer;
    },
    endTask: (id, url) => endTask(store, id, url),
    settled: (id) =>
      until(() => endOf(store, `whd_${id}`), { ms: 10_000, what: `the end of the delivery of ${id}` }),
    async reopen() {
      await store.close();
      store = await openSqliteStore({ path });
    },
    async close() {
      await receiver.close();
      await deliverer?.close();
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function endTask(store: Store, id: string, url: string): Promise<void> {
  const now = Date.now();
  await store.createTask({
    ...{ id, dialect: "reelay", keyId: "key_1", model: "some-model", provider: "some-provider" },
    ...{ input: {}, asked: [], createdAt: now, estimate: 1, callbackUrl: url, hold: 0 },
    account: "default",
  });
  await store.finishTask(id, {
    ...{ state: "failed", at: now, error: { code: "provider_failed", message: "no" } },
    ...{ progress: 0, billing: "released", deliveryId: `whd_${id}` },
  });
}

async function endOf(store: Store, deliveryId: string): Promise<DeliveryRecord | undefined> {
  const delivery = await store.readDelivery(deliveryId);
  return delivery?.state === "waiting" ? undefined : delivery;
}

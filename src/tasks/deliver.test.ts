import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openReceiver, type Receiver } from "../../test/support/receiver.ts";
import { until } from "../../test/support/until.ts";
import type { Store } from "../core/store.ts";
import { openAddressPolicy } from "../net/address-policy.ts";
import { openPoster } from "../net/post.ts";
import { rotateSecret, signWebhook } from "./sign.ts";
import { bodyOf, type DeliveryLab, openDeliveryLab } from "./testing/delivery-lab.ts";

let lab: DeliveryLab;
let store: Store;
let receiver: Receiver;
beforeEach(async () => {
  lab = await openDeliveryLab();
  store = lab.store();
  receiver = lab.receiver;
});
afterEach(() => lab.close());

describe("what an answer leads to", () => {
  test.each([
    ["/status/200", "delivered", 1],
    ["/status/204", "delivered", 1],
    ["/status/302", "dead", 4],
    ["/status/404", "dead", 4],
    ["/status/410", "dead", 1],
    ["/status/429", "dead", 4],
    ["/status/500", "dead", 4],
    ["/status/503", "dead", 4],
    ["/hang", "dead", 4],
    ["/reset", "dead", 4],
    ["/drip-head", "dead", 4],
    ["/drip-body", "delivered", 1],
  ])("%s: %s after %i", async (path, state, tries) => {
    await lab.endTask("t1", receiver.origin + path);
    lab.start();
    expect(await lab.settled("t1")).toMatchObject({ state, tries, dueAt: null });
    expect(receiver.received.map((one) => one.headers["webhook-id"])).toEqual(Array(tries).fill("whd_t1"));
    for (const { body } of receiver.received) expect(body.toString()).toBe(bodyOf("t1"));
    const log = await store.listTries("whd_t1");
    expect(log).toHaveLength(tries);
    const status = path.startsWith("/status/") ? Number(path.slice(8)) : path === "/drip-body" ? 200 : null;
    for (const one of log) {
      expect(one.status).toBe(status);
      expect(one.detail === "").toBe(status === 204);
      expect(one.ms).toBeLessThan(2_000);
    }
  });

  test("two stumbles, and it is delivered at the third try, at the times of the schedule", async () => {
    receiver.script = [{ status: 503 }, { status: 0 }, { status: 202 }];
    await lab.endTask("t1", `${receiver.origin}/next`);
    lab.start();
    expect(await lab.settled("t1")).toMatchObject({ state: "delivered", tries: 3 });
    const tries = await store.listTries("whd_t1");
    expect(tries.map(({ status }) => status)).toEqual([503, null, 202]);
    // When each began, by our own clock in whole milliseconds: when a call arrives is the machine's affair.
    const [first = 0, second = 0, third = 0] = tries.map(({ at }) => at);
    expect(second - first).toBeGreaterThan(20 - 3);
    expect(third - second).toBeGreaterThan(150 + 40 - 3);
  });

  test("a receiver's Retry-After is kept", async () => {
    receiver.script = [{ status: 429, headers: { "retry-after": "1" } }, { status: 200 }];
    await lab.endTask("t1", `${receiver.origin}/next`);
    lab.start();
    await lab.settled("t1");
    const [first, second] = receiver.received.map(({ at }) => at) as [number, number];
    expect(second - first).toBeGreaterThan(990);
  });

  test("a dead one is sent again on request, with the same id, and may then arrive", async () => {
    receiver.script = [{ status: 410 }, { status: 200 }];
    await lab.endTask("t1", `${receiver.origin}/next`);
    const { wake } = lab.start();
    expect((await lab.settled("t1")).state).toBe("dead");
    await until(() => lab.lines.some((line) => line.includes("delivery-died")), { ms: 1_000 });
    await store.resendDelivery("whd_t1", Date.now());
    wake();
    expect(await lab.settled("t1")).toMatchObject({ state: "delivered", tries: 2 });
    expect(receiver.received.map((one) => one.headers["webhook-id"])).toEqual(["whd_t1", "whd_t1"]);
  });

  test("where the task is gone nothing is sent and it ends", async () => {
    await lab.endTask("t1", `${receiver.origin}/ok`);
    lab.start({ render: async () => undefined });
    expect((await lab.settled("t1")).state).toBe("dead");
    expect(receiver.received).toEqual([]);
  });

  test("a URL in a place that is closed is a failed try that tells the operator why", async () => {
    await lab.endTask("t1", `${receiver.origin}/ok`);
    lab.start({ post: openPoster({ policy: openAddressPolicy({ allow: [] }), ports: [] }).post });
    expect((await lab.settled("t1")).state).toBe("dead");
    expect((await store.listTries("whd_t1"))[0]?.detail).toContain("must begin with https:");
    expect(receiver.received).toEqual([]);
    expect(lab.lines.join("")).not.toContain(receiver.origin);
  });
});

describe("signatures on the wire", () => {
  /** Signs what arrived anew with one secret: the independent check of the algorithm is in sign.test.ts. */
  const fits = (secret: string): boolean => {
    const [got] = receiver.received;
    const at = Number(got?.headers["webhook-timestamp"]) * 1000;
    const again = signWebhook({ id: "whd_t1", at, body: got?.body ?? Buffer.from("") }, [secret]);
    return String(got?.headers["webhook-signature"]).split(" ").includes(again["webhook-signature"]!);
  };

  test("the bytes that arrive are the bytes that were signed, with both live secrets", async () => {
    const now = Date.now();
    const old = await rotateSecret(store, { keyId: "key_1", now, overlapMs: 0 });
    const fresh = await rotateSecret(store, { keyId: "key_1", now, overlapMs: 60_000 });
    const foreign = await rotateSecret(store, { keyId: "key_2", now, overlapMs: 0 });
    await lab.endTask("t1", `${receiver.origin}/ok`);
    lab.start();
    await lab.settled("t1");
    expect([old, fresh, foreign].map(({ secret }) => fits(secret))).toEqual([true, true, false]);
    expect(receiver.received[0]?.headers["content-type"]).toBe("application/json");
  });

  test("the first deliveries of a key, all at once, make it one secret", async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => lab.endTask(`t${n}`, `${receiver.origin}/ok`)));
    lab.start();
    await lab.settled("t19");
    const secrets = await store.listSecrets("key_1", Date.now());
    expect(secrets).toHaveLength(1);
  });
});

describe("many at once", () => {
  test("no more than four at a time go to one origin", async () => {
    await Promise.all(Array.from({ length: 12 }, (_, n) => lab.endTask(`t${n}`, `${receiver.origin}/hang`)));
    lab.start({ timeoutMs: 300, schedule: [] });
    let most = 0;
    await until(
      async () => {
        most = Math.max(most, await receiver.openSockets());
        return receiver.received.length === 12;
      },
      { ms: 10_000, everyMs: 5 },
    );
    expect(most).toBe(4);
  });

  test("a hundred good receivers do not feel a black hole with thousands waiting before them", async () => {
    const hole = Array.from({ length: 3_000 }, (_, n) => lab.endTask(`hole${n}`, `${receiver.origin}/hang`));
    await Promise.all(hole);
    const { wake } = lab.start({ timeoutMs: 10_000 });
    await until(() => receiver.received.length === 4, { ms: 5_000, what: "the hole to be full" });
    const good = await Promise.all(Array.from({ length: 100 }, openReceiver));
    const endedAt = new Map<string, number>();
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        good.map(async ({ origin }, n) => {
          await lab.endTask(`good${round}_${n}`, `${origin}/ok`);
          endedAt.set(`whd_good${round}_${n}`, performance.now());
          wake();
        }),
      );
    }
    const arrived = () => good.flatMap(({ received }) => received);
    await until(() => arrived().length >= 500, { ms: 20_000, what: "500 deliveries" });
    expect(new Set(arrived().map((one) => one.headers["webhook-id"])).size).toBe(500);
    expect(arrived()).toHaveLength(500);
    const lags = arrived().map(({ headers, at }) => at - (endedAt.get(String(headers["webhook-id"])) ?? 0));
    lags.sort((a, b) => a - b);
    expect(lags[494]).toBeLessThan(2_000);
    expect(receiver.received.length).toBe(4);
    await Promise.all(good.map((one) => one.close()));
  });

  test("more than one page for one good receiver all arrive, each once", async () => {
    await Promise.all(Array.from({ length: 1_500 }, (_, n) => lab.endTask(`t${n}`, `${receiver.origin}/ok`)));
    lab.start({ timeoutMs: 10_000 });
    await until(
      async () => (await store.listDeliveries({ state: "delivered", limit: 2_000 })).length === 1_500,
      {
        ms: 30_000,
      },
    );
    expect(receiver.received).toHaveLength(1_500);
    expect(new Set(receiver.received.map((one) => one.headers["webhook-id"])).size).toBe(1_500);
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { until } from "../../test/support/until.ts";
import { type DeliveryLab, openDeliveryLab } from "./testing/delivery-lab.ts";

/** Ends tasks for ever, four at a time, and delivers; says each one after its end is durable. */
const CHILD = `
import { writeSync } from "node:fs";
const [, storeUrl, deliverUrl, postUrl, policyUrl, path, url, round] = process.argv;
const { openSqliteStore } = await import(storeUrl);
const { openDeliverer } = await import(deliverUrl);
const { openPoster } = await import(postUrl);
const { openAddressPolicy } = await import(policyUrl);
const store = await openSqliteStore({ path });
const { post } = openPoster({ policy: openAddressPolicy({ allow: ["127.0.0.0/8"] }), ports: [] });
const log = Object.assign(() => undefined, { writes: () => false });
const clock = { now: Date.now };
const deliverer = openDeliverer({ store, post, clock, log, render: async (id) => ({ body: JSON.stringify({ id }), timeoutMs: 10_000 }) });
const live = async (lane) => {
  for (let n = 0; ; n++) {
    const id = round + "_" + lane + "_" + n;
    await store.createTask({ id, dialect: "reelay", keyId: "key_1", account: "a", model: "m", provider: "p", input: {}, asked: [],
      createdAt: Date.now(), estimate: 1, callbackUrl: url, hold: 0 });
    await store.finishTask(id, { state: "failed", at: Date.now(), error: { code: "bug", message: "" }, progress: 0,
      billing: "released", deliveryId: "whd_" + id });
    deliverer.wake();
    writeSync(1, id + "\\n");
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
};
await Promise.all([0, 1, 2, 3].map(live));`;
const MODULES = ["../store/sqlite/sqlite-store.ts", "./deliver.ts", "../net/post.ts"];
const ARGUMENTS = [...MODULES, "../net/address-policy.ts"].map((path) => new URL(path, import.meta.url).href);

let lab: DeliveryLab;
beforeEach(async () => {
  lab = await openDeliveryLab();
});
afterEach(() => lab.close());

/** Runs the child on the lab's store until `enough`, kills it, opens the store again; the ids it said. */
async function killedWhen(url: string, round: number, enough: () => boolean): Promise<readonly string[]> {
  await lab.store().close();
  const script = ["--input-type=module", "--eval", CHILD, ...ARGUMENTS, lab.path, url, `r${round}`];
  const child = spawn(process.execPath, script, { stdio: ["ignore", "pipe", "inherit"] });
  const said: string[] = [];
  createInterface(child.stdout).on("line", (line) => said.push(line));
  const closed = once(child, "close");
  try {
    await until(() => said.length > 0 && enough(), { ms: 30_000, everyMs: 1, what: "work to kill" });
  } finally {
    child.kill("SIGKILL");
    await closed;
  }
  await lab.reopen();
  return said;
}

const idsReceived = () => lab.receiver.received.map(({ headers }) => String(headers["webhook-id"]));

describe("killed", () => {
  test("anywhere between the end of a task and the answer, five times: every delivery arrives, with its id", async () => {
    const ended = new Set<string>();
    for (let round = 0; round < 5; round++) {
      const most = lab.receiver.received.length + 1 + Math.floor(Math.random() * 100);
      const enough = () => lab.receiver.received.length >= most;
      for (const id of await killedWhen(`${lab.receiver.origin}/ok`, round, enough)) ended.add(`whd_${id}`);
    }
    const open = await lab.store().listDueDeliveries(Number.MAX_SAFE_INTEGER, 10_000);
    lab.start({ timeoutMs: 10_000 });
    await until(async () => (await lab.store().listDueDeliveries(Number.MAX_SAFE_INTEGER, 1)).length === 0, {
      ms: 20_000,
    });
    const arrived = new Set(idsReceived());
    expect(ended.size).toBeGreaterThan(5);
    expect([...ended].filter((id) => !arrived.has(id))).toEqual([]);
    for (const { id } of open) expect(arrived).toContain(id);
  });

  test("after the request left and before the answer came: it is sent again with the same id", async () => {
    lab.receiver.script = [{ status: 0 }, { status: 0 }, { status: 0 }, { status: 0 }, { status: 200 }];
    await killedWhen(`${lab.receiver.origin}/next`, 0, () => lab.receiver.received.length === 4);
    const before = idsReceived();
    lab.start();
    await until(async () => (await lab.store().listDueDeliveries(Number.MAX_SAFE_INTEGER, 1)).length === 0, {
      ms: 20_000,
    });
    for (const id of before) {
      expect(idsReceived().filter((one) => one === id)).toHaveLength(2);
      expect(await lab.store().readDelivery(id)).toMatchObject({ state: "delivered", tries: 1 });
    }
  });
});

test("stopped between the end of the task and the first try: it is sent after the next start", async () => {
  await lab.endTask("t1", `${lab.receiver.origin}/ok`);
  await lab.reopen();
  lab.start();
  expect((await lab.settled("t1")).state).toBe("delivered");
});

test("a try that the store cannot write down is not sent on and on", async () => {
  await lab.endTask("t1", `${lab.receiver.origin}/ok`);
  const full = { ...lab.store(), addTry: () => Promise.reject(new Error("disk full")) };
  const { wake } = lab.start({ store: full });
  const failures = () => lab.lines.filter((line) => line.includes("delivery-unrecorded")).length;
  await until(() => failures() === 1, { ms: 5_000 });
  for (let n = 0; n < 4; n++) await lab.endTask(`more${n}`, "http://127.0.0.1:1/");
  wake();
  await until(() => failures() === 5, { ms: 5_000 });
  expect(lab.receiver.received).toHaveLength(1);
});

test("closing ends a try under way without writing it down, and begins no other", async () => {
  await lab.endTask("t1", `${lab.receiver.origin}/hang`);
  const { wake, close } = lab.start({ timeoutMs: 60_000, perEndpoint: 1 });
  await until(() => lab.receiver.received.length === 1, { ms: 5_000 });
  await lab.endTask("t2", `${lab.receiver.origin}/ok`);
  wake();
  const since = performance.now();
  await close();
  expect(performance.now() - since).toBeLessThan(4_000);
  wake();
  expect(lab.receiver.received).toHaveLength(1);
  for (const id of ["whd_t1", "whd_t2"]) {
    expect(await lab.store().readDelivery(id)).toMatchObject({ state: "waiting", tries: 0 });
  }
  expect(lab.lines).toEqual([]);
});

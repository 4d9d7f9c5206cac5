import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { reelay, temporaryFolder } from "../../test/support/run.ts";
import { openBooks } from "../core/books.ts";
import { systemClock } from "../core/clock.ts";
import { openKeys } from "../core/keys.ts";
import type { Store } from "../core/store.ts";
import { openOperatorDoor } from "../http/operator.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";

const SECRET = /^whsec_[A-Za-z0-9+/]{43}=$/;

let dataDir: string;
let store: Store;
let keyId: string;
beforeEach(async () => {
  dataDir = await temporaryFolder();
  store = await openSqliteStore({ path: join(dataDir, "reelay.db") });
  keyId = (await openKeys(store, systemClock).create({ name: "one" })).record.id;
  for (const id of ["t1", "t2"]) {
    await store.createTask({
      ...{
        id,
        dialect: "reelay",
        keyId,
        account: "default",
        model: "some-model",
        provider: "some-provider",
        input: {},
        asked: [],
      },
      ...{ createdAt: 1, estimate: 1, callbackUrl: `https://hook.example/${id}?token=hidden`, hold: 0 },
    });
    await store.finishTask(id, {
      ...{ state: "failed", at: 1, error: { code: "provider_failed", message: "no" } },
      ...{ progress: 0, billing: "released", deliveryId: `whd_${id}` },
    });
  }
  const tried = { at: Date.UTC(2026, 10, 20), ms: 5, status: 410, detail: "gone\nfor good" };
  await store.addTry("whd_t1", tried, { state: "dead", dueAt: null });
});
afterEach(async () => {
  await store.close();
  await rm(dataDir, { recursive: true });
});

const command = (...args: readonly string[]) => reelay(args, { env: { REELAY_DATA_DIR: dataDir } });

/** The same must come of it with a server that holds the database and without one. */
describe.each(["beside a server", "without a server"])("%s", (where) => {
  let wakes = 0;
  let leave: () => Promise<void>;
  beforeEach(async () => {
    wakes = 0;
    if (where === "without a server") {
      await store.close();
      leave = async () => {
        store = await openSqliteStore({ path: join(dataDir, "reelay.db") });
      };
      return;
    }
    const keys = openKeys(store, systemClock);
    const deliverer = { wake: () => wakes++ };
    const books = openBooks(store, systemClock);
    const door = await openOperatorDoor(dataDir, {
      keys,
      books,
      store,
      clock: systemClock,
      deliverer,
      health: { view: () => new Map() },
    });
    leave = () => door.close();
  });

  test("deliveries are listed newest first, with how the last try went and without their URL's query", async () => {
    const all = await command("deliveries", "list");
    expect(all.code, all.stderr).toBe(0);
    const [second = "", first = ""] = all.stdout.split("\n");
    expect(second).toMatch(
      /^whd_t2 {2}waiting {4}0 tries {2}due 1970-\S+ {2}not tried {2}t2 {2}https:\/\/hook\.example\/t2$/,
    );
    expect(first).toMatch(
      /^whd_t1 {2}dead {7}1 tries {2}last 2026-11-20T00:00:00\.000Z 410 "gone for good" {2}t1 /,
    );
    expect(all.stdout).not.toContain("hidden");
    const dead = await command("deliveries", "list", "--state", "dead");
    expect(dead.stdout).toBe(`${first}\n`);
    await leave();
  });

  test("a resend makes it due and wakes the server; an unknown id exits 1", async () => {
    expect((await command("deliveries", "resend", "whd_t1")).code).toBe(0);
    const unknown = await command("deliveries", "resend", "whd/../x y");
    expect([unknown.code, unknown.stdout]).toEqual([1, ""]);
    expect(unknown.stderr).toContain("whd/../x y");
    await leave();
    expect(await store.readDelivery("whd_t1")).toMatchObject({ state: "waiting", tries: 1 });
    expect(wakes).toBe(where === "beside a server" ? 1 : 0);
  });

  test("secrets are shown and rotated, alone on stdout; an unknown key exits 1 and gets none", async () => {
    const first = (await command("secrets", "show", keyId)).stdout.trim();
    expect(first).toMatch(SECRET);
    expect((await command("secrets", "show", keyId)).stdout.trim()).toBe(first);
    const rotated = (await command("secrets", "rotate", keyId, "--overlap-hours", "2")).stdout.trim();
    expect(rotated).toMatch(SECRET);
    const both = await command("secrets", "show", keyId);
    expect(both.stdout).toBe(`${rotated}\n${first}\n`);
    expect(both.stderr).toMatch(/^Live:\nLive until 20\S+Z:\n$/);
    expect((await command("secrets", "rotate", keyId, "--overlap-hours", "0")).code).toBe(0);
    for (const verb of ["show", "rotate"]) {
      const unknown = await command("secrets", verb, "key_none");
      expect([unknown.code, unknown.stdout]).toEqual([1, ""]);
    }
    await leave();
    expect(await store.listSecrets(keyId, Date.now())).toHaveLength(1);
    expect(await store.listSecrets("key_none", 0)).toEqual([]);
  });
});

test.each([
  ["deliveries"],
  ["deliveries remove x"],
  ["deliveries list --state lost"],
  ["deliveries list --state"],
  ["deliveries list waiting"],
  ["deliveries resend"],
  ["deliveries resend a b"],
  ["secrets"],
  ["secrets show"],
  ["secrets show a b"],
  ["secrets rotate"],
  ["secrets rotate k --overlap-hours"],
  ["secrets rotate k --overlap-hours -1"],
  ["secrets rotate k --overlap-hours 169"],
  ["secrets rotate k --overlap-hours 1.5"],
  ["secrets rotate k 5"],
])("%s is misuse: exit 2 and how to use it", async (line) => {
  const { code, stdout, stderr } = await command(...line.split(" "));
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/Usage:|reelay|allowed/);
});

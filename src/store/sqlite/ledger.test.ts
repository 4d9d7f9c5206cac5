import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { NewTask, Store } from "../../core/store.ts";
import { openSqliteStore } from "./sqlite-store.ts";

const CREDIT = 10_000;

const newTask = (id: string): NewTask => ({
  ...{
    id,
    dialect: "reelay",
    keyId: "key_1",
    account: "team",
    model: "some-model",
    provider: "some-provider",
  },
  ...{ input: {}, asked: [], createdAt: 1, estimate: 1, callbackUrl: null, hold: 4 * CREDIT },
});

describe("the ledger in its file", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelay-ledger-"));
    path = join(folder, "reelay.db");
    await inStore(fill);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const inStore = async <T>(work: (store: Store) => Promise<T>): Promise<T> => {
    const store = await openSqliteStore({ path });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };

  /** One open task, one charged 3 credits, one released, one removed that was charged 3, of a key with 50. */
  const fill = async (store: Store): Promise<void> => {
    await store.grant("key_1", 50 * CREDIT, 1);
    for (const id of ["open", "charged", "failed", "gone"]) await store.createTask(newTask(id));
    const end = { at: 2, notes: [], results: [], charge: 3 * CREDIT, deliveryId: "d" };
    await store.finishTask("charged", { state: "completed", ...end });
    await store.finishTask("gone", { state: "completed", ...end });
    const error = { code: "bug", message: "no" } as const;
    await store.finishTask("failed", {
      ...{ state: "failed", at: 2, error, progress: 1, billing: "released", deliveryId: "d" },
    });
    await store.removeTask("gone");
  };

  /** Another program at the file while nobody has it open. */
  const tamper = (sql: string): void => {
    const db = new Sqlite(path);
    try {
      db.exec(sql);
    } finally {
      db.close();
    }
  };

  const ADD = "INSERT INTO ledger (at, key_id, account, task_id, kind, amount)";

  it("lets nobody change or remove an entry, and no task be held, released or charged twice", () => {
    expect(() => tamper("UPDATE ledger SET amount = 1 WHERE kind = 'grant'")).toThrow("never changed");
    expect(() => tamper("DELETE FROM ledger")).toThrow("never removed");
    for (const [kind, amount] of [
      ["hold", -1],
      ["release", 1],
      ["charge", -1],
    ]) {
      const again = `INSERT INTO ledger (at, key_id, account, task_id, kind, amount) VALUES (3, 'key_1', 'team', 'charged', '${kind}', ${amount})`;
      expect(() => tamper(again)).toThrow("UNIQUE");
    }
  });

  it.each([
    ["'hold'", "'t'", 1],
    ["'release'", "'t'", -1],
    ["'charge'", "'t'", 0],
    ["'gift'", "'t'", 1],
    ["'grant'", "'t'", 1],
    ["'hold'", "NULL", -1],
    ["'grant'", "NULL", 0.5],
  ])("takes no entry of kind %s for %s over %d", (kind, taskId, amount) => {
    const account = kind === "'grant'" ? "NULL" : "'team'";
    const values = `(3, 'key_1', ${account}, ${taskId}, ${kind}, ${amount})`;
    expect(() => tamper(`${ADD} VALUES ${values}`)).toThrow(/constraint failed|cannot store REAL/);
  });

  it.each([
    ["'hold'", "'t'", "'key_1'", "NULL"],
    ["'hold'", "'t'", "NULL", "'team'"],
    ["'grant'", "NULL", "'key_1'", "'team'"],
    ["'grant'", "NULL", "NULL", "NULL"],
  ])("takes no entry of kind %s for %s of key %s and account %s", (kind, taskId, keyId, account) => {
    const values = `(3, ${keyId}, ${account}, ${taskId}, ${kind}, -1)`;
    expect(() => tamper(`${ADD} VALUES ${values}`)).toThrow("CHECK constraint failed");
  });

  const GUARDS_OFF = "DROP TRIGGER ledger_is_not_changed; DROP TRIGGER ledger_is_not_shortened;";
  const BALANCE = "50 granted, 4 held, 6 spent";
  const TEAM = "nothing granted, 4 held, 6 spent";
  it.each([
    [
      "a balance that was raised",
      "UPDATE balances SET granted = granted + 10000",
      ["The balance of key key_1 says 51 granted, 4 held, 6 spent (credits), and its entries add up to"],
    ],
    [
      "a balance that is gone",
      "DELETE FROM balances WHERE owner = 'key_1'",
      ["The balance of key key_1 says nothing granted, 0 held, 0 spent"],
    ],
    [
      "a balance without entries",
      "INSERT INTO balances (owner, held) VALUES ('key_9', 5000)",
      ["The balance of key key_9 says nothing granted, 0.5 held, 0 spent"],
    ],
    [
      "a task that says it was charged less",
      "UPDATE tasks SET charge = 20000 WHERE id = 'charged'",
      [
        "The completed task charged has entries of hold -4, release 4, charge -3 (credits) where there must be hold -4, release 4, charge -2.",
      ],
    ],
    [
      "a task that ended and was never settled",
      "UPDATE tasks SET state = 'failed', finished_at = 9 WHERE id = 'open'",
      ["The failed task open has entries of hold -4, release 0, charge 0"],
    ],
    [
      "a hold that was never written",
      "UPDATE tasks SET hold = 50000 WHERE id = 'open'",
      ["The pending task open has entries of hold -4"],
    ],
    [
      "a task whose entries were never written",
      "UPDATE tasks SET id = 'renamed' WHERE id = 'failed'",
      [
        // Its entries are whole by themselves: those of a task that was removed.
        "The failed task renamed has entries of hold 0, release 0, charge 0",
      ],
    ],
    [
      "an open task that vanished with its hold",
      "DELETE FROM tasks WHERE id = 'open'",
      ["Removed task open has entries of hold -4, release 0, charge 0"],
    ],
    [
      "a charge for a task that failed",
      "INSERT INTO ledger (at, key_id, account, task_id, kind, amount) VALUES (3, 'key_1', 'team', 'failed', 'charge', -10000)",
      [
        `The balance of account team says ${TEAM}`,
        "The balance of key key_1 says 50 granted, 4 held, 6 spent (credits), and its entries add up to 50 granted, 4 held, 7 spent.",
        "The failed task failed has entries of hold -4, release 4, charge -1",
      ],
    ],
    [
      "a charge for a task that never was",
      "INSERT INTO ledger (at, key_id, account, task_id, kind, amount) VALUES (3, 'key_1', 'team', 'ghost', 'charge', -10000)",
      [
        `The balance of account team says ${TEAM}`,
        `The balance of key key_1 says ${BALANCE}`,
        "Removed task ghost has entries of",
      ],
    ],
    [
      "an entry removed past the guards",
      `${GUARDS_OFF} DELETE FROM ledger WHERE task_id = 'charged' AND kind = 'release'`,
      [
        `The balance of account team says ${TEAM}`,
        `The balance of key key_1 says ${BALANCE}`,
        "The completed task charged has entries of",
      ],
    ],
    [
      "an entry of a removed task changed past the guards",
      `${GUARDS_OFF} UPDATE ledger SET amount = -50000 WHERE task_id = 'gone' AND kind = 'charge'`,
      [
        `The balance of account team says ${TEAM}`,
        `The balance of key key_1 says ${BALANCE}`,
        "Removed task gone has entries of",
      ],
    ],
    [
      "entries moved to another key past the guards",
      `${GUARDS_OFF} UPDATE ledger SET key_id = 'key_2' WHERE task_id = 'failed'`,
      ["The failed task failed has entries of another key."],
    ],
    [
      "entries moved to another account past the guards",
      `${GUARDS_OFF} UPDATE ledger SET account = 'rivals' WHERE task_id = 'failed'`,
      ["The failed task failed has entries of another account."],
    ],
    [
      "an account's balance that was given a limit",
      "UPDATE balances SET granted = 0 WHERE owner = 'account:team'",
      [
        "The balance of account team says 0 granted, 4 held, 6 spent (credits), and its entries add up to nothing granted",
      ],
    ],
    [
      "an account's balance that is gone",
      "DELETE FROM balances WHERE owner = 'account:team'",
      ["The balance of account team says nothing granted, 0 held, 0 spent"],
    ],
    [
      "a grant to an account that never reached its balance",
      `${ADD} VALUES (3, NULL, 'team', NULL, 'grant', 10000)`,
      [`The balance of account team says ${TEAM} (credits), and its entries add up to 1 granted`],
    ],
  ])("is found out of balance with %s", async (_name, sql, faults) => {
    expect(await inStore((store) => store.checkLedger())).toEqual([]);
    tamper(sql);
    const found = await inStore((store) => store.checkLedger());
    expect(found).toEqual(faults.map((fault) => expect.stringContaining(fault)));
  });
});

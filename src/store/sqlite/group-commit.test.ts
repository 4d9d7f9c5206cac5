import Sqlite, { type Database } from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openGroupCommit } from "./group-commit.ts";

describe("group commit", () => {
  let db: Database;
  beforeEach(() => {
    db = new Sqlite(":memory:");
    db.exec("CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT");
  });
  afterEach(() => db.close());

  const insert = (id: number, text = "x"): void => {
    db.prepare("INSERT INTO rows (id, text) VALUES (?, ?)").run(id, text);
  };
  const ids = (): unknown[] => db.prepare("SELECT id FROM rows ORDER BY id").pluck().all();
  const statuses = async (writes: readonly Promise<unknown>[]): Promise<string[]> =>
    (await Promise.allSettled(writes)).map(({ status }) => status);

  it("runs the writes of one turn in one transaction, in order, and settles them after it", async () => {
    const group = openGroupCommit(db);
    const seen: (string | boolean)[] = [];
    const write = (name: string): Promise<void> =>
      group
        .one(() => void seen.push(name, db.inTransaction))
        .then(() => void seen.push(`${name} settled`, db.inTransaction));
    await Promise.all([write("a"), write("b")]);
    expect(seen).toEqual(["a", true, "b", true, "a settled", false, "b settled", false]);
  });

  it("rejects a failing write alone", async () => {
    const group = openGroupCommit(db);
    const writes = [1, 2, 1, 3].map((id) => group.one(() => insert(id)));
    expect(await statuses(writes)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    expect(ids()).toEqual([1, 2, 3]);
  });

  it("takes back all statements of a write whose last one fails", async () => {
    const group = openGroupCommit(db);
    const bad = group.several(() => [10, 11, 10].forEach((id) => void insert(id)));
    expect(await statuses([group.one(() => insert(1)), bad, group.one(() => insert(2))])).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(ids()).toEqual([1, 2]);
  });

  it("rejects every write of a transaction whose COMMIT fails, and goes on with the next", async () => {
    db.exec("CREATE TABLE children (parent INTEGER REFERENCES rows (id) DEFERRABLE INITIALLY DEFERRED)");
    const group = openGroupCommit(db);
    const orphan = group.one(() => void db.exec("INSERT INTO children VALUES (99)"));
    const writes = [group.one(() => insert(1)), orphan, group.several(() => insert(2))];
    expect(await statuses(writes)).toEqual(["rejected", "rejected", "rejected"]);
    expect([db.inTransaction, ids()]).toEqual([false, []]);
    await group.one(() => insert(3));
    expect(ids()).toEqual([3]);
  });

  it("rejects every write where a full disk ended the transaction half-way, and commits none alone", async () => {
    const group = openGroupCommit(db);
    const pages = Number(db.pragma("page_count", { simple: true }));
    db.pragma(`max_page_count = ${pages + 4}`);
    const writes = [
      group.one(() => insert(1)),
      group.one(() => insert(2, "x".repeat(100_000))),
      group.one(() => insert(3)),
    ];
    expect(await statuses(writes)).toEqual(["rejected", "rejected", "rejected"]);
    expect([db.inTransaction, ids()]).toEqual([false, []]);
  });

  it("splits a large turn into several transactions without losing or reordering any", async () => {
    const group = openGroupCommit(db);
    const order: number[] = [];
    const all = Array.from({ length: 2000 }, (_, index) => index);
    await Promise.all(all.map((id) => group.one(() => insert(id)).then(() => order.push(id))));
    expect(order).toEqual(all);
    expect(ids()).toEqual(all);
  });

  it("does not run a write before the turn that asked for it ends", async () => {
    const group = openGroupCommit(db);
    const write = group.one(() => insert(1));
    await Promise.resolve();
    expect(ids()).toEqual([]);
    await write;
    expect(ids()).toEqual([1]);
  });

  it("commits what is waiting when it is closed, then refuses", async () => {
    const group = openGroupCommit(db);
    const writes = Array.from({ length: 1200 }, (_, id) => group.one(() => insert(id)));
    group.close();
    expect(ids()).toHaveLength(1200);
    await Promise.all(writes);
    await expect(group.one(() => insert(5000))).rejects.toThrow("the store is closed");
  });
});

import type { Database } from "better-sqlite3";
import type { KeyRecord } from "../../core/store.ts";

/** SQLite has no true. */
type Row = Omit<KeyRecord, "test"> & { readonly test: number };

function fromRow(row: Row): KeyRecord {
  return { ...row, test: row.test === 1 };
}

export interface Keys {
  add(key: KeyRecord): void;
  find(digest: string): KeyRecord | undefined;
  read(id: string): KeyRecord | undefined;
  list(): readonly KeyRecord[];
  revoke(id: string, at: number): boolean;
}

const ADD = `
INSERT INTO keys (id, digest, name, hint, account, created_at, revoked_at, priority, concurrency, test)
VALUES (@id, @digest, @name, @hint, @account, @createdAt, @revokedAt, @priority, @concurrency, @test)`;

const SELECT = `
SELECT id, digest, name, hint, account, created_at AS createdAt, revoked_at AS revokedAt, priority, concurrency,
  test FROM keys`;
const FIND = `${SELECT} WHERE digest = ?`;
const READ = `${SELECT} WHERE id = ?`;
const LIST = `${SELECT} ORDER BY created_at, rowid`;
const REVOKE = "UPDATE keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL";

export function openKeys(db: Database): Keys {
  const add = db.prepare<Row>(ADD);
  const find = db.prepare<[string], Row>(FIND);
  const read = db.prepare<[string], Row>(READ);
  const list = db.prepare<[], Row>(LIST);
  const revoke = db.prepare<[number, string]>(REVOKE);
  return {
    add(key) {
      add.run({ ...key, test: key.test ? 1 : 0 });
    },
    find: (digest) => found(find.get(digest)),
    read: (id) => found(read.get(id)),
    list: () => list.all().map(fromRow),
    revoke: (id, at) => revoke.run(at, id).changes === 1,
  };
}

function found(row: Row | undefined): KeyRecord | undefined {
  return row && fromRow(row);
}

import type { Database } from "better-sqlite3";
import type { KeyRecord } from "../../core/store.ts";

export interface Keys {
  add(key: KeyRecord): void;
  find(digest: string): KeyRecord | undefined;
  read(id: string): KeyRecord | undefined;
  list(): readonly KeyRecord[];
  revoke(id: string, at: number): boolean;
}

const ADD = `
INSERT INTO keys (id, digest, name, hint, account, created_at, revoked_at, priority, concurrency)
VALUES (@id, @digest, @name, @hint, @account, @createdAt, @revokedAt, @priority, @concurrency)`;

const SELECT = `
SELECT id, digest, name, hint, account, created_at AS createdAt, revoked_at AS revokedAt, priority, concurrency FROM keys`;
const FIND = `${SELECT} WHERE digest = ?`;
const READ = `${SELECT} WHERE id = ?`;
const LIST = `${SELECT} ORDER BY created_at, rowid`;
const REVOKE = "UPDATE keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL";

export function openKeys(db: Database): Keys {
  const add = db.prepare<KeyRecord>(ADD);
  const find = db.prepare<[string], KeyRecord>(FIND);
  const read = db.prepare<[string], KeyRecord>(READ);
  const list = db.prepare<[], KeyRecord>(LIST);
  const revoke = db.prepare<[number, string]>(REVOKE);
  return {
    add(key) {
      add.run(key);
    },
    find: (digest) => find.get(digest),
    read: (id) => read.get(id),
    list: () => list.all(),
    revoke: (id, at) => revoke.run(at, id).changes === 1,
  };
}

import type { Database } from "better-sqlite3";
import type { ExtraFile, FileRecord, FileRole, ResultFile } from "../../core/task.ts";

interface Row extends Omit<FileRecord, "facts" | "meta"> {
  readonly facts: string | null;
  readonly meta: string;
}

export interface Files {
  add(file: FileRecord): void;
  read(id: string): FileRecord | undefined;
  listResults(taskId: string): readonly ResultFile[];
  listExtras(taskId: string): readonly ExtraFile[];
  listInputs(taskId: string): readonly FileRecord[];
  list(keyId: string, role: FileRole): readonly FileRecord[];
  sum(keyId: string, role: FileRole): number;
  listExpired(now: number, limit: number): readonly FileRecord[];
  remove(id: string): void;
}

const ADD = `
INSERT INTO files (id, role, key_id, task_id, name, content_type, bytes, sha256, facts, meta, created_at, expires_at)
VALUES (@id, @role, @keyId, @taskId, @name, @contentType, @bytes, @sha256, @facts, @meta, @createdAt, @expiresAt)`;

const SELECT = `
SELECT id, role, key_id AS keyId, task_id AS taskId, name, content_type AS contentType, bytes, sha256, facts, meta,
  created_at AS createdAt, expires_at AS expiresAt
FROM files`;

const READ = `${SELECT} WHERE id = ?`;
/** In the order in which the task's outcome named them. */
const LIST_RESULTS = `${SELECT} WHERE task_id = ? AND role = 'result' AND meta ->> 'extra' IS NULL ORDER BY rowid`;
const LIST_EXTRAS = `${SELECT} WHERE task_id = ? AND role = 'result' AND meta ->> 'extra' IS NOT NULL ORDER BY rowid`;
const LIST_INPUTS = `${SELECT} WHERE task_id = ? AND role = 'input' ORDER BY rowid`;
const LIST = `${SELECT} WHERE key_id = ? AND role = ? ORDER BY created_at, rowid`;
const SUM = "SELECT total(bytes) FROM files WHERE key_id = ? AND role = ?";
const LIST_EXPIRED = `${SELECT} WHERE expires_at <= ? ORDER BY expires_at, rowid LIMIT ?`;
const REMOVE = "DELETE FROM files WHERE id = ?";

export function openFiles(db: Database): Files {
  const add = db.prepare<Row>(ADD);
  const read = db.prepare<[string], Row>(READ);
  const listResults = db.prepare<[string], Row>(LIST_RESULTS);
  const listExtras = db.prepare<[string], Row>(LIST_EXTRAS);
  const listInputs = db.prepare<[string], Row>(LIST_INPUTS);
  const list = db.prepare<[string, FileRole], Row>(LIST);
  const sum = db.prepare<[string, FileRole], number>(SUM).pluck();
  const listExpired = db.prepare<[number, number], Row>(LIST_EXPIRED);
  const remove = db.prepare<[string]>(REMOVE);
  return {
    add(file) {
      add.run(toRow(file));
    },
    read(id) {
      const row = read.get(id);
      return row && fromRow(row);
    },
    listResults: (taskId) => listResults.all(taskId).map((row) => fromRow(row) as ResultFile),
    listExtras: (taskId) => listExtras.all(taskId).map((row) => fromRow(row) as ExtraFile),
    listInputs: (taskId) => listInputs.all(taskId).map(fromRow),
    list: (keyId, role) => list.all(keyId, role).map(fromRow),
    sum: (keyId, role) => sum.get(keyId, role) ?? 0,
    listExpired: (now, limit) => listExpired.all(now, limit).map(fromRow),
    remove(id) {
      remove.run(id);
    },
  };
}

function toRow(file: FileRecord): Row {
  return {
    ...file,
    facts: file.facts === null ? null : JSON.stringify(file.facts),
    meta: JSON.stringify(file.meta),
  };
}

function fromRow(row: Row): FileRecord {
  return { ...row, facts: row.facts === null ? null : JSON.parse(row.facts), meta: JSON.parse(row.meta) };
}

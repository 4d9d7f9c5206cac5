import type { Database } from "better-sqlite3";
import type { LateTask, OpenTask, TaskFilter } from "../../core/store.ts";
import type { Task } from "../../core/task.ts";
import { fromRow, SELECT_TASK, type TaskRow } from "./task-row.ts";

export interface TaskLists {
  list(filter: TaskFilter): readonly Task[];
  open(): readonly OpenTask[];
  late(now: number): readonly LateTask[];
  ended(before: number, limit: number): readonly string[];
}

/** Where a task stands among those of its key. */
interface Place {
  readonly createdAt: number;
  readonly row: number;
}

interface ListParams extends Place {
  readonly keyId: string;
  readonly dialect: string;
  readonly states: string | null;
  readonly model: string | null;
  readonly limit: number;
}

const NEWEST: Place = { createdAt: Number.MAX_SAFE_INTEGER, row: Number.MAX_SAFE_INTEGER };

const PLACE = "SELECT created_at AS createdAt, rowid AS row FROM tasks WHERE id = ? AND key_id = ?";

const MATCHES = `
key_id = @keyId AND dialect = @dialect AND (created_at, rowid) < (@createdAt, @row)
  AND (@states IS NULL OR state IN (SELECT value FROM json_each(@states))) AND (@model IS NULL OR model = @model)
ORDER BY created_at DESC, rowid DESC LIMIT @limit`;

const LIST = `${SELECT_TASK} FROM tasks INDEXED BY tasks_of_key WHERE ${MATCHES}`;

/** The few open tasks stand in an index of their own: the other one would be read to its end for them. */
const LIST_OPEN_ONES = `${SELECT_TASK} FROM tasks INDEXED BY open_tasks WHERE finished_at IS NULL AND ${MATCHES}`;

const SELECT_OPEN = "SELECT id, key_id AS keyId, provider FROM tasks";
const BEGUN = "EXISTS (SELECT 1 FROM steps WHERE task_id = tasks.id) AS begun";
const OPEN = `SELECT id, key_id AS keyId, provider, ${BEGUN} FROM tasks WHERE finished_at IS NULL ORDER BY created_at, rowid`;
const LATE = `${SELECT_OPEN} WHERE late_until > ? AND state = 'failed' ORDER BY created_at, rowid`;
const ENDED = "SELECT id FROM tasks WHERE finished_at < ? ORDER BY finished_at, rowid LIMIT ?";

export function openTaskLists(db: Database): TaskLists {
  const place = db.prepare<[string, string], Place>(PLACE);
  const list = db.prepare<ListParams, TaskRow>(LIST);
  const listOpenOnes = db.prepare<ListParams, TaskRow>(LIST_OPEN_ONES);
  const open = db.prepare<[], LateTask & { readonly begun: number }>(OPEN);
  const late = db.prepare<[number], LateTask>(LATE);
  const ended = db.prepare<[number, number], string>(ENDED).pluck();
  return {
    list({ keyId, dialect, states, model, before, limit }) {
      const from = before === undefined ? NEWEST : place.get(before, keyId);
      if (!from) return [];
      const onlyOpen = states?.every((state) => state === "pending" || state === "processing");
      const rows = (onlyOpen ? listOpenOnes : list).all({
        ...{ ...from, keyId, dialect, limit, model: model ?? null },
        states: states ? JSON.stringify(states) : null,
      });
      return rows.map(fromRow);
    },
    open: () => open.all().map((task) => ({ ...task, begun: task.begun === 1 })),
    late: (now) => late.all(now),
    ended: (before, limit) => ended.all(before, limit),
  };
}

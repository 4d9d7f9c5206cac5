import type { Database } from "better-sqlite3";
import { timeOf } from "../../core/ids.ts";
import type { LateTask, OpenTask, TaskFilter } from "../../core/store.ts";
import type { Task } from "../../core/task.ts";
import { fromRow, SELECT_TASK, type TaskRow } from "./task-row.ts";

export interface TaskLists {
  list(filter: TaskFilter): readonly Task[];
  open(): readonly OpenTask[];
  openInputs(keyId: string): readonly string[];
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

type Order = NonNullable<TaskFilter["order"]>;

/** How an order is said, and the place from which it begins. */
const ORDERS = {
  newest: { behind: "<", direction: "DESC", begin: Number.MAX_SAFE_INTEGER },
  oldest: { behind: ">", direction: "ASC", begin: -1 },
} as const satisfies Record<Order, unknown>;

const PLACE = "SELECT created_at AS createdAt, rowid AS row FROM tasks WHERE id = ? AND key_id = ?";

const matches = ({ behind, direction }: (typeof ORDERS)[Order]): string => `
key_id = @keyId AND dialect = @dialect AND (created_at, rowid) ${behind} (@createdAt, @row)
  AND (@states IS NULL OR state IN (SELECT value FROM json_each(@states))) AND (@model IS NULL OR model = @model)
ORDER BY created_at ${direction}, rowid ${direction} LIMIT @limit`;

const list = (order: Order): string =>
  `${SELECT_TASK} FROM tasks INDEXED BY tasks_of_key WHERE ${matches(ORDERS[order])}`;

/** The few open tasks stand in an index of their own: the other one would be read to its end for them. */
const listOpenOnes = (order: Order): string =>
  `${SELECT_TASK} FROM tasks INDEXED BY open_tasks WHERE finished_at IS NULL AND ${matches(ORDERS[order])}`;

const SELECT_OPEN = "SELECT id, key_id AS keyId, provider FROM tasks";
const BEGUN = "EXISTS (SELECT 1 FROM steps WHERE task_id = tasks.id) AS begun";
const OPEN = `SELECT id, key_id AS keyId, provider, ${BEGUN} FROM tasks WHERE finished_at IS NULL ORDER BY created_at, rowid`;
const OPEN_INPUTS = "SELECT input FROM tasks INDEXED BY open_tasks WHERE finished_at IS NULL AND key_id = ?";
const LATE = `${SELECT_OPEN} WHERE late_until > ? AND state = 'failed' ORDER BY created_at, rowid`;
const ENDED = "SELECT id FROM tasks WHERE finished_at < ? ORDER BY finished_at, rowid LIMIT ?";

export function openTaskLists(db: Database): TaskLists {
  const prepare = (order: Order) => ({
    all: db.prepare<ListParams, TaskRow>(list(order)),
    openOnes: db.prepare<ListParams, TaskRow>(listOpenOnes(order)),
  });
  const lists = { newest: prepare("newest"), oldest: prepare("oldest") };
  const place = db.prepare<[string, string], Place>(PLACE);
  const open = db.prepare<[], LateTask & { readonly begun: number }>(OPEN);
  const openInputs = db.prepare<[string], string>(OPEN_INPUTS).pluck();
  const late = db.prepare<[number], LateTask>(LATE);
  const ended = db.prepare<[number, number], string>(ENDED).pluck();

  const placeOf = (after: string | undefined, keyId: string, order: Order): Place | undefined => {
    const { begin } = ORDERS[order];
    if (after === undefined) return { createdAt: begin, row: begin };
    const known = place.get(after, keyId);
    // Of one that is gone: with those of the same millisecond, for one seen twice is better than one never seen.
    const createdAt = known ? undefined : timeOf(after);
    return createdAt === undefined ? known : { createdAt, row: begin };
  };

  return {
    list({ keyId, dialect, states, model, order = "newest", after, limit }) {
      const from = placeOf(after, keyId, order);
      if (!from) return [];
      const onlyOpen = states?.every((state) => state === "pending" || state === "processing");
      const { openOnes, all } = lists[order];
      const rows = (onlyOpen ? openOnes : all).all({
        ...{ ...from, keyId, dialect, limit, model: model ?? null },
        states: states ? JSON.stringify(states) : null,
      });
      return rows.map(fromRow);
    },
    open: () => open.all().map((task) => ({ ...task, begun: task.begun === 1 })),
    openInputs: (keyId) => openInputs.all(keyId),
    late: (now) => late.all(now),
    ended: (before, limit) => ended.all(before, limit),
  };
}

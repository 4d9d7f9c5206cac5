import type { Database } from "better-sqlite3";

const REMOVE = `
DELETE FROM tasks WHERE id = @id AND finished_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM files WHERE task_id = @id)`;

const REMOVE_REST = [
  "DELETE FROM steps WHERE task_id = @id",
  "DELETE FROM tries WHERE delivery_id IN (SELECT id FROM deliveries WHERE task_id = @id)",
  "DELETE FROM deliveries WHERE task_id = @id",
  "DELETE FROM idempotency WHERE task_id = @id",
];

/**
 * Removes an ended task with all that hangs on it but its ledger entries; several statements. Throws where the task
 * is open, since its hold would never be released, and where files of it are left, since nobody would find them again.
 */
export function openRemoval(db: Database): (taskId: string) => void {
  const there = db.prepare<[string]>("SELECT 1 FROM tasks WHERE id = ?");
  const remove = db.prepare<{ id: string }>(REMOVE);
  const rest = REMOVE_REST.map((sql) => db.prepare<{ id: string }>(sql));
  return (id) => {
    if (remove.run({ id }).changes === 1) for (const statement of rest) statement.run({ id });
    else if (there.get(id)) throw new Error(`task ${id} cannot be removed: it is open or has files`);
  };
}

import type { Database } from "better-sqlite3";

const REMOVE = [
  "DELETE FROM tasks WHERE id = @id",
  "DELETE FROM steps WHERE task_id = @id",
  "DELETE FROM tries WHERE delivery_id IN (SELECT id FROM deliveries WHERE task_id = @id)",
  "DELETE FROM deliveries WHERE task_id = @id",
  "DELETE FROM idempotency WHERE task_id = @id",
];

/**
 * Removes an ended task with all that hangs on it but its ledger entries; several statements. False, and nothing is
 * removed, where files of it are left, since nobody would find them again. Throws where the task is open, since its hold
 * would never be released.
 */
export function openRemoval(db: Database): (taskId: string) => boolean {
  const isOpen = db.prepare<[string]>("SELECT 1 FROM tasks WHERE id = ? AND finished_at IS NULL");
  const hasFiles = db.prepare<[string]>("SELECT 1 FROM files WHERE task_id = ?");
  const remove = REMOVE.map((sql) => db.prepare<{ id: string }>(sql));
  return (id) => {
    if (isOpen.get(id)) throw new Error(`task ${id} cannot be removed: it is open`);
    if (hasFiles.get(id)) return false;
    for (const statement of remove) statement.run({ id });
    return true;
  };
}

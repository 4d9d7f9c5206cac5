import type { Database } from "better-sqlite3";
import type { Json } from "../../core/json.ts";

export interface Steps {
  read(taskId: string): ReadonlyMap<string, Json>;
  /** Nothing is written where the task is not open. */
  save(taskId: string, name: string, value: Json): void;
}

const READ = "SELECT name, value FROM steps WHERE task_id = ?";

const SAVE = `
INSERT INTO steps (task_id, name, value)
SELECT id, ?, ? FROM tasks WHERE id = ? AND finished_at IS NULL
ON CONFLICT (task_id, name) DO UPDATE SET value = excluded.value`;

export function openSteps(db: Database): Steps {
  const read = db.prepare<[string], { name: string; value: string }>(READ);
  const save = db.prepare<[string, string, string]>(SAVE);
  return {
    read: (taskId) => new Map(read.all(taskId).map(({ name, value }) => [name, JSON.parse(value)])),
    save(taskId, name, value) {
      save.run(name, JSON.stringify(value), taskId);
    },
  };
}

import type { Database } from "better-sqlite3";
import type { NewTask, Outcome } from "../../core/store.ts";
import type { Task, TaskState } from "../../core/task.ts";

interface Row extends Omit<Task, "input" | "asked" | "error" | "notes"> {
  readonly input: string;
  readonly asked: string;
  readonly error: string | null;
  readonly notes: string;
}

interface Ending {
  readonly id: string;
  readonly state: TaskState;
  readonly at: number;
  readonly progress: number;
  readonly error: string | null;
  readonly notes: string;
}

export interface Tasks {
  create(task: NewTask): void;
  read(id: string): Task | undefined;
  listOpen(): readonly string[];
  start(id: string, at: number): void;
  /** False, and nothing written, where the task is not open. */
  finish(id: string, outcome: Outcome): boolean;
}

const CREATE = `
INSERT INTO tasks (id, dialect, key_id, model, state, input, asked, created_at, estimate, notes)
VALUES (@id, @dialect, @keyId, @model, 'pending', @input, @asked, @createdAt, @estimate, '[]')`;

const READ = `
SELECT id, dialect, key_id AS keyId, model, state, input, asked, created_at AS createdAt, started_at AS startedAt,
  finished_at AS finishedAt, progress, estimate, error, notes
FROM tasks WHERE id = ?`;

const LIST_OPEN = "SELECT id FROM tasks WHERE finished_at IS NULL ORDER BY created_at, rowid";

const START = "UPDATE tasks SET state = 'processing', started_at = ? WHERE id = ? AND state = 'pending'";

const FINISH = `
UPDATE tasks SET state = @state, finished_at = @at, progress = @progress, error = @error, notes = @notes
WHERE id = @id AND finished_at IS NULL`;

export function openTasks(db: Database): Tasks {
  const create = db.prepare(CREATE);
  const read = db.prepare<[string], Row>(READ);
  const listOpen = db.prepare<[], string>(LIST_OPEN).pluck();
  const start = db.prepare<[number, string]>(START);
  const finish = db.prepare<Ending>(FINISH);
  return {
    create(task) {
      create.run({ ...task, input: JSON.stringify(task.input), asked: JSON.stringify(task.asked) });
    },
    read(id) {
      const row = read.get(id);
      return row && fromRow(row);
    },
    listOpen: () => listOpen.all(),
    start(id, at) {
      start.run(at, id);
    },
    finish: (id, outcome) => finish.run(ending(id, outcome)).changes === 1,
  };
}

function ending(id: string, outcome: Outcome): Ending {
  const { state, at } = outcome;
  return state === "completed"
    ? { id, state, at, progress: 100, error: null, notes: JSON.stringify(outcome.notes) }
    : { id, state, at, progress: outcome.progress, error: JSON.stringify(outcome.error), notes: "[]" };
}

function fromRow(row: Row): Task {
  return {
    ...row,
    input: JSON.parse(row.input),
    asked: JSON.parse(row.asked),
    error: row.error === null ? null : JSON.parse(row.error),
    notes: JSON.parse(row.notes),
  };
}

import type { Database } from "better-sqlite3";
import type { NewTask, Outcome } from "../../core/store.ts";
import type { Task, TaskState } from "../../core/task.ts";
import { fromRow, SELECT_TASK, type TaskRow } from "./task-row.ts";

/** What an ended task leaves to be settled and told. */
export interface Ended {
  readonly keyId: string;
  readonly account: string;
  readonly hold: number;
  readonly callbackUrl: string | null;
}

interface Ending {
  readonly id: string;
  readonly state: TaskState;
  readonly at: number;
  readonly progress: number;
  readonly error: string | null;
  readonly notes: string;
  readonly charge: number;
  readonly doubtful: 0 | 1;
  readonly lateUntil: number | null;
}

export interface Tasks {
  create(task: NewTask): void;
  read(id: string): Task | undefined;
  move(id: string, provider: string): void;
  start(id: string, at: number): void;
  /** Undefined, and nothing written, where the task is not open. */
  finish(id: string, outcome: Outcome): Ended | undefined;
  /** False where the task is not one that failed, or has been recovered before. */
  recover(id: string): boolean;
  endLate(id: string): void;
}

const CREATE = `
INSERT INTO tasks (id, dialect, key_id, account, model, provider, state, input, asked, created_at, estimate, notes,
  callback_url, hold, test, memo)
VALUES (@id, @dialect, @keyId, @account, @model, @provider, 'pending', @input, @asked, @createdAt, @estimate, '[]',
  @callbackUrl, @hold, @test, @memo)`;

const READ = `${SELECT_TASK} FROM tasks WHERE id = ?`;

const START = `
UPDATE tasks SET state = 'processing', started_at = ?, version = version + 1 WHERE id = ? AND state = 'pending'`;

const MOVE = "UPDATE tasks SET provider = ? WHERE id = ? AND finished_at IS NULL";

const FINISH = `
UPDATE tasks SET state = @state, finished_at = @at, progress = @progress, error = @error, notes = @notes,
  charge = @charge, doubtful = @doubtful, late_until = @lateUntil, version = version + 1
WHERE id = @id AND finished_at IS NULL
RETURNING key_id AS keyId, account, hold, callback_url AS callbackUrl`;

/** Also without a `late_until`: a provider may call back long after we stopped asking, and a video is never dropped. */
const RECOVER = `
UPDATE tasks SET recovered = 1, late_until = NULL, version = version + 1
WHERE id = ? AND state = 'failed' AND recovered = 0`;

const END_LATE = "UPDATE tasks SET late_until = NULL WHERE id = ?";

export function openTasks(db: Database): Tasks {
  const create = db.prepare(CREATE);
  const read = db.prepare<[string], TaskRow>(READ);
  const start = db.prepare<[number, string]>(START);
  const move = db.prepare<[string, string]>(MOVE);
  const finish = db.prepare<Ending, Ended>(FINISH);
  const recover = db.prepare<[string]>(RECOVER);
  const endLate = db.prepare<[string]>(END_LATE);
  return {
    create(task) {
      create.run({
        ...task,
        input: JSON.stringify(task.input),
        asked: JSON.stringify(task.asked),
        test: task.test ? JSON.stringify(task.test) : null,
        memo: task.memo ? JSON.stringify(task.memo) : null,
      });
    },
    read(id) {
      const row = read.get(id);
      return row && fromRow(row);
    },
    move(id, provider) {
      move.run(provider, id);
    },
    start(id, at) {
      start.run(at, id);
    },
    finish: (id, outcome) => finish.get(ending(id, outcome)),
    recover: (id) => recover.run(id).changes === 1,
    endLate(id) {
      endLate.run(id);
    },
  };
}

function ending(id: string, outcome: Outcome): Ending {
  const { state, at } = outcome;
  if (outcome.state === "completed") {
    const { charge } = outcome;
    const notes = JSON.stringify(outcome.notes);
    return { id, state, at, progress: 100, error: null, notes, charge, doubtful: 0, lateUntil: null };
  }
  return {
    ...{
      id,
      state,
      at,
      progress: outcome.progress,
      error: JSON.stringify(outcome.error),
      notes: "[]",
      charge: 0,
    },
    doubtful: outcome.billing === "unknown" ? 1 : 0,
    lateUntil: outcome.lateUntil ?? null,
  };
}

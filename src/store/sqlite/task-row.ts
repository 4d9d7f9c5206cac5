import type { Billing, Task } from "../../core/task.ts";

export interface TaskRow
  extends Omit<Task, "input" | "asked" | "error" | "notes" | "billing" | "test" | "memo"> {
  readonly input: string;
  readonly asked: string;
  readonly error: string | null;
  readonly notes: string;
  readonly test: string | null;
  readonly memo: string | null;
  readonly hold: number;
  readonly charge: number;
  readonly doubtful: number;
}

/** The columns of a `TaskRow`. */
export const SELECT_TASK = `
SELECT id, dialect, key_id AS keyId, model, provider, state, input, asked, created_at AS createdAt,
  started_at AS startedAt, finished_at AS finishedAt, progress, estimate, error, notes, callback_url AS callbackUrl,
  version, hold, charge, doubtful, test, memo`;

export function fromRow(row: TaskRow): Task {
  const { hold, charge, doubtful, ...rest } = row;
  return {
    ...rest,
    input: JSON.parse(row.input),
    asked: JSON.parse(row.asked),
    error: row.error === null ? null : JSON.parse(row.error),
    notes: JSON.parse(row.notes),
    test: row.test === null ? null : JSON.parse(row.test),
    memo: row.memo === null ? null : JSON.parse(row.memo),
    billing: billingOf(row),
  };
}

function billingOf({ hold, charge, doubtful, finishedAt }: TaskRow): Billing {
  if (hold === 0) return { state: "free", amount: 0 };
  if (finishedAt === null) return { state: "held", amount: hold };
  if (charge > 0) return { state: "charged", amount: charge };
  return { state: doubtful === 1 ? "unknown" : "released", amount: 0 };
}

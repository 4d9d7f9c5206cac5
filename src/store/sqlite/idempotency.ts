import type { Database } from "better-sqlite3";
import { ReelayError } from "../../core/errors.ts";
import type { Idempotency, NewTask } from "../../core/store.ts";

export interface IdempotencyKeys {
  /** The id of the task that this key made before. Throws `idempotency_mismatch` where it was asked for other work. */
  find(keyId: string, asked: Idempotency): string | undefined;
  add(task: NewTask, asked: Idempotency): void;
  forget(before: number): void;
}

const FIND = "SELECT fingerprint, task_id AS taskId FROM idempotency WHERE key_id = ? AND key = ?";

const ADD = "INSERT INTO idempotency (key_id, key, fingerprint, task_id, created_at) VALUES (?, ?, ?, ?, ?)";

const FORGET = "DELETE FROM idempotency WHERE created_at < ?";

export function openIdempotency(db: Database): IdempotencyKeys {
  const find = db.prepare<[string, string], { fingerprint: string; taskId: string }>(FIND);
  const add = db.prepare<[string, string, string, string, number]>(ADD);
  const forget = db.prepare<[number]>(FORGET);
  return {
    find(keyId, { key, fingerprint }) {
      const found = find.get(keyId, key);
      if (found && found.fingerprint !== fingerprint) throw mismatch(key, found.taskId);
      return found?.taskId;
    },
    add({ id, keyId, createdAt }, { key, fingerprint }) {
      add.run(keyId, key, fingerprint, id, createdAt);
    },
    forget(before) {
      forget.run(before);
    },
  };
}

function mismatch(key: string, taskId: string): ReelayError {
  return new ReelayError(
    "idempotency_mismatch",
    `The Idempotency-Key "${key}" made task ${taskId} from another request. ` +
      "Send that request again unchanged, or send this one with a new key.",
  );
}

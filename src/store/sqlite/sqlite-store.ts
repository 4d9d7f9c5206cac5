import type { Outcome, Store } from "../../core/store.ts";
import { openFiles } from "./files.ts";
import { openGroupCommit } from "./group-commit.ts";
import { openKeys } from "./keys.ts";
import { closeDatabase, openDatabase } from "./open-database.ts";
import { openSteps } from "./steps.ts";
import { openTasks } from "./tasks.ts";
import { openTimings } from "./timings.ts";

export interface SqliteOptions {
  /** The database file; its folder is made where it is missing. */
  readonly path: string;
}

/**
 * The store of one process on one machine. Rejects with `StoreInUseError` where another process has it open and
 * with `StoreTooNewError` where a later Reelay wrote it.
 */
export async function openSqliteStore({ path }: SqliteOptions): Promise<Store> {
  const db = await openDatabase(path);
  const group = openGroupCommit(db);
  const tasks = openTasks(db);
  const steps = openSteps(db);
  const files = openFiles(db);
  const keys = openKeys(db);
  const timings = openTimings(db);

  const finish = (id: string, outcome: Outcome): boolean => {
    if (!tasks.finish(id, outcome)) return false;
    if (outcome.state !== "completed") return true;
    for (const file of outcome.results) files.add(file);
    if (outcome.timing) timings.add(outcome.timing.shape, outcome.timing.seconds);
    return true;
  };

  return {
    createTask: (task) => group.one(() => tasks.create(task)),
    readTask: async (id) => tasks.read(id),
    listOpenTasks: async () => tasks.listOpen(),
    startTask: (id, at) => group.one(() => tasks.start(id, at)),
    finishTask: (id, outcome) => group.several(() => finish(id, outcome)),
    readTiming: async (shape) => timings.read(shape),

    readSteps: async (taskId) => steps.read(taskId),
    saveStep: (taskId, name, value) => group.one(() => steps.save(taskId, name, value)),

    addFile: (file) => group.one(() => files.add(file)),
    readFile: async (id) => files.read(id),
    listResults: async (taskId) => files.listResults(taskId),
    listFiles: async (keyId, role) => files.list(keyId, role),
    listExpiredFiles: async (now, limit) => files.listExpired(now, limit),
    removeFile: (id) => group.one(() => files.remove(id)),

    addKey: (key) => group.one(() => keys.add(key)),
    findKey: async (digest) => keys.find(digest),
    listKeys: async () => keys.list(),
    revokeKey: (id, at) => group.one(() => keys.revoke(id, at)),

    close: async () => {
      group.close();
      closeDatabase(db);
    },
  };
}

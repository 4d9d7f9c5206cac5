import type { Store } from "../../core/store.ts";
import type { FileRecord } from "../../core/task.ts";
import { openLedgerCheck } from "./check-ledger.ts";
import { openDeliveries } from "./deliveries.ts";
import { openFiles } from "./files.ts";
import { openGroupCommit } from "./group-commit.ts";
import { openHealthTable } from "./health.ts";
import { openIdempotency } from "./idempotency.ts";
import { openKeys } from "./keys.ts";
import { openLedger } from "./ledger.ts";
import { closeDatabase, openDatabase } from "./open-database.ts";
import { openRemoval } from "./removal.ts";
import { openSecrets } from "./secrets.ts";
import { openSteps } from "./steps.ts";
import { CREATED, createTask, finishTask } from "./task-ends.ts";
import { openTaskLists } from "./task-lists.ts";
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
  const lists = openTaskLists(db);
  const steps = openSteps(db);
  const files = openFiles(db);
  const keys = openKeys(db);
  const timings = openTimings(db);
  const ledger = openLedger(db);
  const checkLedger = openLedgerCheck(db);
  const deliveries = openDeliveries(db);
  const secrets = openSecrets(db);
  const idempotency = openIdempotency(db);
  const removeTask = openRemoval(db);
  const health = openHealthTable(db);
  const tables = { tasks, files, ledger, deliveries, idempotency, timings };

  const createAlone = (task: Parameters<typeof tasks.create>[0]): typeof CREATED => {
    tasks.create(task);
    return CREATED;
  };
  const recover = (id: string, results: readonly FileRecord[]): boolean => {
    if (!tasks.recover(id)) return false;
    for (const file of results) files.add(file);
    return true;
  };

  return {
    // Free and without a key of the client's, it is one row, and needs no savepoint.
    createTask: (task) =>
      task.hold === 0 && !task.idempotency
        ? group.one(() => createAlone(task))
        : group.several(() => createTask(tables, task)),
    readTask: async (id) => tasks.read(id),
    listTasks: async (filter) => lists.list(filter),
    listOpenTasks: async () => lists.open(),
    listOpenInputs: async (keyId) => lists.openInputs(keyId),
    moveTask: (id, provider) => group.one(() => tasks.move(id, provider)),
    startTask: (id, at) => group.one(() => tasks.start(id, at)),
    finishTask: (id, outcome) => group.several(() => finishTask(tables, id, outcome)),
    readTiming: async (shape) => timings.read(shape),

    listLateTasks: async (now) => lists.late(now),
    addLateResults: (id, results) => group.several(() => recover(id, results)),
    endLate: (id) => group.one(() => tasks.endLate(id)),

    readSteps: async (taskId) => steps.read(taskId),
    saveStep: (taskId, name, value) => group.one(() => steps.save(taskId, name, value)),

    addFile: (file) => group.one(() => files.add(file)),
    readFile: async (id) => files.read(id),
    listResults: async (taskId) => files.listResults(taskId),
    listExtras: async (taskId) => files.listExtras(taskId),
    listInputs: async (taskId) => files.listInputs(taskId),
    listFiles: async (keyId, role) => files.list(keyId, role),
    sumFiles: async (keyId, role) => files.sum(keyId, role),
    listExpiredFiles: async (now, limit) => files.listExpired(now, limit),
    removeFile: (id) => group.one(() => files.remove(id)),

    addKey: (key) => group.one(() => keys.add(key)),
    findKey: async (digest) => keys.find(digest),
    readKey: async (id) => keys.read(id),
    listKeys: async () => keys.list(),
    revokeKey: (id, at) => group.one(() => keys.revoke(id, at)),

    grant: (owner, amount, at) => group.several(() => ledger.grant(owner, amount, at)),
    readBalance: async (owner) => ledger.balance(owner),
    listLedger: async (of) => ledger.list(of),
    checkLedger: async () => checkLedger(),

    readDelivery: async (id) => deliveries.read(id),
    listDueDeliveries: async (now, limit) => deliveries.listDue(now, limit),
    listDeliveries: async (filter) => deliveries.list(filter),
    listTries: async (id) => deliveries.listTries(id),
    addTry: (id, tried, next) => group.several(() => deliveries.addTry(id, tried, next)),
    resendDelivery: (id, now) => group.one(() => deliveries.resend(id, now)),
    addSecret: (secret) => group.one(() => secrets.add(secret)),
    listSecrets: async (keyId, now) => secrets.list(keyId, now),
    expireSecrets: (keyId, expiresAt) => group.one(() => secrets.expire(keyId, expiresAt)),

    saveHealth: (provider, value) => group.one(() => health.save(provider, value)),
    listHealth: async () => health.list(),

    listEndedTasks: async (before, limit) => lists.ended(before, limit),
    removeTask: (id) => group.several(() => removeTask(id)),
    findReplay: async (keyId, asked) => idempotency.find(keyId, asked),
    forgetIdempotency: (before) => group.one(() => idempotency.forget(before)),

    close: async () => {
      group.close();
      closeDatabase(db);
    },
  };
}

import type { Database } from "better-sqlite3";

/**
 * Writes that were asked for in one turn of the event loop share one transaction, and so one fsync, in the order
 * they were asked for. A promise settles after the COMMIT: resolved means durable. A write that throws rejects
 * alone; a COMMIT that fails (disk full) rejects every write of its transaction.
 */
export interface GroupCommit {
  /** `work` runs at most one statement that writes. */
  one<T>(work: () => T): Promise<T>;
  /** `work` may run several, which take effect together or not at all. */
  several<T>(work: () => T): Promise<T>;
  /** Commits what is waiting; a later write rejects. */
  close(): void;
}

interface Entry {
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** Writes in one transaction: bounds how long requests wait while one runs. */
const LARGEST_BATCH = 512;

export function openGroupCommit(db: Database): GroupCommit {
  const commitBatch = batchCommitter(db);
  const inSavepoint = savepointRunner(db);
  let waiting: Entry[] = [];
  let scheduled = false;
  let closed = false;

  const flush = (): void => {
    scheduled = false;
    const batch = waiting.slice(0, LARGEST_BATCH);
    waiting = waiting.slice(LARGEST_BATCH);
    if (waiting.length > 0) schedule();
    if (batch.length > 0) commitBatch(batch);
  };
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  };
  const enqueue = <T>(run: () => T): Promise<T> => {
    if (closed) return Promise.reject(new Error("the store is closed"));
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    waiting.push({ run, resolve: resolve as (value: unknown) => void, reject });
    schedule();
    return promise;
  };

  return {
    one: enqueue,
    several: (work) => enqueue(() => inSavepoint(work)),
    close() {
      closed = true;
      while (waiting.length > 0) flush();
    },
  };
}

function batchCommitter(db: Database): (batch: readonly Entry[]) => void {
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  const rollback = db.prepare("ROLLBACK");

  /** Says how the write is to be settled once the transaction is durable. */
  const attempt = ({ run, resolve, reject }: Entry): (() => void) => {
    try {
      const value = run();
      return () => resolve(value);
    } catch (error) {
      // A full disk ends the whole transaction: the writes before are gone, and the ones after would each
      // commit alone.
      if (!db.inTransaction) throw error;
      return () => reject(error);
    }
  };

  return (batch) => {
    let settle: readonly (() => void)[];
    try {
      begin.run();
      settle = batch.map(attempt);
      commit.run();
    } catch (error) {
      for (const entry of batch) entry.reject(error);
      if (db.inTransaction) rollback.run();
      return;
    }
    for (const settleOne of settle) settleOne();
  };
}

/** A savepoint copies every page it touches, so a single statement, atomic by itself, goes without. */
function savepointRunner(db: Database): <T>(work: () => T) => T {
  const savepoint = db.prepare("SAVEPOINT several");
  const release = db.prepare("RELEASE several");
  const rollbackTo = db.prepare("ROLLBACK TO several");
  return (work) => {
    savepoint.run();
    try {
      const value = work();
      release.run();
      return value;
    } catch (error) {
      if (db.inTransaction) {
        rollbackTo.run();
        release.run();
      }
      throw error;
    }
  };
}

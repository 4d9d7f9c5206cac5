import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import Sqlite, { type Database } from "better-sqlite3";
import { removeHolder, StoreInUseError, writeHolder } from "./holder.ts";
import { migrate } from "./migrate.ts";

/** With `LONGEST_WAIT` milliseconds between them: time for a process that is just ending to let go. */
const TRIES = 6;
const LONGEST_WAIT = 120;

/**
 * Opens or creates the database and holds it until it is closed; no other process can even read it meanwhile.
 * Rejects with `StoreInUseError`, `StoreTooNewError`, or SQLite's own error where the file is no database.
 *
 * Nothing in this process may open the file by other means: on POSIX systems closing any descriptor of a file
 * drops the locks that the process has on it.
 */
export async function openDatabase(path: string): Promise<Database> {
  mkdirSync(dirname(path), { recursive: true });
  for (let attempt = 1; ; attempt++) {
    try {
      return tryOpen(path);
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (attempt === TRIES) throw new StoreInUseError(path, error);
    }
    // Processes that start in the same instant each take a read lock and refuse each other, all of them. A wait
    // of random length lets one go first.
    await delay(Math.random() * LONGEST_WAIT);
  }
}

/** Safe twice: a second close must not remove the note of the process that opened the database since. */
export function closeDatabase(db: Database): void {
  if (!db.open) return;
  removeHolder(db.name);
  db.close();
}

function tryOpen(path: string): Database {
  const db = new Sqlite(path, { timeout: 0 });
  try {
    db.pragma("locking_mode = EXCLUSIVE");
    db.pragma("journal_mode = WAL");
    // Not this library's default under WAL, NORMAL, which loses the last commits when the power goes.
    db.pragma("synchronous = FULL");
    // What a savepoint sets aside would go to a temporary file: half again the CPU time of every finished task.
    db.pragma("temp_store = MEMORY");
    migrate(db);
    writeHolder(path);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith("SQLITE_BUSY");
}

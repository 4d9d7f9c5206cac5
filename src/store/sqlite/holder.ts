/**
 * Who holds the database, for a person to read. The lock itself is SQLite's; this file beside the database only
 * puts a name to it and may be stale after a crash.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Another process has the database open. */
export class StoreInUseError extends Error {
  readonly code = "STORE_IN_USE";

  constructor(path: string, cause?: unknown) {
    const pid = readHolder(path);
    super(
      `The data folder ${dirname(path)} is in use by another Reelay process${pid === undefined ? "" : ` (pid ${pid})`}. ` +
        "Stop it, or set REELAY_DATA_DIR to another folder.",
      { cause },
    );
    this.name = "StoreInUseError";
  }
}

/** Never throws: a name that cannot be written, on a full disk say, is no reason not to start. */
export function writeHolder(path: string): void {
  quietly(() => writeFileSync(holderPath(path), `${process.pid}\n`));
}

/** Never throws: the database is still to be closed after it. */
export function removeHolder(path: string): void {
  quietly(() => rmSync(holderPath(path), { force: true }));
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The file is for people only.
  }
}

const holderPath = (path: string): string => `${path}.pid`;

/** Undefined where the file is missing or cannot be right: two containers on one folder may both be pid 1. */
function readHolder(path: string): number | undefined {
  let pid: number;
  try {
    pid = Number.parseInt(readFileSync(holderPath(path), "utf8"), 10);
  } catch {
    return undefined;
  }
  return pid > 0 && pid !== process.pid && isAlive(pid) ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

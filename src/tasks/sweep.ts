/**
 * Removes what has aged out. It can be stopped anywhere: a file's record goes before its bytes and a task's files
 * before its record, so that what is left is found again by the next sweep, or harms nobody.
 */
import type { Clock } from "../core/clock.ts";
import type { FileStore } from "../core/file-store.ts";
import type { Store } from "../core/store.ts";
import { removeFile, removeTask } from "./remove.ts";

/**
 * Links die at `expiresAt`, bytes this much later: a task that was made with a link just before its end
 * finds its file.
 */
const GRACE_MS = 24 * 3_600_000;
const IDEMPOTENCY_MS = 7 * 24 * 3_600_000;
const BATCH = 100;

export interface SweepParts {
  readonly store: Store;
  readonly files: FileStore;
  readonly clock: Clock;
  /** How long the record and results of an ended task are kept. */
  readonly keepTasksMs: number;
}

export interface Swept {
  readonly files: number;
  readonly tasks: number;
}

export async function sweep(parts: SweepParts): Promise<Swept> {
  await parts.store.forgetIdempotency(parts.clock.now() - IDEMPOTENCY_MS);
  return { files: await sweepFiles(parts), tasks: await sweepTasks(parts) };
}

async function sweepFiles({ store, files, clock }: SweepParts): Promise<number> {
  for (let removed = 0; ; ) {
    const expired = await store.listExpiredFiles(clock.now() - GRACE_MS, BATCH);
    for (const file of expired) await removeFile({ store, files }, file);
    removed += expired.length;
    if (expired.length < BATCH) return removed;
  }
}

async function sweepTasks({ store, files, clock, keepTasksMs }: SweepParts): Promise<number> {
  for (let removed = 0; ; ) {
    const ended = await store.listEndedTasks(clock.now() - keepTasksMs, BATCH);
    for (const id of ended) await removeTask({ store, files }, id);
    removed += ended.length;
    if (ended.length < BATCH) return removed;
  }
}

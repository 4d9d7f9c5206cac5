/** Removes what has aged out. It can be stopped anywhere: the record goes first, and stray bytes harm nobody. */
import type { Clock } from "../core/clock.ts";
import type { FileStore } from "../core/file-store.ts";
import type { Store } from "../core/store.ts";

/**
 * Links die at `expiresAt`, bytes this much later: a task that was made with a link just before its end
 * finds its file.
 */
const GRACE_MS = 24 * 3_600_000;
const BATCH = 100;

export async function sweepFiles(store: Store, files: FileStore, clock: Clock): Promise<number> {
  for (let removed = 0; ; ) {
    const expired = await store.listExpiredFiles(clock.now() - GRACE_MS, BATCH);
    for (const file of expired) {
      await store.removeFile(file.id);
      await files.remove(file.id);
    }
    removed += expired.length;
    if (expired.length < BATCH) return removed;
  }
}

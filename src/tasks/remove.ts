/**
 * Removes for good. It can be stopped anywhere: a file's record goes before its bytes and a task's files before its
 * record, so that what is left is found again by the next sweep, or harms nobody.
 */
import type { FileStore } from "../core/file-store.ts";
import type { Store } from "../core/store.ts";
import type { FileRecord } from "../core/task.ts";

export interface RemoveParts {
  readonly store: Pick<Store, "listTaskFiles" | "removeFile" | "removeTask">;
  readonly files: Pick<FileStore, "remove">;
}

/** A task that has ended, with all that was made or fetched for it. */
export async function removeTask(parts: RemoveParts, id: string): Promise<void> {
  // The extras before their result: it is whole without them, they without it would be nobody's.
  for (const file of await parts.store.listTaskFiles(id)) await removeFile(parts, file);
  await parts.store.removeTask(id);
}

export async function removeFile({ store, files }: RemoveParts, { id }: FileRecord): Promise<void> {
  await store.removeFile(id);
  await files.remove(id);
}

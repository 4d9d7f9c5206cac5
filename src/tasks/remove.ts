/**
 * Removes for good. It can be stopped anywhere: a file's record goes before its bytes and a task's files before its
 * record, so that what is left is found again by the next sweep, or harms nobody.
 */
import type { FileStore } from "../core/file-store.ts";
import type { Store } from "../core/store.ts";
import type { FileRecord } from "../core/task.ts";

export interface RemoveParts {
  readonly store: Pick<Store, "listExtras" | "listInputs" | "listResults" | "removeFile" | "removeTask">;
  readonly files: Pick<FileStore, "remove">;
}

/** A task that has ended, with all that was made and fetched for it. */
export async function removeTask(parts: RemoveParts, id: string): Promise<void> {
  // Again until there are none: a run that was just stopped may have had a file in its hands, and write it down now.
  do {
    for (const file of await filesOf(parts, id)) await removeFile(parts, file);
  } while (!(await parts.store.removeTask(id)));
}

async function filesOf({ store }: RemoveParts, id: string): Promise<readonly FileRecord[]> {
  // The extras first: a result without them is whole, they without it would be nobody's.
  const made = [...(await store.listExtras(id)), ...(await store.listResults(id))];
  return [...made, ...(await store.listInputs(id))];
}

export async function removeFile({ store, files }: RemoveParts, { id }: FileRecord): Promise<void> {
  await store.removeFile(id);
  await files.remove(id);
}

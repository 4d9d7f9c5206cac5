/** Files that clients give us to be used as inputs: kept for a while, looked at once, within a quota per key. */
import { ReelayError } from "../core/errors.ts";
import { CONTENT_TYPES, type MediaFacts } from "../core/media.ts";
import type { KeyRecord } from "../core/store.ts";
import type { FileRecord } from "../core/task.ts";
import type { GatewayParts, UploadView } from "./gateway.ts";

export interface UploadRequest {
  readonly key: KeyRecord;
  /** Its bytes, or where they are to be fetched. */
  readonly source: AsyncIterable<Uint8Array> | { readonly url: string };
  /** Asked for after the source has been read: the form's other fields may follow the file. */
  readonly form: () => Promise<{ readonly name: string; readonly autoCleanup: boolean }>;
  readonly newId: (now: number) => string;
}

export async function takeUpload(parts: GatewayParts, request: UploadRequest): Promise<FileRecord> {
  const { files, store, clock, limits } = parts;
  const id = request.newId(clock.now());
  const maxBytes = Math.min(limits.uploadMaxBytes, limits.uploadStorageBytes);
  const { source } = request;
  const bytes = "url" in source ? (await parts.fetchFile(source.url, { maxBytes })).body : source;
  const stored = await files.put(id, bytes, maxBytes);
  try {
    const { name, autoCleanup } = await request.form();
    const facts = await parts.inspect(await files.localPath(id));
    const now = clock.now();
    const file: FileRecord = {
      id,
      role: "upload",
      keyId: request.key.id,
      taskId: null,
      name: safeName(name, facts),
      contentType: CONTENT_TYPES[facts.type],
      ...stored,
      facts,
      meta: {},
      createdAt: now,
      expiresAt: now + limits.uploadMs,
    };
    // One at a time for a key: two at once would each find room for themselves alone.
    await parts.uploadTurns.take(request.key.id, async () => {
      await makeRoom(parts, { key: request.key, bytes: stored.bytes, autoCleanup });
      await store.addFile(file);
    });
    return file;
  } catch (error) {
    await files.remove(id);
    throw error;
  }
}

/** Throws `not_found`, in the same words for one that was never there, is another key's, or has aged out. */
export async function findUpload(
  { store, clock }: Pick<GatewayParts, "store" | "clock">,
  key: KeyRecord,
  id: string,
): Promise<FileRecord> {
  const file = await store.readFile(id);
  const usable = file?.role === "upload" && file.keyId === key.id && (file.expiresAt ?? 0) > clock.now();
  if (file && usable) return file;
  throw new ReelayError(
    "not_found",
    `There is no upload ${id.slice(0, 80)} of this key, or it has been removed.`,
  );
}

/** Its link lives as long as it does. */
export function viewUpload(
  { links, limits }: Pick<GatewayParts, "links" | "limits">,
  file: FileRecord,
): UploadView {
  return { file, url: links.sign(file, file.createdAt + limits.uploadMs) };
}

/** Removes this key's oldest uploads until the new one fits; those that an open task still needs stay. */
async function makeRoom(
  parts: GatewayParts,
  { key, bytes, autoCleanup }: { key: KeyRecord; bytes: number; autoCleanup: boolean },
): Promise<void> {
  const uploads = await parts.store.listFiles(key.id, "upload");
  const limit = parts.limits.uploadStorageBytes;
  let used = uploads.reduce((sum, file) => sum + file.bytes, 0);
  if (used + bytes <= limit) return;
  if (!autoCleanup) {
    throw new ReelayError(
      "storage_full",
      `Your uploads take ${used} bytes and this file ${bytes}; the limit is ${limit}. Send auto_cleanup=true to remove the oldest ones.`,
    );
  }
  const needed = await inputsOfOpenTasks(parts);
  for (const file of uploads) {
    if (used + bytes <= limit) return;
    if (needed.some((input) => input.includes(file.id))) continue;
    await parts.store.removeFile(file.id);
    await parts.files.remove(file.id);
    used -= file.bytes;
  }
  if (used + bytes > limit) {
    throw new ReelayError(
      "storage_full",
      `Open tasks still need ${used} bytes of your uploads; the limit is ${limit}.`,
    );
  }
}

async function inputsOfOpenTasks(parts: GatewayParts): Promise<readonly string[]> {
  const inputs: string[] = [];
  for (const { id } of await parts.store.listOpenTasks()) {
    const task = await parts.store.readTask(id);
    if (task) inputs.push(JSON.stringify(task.input));
  }
  return inputs;
}

/** The last part of any path, without control characters, with an ending. */
function safeName(given: string, facts: MediaFacts): string {
  const whole = (given.split(/[\\/]/).pop() ?? "").replace(/[\p{C}"<>|:*?]/gu, "");
  // By code points: half an emoji cannot be written into a URL.
  const base = Array.from(whole).slice(-128).join("");
  const name = base === "" || base.startsWith(".") ? "upload" : base;
  return /\.[a-z0-9]{1,8}$/i.test(name) ? name : `${name}.${facts.type}`;
}

/** Files that clients give us to be used as inputs: kept for a while, looked at once, within a quota per key. */
import { decodeBase64 } from "../core/base64.ts";
import { ReelayError } from "../core/errors.ts";
import { newUploadId, UPLOAD_IDS } from "../core/ids.ts";
import { CONTENT_TYPES, type MediaFacts } from "../core/media.ts";
import type { KeyRecord } from "../core/store.ts";
import type { FileRecord } from "../core/task.ts";
import type { GatewayParts, UploadView } from "./gateway.ts";
import { removeFile } from "./remove.ts";

export interface UploadRequest {
  readonly key: KeyRecord;
  /** Its bytes, or where they are to be fetched. */
  readonly source: AsyncIterable<Uint8Array> | { readonly url: string };
  /** Asked for after the source has been read: the form's other fields may follow the file. */
  readonly form: () => Promise<{ readonly name: string; readonly autoCleanup: boolean }>;
}

/** A file that a request brings itself, as base64 or as a data URL. */
export interface InlineUpload {
  readonly key: KeyRecord;
  /** What the client calls it: the file's name, and what refusals are about. */
  readonly name: string;
  readonly text: string;
}

export async function takeUpload(parts: GatewayParts, request: UploadRequest): Promise<FileRecord> {
  const { files, store, clock, limits } = parts;
  const id = newUploadId(clock.now());
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

/** Throws `input_unreadable` or `input_type_rejected` for what is no picture, clip or sound, by its name. */
export async function takeInline(
  parts: GatewayParts,
  { key, name, text }: InlineUpload,
): Promise<FileRecord> {
  try {
    const form = async () => ({ name, autoCleanup: true });
    return await takeUpload(parts, { key, source: decodeBase64(text), form });
  } catch (error) {
    if (!(error instanceof ReelayError)) throw error;
    const message = `${name}: ${error.message}`;
    throw new ReelayError(error.code, message, { problems: [{ field: name, message }], cause: error });
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
  const limit = parts.limits.uploadStorageBytes;
  let used = await parts.store.sumFiles(key.id, "upload");
  if (used + bytes <= limit) return;
  if (!autoCleanup) {
    throw new ReelayError(
      "storage_full",
      `Your uploads take ${used} bytes and this file ${bytes}; the limit is ${limit}. Send auto_cleanup=true to remove the oldest ones.`,
    );
  }
  const inUse = await uploadsInUse(parts.store, key.id);
  const free = (await parts.store.listFiles(key.id, "upload")).filter(({ id }) => !inUse.has(id));
  const needed = used - free.reduce((sum, file) => sum + file.bytes, 0);
  // Before anything goes: what is refused must cost no other file.
  if (needed + bytes > limit) {
    throw new ReelayError(
      "storage_full",
      `Open tasks still need ${needed} bytes of your uploads and this file has ${bytes}; the limit is ${limit}.`,
    );
  }
  for (const file of free) {
    if (used + bytes <= limit) return;
    await removeFile(parts, file);
    used -= file.bytes;
  }
}

/** An upload is an input for its own key's tasks only. Each text is read once: a key may have thousands of both. */
async function uploadsInUse(
  store: Pick<GatewayParts["store"], "listOpenInputs">,
  keyId: string,
): Promise<ReadonlySet<string>> {
  const inputs = await store.listOpenInputs(keyId);
  return new Set(inputs.flatMap((input) => input.match(UPLOAD_IDS) ?? []));
}

/** The last part of any path, without control characters, with an ending. */
function safeName(given: string, facts: MediaFacts): string {
  const whole = (given.split(/[\\/]/).pop() ?? "").replace(/[\p{C}"<>|:*?]/gu, "");
  // By code points: half an emoji cannot be written into a URL.
  const base = Array.from(whole).slice(-128).join("");
  const name = base === "" || base.startsWith(".") ? "upload" : base;
  return /\.[a-z0-9]{1,8}$/i.test(name) ? name : `${name}.${facts.type}`;
}

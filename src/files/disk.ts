/** Files on a local disk: temporary file, fsync, rename, fsync of the folder; so a file is there whole or not at all. */
import { createHash, randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { ReelayError } from "../core/errors.ts";
import type { FileStore, StoredBytes } from "../core/file-store.ts";

const ID = /^[a-z0-9_-]{16,64}$/;

export async function openDisk(folder: string): Promise<FileStore> {
  const incoming = join(folder, "incoming");
  await mkdir(incoming, { recursive: true });
  // What a killed process left half written belongs to nobody.
  for (const name of await readdir(incoming)) await rm(join(incoming, name), { force: true });

  /** 256 sub-folders by the id's last characters, which are random: no folder grows without bound. */
  const place = (id: string): { dir: string; path: string } => {
    if (!ID.test(id)) throw new Error(`not a file id: ${id}`);
    const dir = join(folder, id.slice(-2));
    return { dir, path: join(dir, id) };
  };

  const settle = async (id: string, temporary: string): Promise<void> => {
    const { dir, path } = place(id);
    if (await mkdir(dir, { recursive: true })) await syncFolder(folder);
    await rename(temporary, path);
    await syncFolder(dir);
  };

  return {
    async put(id, source, maxBytes) {
      place(id);
      const temporary = join(incoming, `${id}-${randomBytes(4).toString("hex")}`);
      const file = await open(temporary, "wx");
      try {
        const stored = await copyInto(file, source, maxBytes);
        await file.sync();
        await file.close();
        await settle(id, temporary);
        return stored;
      } catch (error) {
        await file.close().catch(() => undefined);
        await rm(temporary, { force: true });
        throw error;
      }
    },
    async adopt(id, path) {
      place(id);
      const file = await open(path, "r+");
      try {
        const stored = await hashOf(file);
        await file.sync();
        await settle(id, path);
        return stored;
      } finally {
        await file.close();
      }
    },
    async read(id, range) {
      try {
        const file = await open(place(id).path, "r");
        return file.createReadStream(range ? { ...range } : {});
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
        throw new ReelayError("not_found", "This file has been removed.", { cause: error });
      }
    },
    localPath: async (id) => place(id).path,
    remove: (id) => rm(place(id).path, { force: true }),
  };
}

async function copyInto(
  file: FileHandle,
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<StoredBytes> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new ReelayError(
        "file_too_large",
        `The file has more than the ${maxBytes} bytes that are allowed.`,
      );
    }
    hash.update(chunk);
    for (let done = 0; done < chunk.length; ) done += (await file.write(chunk, done)).bytesWritten;
  }
  return { bytes, sha256: hash.digest("hex") };
}

async function hashOf(file: FileHandle): Promise<StoredBytes> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of file.createReadStream({ autoClose: false, start: 0 })) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** A rename is durable only once its folder is. */
async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

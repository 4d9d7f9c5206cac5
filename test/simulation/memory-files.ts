/** Files that outlive a killed server and need no disk. */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { FileStore } from "../../src/core/file-store.ts";

export interface MemoryFiles extends FileStore {
  has(id: string): boolean;
}

export function openMemoryFiles(): MemoryFiles {
  const bytes = new Map<string, Buffer>();
  return {
    has: (id) => bytes.has(id),
    async put(id, source) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of source) chunks.push(chunk);
      const whole = Buffer.concat(chunks);
      bytes.set(id, whole);
      return { bytes: whole.length, sha256: createHash("sha256").update(whole).digest("hex") };
    },
    adopt: () => Promise.reject(new Error("nothing is adopted here")),
    read: async (id) => Readable.from([bytes.get(id) ?? Buffer.alloc(0)]),
    localPath: async (id) => `/memory/${id}`,
    remove: async (id) => void bytes.delete(id),
  };
}

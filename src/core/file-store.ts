/**
 * Where the bytes of files are. Ids are made by us (`[a-z0-9_-]`, 16 to 64 characters) and are the only way
 * to a path: nothing a client sent ever becomes part of one.
 */
import type { Readable } from "node:stream";

export interface StoredBytes {
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

export interface FileStore {
  /**
   * Streams bytes in and resolves once they are durable. More than `maxBytes` rejects with `file_too_large`
   * and leaves nothing behind, as any other failure does.
   */
  put(id: string, source: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredBytes>;
  /** Takes over a local file (moved; so it must be on the store's own file system) and resolves once it is durable. */
  adopt(id: string, path: string): Promise<StoredBytes>;
  /** Bytes `start` to `end`, both included; the whole file where no range is given. Rejects with `not_found`. */
  read(id: string, range?: { readonly start: number; readonly end: number }): Promise<Readable>;
  /** A path that a child process can read. */
  localPath(id: string): Promise<string>;
  /** No error where it is not there. */
  remove(id: string): Promise<void>;
}

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FileStore } from "../core/file-store.ts";
import { openDisk } from "./disk.ts";

const ID = "file-1757165031-abcdefghij";
const BYTES = Buffer.from("0123456789abcdef");
const FACTS = { bytes: 16, sha256: createHash("sha256").update(BYTES).digest("hex") };

let top: string;
let folder: string;
let disk: FileStore;
beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), "reelay-disk-"));
  folder = join(top, "data", "files");
  disk = await openDisk(folder);
});
afterEach(() => rm(top, { recursive: true }));

async function* chunks(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

/** Every file below the top folder, ours or not. */
async function everyFile(): Promise<readonly string[]> {
  const entries = await readdir(top, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe("put", () => {
  it("keeps the bytes whole whatever the chunks, and says their length and hash", async () => {
    const cuts = [BYTES.subarray(0, 0), BYTES.subarray(0, 5), BYTES.subarray(5, 6), BYTES.subarray(6)];
    expect(await disk.put(ID, chunks(...cuts), 16)).toEqual(FACTS);
    expect(await buffer(await disk.read(ID))).toEqual(BYTES);
    expect(await readFile(await disk.localPath(ID))).toEqual(BYTES);
    expect(await everyFile()).toEqual([await disk.localPath(ID)]);
  });

  it("takes an empty file", async () => {
    expect(await disk.put(ID, chunks(), 0)).toMatchObject({ bytes: 0 });
    expect(await buffer(await disk.read(ID))).toHaveLength(0);
  });

  it("of more than is allowed leaves nothing behind and stops reading", async () => {
    let closed = false;
    let read = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          read++;
          yield BYTES;
        }
      } finally {
        closed = true;
      }
    }
    await expect(disk.put(ID, endless(), 40)).rejects.toMatchObject({
      code: "file_too_large",
      message: expect.stringContaining("40 bytes"),
    });
    expect([closed, read, await everyFile()]).toEqual([true, 3, []]);
  });

  it("of a source that throws leaves nothing behind and passes the error on", async () => {
    async function* torn(): AsyncGenerator<Uint8Array> {
      yield BYTES;
      throw new Error("connection lost");
    }
    await expect(disk.put(ID, torn(), 100)).rejects.toThrow("connection lost");
    expect(await everyFile()).toEqual([]);
  });

  it("shows nothing under the id until the last byte is there", async () => {
    const path = await disk.localPath(ID);
    async function* watching(): AsyncGenerator<Uint8Array> {
      yield BYTES;
      await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
    }
    await disk.put(ID, watching(), 100);
    expect((await stat(path)).size).toBe(16);
  });

  it("twice at once under one id leaves one of the two whole", async () => {
    const [a, b] = [Buffer.alloc(50_000, "a"), Buffer.alloc(50_000, "b")];
    await Promise.all([a, b].map((one) => disk.put(ID, chunks(one), 100_000)));
    const kept = await buffer(await disk.read(ID));
    expect(kept.equals(a) || kept.equals(b)).toBe(true);
    expect(await everyFile()).toHaveLength(1);
  });
});

describe("an id that is none of ours", () => {
  const FOREIGN = [
    "",
    "short",
    "../../../etc/passwd-and-more",
    "..%2f..%2fsecret-of-the-server",
    "file-1757165031-abcdefgh/j",
    "file-1757165031-abcdefgh\\j",
    "file-1757165031-abcdefgh\0j",
    "file-1757165031-ABCDEFGHIJ",
    `${ID}\n`,
    "a".repeat(65),
  ];
  it.each(FOREIGN)("%j is refused by every function", async (id) => {
    const own = join(top, "own.mp4");
    await writeFile(own, BYTES);
    await expect(disk.put(id, chunks(BYTES), 100)).rejects.toThrow();
    await expect(disk.adopt(id, own)).rejects.toThrow("not a file id");
    await expect(disk.read(id)).rejects.toThrow("not a file id");
    await expect(disk.localPath(id)).rejects.toThrow("not a file id");
    await expect(async () => disk.remove(id)).rejects.toThrow("not a file id");
    expect(await everyFile()).toEqual([own]);
  });

  it("is refused before a byte is read or written", async () => {
    let during: readonly string[] | undefined;
    async function* watching(): AsyncGenerator<Uint8Array> {
      yield BYTES;
      during = await everyFile();
    }
    await expect(disk.put("../../outside-of-the-folder", watching(), 100)).rejects.toThrow();
    expect(during).toBeUndefined();
  });
});

describe("adopt", () => {
  it("moves the file in, with its length and hash", async () => {
    const made = join(top, "made.mp4");
    await writeFile(made, BYTES);
    expect(await disk.adopt(ID, made)).toEqual(FACTS);
    expect(await buffer(await disk.read(ID))).toEqual(BYTES);
    expect(await everyFile()).toEqual([await disk.localPath(ID)]);
  });

  it("of a file that is not there rejects and leaves nothing", async () => {
    await expect(disk.adopt(ID, join(top, "missing.mp4"))).rejects.toMatchObject({ code: "ENOENT" });
    expect(await everyFile()).toEqual([]);
  });
});

describe("read", () => {
  it.each([
    [0, 0],
    [0, 15],
    [3, 7],
    [15, 15],
  ])("of %i to %i gives both ends", async (start, end) => {
    await disk.put(ID, chunks(BYTES), 16);
    expect(await buffer(await disk.read(ID, { start, end }))).toEqual(BYTES.subarray(start, end + 1));
  });

  it("of a file that is gone is refused before a byte is sent", async () => {
    await expect(disk.read(ID)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("remove", () => {
  it("removes that file, and is no error where there is none", async () => {
    await disk.put(ID, chunks(BYTES), 16);
    await disk.put("file-1757165031-zzzzzzzzij", chunks(BYTES), 16);
    await disk.remove(ID);
    await disk.remove(ID);
    expect(await everyFile()).toEqual([await disk.localPath("file-1757165031-zzzzzzzzij")]);
  });
});

describe("a start", () => {
  it("removes what a killed process left half written, and keeps whole files", async () => {
    await disk.put(ID, chunks(BYTES), 16);
    await writeFile(join(folder, "incoming", `${ID}-0a1b2c3d`), "half");
    await mkdir(join(folder, "aa"), { recursive: true });
    const again = await openDisk(folder);
    expect(await everyFile()).toEqual([await again.localPath(ID)]);
    expect(await buffer(await again.read(ID))).toEqual(BYTES);
  });
});

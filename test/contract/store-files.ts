import { describe, expect, it } from "vitest";
import type { Store } from "../../src/core/store.ts";
import { idsOf, NOW, newFile, newKey, newResult } from "./store-samples.ts";

export function describeFiles(store: () => Store, reopen: () => Promise<void>): void {
  describe("files", () => {
    it("gives a file's record back whole, also after reopening", async () => {
      const upload = newFile("file_1", {
        expiresAt: NOW + 60_000,
        bytes: 5_000_000_000,
        name: "Füchse 🦊.png",
      });
      const result = newResult("file_2", "task_1");
      await store().addFile(upload);
      await store().addFile(result);
      await reopen();
      expect(await store().readFile("file_1")).toEqual(upload);
      expect(await store().readFile("file_2")).toEqual(result);
      expect(await store().readFile("file_3")).toBeUndefined();
    });

    it("rejects an id that is taken and keeps the first file", async () => {
      await store().addFile(newFile("file_1"));
      await expect(store().addFile(newFile("file_1", { name: "impostor" }))).rejects.toThrow();
      expect((await store().readFile("file_1"))?.name).toBe("fox.png");
    });

    it("lists as a task's results no inputs and no other task's results", async () => {
      await store().addFile(newFile("file_1", { role: "input", taskId: "task_1" }));
      await store().addFile(newResult("file_2", "task_2"));
      await store().addFile(newResult("file_3", "task_1"));
      expect(idsOf(await store().listResults("task_1"))).toEqual(["file_3"]);
    });

    it("lists what comes with a result apart from the results", async () => {
      await store().addFile(newResult("file_1", "task_1"));
      const meta = { extra: "poster", of: "file_1" };
      const poster = newFile("file_2", { role: "result", taskId: "task_1", meta });
      await store().addFile(poster);
      await store().addFile(newFile("file_3", { role: "result", taskId: "task_2", meta }));
      expect(idsOf(await store().listResults("task_1"))).toEqual(["file_1"]);
      expect(await store().listExtras("task_1")).toEqual([poster]);
      await store().removeFile("file_2");
      expect(await store().listExtras("task_1")).toEqual([]);
    });

    it("lists as a task's inputs no results, no uploads and no other task's inputs", async () => {
      await store().addFile(newFile("file_1", { role: "input", taskId: "task_1" }));
      await store().addFile(newFile("file_2", { role: "input", taskId: "task_2" }));
      await store().addFile(newResult("file_3", "task_1"));
      await store().addFile(newFile("file_4", { role: "upload" }));
      expect(idsOf(await store().listInputs("task_1"))).toEqual(["file_1"]);
    });

    it("lists one owner's files of one role, oldest first", async () => {
      await store().addFile(newFile("file_b", { createdAt: NOW + 1 }));
      await store().addFile(newFile("file_a", { createdAt: NOW + 2 }));
      await store().addFile(newFile("file_c", { createdAt: NOW }));
      await store().addFile(newFile("file_d", { keyId: "key_2" }));
      await store().addFile(newFile("file_e", { role: "input" }));
      expect(idsOf(await store().listFiles("key_1", "upload"))).toEqual(["file_c", "file_b", "file_a"]);
      expect(await store().listFiles("key_3", "upload")).toEqual([]);
    });

    it("sums the bytes of one owner's files of one role", async () => {
      await store().addFile(newFile("file_a", { bytes: 3 }));
      await store().addFile(newFile("file_b", { bytes: 4 }));
      await store().addFile(newFile("file_c", { bytes: 50, keyId: "key_2" }));
      await store().addFile(newFile("file_d", { bytes: 600, role: "input" }));
      expect(await store().sumFiles("key_1", "upload")).toBe(7);
      expect(await store().sumFiles("key_3", "upload")).toBe(0);
    });

    it("lists expired files oldest first, no more than asked for, and none that is kept", async () => {
      await store().addFile(newFile("file_kept"));
      await store().addFile(newFile("file_later", { createdAt: NOW + 4, expiresAt: NOW + 101 }));
      await store().addFile(newFile("file_b", { createdAt: NOW + 2, expiresAt: NOW + 99 }));
      await store().addFile(newFile("file_c", { createdAt: NOW + 3, expiresAt: NOW + 100 }));
      await store().addFile(newFile("file_a", { createdAt: NOW + 1, expiresAt: NOW + 98 }));
      const expired = idsOf(await store().listExpiredFiles(NOW + 100, 10));
      expect(expired).toEqual(["file_a", "file_b", "file_c"]);
      expect(idsOf(await store().listExpiredFiles(NOW + 100, 2))).toEqual(["file_a", "file_b"]);
    });

    it("removes a file, and removing it again is no error", async () => {
      await store().addFile(newFile("file_1", { expiresAt: NOW }));
      await store().addFile(newFile("file_2", { expiresAt: NOW }));
      await store().removeFile("file_1");
      await store().removeFile("file_1");
      expect(await store().readFile("file_1")).toBeUndefined();
      expect(idsOf(await store().listExpiredFiles(NOW, 10))).toEqual(["file_2"]);
    });
  });
}

export function describeKeys(store: () => Store, reopen: () => Promise<void>): void {
  describe("keys", () => {
    it("finds a key by its digest only, also after reopening", async () => {
      const key = { ...newKey("key_1"), priority: -3, concurrency: 4, account: "team-7" };
      await store().addKey(key);
      await reopen();
      expect(await store().findKey(key.digest)).toEqual(key);
      expect(await store().findKey("key_1")).toBeUndefined();
    });

    it("reads a key by its id, a revoked one too", async () => {
      await store().addKey(newKey("key_1"));
      await store().revokeKey("key_1", NOW + 1);
      expect(await store().readKey("key_1")).toEqual({ ...newKey("key_1"), revokedAt: NOW + 1 });
      expect(await store().readKey("digest of key_1")).toBeUndefined();
    });

    it("rejects a digest that is taken", async () => {
      await store().addKey(newKey("key_1"));
      await expect(store().addKey({ ...newKey("key_2"), digest: "digest of key_1" })).rejects.toThrow();
      expect(idsOf(await store().listKeys())).toEqual(["key_1"]);
    });

    it("lists keys oldest first, the revoked ones too", async () => {
      await store().addKey(newKey("key_b", NOW));
      await store().addKey(newKey("key_a", NOW + 1));
      await store().revokeKey("key_b", NOW + 2);
      expect(await store().listKeys()).toEqual([
        { ...newKey("key_b", NOW), revokedAt: NOW + 2 },
        newKey("key_a", NOW + 1),
      ]);
    });

    it("revokes a key once: a second revoke is false and does not move the time", async () => {
      await store().addKey(newKey("key_1"));
      expect(await store().revokeKey("key_1", NOW + 1)).toBe(true);
      expect(await store().revokeKey("key_1", NOW + 2)).toBe(false);
      expect(await store().revokeKey("key_2", NOW + 2)).toBe(false);
      expect((await store().findKey("digest of key_1"))?.revokedAt).toBe(NOW + 1);
    });
  });
}

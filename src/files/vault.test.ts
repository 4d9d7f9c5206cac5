import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openVault, type Vault } from "./vault.ts";

const KEY = "fal-key:5eCr3t";
let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "reelay-vault-"));
});
afterEach(() => rm(dataDir, { recursive: true }));

const open = (masterKey = "", secret = 1): Vault =>
  openVault({ dataDir, secret: new Uint8Array(32).fill(secret), masterKey });
const file = (): string => join(dataDir, "provider-keys.json");

it("a stored key comes back, and its text is nowhere in the file, which only its owner may read", async () => {
  expect(await open().list()).toEqual([]);
  await open().put({ id: "fal", kind: "fal", key: KEY });
  await open().put({ id: "fal-backup", kind: "fal", key: "other" });
  expect(await open().list()).toEqual([
    { id: "fal", kind: "fal", key: KEY },
    { id: "fal-backup", kind: "fal", key: "other" },
  ]);
  const text = await readFile(file(), "utf8");
  for (const part of [KEY, "5eCr3t", Buffer.from(KEY).toString("base64")]) expect(text).not.toContain(part);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
});

it("the same key stored twice is sealed differently, and the second replaces the first", async () => {
  await open().put({ id: "fal", kind: "fal", key: KEY });
  const first = await readFile(file(), "utf8");
  await open().put({ id: "fal", kind: "fal", key: KEY });
  expect(await readFile(file(), "utf8")).not.toBe(first);
  expect(await open().list()).toHaveLength(1);
});

it("another master key, another folder's secret or a changed byte does not unseal it, and the sentence says what to do", async () => {
  await open("master").put({ id: "fal", kind: "fal", key: KEY });
  for (const vault of [open(), open("other"), open("master", 2)]) {
    await expect(vault.list()).rejects.toThrow('The stored key of the provider "fal" cannot be unsealed');
  }
  const text = await readFile(file(), "utf8");
  const sealed = /v1:([^"]+)/.exec(text)?.[1] ?? "";
  const bytes = Buffer.from(sealed, "base64");
  for (let index = 0; index < bytes.length; index++) {
    const other = Buffer.from(bytes);
    other[index] = (other[index] ?? 0) ^ 1;
    await writeFile(file(), text.replace(sealed, other.toString("base64")));
    await expect(open("master").list()).rejects.toThrow("cannot be unsealed");
  }
});

it("two stored keys cannot be swapped by hand", async () => {
  await open().put({ id: "a", kind: "fal", key: "A" });
  await open().put({ id: "b", kind: "fal", key: "B" });
  const text = JSON.parse(await readFile(file(), "utf8")) as Record<string, unknown>;
  await writeFile(file(), JSON.stringify({ a: text.b, b: text.a }));
  await expect(open().list()).rejects.toThrow("cannot be unsealed");
});

it("a removed key is gone, and a second removal says that there was none", async () => {
  await open().put({ id: "a", kind: "fal", key: "A" });
  expect(await open().remove("a")).toBe(true);
  expect(await open().remove("a")).toBe(false);
  expect(await open().list()).toEqual([]);
});

it("a damaged file is told, not taken for an empty one", async () => {
  await writeFile(file(), "{");
  await expect(open().list()).rejects.toThrow("is damaged or cannot be read");
  await expect(open().put({ id: "a", kind: "fal", key: "A" })).rejects.toThrow("is damaged");
});

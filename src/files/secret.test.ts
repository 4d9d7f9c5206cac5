import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readSecret } from "./secret.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reelay-secret-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("is made once and is the same after a restart: links outlive the process", async () => {
  const first = await readSecret(folder);
  expect(first).toHaveLength(32);
  expect(Buffer.from(await readSecret(folder)).equals(first)).toBe(true);
});

it("is another one on every server", async () => {
  const other = await mkdtemp(join(tmpdir(), "reelay-secret-"));
  try {
    expect(Buffer.from(await readSecret(other)).equals(await readSecret(folder))).toBe(false);
  } finally {
    await rm(other, { recursive: true });
  }
});

it("may be read by its owner only", async () => {
  await readSecret(folder);
  expect((await stat(join(folder, "secret"))).mode & 0o777).toBe(0o600);
});

it.each(["", "\n", "ab".repeat(31), "ab".repeat(33), "zz".repeat(32), "not a secret"])(
  "that is damaged (%j) stops the server with a sentence and is not replaced",
  async (content) => {
    const path = join(folder, "secret");
    await writeFile(path, content);
    await expect(readSecret(folder)).rejects.toThrow(`${path} is damaged. Remove it`);
    expect(await readFile(path, "utf8")).toBe(content);
  },
);

it("in a folder that is missing rejects instead of going on without one", async () => {
  await expect(readSecret(join(folder, "missing"))).rejects.toMatchObject({ code: "ENOENT" });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StoreInUseError } from "./holder.ts";
import { closeDatabase, openDatabase } from "./open-database.ts";

const MODULE = new URL("./open-database.ts", import.meta.url).href;

/** Says "open" or why not, then holds on until its standard input ends. */
const HOLD = `
const { openDatabase } = await import(process.argv[1]);
try {
  await openDatabase(process.argv[2]);
  console.log("open");
  process.stdin.resume();
} catch (error) {
  console.log(error.code + " " + error.message);
}`;

describe("the database file", () => {
  let folder: string;
  let path: string;
  const children: ReturnType<typeof spawn>[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelay-database-"));
    path = join(folder, "reelay.db");
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    await rm(folder, { recursive: true });
  });

  const hold = async (): Promise<{ pid: number | undefined; said: string }> => {
    const child = spawn(process.execPath, ["--input-type=module", "--eval", HOLD, MODULE, path], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    children.push(child);
    const [said] = (await once(createInterface(child.stdout), "line")) as [string];
    return { pid: child.pid, said };
  };

  it("is refused quickly to a second process, with the holder's pid", async () => {
    const { pid, said } = await hold();
    expect(said).toBe("open");
    const start = performance.now();
    const error = await openDatabase(path).catch((reason: unknown) => reason);
    expect(performance.now() - start).toBeLessThan(2000);
    expect(error).toBeInstanceOf(StoreInUseError);
    expect(error).toMatchObject({
      code: "STORE_IN_USE",
      message:
        `The data folder ${folder} is in use by another Reelay process (pid ${pid}). ` +
        "Stop it, or set REELAY_DATA_DIR to another folder.",
    });
  });

  it("is refused without a pid where the note beside it is stale, broken or missing", async () => {
    await hold();
    const refusal = async (): Promise<unknown> =>
      openDatabase(path).catch((error: unknown) => (error as Error).message);
    const expected = `The data folder ${folder} is in use by another Reelay process. Stop it, or set REELAY_DATA_DIR to another folder.`;
    writeFileSync(`${path}.pid`, "4194999\n");
    expect(await refusal()).toBe(expected);
    writeFileSync(`${path}.pid`, "not a number");
    expect(await refusal()).toBe(expected);
    await rm(`${path}.pid`);
    expect(await refusal()).toBe(expected);
  });

  it("goes to exactly one of several processes that start at once", async () => {
    const said = (await Promise.all([hold(), hold(), hold()])).map((child) => child.said);
    expect(said.filter((word) => word === "open")).toHaveLength(1);
    expect(said.filter((word) => word.startsWith("STORE_IN_USE"))).toHaveLength(2);
  });

  it("is free again as soon as the holder closes it or is killed", async () => {
    closeDatabase(await openDatabase(path));
    expect(existsSync(`${path}.pid`)).toBe(false);
    expect((await hold()).said).toBe("open");
    children[0]?.kill("SIGKILL");
    const db = await openDatabase(path);
    expect(existsSync(`${path}.pid`)).toBe(true);
    closeDatabase(db);
    closeDatabase(db);
  });

  it("syncs every commit: a write-ahead log with synchronous FULL", async () => {
    const db = await openDatabase(path);
    const pragma = (name: string): unknown => db.pragma(name, { simple: true });
    expect([pragma("journal_mode"), pragma("synchronous"), pragma("locking_mode")]).toEqual([
      "wal",
      2,
      "exclusive",
    ]);
    closeDatabase(db);
  });

  it("is refused where a later Reelay wrote it, and let go of", async () => {
    const newer = new Sqlite(path);
    newer.pragma("user_version = 99");
    newer.close();
    await expect(openDatabase(path)).rejects.toMatchObject({ code: "STORE_TOO_NEW" });
    const again = new Sqlite(path);
    expect(again.pragma("user_version", { simple: true })).toBe(99);
    again.close();
  });

  it("is left alone where it is no database", async () => {
    writeFileSync(path, "this is a text file, much longer than nothing".repeat(100));
    await expect(openDatabase(path)).rejects.toThrow("file is not a database");
  });
});

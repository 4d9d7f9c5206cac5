import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { isDeepStrictEqual } from "node:util";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqliteStore } from "./sqlite-store.ts";

const MODULE = new URL("./sqlite-store.ts", import.meta.url).href;

const SAMPLES = `
import { writeSync } from "node:fs";
const say = (line) => writeSync(1, line + "\\n");
const task = (id) => ({ id, dialect: "reelay", keyId: "key_1", account: "a", model: "some-model", provider: "some-provider",
  input: { text: "x".repeat(300) }, asked: ["text"], createdAt: Date.now(), estimate: 1, hold: 400,
  callbackUrl: "https://example.com", idempotency: { key: id, fingerprint: "aa" } });
const result = (taskId) => ({ id: "file_" + taskId, role: "result", keyId: "key_1", taskId, name: "a.mp4",
  contentType: "video/mp4", bytes: 1, sha256: "", facts: null, meta: {}, createdAt: 1, expiresAt: null });
const { openSqliteStore } = await import(process.argv[1]);
const store = await openSqliteStore({ path: process.argv[2] });`;

/** Eight tasks at a time, for ever: says each write only after the store acknowledged it. */
const WRITE_FOR_EVER = `${SAMPLES}
const live = async (lane) => {
  for (let n = 0; ; n++) {
    const id = "task_" + process.argv[3] + "_" + lane + "_" + n;
    await store.createTask(task(id)); say("created " + id);
    await store.saveStep(id, "submit", { n }); say("saved " + id);
    await store.finishTask(id, { state: "completed", at: 1, results: [result(id)], notes: [],
      charge: 300, deliveryId: "delivery_" + id, timing: { shape: "s", seconds: 1 } }); say("finished " + id);
  }
};
await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(live));`;

/** Batches of five until the disk is full, then says how each write of that batch ended. */
const WRITE_UNTIL_FULL = `${SAMPLES}
for (let round = 0; ; round++) {
  const ids = [0, 1, 2, 3, 4].map((n) => "task_" + round + "_" + n);
  const ends = await Promise.allSettled(ids.map((id) => store.createTask(task(id))));
  if (ends.every(({ status }) => status === "fulfilled")) { for (const id of ids) say("created " + id); continue; }
  const read = await Promise.all(ids.map((id) => store.readTask(id)));
  say("full " + JSON.stringify({ ends: ends.map(({ status }) => status), there: read.filter(Boolean).length }));
  process.kill(process.pid, "SIGKILL");
}`;

describe("the SQLite store", () => {
  let folder: string;
  let path: string;
  let child: ChildProcess | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelay-sqlite-"));
    path = join(folder, "reelay.db");
  });
  afterEach(async () => {
    child?.kill("SIGKILL");
    await rm(folder, { recursive: true });
  });

  /** Every whole line that the child wrote; it is killed after `most` of them. */
  const linesOf = async (command: string, args: readonly string[], most: number): Promise<string[]> => {
    const writer = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    child = writer;
    const lines: string[] = [];
    createInterface(writer.stdout).on("line", (line) => {
      if (lines.push(line) === most) writer.kill("SIGKILL");
    });
    await once(writer, "close");
    return lines;
  };

  const integrity = (): unknown => {
    const db = new Sqlite(path);
    const verdict = db.pragma("integrity_check", { simple: true });
    db.close();
    return verdict;
  };

  const stateOf = async (id: string): Promise<string> => {
    const store = await openSqliteStore({ path });
    const task = await store.readTask(id);
    await store.close();
    return task?.state ?? "lost";
  };

  it("has every acknowledged write after being killed 15 times", async () => {
    const acknowledged = new Set<string>();
    for (let round = 0; round < 15; round++) {
      const most = 1 + Math.floor(Math.random() * 1500);
      const script = ["--input-type=module", "--eval", WRITE_FOR_EVER, MODULE, path, String(round)];
      for (const line of await linesOf(process.execPath, script, most)) acknowledged.add(line);
      expect(await missing(acknowledged)).toEqual([]);
      expect(integrity()).toBe("ok");
    }
    expect(acknowledged.size).toBeGreaterThan(15);
  });

  /** What was acknowledged and is not there, tasks whose state, results, money and delivery disagree, faults of the books. */
  const missing = async (acknowledged: ReadonlySet<string>): Promise<string[]> => {
    const store = await openSqliteStore({ path });
    const wrong = [...(await store.checkLedger())];
    for (const line of acknowledged) {
      const [verb = "", id = ""] = line.split(" ");
      const task = await store.readTask(id);
      const steps = await store.readSteps(id);
      const results = await store.listResults(id);
      const delivery = await store.readDelivery(`delivery_${id}`);
      const completed = task?.state === "completed";
      const there = { created: task !== undefined, saved: steps.has("submit"), finished: completed }[verb];
      const money = completed ? { state: "charged", amount: 300 } : { state: "held", amount: 400 };
      const together = results.length === 1 && delivery !== undefined;
      if (!there || completed !== together || !isDeepStrictEqual(task?.billing, money)) wrong.push(line);
    }
    await store.close();
    return wrong;
  };

  it.skipIf(platform() === "win32")("rejects every write of the batch that met a full disk", async () => {
    // No file may grow past 2,048 blocks (512 or 1,024 bytes, by shell): the write of the log at COMMIT fails.
    const shell = 'ulimit -f 2048 && exec "$0" "$@"';
    const script = [process.execPath, "--input-type=module", "--eval", WRITE_UNTIL_FULL, MODULE, path];
    const lines = await linesOf("sh", ["-c", shell, ...script], Number.POSITIVE_INFINITY);
    const full = lines.pop() ?? "";
    expect(full).toMatch(/^full /);
    expect(JSON.parse(full.slice(5))).toEqual({ ends: Array(5).fill("rejected"), there: 0 });
    expect(lines.length).toBeGreaterThan(50);
    expect(await missing(new Set(lines))).toEqual([]);
    expect(await stateOf(`task_${lines.length / 5}_0`)).toBe("lost");
    expect(integrity()).toBe("ok");
  });
});

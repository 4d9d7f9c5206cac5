/** Creates by the store against bare inserts of the same rows into a database of the same settings and schema. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { openSqliteStore } from "../src/store/sqlite/sqlite-store.ts";
import { median, type Row } from "./table.ts";

const ROUNDS = 5;
const COUNT = 20_000;
/** What one event-loop turn of a busy server brings. */
const TOGETHER = 64;

export async function benchStore(): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "reelay-bench-"));
  try {
    const ratios: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const path = join(folder, `${round}.db`);
      ours.push(await byStore(path));
      ratios.push((ours.at(-1) ?? 0) / bare(path));
    }
    return [
      { what: "creates by the store a second", value: median(ours).toFixed(0) },
      { what: "creates by the store / bare inserts of the same rows", value: median(ratios).toFixed(2) },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function byStore(path: string): Promise<number> {
  const store = await openSqliteStore({ path });
  const task = (n: number) => ({
    id: `task-unified-1757165031-${String(n).padStart(8, "0")}`,
    dialect: "foxapi",
    keyId: "key_1",
    account: "default",
    model: "some-model",
    provider: "some-provider",
    input: { prompt: "a lighthouse in the rain", duration: 5, resolution: "720p", style: null, seed: null },
    asked: ["prompt"],
    createdAt: 1757165031000 + n,
    estimate: 5,
    callbackUrl: null,
    hold: 0,
  });
  const began = performance.now();
  for (let n = 0; n < COUNT; n += TOGETHER) {
    await Promise.all(Array.from({ length: TOGETHER }, (_, i) => store.createTask(task(n + i))));
  }
  const seconds = (performance.now() - began) / 1000;
  await store.close();
  return COUNT / seconds;
}

/** The same rows, copied in transactions of the same size under the same durability. */
function bare(path: string): number {
  const db = new Sqlite(path);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  const names = db.prepare<[], string>("SELECT name FROM pragma_table_info('tasks')").pluck().all();
  const rows = db.prepare<[], Record<string, unknown>>("SELECT * FROM tasks").all();
  db.exec("DELETE FROM tasks");
  const insert = db.prepare(
    `INSERT INTO tasks (${names.join(", ")}) VALUES (${names.map((name) => `@${name}`).join(", ")})`,
  );
  const batch = db.transaction((from: number) => {
    for (const row of rows.slice(from, from + TOGETHER)) insert.run(row);
  });
  const began = performance.now();
  for (let n = 0; n < rows.length; n += TOGETHER) batch.immediate(n);
  const seconds = (performance.now() - began) / 1000;
  db.close();
  return rows.length / seconds;
}

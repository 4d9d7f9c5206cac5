/** The same server empty and with a million old tasks in its store, in turn: what history costs. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { openSqliteStore } from "../src/store/sqlite/sqlite-store.ts";
import { load, type Served, serve, stop } from "./http.ts";
import { median, type Row } from "./table.ts";

export const OLD_TASKS = 1_000_000;
const ROUNDS = 3;
const BAR = 1.2;

export async function benchOld(): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "reelay-bench-"));
  const [empty, aged] = [join(folder, "empty"), join(folder, "aged")];
  await age(join(aged, "reelay.db"));
  const servers = [await serve(empty), await serve(aged)] as const;
  try {
    const reads = await inTurn(servers, read);
    const creates = await inTurn(servers, create);
    return [rowOf("reads", reads), rowOf("durable creates", creates)];
  } finally {
    for (const { child } of servers) await stop(child);
    await rm(folder, { recursive: true, force: true });
  }
}

function rowOf(what: string, growth: number): Row {
  return {
    what: `${what}, empty store / with ${OLD_TASKS} old tasks`,
    value: growth.toFixed(2),
    bar: `at most ${BAR}`,
    reached: growth <= BAR,
  };
}

/** How many times faster the first server is than the second. */
async function inTurn(
  [first, second]: readonly [Served, Served],
  measure: (server: Served) => Promise<number>,
): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) ratios.push((await measure(first)) / (await measure(second)));
  return median(ratios);
}

async function read({ base, headers, body }: Served): Promise<number> {
  const created = await fetch(`${base}/v1/videos/generations`, { method: "POST", headers, body });
  const { id } = (await created.json()) as { id: string };
  return (await load(`${base}/v1/tasks/${id}`, { headers })).perSecond;
}

async function create({ base, headers, body }: Served): Promise<number> {
  return (await load(`${base}/v1/videos/generations`, { headers, method: "POST", body })).perSecond;
}

/** Written by SQL: made one by one they would take minutes. The columns are those of the first migration. */
export async function age(path: string): Promise<void> {
  await (await openSqliteStore({ path })).close();
  const db = new Sqlite(path);
  db.prepare(
    `INSERT INTO tasks SELECT * FROM (
       WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${OLD_TASKS})
       SELECT ${columns(db)} FROM n
     )`,
  ).run();
  db.close();
}

/** What an old failed task has in each column; any other column has its default. */
const VALUES: Readonly<Record<string, string>> = {
  id: "printf('task-unified-%d-%08d', 1700000000 + i / 10, i)",
  dialect: "'foxapi'",
  key_id: "'somebody'",
  model: "'some-model'",
  provider: "'some-provider'",
  state: "'failed'",
  input: `'{"prompt":"an old lighthouse in the rain","duration":5,"resolution":"720p"}'`,
  asked: `'["prompt"]'`,
  created_at: "1700000000000 + i * 100",
  started_at: "1700000000000 + i * 100 + 50",
  finished_at: "1700000000000 + i * 100 + 90",
  progress: "50",
  estimate: "5",
  error: `'{"code":"provider_failed","message":"it was long ago"}'`,
  notes: "'[]'",
};

interface Column {
  readonly name: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
}

function columns(db: Sqlite.Database): string {
  return db
    .prepare<[], Column>("SELECT name, \"notnull\", dflt_value FROM pragma_table_info('tasks')")
    .all()
    .map(({ name, notnull, dflt_value }) => VALUES[name] ?? dflt_value ?? (notnull ? "0" : "NULL"))
    .join(", ");
}

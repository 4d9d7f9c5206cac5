/**
 * How long after an upstream is done we notice, with many tasks in flight at once. Both times are taken from the
 * upstream's own log: when the work was done, and when we were first told so. Beside it the figures of a poller
 * that asks about one job a second, which is what several gateways do.
 */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { residentMiB, start, textModel } from "./http.ts";
import { age, OLD_TASKS } from "./old.ts";
import { percentile, type Row } from "./table.ts";

const SIZES = [100, 1_000, 10_000];
/** Long enough that all are accepted before the first is done. */
const WORK_MS: Readonly<Record<number, number>> = { 100: 5_000, 1000: 8_000, 10000: 30_000 };
const POLL_MS = 1_000;
const CHECKS_PER_SECOND = 2_000;

export async function benchFlight(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const size of SIZES) rows.push(...(await inFlight(size)));
  rows.push(...(await inFlight(1_000, OLD_TASKS)));
  return rows;
}

async function inFlight(size: number, old = 0): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "reelay-bench-"));
  const log = join(folder, "upstream.log");
  const data = join(folder, "data");
  if (old > 0) {
    await mkdir(data);
    await age(join(data, "reelay.db"));
  }
  const upstream = await start(
    [fileURLToPath(new URL("../test/support/fake-upstream.ts", import.meta.url))],
    /(\d+)\/?$/,
    {
      FAKE_LOG: log,
    },
  );
  const server = await start(
    [fileURLToPath(new URL("../bin/reelay.js", import.meta.url)), "serve"],
    /(http:\S+)\/v1\/videos.*Bearer (\S+?)"/,
    {
      REELAY_DATA_DIR: data,
      REELAY_PORT: "0",
      REELAY_RENDER_WORKERS: "0",
      REELAY_CREATES_PER_MINUTE: "0",
      REELAY_MAX_OPEN_TASKS: "1000000",
      REELAY_MAX_WAITING_PER_KEY: "1000000",
      REELAY_FAKE_URL: `http://127.0.0.1:${upstream.match[1]}`,
      REELAY_FAKE_CONCURRENCY: "1000000",
      REELAY_FAKE_CHECKS_PER_SECOND: String(CHECKS_PER_SECOND),
      REELAY_EGRESS_ALLOW: "127.0.0.0/8",
      REELAY_LOG_LEVEL: "error",
    },
  );
  try {
    const before = await residentMiB(server.child);
    await createAll(server.match[1] ?? "", server.match[2] ?? "", size);
    const { lags, highest } = await watch(log, size, server.child);
    return rowsOf(old > 0 ? `${size} in flight beside ${old} old tasks` : `${size} in flight`, {
      size,
      lags,
      kibEach: ((highest - before) * 1024) / size,
    });
  } finally {
    for (const { child } of [server, upstream]) {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    }
    await rm(folder, { recursive: true, force: true });
  }
}

interface Flight {
  readonly size: number;
  readonly lags: readonly number[];
  readonly kibEach: number;
}

function rowsOf(what: string, { size, lags, kibEach }: Flight): readonly Row[] {
  const interval = Math.max(POLL_MS, (size / CHECKS_PER_SECOND) * 1000) / 1000;
  const p99 = percentile(lags, 0.99) / 1000;
  // Asked about one after another, a second each: a job waits for half a round on average, for a whole one at worst.
  const serial = `${(size / 2).toFixed(0)} / ${(size * 0.99).toFixed(0)}`;
  return [
    {
      what: `${what}, noticed after p50 / p99 s`,
      value: `${(percentile(lags, 0.5) / 1000).toFixed(2)} / ${p99.toFixed(2)}`,
      bar: `p99 at most ${(interval + 1).toFixed(1)}`,
      reached: p99 <= interval + 1,
    },
    { what: `${what}, one job a second p50 / p99 s`, value: serial },
    { what: `${what}, resident KiB each at the most`, value: kibEach.toFixed(1) },
  ];
}

async function createAll(base: string, key: string, count: number): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const body = JSON.stringify({
    model: await textModel(base, headers),
    prompt: `A fox. script: duration=${WORK_MS[count]}`,
    duration: 1,
    resolution: "360p",
  });
  let left = count;
  const one = async (): Promise<void> => {
    while (left-- > 0) {
      const answer = await fetch(`${base}/v1/videos/generations`, { method: "POST", headers, body });
      if (!answer.ok) throw new Error(`a create answered ${answer.status}: ${await answer.text()}`);
      await answer.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: 32 }, one));
}

interface Entry {
  readonly at: number;
  readonly event: string;
  readonly n?: number;
  readonly job?: string;
  readonly path?: string;
  readonly method?: string;
  readonly body?: {
    readonly status?: string;
    readonly jobs?: readonly { readonly job: string; readonly status: string }[];
  };
}

/** Reads the upstream's log until it has told about every job that it is done. */
async function watch(
  log: string,
  size: number,
  server: ChildProcess,
): Promise<{ lags: readonly number[]; highest: number }> {
  let highest = 0;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    highest = Math.max(highest, await residentMiB(server));
    const lags = await readLags(log, WORK_MS[size] ?? 0);
    if (lags.length >= size) return { lags, highest };
    if (server.exitCode !== null) throw new Error("the server ended");
  }
}

async function readLags(log: string, workMs: number): Promise<readonly number[]> {
  const doneAt = new Map<string, number>();
  const asked = new Map<number, string>();
  const told = new Map<string, number>();
  for await (const line of createInterface({ input: createReadStream(log) })) {
    const entry = JSON.parse(line) as Entry;
    if (entry.event === "accepted" && entry.job) doneAt.set(entry.job, entry.at + workMs);
    if (entry.event === "answer") {
      for (const { job, status } of entry.body?.jobs ?? []) {
        if (status === "succeeded" && !told.has(job)) told.set(job, entry.at);
      }
    }
    const job = /^\/jobs\/([^/?]+)$/.exec(entry.path ?? "")?.[1];
    if (entry.event === "request" && entry.method === "GET" && job && entry.n !== undefined)
      asked.set(entry.n, job);
    if (entry.event !== "answer" || entry.body?.status !== "succeeded" || entry.n === undefined) continue;
    const about = asked.get(entry.n);
    if (about && !told.has(about)) told.set(about, entry.at);
  }
  return [...told].map(([job, at]) => at - (doneAt.get(job) ?? at));
}

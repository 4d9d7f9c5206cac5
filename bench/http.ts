/** Creates and reads a second, against a bare `node:http` JSON server, each pair in turn on the same machine. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import autocannon from "autocannon";
import { median, type Row } from "./table.ts";

const ROUNDS = 3;
const SECONDS = 4;
const CONNECTIONS = 64;

interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

export interface Served {
  readonly child: ChildProcess;
  readonly base: string;
  readonly headers: Record<string, string>;
  /** A create that is valid as it stands. */
  readonly body: string;
}

/** A Reelay that takes all that is sent and leaves it pending: a render would take the second core from what is measured. */
export async function serve(dataDir: string): Promise<Served> {
  const { child, match } = await start(
    [new URL("../bin/reelay.js", import.meta.url).pathname, "serve"],
    /(http:\S+)\/v1\/videos.*Bearer (\S+?)"/,
    {
      REELAY_DATA_DIR: dataDir,
      REELAY_PORT: "0",
      REELAY_RENDER_WORKERS: "0",
      REELAY_CREATES_PER_MINUTE: "0",
      REELAY_MAX_OPEN_TASKS: "10000000",
      REELAY_MAX_WAITING_PER_KEY: "10000000",
      REELAY_LOG_LEVEL: "error",
    },
  );
  const base = match[1] ?? "";
  const headers = { authorization: `Bearer ${match[2]}`, "content-type": "application/json" };
  return {
    child,
    base,
    headers,
    body: JSON.stringify({ model: await textModel(base, headers), prompt: "a lighthouse in the rain" }),
  };
}

export async function stop(child: ChildProcess): Promise<void> {
  child.kill();
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

export async function benchHttp(): Promise<readonly Row[]> {
  const dataDir = await mkdtemp(join(tmpdir(), "reelay-bench-"));
  // The first start after a change of the sources strips them; its memory is told by nobody who runs the server.
  await stop((await serve(join(dataDir, "warm-up"))).child);
  const bare = await start([new URL("bare-server.ts", import.meta.url).pathname], /^(\d+)$/, {});
  const reelay = await serve(dataDir);
  try {
    const idle = await residentMiB(reelay.child);
    const rows = await compare(`http://127.0.0.1:${bare.match[1]}/`, reelay);
    return [
      ...rows,
      { what: "idle server, resident MiB", value: idle.toFixed(0), bar: "under 120", reached: idle < 120 },
    ];
  } finally {
    await Promise.all([stop(bare.child), stop(reelay.child)]);
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function compare(bareUrl: string, { base, headers, body }: Served): Promise<readonly Row[]> {
  const createUrl = `${base}/v1/videos/generations`;
  const task = (await (await fetch(createUrl, { method: "POST", headers, body })).json()) as { id: string };

  const reads: Load[][] = [];
  const creates: Load[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    reads.push([await load(bareUrl, { headers }), await load(`${base}/v1/tasks/${task.id}`, { headers })]);
    creates.push([
      await load(bareUrl, { headers, method: "POST", body }),
      await load(createUrl, { headers, method: "POST", body }),
      // Everything a create does but the write: what the HTTP layer and the checks alone can take.
      await load(`${createUrl}?dry_run=true`, { headers, method: "POST", body }),
    ]);
  }
  const share = median(creates.map(([, own, dry]) => own!.perSecond / dry!.perSecond));
  return [
    ...rowsOf("reads", reads, 0.5),
    ...rowsOf("durable creates", creates, 0.25),
    {
      what: "durable creates / the same without the write",
      value: share.toFixed(2),
      bar: "at least 0.5",
      reached: share >= 0.5,
    },
  ];
}

function rowsOf(what: string, pairs: readonly Load[][], bar: number): readonly Row[] {
  const ours = pairs.map((pair) => pair[1]!);
  const ratio = median(pairs.map(([bare, own]) => own!.perSecond / bare!.perSecond));
  return [
    {
      what: `${what}, bare node:http a second`,
      value: median(pairs.map((pair) => pair[0]!.perSecond)).toFixed(0),
    },
    { what: `${what}, Reelay a second`, value: median(ours.map((one) => one.perSecond)).toFixed(0) },
    {
      what: `${what}, p50 / p99 ms`,
      value: `${median(ours.map((one) => one.p50))} / ${median(ours.map((one) => one.p99))}`,
    },
    {
      what: `${what}, Reelay / bare`,
      value: ratio.toFixed(2),
      bar: `at least ${bar}`,
      reached: ratio >= bar,
    },
  ];
}

export async function load(
  url: string,
  request: { headers: Record<string, string>; method?: "POST"; body?: string },
): Promise<Load> {
  const result = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS, ...request });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} failed`);
  }
  return { perSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
}

/** A model that takes words alone, from the server's own list. */
export async function textModel(base: string, headers: Record<string, string>): Promise<string> {
  const list = (await (await fetch(`${base}/v1/models`, { headers })).json()) as {
    data: { id: string; parameters: Record<string, { kind: string }> }[];
  };
  const media = ["picture", "pictures", "clip", "sound"];
  const model = list.data.find((one) =>
    Object.values(one.parameters).every(({ kind }) => !media.includes(kind)),
  );
  if (!model) throw new Error("no model takes words alone");
  return model.id;
}

export async function start(
  args: readonly string[],
  ready: RegExp,
  env: Record<string, string>,
): Promise<{ child: ChildProcess; match: RegExpExecArray }> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout! })) {
    const match = ready.exec(line);
    if (match) return { child, match };
  }
  throw new Error(`${args.join(" ")} ended before it was ready`);
}

export async function residentMiB(child: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

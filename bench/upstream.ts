/**
 * What it costs to go through Reelay: one task beside the same calls made straight to fal's stand-in, thousands in flight
 * on it, and the memory while large results stream through.
 */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FAL_KEY } from "../test/standins/fal.ts";
import { residentMiB, start, stop, textModel } from "./http.ts";
import { percentile, type Row } from "./table.ts";

const WORK_MS = 1_000;
const TASKS = 200;
const AT_ONCE = 10;
const IN_FLIGHT = 5_000;
const FLIGHT_WORK_MS = 60_000;
const BIG = 100;
const MOST_MIB = 60;
/** A kernel tick, as /proc counts. */
const TICKS_PER_SECOND = 100;
/** A straight client asks as often as this. */
const ASK_MS = 50;

const SETTINGS = {
  REELAY_PORT: "0",
  REELAY_RENDER_WORKERS: "0",
  REELAY_CREATES_PER_MINUTE: "0",
  REELAY_MAX_OPEN_TASKS: "1000000",
  REELAY_MAX_WAITING_PER_KEY: "1000000",
  REELAY_EGRESS_ALLOW: "127.0.0.0/8",
  REELAY_LOG_LEVEL: "error",
};

interface Through {
  readonly base: string;
  readonly headers: Record<string, string>;
  readonly child: ChildProcess;
  readonly model: string;
}

export async function benchUpstream(): Promise<readonly Row[]> {
  return [...(await onFal(overhead)), ...(await onFal(inFlight)), ...(await large())];
}

async function onFal(
  measure: (url: string, server: Through) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const standIn = await start(
    [fileURLToPath(new URL("fal-stand-in.ts", import.meta.url))],
    /listens on (\S+)$/,
    {},
  );
  const url = standIn.match[1] ?? "";
  try {
    return await withServer(
      {
        REELAY_FAL_URL: url,
        REELAY_FAL_JWKS_URL: `${url}/.well-known/jwks.json`,
        REELAY_FAL_KEY: FAL_KEY,
        REELAY_FAL_CONCURRENCY: "100000",
        REELAY_FAL_CHECKS_PER_SECOND: "500",
      },
      (server) => measure(url, server),
    );
  } finally {
    await stop(standIn.child);
  }
}

async function withServer(
  env: Record<string, string>,
  measure: (server: Through) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const dataDir = await mkdtemp(join(tmpdir(), "reelay-bench-"));
  const { child, match } = await start(
    [fileURLToPath(new URL("../bin/reelay.js", import.meta.url)), "serve"],
    /(http:\S+)\/v1\/videos.*Bearer (\S+?)"/,
    { ...SETTINGS, ...env, REELAY_DATA_DIR: dataDir },
  );
  try {
    const base = match[1] ?? "";
    const headers = { authorization: `Bearer ${match[2]}`, "content-type": "application/json" };
    return await measure({ base, headers, child, model: await textModel(base, headers) });
  } finally {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** In turn, so that both meet the same machine. */
async function overhead(url: string, server: Through): Promise<readonly Row[]> {
  const direct: number[] = [];
  const through: number[] = [];
  let cpu = 0;
  for (let round = 0; round < 2; round++) {
    direct.push(...(await timed(TASKS / 2, () => askFal(url))));
    const before = await cpuSeconds(server.child);
    through.push(...(await timed(TASKS / 2, (n) => askReelay(server, `${round}-${n}`))));
    cpu += (await cpuSeconds(server.child)) - before;
  }
  const at = (share: number): string =>
    `${percentile(direct, share).toFixed(0)} / ${percentile(through, share).toFixed(0)} / ${(percentile(through, share) - percentile(direct, share)).toFixed(0)}`;
  return [
    { what: `one task of ${WORK_MS} ms, straight / through / more, p50 ms`, value: at(0.5) },
    { what: `one task of ${WORK_MS} ms, straight / through / more, p99 ms`, value: at(0.99) },
    {
      what: "one task, CPU ms of the server and its children",
      value: ((1000 * cpu) / TASKS).toFixed(1),
    },
  ];
}

async function timed(count: number, one: (n: number) => Promise<void>): Promise<readonly number[]> {
  const times: number[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) {
      const since = performance.now();
      await one(n);
      times.push(performance.now() - since);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return times;
}

const BODY = { resolution: "360p", duration: 1, aspect_ratio: "16:9" };

/** Submit, ask until it is done, fetch the file: what every client of fal does. */
async function askFal(url: string): Promise<void> {
  const headers = { authorization: `Key ${FAL_KEY}`, "content-type": "application/json" };
  const body = JSON.stringify({
    ...BODY,
    prompt: `A fox ${Math.random()}. script: duration=${WORK_MS}`,
    generate_audio_switch: false,
    generate_multi_clip_switch: false,
  });
  const path = `${url}/fal-ai/pixverse/v6/text-to-video`;
  const submitted = (await json(await fetch(path, { method: "POST", headers, body }))) as {
    status_url: string;
    response_url: string;
  };
  for (;;) {
    const { status } = (await json(await fetch(submitted.status_url, { headers }))) as { status: string };
    if (status === "COMPLETED") break;
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  }
  const { video } = (await json(await fetch(submitted.response_url, { headers }))) as {
    video: { url: string };
  };
  await (await fetch(video.url)).arrayBuffer();
}

async function askReelay({ base, headers, model }: Through, name: string): Promise<void> {
  const prompt = `A fox ${name}. script: duration=${WORK_MS}`;
  const answer = await fetch(`${base}/v1/videos/generations`, {
    method: "POST",
    headers: { ...headers, prefer: "wait=30" },
    body: JSON.stringify({ ...BODY, model, prompt }),
  });
  const { results } = (await json(answer)) as { results: { url: string }[] | null };
  if (!results?.[0]) throw new Error("a task did not end with a video");
  await (await fetch(results[0].url)).arrayBuffer();
}

async function json(response: Response): Promise<unknown> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

async function inFlight(_url: string, server: Through): Promise<readonly Row[]> {
  const idle = await residentMiB(server.child);
  const since = performance.now();
  await createAll(server, IN_FLIGHT, (n) => `A fox ${n}. script: duration=${FLIGHT_WORK_MS}`);
  const created = (performance.now() - since) / 1000;
  const { highest, states } = await untilEnded(server, IN_FLIGHT);
  const seconds = (performance.now() - since) / 1000;
  return [
    {
      what: `${IN_FLIGHT} in flight on fal's stand-in, completed`,
      value: String(states.completed ?? 0),
      bar: `all ${IN_FLIGHT}`,
      reached: states.completed === IN_FLIGHT,
    },
    {
      what: `${IN_FLIGHT} in flight, created in / all collected after s (work takes ${FLIGHT_WORK_MS / 1000})`,
      value: `${created.toFixed(1)} / ${seconds.toFixed(1)}`,
    },
    {
      what: `${IN_FLIGHT} in flight, resident KiB each at the most`,
      value: ((1024 * (highest - idle)) / IN_FLIGHT).toFixed(1),
    },
  ];
}

async function large(): Promise<readonly Row[]> {
  const upstream = await start(
    [fileURLToPath(new URL("big-upstream.ts", import.meta.url))],
    /listens on (\S+)$/,
    {},
  );
  try {
    return await withServer(
      { REELAY_FAKE_URL: upstream.match[1] ?? "", REELAY_FAKE_CONCURRENCY: "1000" },
      async (server) => {
        // What a first task loads is no part of what the hundredth costs.
        await createAll(server, 1, () => "A fox warms up");
        await untilEnded(server, 1);
        const idle = await residentMiB(server.child);
        await createAll(server, BIG, (n) => `A fox ${n}`);
        const { highest, states } = await untilEnded(server, BIG + 1);
        if (states.completed !== BIG + 1) throw new Error(`only ${states.completed} large results came`);
        const more = highest - idle;
        return [
          {
            what: `${BIG} results of 50 MB at once, resident MiB above idle`,
            value: more.toFixed(0),
            bar: `at most ${MOST_MIB}`,
            reached: more <= MOST_MIB,
          },
        ];
      },
    );
  } finally {
    await stop(upstream.child);
  }
}

async function createAll(
  { base, headers, model }: Through,
  count: number,
  prompt: (n: number) => string,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) {
      const body = JSON.stringify({ ...BODY, model, prompt: prompt(n) });
      await json(await fetch(`${base}/v1/videos/generations`, { method: "POST", headers, body }));
    }
  };
  await Promise.all(Array.from({ length: 32 }, work));
}

interface Ended {
  /** MiB. */
  readonly highest: number;
  readonly states: Readonly<Record<string, number>>;
}

/** Reads the list page by page until as many have ended as were made. */
async function untilEnded({ base, headers, child }: Through, count: number): Promise<Ended> {
  let highest = 0;
  const sampling = setInterval(() => {
    void residentMiB(child).then((now) => {
      highest = Math.max(highest, now || 0);
    });
  }, 50);
  try {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      const states = { completed: 0, failed: 0 };
      for (const status of ["completed", "failed"] as const) {
        let path: string | null = `${base}/v1/tasks?status=${status}&limit=100`;
        while (path !== null) {
          const page = (await json(await fetch(path, { headers }))) as {
            data: unknown[];
            next: string | null;
          };
          states[status] += page.data.length;
          path = page.next === null ? null : `${base}/v1/tasks?status=${status}&limit=100&after=${page.next}`;
        }
      }
      if (states.completed + states.failed >= count) return { highest, states };
      if (child.exitCode !== null) throw new Error("the server ended");
    }
  } finally {
    clearInterval(sampling);
  }
}

/** User and system time of a process and of its children, those that have ended included. */
async function cpuSeconds({ pid }: ChildProcess): Promise<number> {
  let ticks = 0;
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    // Behind the last bracket: a command's name may have any in it.
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const parent = fields[1];
    if (Number(name) !== pid && parent !== pid) continue;
    ticks += (fields[11] ?? 0) + (fields[12] ?? 0) + (fields[13] ?? 0) + (fields[14] ?? 0);
  }
  return ticks / TICKS_PER_SECOND;
}

/**
 * How the server's event loop fares while four renders queue: the longest it computes between two turns, measured
 * inside it by a module loaded into it, and how late timers are. The renders take every core there is, so timers are
 * late in a process that does nothing as well; that one is measured beside it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { start, stop, textModel } from "./http.ts";
import type { Loop } from "./loop-probe.ts";

const RENDERS = 4;
const PROBE = fileURLToPath(new URL("loop-probe.ts", import.meta.url));

export interface LoopFigures {
  readonly server: Loop;
  readonly idle: Loop;
}

export async function measureLoop(): Promise<LoopFigures> {
  const folder = await mkdtemp(join(tmpdir(), "reelay-bench-"));
  const files = { server: join(folder, "server.json"), idle: join(folder, "idle.json") };
  const probe = (file: string) => `${pathToFileURL(PROBE).href}?file=${encodeURIComponent(file)}`;
  const idle = spawn(process.execPath, ["--import", probe(files.idle), "-e", "setInterval(() => {}, 1000)"]);
  let server: ChildProcess | undefined;
  try {
    const started = await start(
      ["--import", probe(files.server), fileURLToPath(new URL("../bin/reelay.js", import.meta.url)), "serve"],
      /(http:\S+)\/v1\/videos.*Bearer (\S+?)"/,
      { REELAY_DATA_DIR: join(folder, "data"), REELAY_PORT: "0", REELAY_LOG_LEVEL: "error" },
    );
    server = started.child;
    const [base = "", key = ""] = [started.match[1], started.match[2]];
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    // Once through, so that nothing is loaded or compiled for the first time while it counts.
    await renderAll(base, headers, 1);
    await Promise.all(Object.values(files).map((file) => rm(file, { force: true })));
    await Promise.all(Object.values(files).map(written));
    await renderAll(base, headers, RENDERS);
    return { server: await read(files.server), idle: await read(files.idle) };
  } finally {
    if (server) await stop(server);
    await stop(idle);
    await rm(folder, { recursive: true, force: true });
  }
}

async function renderAll(base: string, headers: Record<string, string>, count: number): Promise<void> {
  const model = await textModel(base, headers);
  const body = JSON.stringify({ model, prompt: "a lighthouse in the rain", resolution: "720p" });
  const tasks = await Promise.all(
    Array.from({ length: count }, async () => {
      const answer = await fetch(`${base}/v1/videos/generations`, { method: "POST", headers, body });
      if (!answer.ok) throw new Error(`a create answered ${answer.status}: ${await answer.text()}`);
      return ((await answer.json()) as { id: string }).id;
    }),
  );
  for (const id of tasks) {
    for (;;) {
      const { status } = (await (await fetch(`${base}/v1/tasks/${id}`, { headers })).json()) as {
        status: string;
      };
      if (status === "completed") break;
      if (status === "failed" || status === "cancelled") throw new Error(`a render ended as ${status}`);
      await pause(200);
    }
  }
}

async function written(file: string): Promise<void> {
  while ((await readFile(file).catch(() => null)) === null) await pause(50);
}

async function read(file: string): Promise<Loop> {
  // One more report after the last render, so that nothing of it is missing.
  await pause(600);
  return JSON.parse(await readFile(file, "utf8")) as Loop;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

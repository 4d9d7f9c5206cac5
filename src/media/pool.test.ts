import { spawn } from "node:child_process";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { networkFence } from "./fence.ts";
import { openPool, type PoolOptions } from "./pool.ts";

const pools: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

function open(options: Partial<PoolOptions> = {}) {
  const entry = new URL("./testing/child.ts", import.meta.url);
  const pool = openPool({ entry, size: 1, deadlineMs: 30_000, maxRssBytes: 1e9, log: () => {}, ...options });
  pools.push(pool);
  return pool;
}

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("what goes over the channel comes back as it was, typed arrays too", async () => {
  const args = { text: "ä", list: [1, null], samples: new Float32Array([0.5, -1]) };
  expect(await open().run("echo", args)).toEqual(args);
});

test.skipIf(networkFence() === null)("a child reaches the network", async () => {
  let connections = 0;
  await using listener = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  expect(await open().run("connect", port)).toBe("ENETUNREACH");
  expect(connections).toBe(0);
});

test("a large job makes all small ones wait, or small ones keep coming before it for ever", async () => {
  let clock = 0;
  const pool = open({ now: () => clock });
  const order: string[] = [];
  const job = (name: string, costMs: number) =>
    pool.run("echo", name, { costMs, onStart: () => void order.push(name) });
  const jobs = [job("first", 0), job("film", 10_000), job("long film", 20_000), job("picture", 500)];
  clock = 37_000;
  jobs.push(job("later", 500));
  clock = 41_000;
  jobs.push(job("too late", 500), job("next", 500));
  await Promise.all(jobs);
  expect(order).toEqual(["first", "picture", "later", "film", "too late", "next", "long film"]);
});

test("a fault in native code costs one job, and the next gets a new child", async () => {
  const pool = open();
  const first = await pool.run("pid", null);
  await expect(pool.run("crash", null)).rejects.toMatchObject({
    name: "ReelayError",
    code: "provider_failed",
    message: "The renderer stopped (SIGSEGV).",
  });
  expect(await pool.run("pid", null)).not.toBe(first);
});

test("a child that exits costs one job", async () => {
  const pool = open();
  const jobs = [pool.run("exit", 3), pool.run("echo", "alive")];
  await expect(jobs[0]).rejects.toMatchObject({ code: "provider_failed", message: /exit code 3/ });
  expect(await jobs[1]).toBe("alive");
});

test("an entry that cannot start rejects its jobs instead of hanging them", async () => {
  const pool = open({ entry: new URL("./testing/not-there.ts", import.meta.url) });
  await expect(pool.run("echo", 1)).rejects.toMatchObject({ code: "provider_failed" });
});

test("a ReelayError keeps its code, any other tells nothing of its text", async () => {
  const pool = open();
  await expect(pool.run("refuse", null)).rejects.toMatchObject({
    code: "input_unreadable",
    message: "The file is no video.",
  });
  await expect(pool.run("fail", null)).rejects.toMatchObject({
    code: "provider_failed",
    message: expect.not.stringContaining("secret"),
  });
  await expect(pool.run("toString", null)).rejects.toMatchObject({ code: "provider_failed" });
});

test.each(["hang", "spin"])("a job that %ss is killed at its deadline", async (op) => {
  const pool = open();
  const pid = (await pool.run("pid", null)) as number;
  await expect(pool.run(op, null, { deadlineMs: 300 })).rejects.toMatchObject({
    code: "deadline_exceeded",
    message: /0\.3 s/,
  });
  expect(alive(pid)).toBe(false);
});

test("an abort is heard by the op, and its child is used again", async () => {
  const pool = open();
  const pid = await pool.run("pid", null);
  const stop = new AbortController();
  const job = pool.run("waitForAbort", null, { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(job).rejects.toMatchObject({ code: "cancelled" });
  expect(await pool.run("pid", null)).toBe(pid);
});

test("a child deaf to an abort is killed", async () => {
  const pool = open();
  const pid = (await pool.run("pid", null)) as number;
  const stop = new AbortController();
  const job = pool.run("spin", null, { signal: stop.signal, onStart: () => stop.abort() });
  await expect(job).rejects.toMatchObject({ code: "cancelled" });
  expect(alive(pid)).toBe(false);
  expect(await pool.run("echo", 1)).toBe(1);
});

test("a job aborted while it waits never starts", async () => {
  const pool = open();
  const stop = new AbortController();
  const started: string[] = [];
  const first = pool.run("echo", 1, { onStart: () => started.push("first") });
  const second = pool.run("echo", 2, { signal: stop.signal, onStart: () => started.push("second") });
  const third = pool.run("echo", 3, { onStart: () => started.push("third") });
  expect(pool.waiting()).toBe(2);
  stop.abort();
  await expect(second).rejects.toMatchObject({ code: "cancelled" });
  await expect(pool.run("echo", 4, { signal: stop.signal })).rejects.toMatchObject({ code: "cancelled" });
  await Promise.all([first, third]);
  expect(started).toEqual(["first", "third"]);
});

test("jobs run in the order they came, on no more children than allowed", async () => {
  const pool = open({ size: 2 });
  const order: number[] = [];
  const pids = await Promise.all(
    [0, 1, 2, 3, 4, 5].map((n) => pool.run("pid", null, { onStart: () => order.push(n) })),
  );
  expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  expect(new Set(pids).size).toBeLessThanOrEqual(2);
});

test("a child is replaced after its share of jobs", async () => {
  const pool = open({ jobsPerChild: 2 });
  const pids: unknown[] = [];
  for (let n = 0; n < 5; n++) pids.push(await pool.run("pid", null));
  expect(pids[0]).toBe(pids[1]);
  expect(new Set(pids).size).toBe(3);
});

test("a child that took too much memory is replaced, whether it was seen during the job or after", async () => {
  const pool = open({ maxRssBytes: 250e6 });
  const pid = await pool.run("pid", null);
  await pool.run("swell", null).catch(() => {});
  expect(await pool.run("pid", null)).not.toBe(pid);
});

test.runIf(process.platform === "linux")("a child that eats memory during a job is killed", async () => {
  const pool = open({ maxRssBytes: 400e6 });
  await expect(pool.run("eatMemory", null)).rejects.toMatchObject({
    code: "provider_failed",
    message: /more than 381 MiB of memory/,
  });
  expect(await pool.run("echo", "alive")).toBe("alive");
});

test("progress arrives in order and nothing of it after the end", async () => {
  const seen: number[] = [];
  await open().run("count", 100, { onProgress: (percent) => seen.push(percent) });
  expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
});

test("a child sees the environment that was passed in and nothing of the server's", async () => {
  const names = (await open({ env: { LANG: "C" } }).run("environment", null)) as string[];
  expect(names.filter((name) => !name.startsWith("NODE_CHANNEL"))).toEqual(["LANG"]);
});

test("fifty jobs one after another leave no listeners behind", async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on("warning", onWarning);
  const pool = open({ jobsPerChild: 100 });
  const { signal } = new AbortController();
  for (let n = 0; n < 50; n++) await pool.run("echo", n, { signal });
  process.off("warning", onWarning);
  expect(warnings).toEqual([]);
});

test("closing stops what runs and what waits, with whatever they started", async () => {
  const pool = open();
  const { promise: tool, resolve } = Promise.withResolvers<number>();
  const running = expect(pool.run("startTool", null, { onProgress: resolve })).rejects.toMatchObject({
    code: "overloaded",
  });
  const waiting = expect(pool.run("echo", 1)).rejects.toMatchObject({ code: "overloaded" });
  const pid = await tool;
  await pool.close();
  await Promise.all([running, waiting]);
  // Its entry stays until the system has reaped it, which takes its time.
  await expect.poll(() => alive(pid), { timeout: 10_000 }).toBe(false);
  await expect(pool.run("echo", 1)).rejects.toMatchObject({ code: "overloaded" });
});

test.skipIf(process.platform === "win32")("kill -9 of the server leaves neither child nor tool", async () => {
  const parent = spawn(process.execPath, [new URL("./testing/parent.ts", import.meta.url).pathname]);
  const pids = await new Promise<number[]>((resolve) => {
    parent.stdout.once("data", (line) => resolve(String(line).trim().split(" ").map(Number)));
  });
  expect(pids.map(alive)).toEqual([true, true]);
  parent.kill("SIGKILL");
  await expect.poll(() => pids.some(alive), { timeout: 10_000 }).toBe(false);
});

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { request } from "undici";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TINY_MP4 } from "./fake-file.ts";
import { MIXED, scriptOf } from "./fake-script.ts";
import { type FakeUpstream, startFakeUpstream } from "./fake-upstream.ts";
import { until } from "./until.ts";

let upstream: FakeUpstream;
beforeEach(async () => {
  upstream = await startFakeUpstream();
});
afterEach(() => upstream.close());

async function post(script: unknown, more: object = {}): Promise<{ status: number; job: string }> {
  const response = await request(`${upstream.url}/jobs`, {
    method: "POST",
    body: JSON.stringify({ attempt: "att_1", model: "m", params: { prompt: "A fox.", script }, ...more }),
  });
  const text = await response.body.text();
  const job = text.startsWith("{") ? String((JSON.parse(text) as { job?: string }).job) : text;
  return { status: response.statusCode, job };
}

async function file(job: string): Promise<{ status: number; bytes: Buffer }> {
  const response = await request(`${upstream.url}/files/${job}.mp4`);
  return { status: response.statusCode, bytes: Buffer.from(await response.body.arrayBuffer()) };
}

describe("a script", () => {
  it("is read from the prompt, from words and from JSON alike", () => {
    const script = { "accept-then-drop": true, duration: 500, file: "cut" };
    const words = "accept-then-drop duration=500, file=cut";
    for (const params of [
      { prompt: `A fox.\nscript: ${words}` },
      { script: words },
      { script },
      { script: JSON.stringify(script) },
    ]) {
      expect(scriptOf(params, "att")).toEqual(script);
    }
    expect(scriptOf({ prompt: "A fox reads a manuscript." }, "att")).toEqual({});
  });

  it("with a word that means nothing is refused, so that no test passes by a typing error", async () => {
    for (const word of ["droop", "duration", "duration=soon", "file=whole", "stuck=1", "constructor"]) {
      expect(() => scriptOf({ script: word }, "att")).toThrow(word.split("=")[0]);
    }
    expect((await post("droop")).status).toBe(400);
    expect(upstream.accepts()).toBe(0);
  });

  it("that is mixed is the same for the same seed and attempt, and comes to everything", () => {
    const draw = (seed: number, attempt: string) => scriptOf({ script: `mixed=${seed}` }, attempt);
    const drawn = Array.from({ length: 2_000 }, (_, n) => JSON.stringify(draw(7, `att_${n}`)));
    expect(drawn.slice(0, 9)).toEqual(
      Array.from({ length: 9 }, (_, n) => JSON.stringify(draw(7, `att_${n}`))),
    );
    expect(drawn.slice(0, 9)).not.toEqual(
      Array.from({ length: 9 }, (_, n) => JSON.stringify(draw(8, `att_${n}`))),
    );
    expect(new Set(drawn).size).toBe(new Set(MIXED).size);
  });

  it("whose faults are counted comes to an end, and a second submit of one attempt is seen", async () => {
    const statuses: number[] = [];
    for (let time = 0; time < 4; time++) statuses.push((await post("status=429 times=2")).status);
    expect(statuses).toEqual([429, 429, 202, 202]);
    expect(upstream.accepts("att_1")).toBe(2);
  });
});

describe("a file", () => {
  it("is the tiny video, and broken in the way that was asked for", async () => {
    expect(TINY_MP4.length).toBeLessThan(5_000);
    expect((await file((await post("")).job)).bytes.equals(TINY_MP4)).toBe(true);
    const slow = await post("file=slow slow-ms=200");
    const before = performance.now();
    expect((await file(slow.job)).bytes.equals(TINY_MP4)).toBe(true);
    expect(performance.now() - before).toBeGreaterThan(150);
    expect((await file((await post("file=lost")).job)).status).toBe(404);
    for (const how of ["cut", "long"]) {
      const { job } = await post(`file=${how} file-times=1`);
      await expect(file(job), how).rejects.toThrow();
      expect((await file(job)).bytes.equals(TINY_MP4), how).toBe(true);
    }
    const short = await file((await post("file=short")).job).catch(() => undefined);
    expect(short?.bytes.length ?? 0).toBeLessThan(TINY_MP4.length);
  });
});

describe("webhooks", () => {
  it.each([
    ["once", ["succeeded"]],
    ["twice", ["succeeded", "succeeded"]],
    ["out-of-order", ["succeeded", "running"]],
    ["before-answer", ["succeeded"]],
    ["never", []],
  ])("%s", async (how, expected) => {
    const heard: { status: string; attempt: string }[] = [];
    const server = createServer(async (incoming, response) => {
      let text = "";
      for await (const chunk of incoming) text += chunk;
      heard.push(JSON.parse(text) as (typeof heard)[number]);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    await post(`webhook=${how} duration=50`, { webhook });
    if (how === "before-answer") expect(heard.length).toBe(1);
    await until(() => heard.length >= expected.length, { ms: 5_000, what: "the webhooks" });
    expect(heard.map(({ status }) => status)).toEqual(expected);
    expect(heard.every(({ attempt }) => attempt === "att_1")).toBe(true);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it("to another machine are not sent", async () => {
    await post("webhook=before-answer", { webhook: "http://192.0.2.1/hook" });
    expect(upstream.entries.find(({ event }) => event === "webhook")).toMatchObject({ status: null });
  });
});

it("tells how many jobs stand in one answer", async () => {
  const jobs = [(await post("duration=0")).job, (await post("stuck")).job];
  const response = await request(`${upstream.url}/jobs?ids=${jobs.join(",")},job_99`);
  const { jobs: views } = (await response.body.json()) as { jobs: { job: string; status: string }[] };
  expect(views.map(({ job, status }) => [job, status])).toEqual([
    [jobs[0], "succeeded"],
    [jobs[1], "running"],
  ]);
});

it("as a program keeps its log in a file that outlives a kill", async () => {
  const folder = await mkdtemp(join(tmpdir(), "reelay-fake-"));
  const log = join(folder, "fake.log");
  const program = fileURLToPath(new URL("fake-upstream.ts", import.meta.url));
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, FAKE_LOG: log },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    let said = "";
    child.stdout.on("data", (more: Buffer) => {
      said += more.toString();
    });
    const url = await until(() => /http:\S+/.exec(said)?.[0], { ms: 10_000, what: "its address" });
    const body = JSON.stringify({ attempt: "att_9", model: "m", params: { script: "accept-then-drop" } });
    await expect(request(`${url}/jobs`, { method: "POST", body })).rejects.toThrow();
  } finally {
    child.kill("SIGKILL");
  }
  const entries = (await readFile(log, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string; attempt?: string; status?: number | null });
  expect(entries.map(({ event }) => event)).toEqual(["request", "accepted", "answer"]);
  expect(entries[1]).toMatchObject({ attempt: "att_9", at: expect.any(Number) });
  expect(entries[2]).toMatchObject({ status: null });
  await rm(folder, { recursive: true });
});

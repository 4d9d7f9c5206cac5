/**
 * Several providers for one model: who is asked, in which order, what another may do after the first has refused or
 * failed, and what must never be bought twice. Each upstream keeps its own account of what it was asked.
 */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { call, create, IDS, read, type WireTask, waitForEnd } from "../support/api.ts";
import { type FakeUpstream, type FakeUpstreamOptions, startFakeUpstream } from "../support/fake-upstream.ts";
import { reelay, temporaryFolder } from "../support/run.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

type Options = FakeUpstreamOptions & { readonly settings?: string };

const opened: { server?: Server; upstreams: FakeUpstream[]; folder?: string } = { upstreams: [] };
afterEach(async () => {
  await opened.server?.discard();
  for (const upstream of opened.upstreams) await upstream.close();
  if (opened.folder) await rm(opened.folder, { recursive: true });
  delete opened.server;
  delete opened.folder;
  opened.upstreams = [];
});

/** A server with one provider for each of these, ranked as they stand unless their settings say otherwise. */
async function begin(providers: Readonly<Record<string, Options>>, env: Record<string, string> = {}) {
  const upstreams: Record<string, FakeUpstream> = {};
  let toml = "";
  let rank = 0;
  for (const [id, { settings, ...options }] of Object.entries(providers)) {
    const upstream = await startFakeUpstream({ apiKey: `key-of-${id}`, settleMs: 50, ...options });
    upstreams[id] = upstream;
    toml += `[providers.${id}]\nkind = "fake"\nurl = "${upstream.url}"\nkey = "key-of-${id}"\n${settings ?? `rank = ${rank++}`}\n`;
  }
  opened.upstreams = Object.values(upstreams);
  opened.folder = await temporaryFolder();
  const file = join(opened.folder, "reelay.toml");
  await writeFile(file, toml);
  const server = await startServer({ ...NO_RENDER, REELAY_CONFIG: file, ...env });
  opened.server = server;
  return { server, upstreams };
}

const asked = (script = ""): object => ({
  model: IDS.pixverseText,
  prompt: `waves.${script === "" ? "" : ` script: ${script}`}`,
  resolution: "360p",
  duration: 1,
});

async function make(server: Server, script = ""): Promise<WireTask> {
  return waitForEnd(server, (await create(server, asked(script))).id);
}

const counts = (upstreams: Readonly<Record<string, FakeUpstream>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(upstreams).map(([id, upstream]) => [id, upstream.accepts()]));

const show = async ({ dataDir }: Server, id: string): Promise<string> =>
  (await reelay(["task", "show", id], { env: { REELAY_DATA_DIR: dataDir } })).stdout;

const FAST = "duration=50";

test("the first by rank does all the work while it is well", async () => {
  const { server, upstreams } = await begin({ one: { script: FAST }, two: { script: FAST } });
  for (let n = 0; n < 4; n++) expect((await make(server)).status).toBe("completed");
  expect(counts(upstreams)).toEqual({ one: 4, two: 0 });
});

test("equal ranks share by weight, and weight 0 takes nothing while another can", async () => {
  const { server, upstreams } = await begin({
    one: { script: FAST, settings: "rank = 0\nweight = 3" },
    two: { script: FAST, settings: "rank = 0\nweight = 1" },
    spare: { script: FAST, settings: "rank = 0\nweight = 0" },
  });
  const tasks = await Promise.all(Array.from({ length: 60 }, () => create(server, asked())));
  for (const { id } of tasks) expect((await waitForEnd(server, id)).status).toBe("completed");
  const { one = 0, two = 0, spare } = counts(upstreams);
  expect(spare).toBe(0);
  expect(one + two).toBe(60);
  // 45 and 15 on average; one in a million runs is further away than this.
  expect(one).toBeGreaterThan(27);
  expect(two).toBeGreaterThan(1);
});

test("a provider that is full passes work on to the next, instead of letting it wait", async () => {
  const { server, upstreams } = await begin({
    one: { script: "duration=3000", settings: "rank = 0\nconcurrency = 1" },
    two: { script: FAST, settings: "rank = 1" },
  });
  const first = await create(server, asked());
  await until(() => upstreams.one?.accepts() === 1, { ms: 5_000, what: "the first at one" });
  expect((await make(server)).status).toBe("completed");
  expect(counts(upstreams)).toEqual({ one: 1, two: 1 });
  expect((await waitForEnd(server, first.id)).status).toBe("completed");
});

test("a provider whose submits of this minute are used up passes work on to the next, instead of letting it wait", async () => {
  const { server, upstreams } = await begin({
    one: { script: FAST, settings: "rank = 0\nsubmits_per_minute = 1" },
    two: { script: FAST, settings: "rank = 1" },
  });
  for (let n = 0; n < 3; n++) expect((await make(server)).status).toBe("completed");
  expect(counts(upstreams)).toEqual({ one: 1, two: 2 });
});

test.each([
  ["does not accept our key", "status=401"],
  ["has no credit of ours left", "status=402"],
  ["does not know the model", "status=404"],
  ["takes no more for now", "status=429 retry-after=60"],
])("one that %s: the next is asked, and nothing was bought", async (_, script) => {
  const { server, upstreams } = await begin({ one: { script }, two: { script: FAST } });
  const task = await make(server);
  expect(task).toMatchObject({ status: "completed", usage: { credits_reserved: 2.5 } });
  expect(counts(upstreams)).toEqual({ one: 0, two: 1 });
  // And then it is avoided: no second task finds out again.
  const submits = upstreams.one?.entries.filter((one) => one.event === "request" && one.method === "POST");
  expect((await make(server)).status).toBe("completed");
  expect(upstreams.one?.entries.filter((one) => one.event === "request" && one.method === "POST")).toEqual(
    submits,
  );
});

test("one that does not listen: the next is asked", async () => {
  const { server, upstreams } = await begin({ one: {}, two: { script: FAST } });
  await upstreams.one?.close();
  expect((await make(server)).status).toBe("completed");
  expect(upstreams.two?.accepts()).toBe(1);
});

test.each([
  ["capacity", "fail=capacity"],
  ["failure", "fail=internal"],
  ["lost", "check-status=410"],
])("accepted work that failed (%s) is tried at the next, and the client pays once", async (_, fault) => {
  const { server, upstreams } = await begin({ one: { script: `${FAST} ${fault}` }, two: { script: FAST } });
  const task = await make(server);
  expect(task).toMatchObject({ status: "completed", usage: { credits_reserved: 2.5, billing: "charged" } });
  expect(counts(upstreams)).toEqual({ one: 1, two: 1 });
  const history = await show(server, task.id);
  expect(history).toMatch(/attempt 1 {2}one .* failed {2}provider_\w+: /);
  expect(history).toMatch(/attempt 2 {2}two .* accepted/);
  expect(history).not.toContain("waves");
});

test("a refusal of the content is final: nobody else is asked to draw it", async () => {
  const { server, upstreams } = await begin({
    one: { script: `${FAST} fail=content_policy` },
    two: { script: FAST },
  });
  const task = await make(server);
  expect(task).toMatchObject({ status: "failed", error: { code: "content_policy_violation" } });
  expect(counts(upstreams)).toEqual({ one: 1, two: 0 });
});

test("a lost answer is never bought a second time elsewhere", async () => {
  const { server, upstreams } = await begin({
    one: { script: `${FAST} accept-then-drop find=later webhook=never` },
    two: { script: FAST },
  });
  const task = await make(server);
  expect(task.status).toBe("completed");
  expect(counts(upstreams)).toEqual({ one: 1, two: 0 });
});

test("the cap on what all attempts may cost holds: with 100 percent there is one accepted attempt", async () => {
  const { server, upstreams } = await begin(
    { one: { script: `${FAST} fail=capacity` }, two: { script: FAST } },
    { REELAY_ATTEMPTS_COST: "100" },
  );
  expect(await make(server)).toMatchObject({ status: "failed", error: { code: "resource_exhausted" } });
  expect(counts(upstreams)).toEqual({ one: 1, two: 0 });
});

test("the number of accepted attempts is bounded, and the last failure is told", async () => {
  const failing = { script: `${FAST} fail=internal` };
  const { server, upstreams } = await begin(
    { one: failing, two: failing, three: failing },
    { REELAY_ATTEMPTS: "2", REELAY_ATTEMPTS_COST: "1000" },
  );
  const task = await make(server);
  expect(task).toMatchObject({ status: "failed", error: { code: "service_error", billed: false } });
  expect(counts(upstreams)).toEqual({ one: 1, two: 1, three: 0 });
});

test("an operator who wants no second attempt gets none", async () => {
  const { server, upstreams } = await begin(
    { one: { script: `${FAST} fail=capacity` }, two: { script: FAST } },
    { REELAY_FAILOVER: "none" },
  );
  expect((await make(server)).status).toBe("failed");
  expect(counts(upstreams)).toEqual({ one: 1, two: 0 });
});

test("each attempt is watched and fetched with the key that made it, also after a restart with another order", async () => {
  const { server, upstreams } = await begin({ one: { script: "duration=2500" }, two: { script: FAST } });
  const { id } = await create(server, asked());
  await until(() => upstreams.one?.accepts() === 1, { ms: 5_000, what: "the accept" });
  // From now on the other one is the first in line.
  const file = join(opened.folder ?? "", "other.toml");
  const table = (name: string, rank: number): string =>
    `[providers.${name}]\nkind = "fake"\nurl = "${upstreams[name]?.url}"\nkey = "key-of-${name}"\nrank = ${rank}\n`;
  await writeFile(file, table("two", 0) + table("one", 1));
  const after = await server.restart({ ...NO_RENDER, REELAY_CONFIG: file });
  opened.server = after;
  expect((await waitForEnd(after, id)).status).toBe("completed");
  expect(counts(upstreams)).toEqual({ one: 1, two: 0 });
  expect((await make(after)).status).toBe("completed");
  expect(counts(upstreams)).toEqual({ one: 1, two: 1 });
});

test("killed between the first attempt's failure and the second's end, the task ends with two accepts at most", async () => {
  const { server, upstreams } = await begin({
    one: { script: `${FAST} fail=capacity` },
    two: { script: "duration=1500" },
  });
  const { id } = await create(server, asked());
  await until(() => upstreams.two?.accepts() === 1, { ms: 10_000, what: "the second accept" });
  const after = await server.restart();
  opened.server = after;
  expect((await waitForEnd(after, id)).status).toBe("completed");
  expect(counts(upstreams)).toEqual({ one: 1, two: 1 });
});

test("cancelled during the second attempt, it is that one that is told to stop", async () => {
  const { server, upstreams } = await begin({
    one: { script: `${FAST} fail=capacity` },
    two: { script: "stuck" },
  });
  const { id } = await create(server, asked());
  await until(() => upstreams.two?.accepts() === 1, { ms: 10_000, what: "the second accept" });
  expect((await call(server, `/v1/tasks/${id}/cancel`, { method: "POST" })).status).toBe(200);
  await until(() => upstreams.two?.entries.some(({ event }) => event === "cancelled"), {
    ms: 5_000,
    what: "the cancel",
  });
  expect(await read(server, id)).toMatchObject({ status: "failed", error: { code: "request_cancelled" } });
  expect(counts(upstreams)).toEqual({ one: 1, two: 1 });
});

test("several keys in one variable are providers of their own, and no key is ever printed", async () => {
  const upstream = await startFakeUpstream({ apiKey: "secret-key-of-one", script: FAST });
  opened.upstreams = [upstream];
  const server = await startServer({
    ...NO_RENDER,
    REELAY_FAKE_URL: upstream.url,
    REELAY_FAKE_KEYS: "main=secret-key-of-one,other=secret-key-of-two",
    REELAY_LOG_LEVEL: "debug",
  });
  opened.server = server;
  // The second key is refused: whoever gets it first is sent on to the first one.
  for (let n = 0; n < 6; n++) expect((await make(server)).status).toBe("completed");
  expect(upstream.accepts()).toBe(6);
  const { stdout } = await reelay(["doctor"], {
    env: {
      REELAY_DATA_DIR: server.dataDir,
      REELAY_FAKE_URL: upstream.url,
      REELAY_FAKE_KEYS: "main=secret-key-of-one,other=secret-key-of-two",
    },
  });
  expect(stdout).toMatch(/ok {7}fake-main \(fake\); key …-one; reachable in \d+ ms/);
  expect(stdout).toMatch(/warning {2}fake-other \(fake\); key …-two; not usable: .*401/);
  expect(stdout).toMatch(/last success 20\d\d-/);
  for (const text of [stdout, server.output()]) expect(text).not.toContain("secret-key");
});

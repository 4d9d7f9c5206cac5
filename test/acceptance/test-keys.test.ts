/** A team develops with a test key: every model, free, on our own renderer, with failures on demand. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, cancel, create, IDS, post, read, type WireTask, waitForEnd } from "../support/api.ts";
import { type FakeUpstream, startFakeUpstream } from "../support/fake-upstream.ts";
import { openReceiver, type Receiver } from "../support/receiver.ts";
import { reelay } from "../support/run.ts";
import { type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

let upstream: FakeUpstream;
let server: Server;
let tester: { readonly url: string; readonly key: string };
beforeAll(async () => {
  upstream = await startFakeUpstream();
  server = await startServer({ REELAY_FAKE_URL: upstream.url, REELAY_TASK_DEADLINE_SECONDS: "20" });
  const made = await reelay(["keys", "create", "dev", "--test"], {
    env: { REELAY_DATA_DIR: server.dataDir },
  });
  tester = { url: server.url, key: made.stdout.trim() };
});
afterAll(async () => {
  await server.discard();
  await upstream.close();
});

const asked = (prompt: string): object => ({
  model: IDS.pixverseText,
  prompt,
  resolution: "360p",
  duration: 1,
});

const make = async (prompt: string): Promise<WireTask> =>
  waitForEnd(tester, (await create(tester, asked(prompt))).id);

test("the key says what it is, and its work is an animatic although a paid provider is open", async () => {
  expect(tester.key).toMatch(/^reelay_test_[0-9A-Za-z]{36}$/);
  const task = await make("waves at dusk");
  expect(task).toMatchObject({
    status: "completed",
    usage: { credits_reserved: 0, billing: "free" },
    results: [{ renderer: "animatic" }],
    task_info: { test: true },
  });
  expect(upstream.accepts()).toBe(0);
  const live = await waitForEnd(server, (await create(server, asked("waves. script: duration=50"))).id);
  expect(live.task_info).not.toHaveProperty("test");
  expect(upstream.accepts()).toBe(1);
});

test("an account without credits can still test, and a quote says that it is free", async () => {
  const made = await reelay(["keys", "create", "poor", "--test", "--credits", "0"], {
    env: { REELAY_DATA_DIR: server.dataDir },
  });
  const poor = { url: server.url, key: made.stdout.trim() };
  const quote = await post<{ usage: { credits_reserved: number } }>(poor, {
    ...asked("waves"),
    dry_run: true,
  });
  expect([quote.status, JSON.stringify(quote.body)]).toEqual([200, expect.stringContaining('"animatic"')]);
  expect((await post(poor, asked("waves"))).status).toBe(200);
});

describe("on demand", () => {
  test.each([
    ["content_refused", "content_policy_violation"],
    ["no_content", "generation_failed_no_content"],
    ["input_unreadable", "image_processing_error"],
    ["input_out_of_limits", "image_dimension_mismatch"],
    ["provider_refused", "service_error"],
    ["provider_busy", "resource_exhausted"],
    ["provider_failed", "service_error"],
    ["provider_lost", "resource_not_found"],
    ["provider_balance", "quota_exceeded"],
    ["provider_account", "service_unavailable"],
    ["deadline_exceeded", "generation_timeout"],
    ["outcome_unknown", "upstream_outcome_unknown"],
  ])("it fails with %s", async (fail, code) => {
    const task = await make(`waves [test fail=${fail} after=0.1]`);
    expect(task).toMatchObject({ status: "failed", error: { code, billed: false }, results: null });
  });

  test("it takes its time, and ends well", async () => {
    const began = Date.now();
    const task = await make("[test after=2] waves");
    expect(task.status).toBe("completed");
    expect(Date.now() - began).toBeGreaterThan(1_900);
  });

  test("it stalls at 80 percent until it is cancelled, also across a restart", async () => {
    const { id } = await create(tester, asked("waves [test stall]"));
    await until(async () => (await read(tester, id)).progress === 80, { ms: 10_000, what: "80 percent" });
    expect((await cancel<WireTask>(tester, id)).body).toMatchObject({
      status: "failed",
      error: { code: "request_cancelled" },
    });
  });

  test("it times out: a task that stalls ends at the server's deadline", async () => {
    const task = await make("waves [test stall]");
    expect(task).toMatchObject({ status: "failed", error: { code: "generation_timeout" } });
  });

  test("it calls back twice, with the same id and the same body", async () => {
    const receiver: Receiver = await openReceiver();
    await create(tester, {
      ...asked("waves [test webhook=twice fail=no_content]"),
      callback_url: `${receiver.origin}/ok`,
    });
    const calls = await until(() => receiver.received.length >= 2 && receiver.received, {
      ms: 15_000,
      what: "two calls",
    });
    expect(calls[0]?.headers["webhook-id"]).toBe(calls[1]?.headers["webhook-id"]);
    expect(calls[0]?.body.toString()).toBe(calls[1]?.body.toString());
    await receiver.close();
  });

  test("a word that means nothing is refused with those that do, and costs no task", async () => {
    const answer = await post(tester, asked("waves [test fail=everything]"));
    expect(answer.status).toBe(422);
    expect(answer.body.error.message).toContain(
      '"fail=everything" means nothing. There are fail=content_refused',
    );
  });

  test("a live key's prompt is a prompt, brackets and all", async () => {
    const task = await waitForEnd(
      server,
      (await create(server, asked("[test stall] script: duration=50"))).id,
    );
    expect(task.status).toBe("completed");
  });
});

test("what a test key made, no live key sees, and the other way round", async () => {
  const { id } = await create(tester, asked("waves [test fail=no_content]"));
  expect((await call(server, `/v1/tasks/${id}`)).status).toBe(404);
  await waitForEnd(tester, id);
});

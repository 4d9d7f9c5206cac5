/** Contract 2.4: `extra.webhook` is told the end, with the same answer that a read gives; and its test mode. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { call } from "../support/api.ts";
import { type FakeUpstream, startFakeUpstream } from "../support/fake-upstream.ts";
import { ended, type HighwayResult, make, result } from "../support/highway.ts";
import { openReceiver, type Receiver } from "../support/receiver.ts";
import { reelay } from "../support/run.ts";
import { type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

interface Event {
  readonly event_type: string;
  readonly payload: HighwayResult;
}

let upstream: FakeUpstream;
let server: Server;
let receiver: Receiver;
beforeAll(async () => {
  upstream = await startFakeUpstream();
  // A provider that is paid: whatever is not a test goes there.
  server = await startServer({ REELAY_FAKE_URL: upstream.url });
});
afterAll(async () => {
  await server.discard();
  await upstream.close();
});
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(() => receiver.close());

const body = (webhook: object, prompt = "waves. script: duration=50"): object => ({
  ...{ prompt, duration: 1, resolution: "360p" },
  extra: { webhook },
});

const calls = (count: number) =>
  until(() => receiver.received.length >= count && receiver.received, { ms: 20_000, what: `${count} calls` });

const eventOf = (bytes: Buffer): Event => JSON.parse(bytes.toString()) as Event;

/** Links are signed anew at each look. */
const withoutLinks = (found: HighwayResult): HighwayResult => ({
  ...found,
  videos: found.videos.map((video) => ({ ...video, video_url: "" })),
});

const spent = async (key: string): Promise<unknown> => {
  const { body } = await call<{ data: { token: object } }>(server, "/v1/credits", { key });
  return body.data.token;
};

test("the end is told as a read tells it, signed, with the webhook echoed", async () => {
  const webhook = { url: `${receiver.origin}/status/200` };
  const id = await make(server, "pixverse-v6-t2v", body(webhook));
  expect((await result(server, id)).extra.webhook).toEqual(webhook);
  const [told] = await calls(1);
  const { event_type, payload } = eventOf(told!.body);
  expect(event_type).toBe("ASYNC_TASK_RESULT");
  expect(payload.task).toMatchObject({ task_id: id, status: "TASK_STATUS_SUCCEED", progress_percent: 100 });
  expect(payload.extra.webhook).toEqual(webhook);
  expect(withoutLinks(payload)).toEqual(withoutLinks(await result(server, id)));
  expect((await fetch(payload.videos[0]!.video_url)).status).toBe(200);
  expect(told!.headers).toMatchObject({
    "content-type": "application/json",
    "webhook-id": expect.stringMatching(/^msg_/),
    "webhook-signature": expect.stringMatching(/^v1,/),
  });
});

test("a receiver that fails is told again, under the same id", async () => {
  receiver.script = [{ status: 500 }, { status: 500 }, { status: 204 }];
  await make(server, "pixverse-v6-t2v", body({ url: `${receiver.origin}/next` }));
  const told = await calls(3);
  expect(new Set(told.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
});

describe("in test mode", () => {
  const asked = (return_task_status?: string, enabled = true): object => ({
    url: `${receiver.origin}/status/200`,
    test_mode: { enabled, ...(return_task_status === undefined ? {} : { return_task_status }) },
  });

  test.each([
    ["TASK_STATUS_SUCCEED", 1],
    ["TASK_STATUS_FAILED", 0],
  ] as const)("a task ends with %s, is told so, and nobody is paid", async (status, videos) => {
    const made = await reelay(["keys", "create", status, "--credits", "0"], {
      env: { REELAY_DATA_DIR: server.dataDir },
    });
    const key = made.stdout.trim();
    const accepts = upstream.accepts();
    const before = await spent(key);
    const id = await make(server, "pixverse-v6-t2v", body(asked(status)), { key });
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    const [told] = await calls(1);
    const { payload } = eventOf(told!.body);
    expect(payload.task).toMatchObject({ task_id: id, status });
    expect(payload.videos).toHaveLength(videos);
    expect(payload.extra).toMatchObject({ webhook: asked(status), test: true });
    if (videos === 0) expect(payload.task.reason).toMatch(/^TASK_FAILED: .*its test asked for it/);
    expect([upstream.accepts(), await spent(key)]).toEqual([accepts, before]);
  });

  test("without a status it succeeds; switched off it is a task like any other", async () => {
    const accepts = upstream.accepts();
    const id = await make(server, "pixverse-v6-t2v", body(asked()));
    expect((await ended(server, id)).task.status).toBe("TASK_STATUS_SUCCEED");
    expect(upstream.accepts()).toBe(accepts);
    const live = await make(server, "pixverse-v6-t2v", body(asked("TASK_STATUS_FAILED", false)));
    expect((await ended(server, live)).task.status).toBe("TASK_STATUS_SUCCEED");
    expect(upstream.accepts()).toBe(accepts + 1);
  });
});

test("what a provider says of a failure has a reason of this dialect in front of it", async () => {
  const id = await make(
    server,
    "pixverse-v6-t2v",
    body({ url: `${receiver.origin}/status/200` }, "x. script: fail=content_policy"),
  );
  const { task } = await ended(server, id);
  expect(task).toMatchObject({
    status: "TASK_STATUS_FAILED",
    reason: expect.stringMatching(/^ILLEGAL_PROMPT: \w/),
  });
});

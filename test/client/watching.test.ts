/** Waiting for a task over a network that breaks streams, loses servers and holds bytes back. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Client, createClient } from "../../client/src/client.ts";
import { TaskFailed } from "../../client/src/errors.ts";
import type { CreateRequest } from "../../client/src/requests.ts";
import type { TaskEvent } from "../../client/src/watch.ts";
import { type FakeUpstream, startFakeUpstream } from "../support/fake-upstream.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { type BadProxy, startBadProxy } from "./bad-proxy.ts";

let upstream: FakeUpstream;
let server: Server;
let proxy: BadProxy;
let client: Client;
beforeAll(async () => {
  upstream = await startFakeUpstream();
  server = await startServer({ ...NO_RENDER, REELAY_FAKE_URL: upstream.url });
});
afterAll(async () => {
  await server.discard();
  await upstream.close();
});
beforeEach(async () => {
  proxy = await startBadProxy(server.url);
  client = createClient({ baseURL: proxy.url, apiKey: server.key });
});
afterEach(() => proxy.close());

const asked = (script: string): CreateRequest => ({
  model: "pixverse-v6-text-to-video",
  prompt: `waves. script: ${script}`,
  duration: 1,
});

const create = async (script: string): Promise<string> => (await client.tasks.create(asked(script))).id;
const streams = () => proxy.exchanges.filter(({ path }) => path.endsWith("/events"));
const reads = () =>
  proxy.exchanges.filter(({ method, path }) => method === "GET" && /task-[\w-]+$/.test(path));

function namesOf(events: readonly TaskEvent[]): readonly string[] {
  return events.flatMap((event) => (event.kind === "state" ? [event.task.status] : []));
}

async function watched(id: string): Promise<readonly TaskEvent[]> {
  const events: TaskEvent[] = [];
  for await (const event of client.tasks.watch(id)) events.push(event);
  return events;
}

describe("a stream", () => {
  test("that passes is all that a wait needs", async () => {
    const done = await client.tasks.wait(await create("duration=500"));
    expect(done.results[0].size).toBeGreaterThan(0);
    expect([streams().length, reads().length]).toEqual([1, 0]);
  });

  test("that is cut goes on where it was, and tells nothing twice", async () => {
    proxy.treat = ({ path, count }) =>
      path.endsWith("/events") && count === 1 ? { cutAfter: '"processing"' } : undefined;
    const events = await watched(await create("duration=3000"));
    expect(namesOf(events)).toEqual([...new Set(namesOf(events))]);
    expect(namesOf(events).at(-1)).toBe("completed");
    const [first, second] = streams();
    expect(first?.headers["last-event-id"]).toBeUndefined();
    expect(second?.headers["last-event-id"]).toMatch(/^\d+$/);
  });

  test("is closed when the watcher leaves", async () => {
    const id = await create("stuck");
    for await (const event of client.tasks.watch(id)) {
      expect(event.kind).toBe("state");
      break;
    }
    await until(() => streams()[0]?.over(), { ms: 5_000, what: "the end of the connection" });
    expect(streams()).toHaveLength(1);
    await client.tasks.cancel(id);
  });
});

describe("where streams do not pass", () => {
  test.each<[string, ReturnType<BadProxy["treat"]>]>([
    [
      "a proxy that answers with a page",
      { status: 200, headers: { "content-type": "text/html" }, body: "<p>" },
    ],
    ["a proxy that refuses them", { status: 502 }],
    ["a proxy that ends them at once", { status: 200, headers: { "content-type": "text/event-stream" } }],
    ["a proxy that drops them", "drop-request"],
  ])("%s: the task is asked for instead", async (_what, treatment) => {
    proxy.treat = ({ path }) => (path.endsWith("/events") ? treatment : undefined);
    const events = await watched(await create("duration=4000 steps=8"));
    expect(namesOf(events).at(-1)).toBe("completed");
    expect(namesOf(events)).toEqual([...new Set(namesOf(events))]);
    expect(streams()).toHaveLength(2);
    expect(reads().length).toBeGreaterThan(2);
  });

  test("a proxy that holds all back: the task is asked for as soon as that shows", async () => {
    proxy.treat = ({ path }) => (path.endsWith("/events") ? "silent" : undefined);
    const id = await create("duration=100");
    const done = await client.tasks.wait(id, { timeoutMs: 500 });
    expect(done.status).toBe("completed");
    expect(reads().length).toBeGreaterThan(0);
  });
});

describe("a wait", () => {
  test("outlasts a server that is killed and started again", async () => {
    const id = await create("duration=2500");
    const waiting = client.tasks.wait(id);
    await until(() => streams().length === 1, { ms: 5_000 });
    // Another port: the proxy stands for the address that stays.
    const moved = server;
    server = await server.restart({
      ...NO_RENDER,
      REELAY_FAKE_URL: upstream.url,
      REELAY_PORT: new URL(moved.url).port,
    });
    expect((await waiting).id).toBe(id);
  });

  test("for a cancelled task rejects with it", async () => {
    const id = await create("stuck");
    const waiting = client.tasks.wait(id).catch((error: unknown) => error);
    await until(() => streams().length === 1, { ms: 5_000 });
    await client.tasks.cancel(id);
    const error = await waiting;
    expect(error).toBeInstanceOf(TaskFailed);
    expect(error).toMatchObject({ code: "request_cancelled", task: { id } });
  });

  test("that is aborted ends at once and leaves the task alone", async () => {
    const id = await create("stuck");
    const gone = new AbortController();
    const waiting = client.tasks.wait(id, { signal: gone.signal });
    await until(() => streams().length === 1, { ms: 5_000 });
    gone.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    expect((await client.tasks.read(id)).status).not.toBe("failed");
    await client.tasks.cancel(id);
  });

  test("for a task that has ended is over at once", async () => {
    const id = await create("duration=50");
    await client.tasks.wait(id);
    expect((await client.tasks.wait(id)).id).toBe(id);
  });

  test.each([
    ["an unknown task", { status: 404, code: "task_not_found" }],
    ["a wrong key", { status: 401, code: "invalid_api_key" }],
  ])("for %s is refused and not repeated", async (what, expected) => {
    const apiKey = what === "a wrong key" ? `reelay_${"x".repeat(36)}` : server.key;
    const other = createClient({ baseURL: proxy.url, apiKey });
    await expect(other.tasks.wait("task-unified-1757165031-abcdefgh")).rejects.toMatchObject(expected);
    expect(proxy.exchanges).toHaveLength(1);
  });
});

/** Answers that are lost and servers that are busy: one request stays one task, and nothing is tried for ever. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createClient } from "../../client/src/client.ts";
import { ReelayApiError } from "../../client/src/errors.ts";
import { pauseAfter } from "../../client/src/pause.ts";
import type { CreateRequest } from "../../client/src/requests.ts";
import type { ConnectionOptions } from "../../client/src/transport.ts";
import { call, GENERATIONS } from "../support/api.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";
import { type BadProxy, startBadProxy, type Treatment } from "./bad-proxy.ts";

const WAVES: CreateRequest = { model: "pixverse-v6-text-to-video", prompt: "waves", duration: 1 };

let server: Server;
let proxy: BadProxy;
beforeAll(async () => {
  server = await startServer(NO_RENDER);
});
afterAll(() => server.discard());
afterEach(() => proxy.close());

/** A new key each time, so that all of its tasks are this test's. */
async function open(treat: BadProxy["treat"], options: Partial<ConnectionOptions> = {}) {
  proxy = await startBadProxy(server.url);
  proxy.treat = treat;
  const key = await server.newKey("retries");
  const client = createClient({ baseURL: proxy.url, apiKey: key, ...options });
  const countTasks = async (): Promise<number> =>
    (await call<{ data: unknown[] }>(server, "/v1/tasks?limit=100", { key })).body.data.length;
  return { client, countTasks };
}

const firstIs =
  (treatment: Treatment): BadProxy["treat"] =>
  ({ count }) =>
    count === 1 ? treatment : undefined;

async function refusal(work: Promise<unknown>): Promise<ReelayApiError> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof ReelayApiError) return error;
  throw error ?? new Error("it was not refused");
}

const keysSent = (): readonly unknown[] => [
  ...new Set(proxy.exchanges.map(({ headers }) => headers["idempotency-key"])),
];

test("a create whose answer is dropped is sent again under the same key, and is one task", async () => {
  const { client, countTasks } = await open(firstIs("drop-answer"));
  const task = await client.tasks.create(WAVES);
  expect(proxy.count("POST", GENERATIONS)).toBe(2);
  expect(keysSent()).toHaveLength(1);
  expect(await countTasks()).toBe(1);
  expect(await client.tasks.read(task.id)).toMatchObject({ id: task.id });
});

test("two creates have two keys, and are two tasks", async () => {
  const { client, countTasks } = await open(() => undefined);
  const [one, other] = [await client.tasks.create(WAVES), await client.tasks.create(WAVES)];
  expect(one.id).not.toBe(other.id);
  expect(keysSent()).toHaveLength(2);
  expect(await countTasks()).toBe(2);
});

test("a create that never gets an answer says that it may have been made, and goes on with its key", async () => {
  const { client, countTasks } = await open(
    ({ method, count }) => (method === "POST" && count <= 2 ? "drop-answer" : undefined),
    { retries: 1 },
  );
  const error = await refusal(client.tasks.create(WAVES));
  expect(error).toMatchObject({ status: 0, code: "connection_failed", retryable: true, billed: "unknown" });
  expect(await countTasks()).toBe(1);
  await client.tasks.create(WAVES, { idempotencyKey: error.idempotencyKey });
  expect(await countTasks()).toBe(1);
});

test("a create that was lost and then put off says that it may have been made", async () => {
  const { client, countTasks } = await open(({ count }) =>
    count === 1 ? "drop-answer" : { status: 429, headers: { "retry-after": "3600" } },
  );
  const error = await refusal(client.tasks.create(WAVES));
  expect(error).toMatchObject({ status: 429, retryAfter: 3600, billed: "unknown" });
  expect(await countTasks()).toBe(1);
});

test("a name of one's own makes one task, from however many calls", async () => {
  const { client, countTasks } = await open(() => undefined);
  const made = await Promise.all(
    Array.from({ length: 5 }, () => client.tasks.create(WAVES, { idempotencyKey: "order-7" })),
  );
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  expect(await countTasks()).toBe(1);
});

test.each<[string, Treatment]>([
  ["503", { status: 503, body: "<html>busy</html>" }],
  ["429 with Retry-After", { status: 429, headers: { "retry-after": "1" } }],
  ["a connection that is not taken", "drop-request"],
])("%s is tried again", async (_what, treatment) => {
  const { client, countTasks } = await open(firstIs(treatment));
  await client.tasks.create(WAVES);
  expect(proxy.count("POST", GENERATIONS)).toBe(2);
  expect(await countTasks()).toBe(1);
});

test("Retry-After is waited for, and one that asks for too much is left to the caller", async () => {
  const { client } = await open(({ count, path }) => {
    if (path.startsWith("/v1/models")) return { status: 429, headers: { "retry-after": "3600" } };
    return count === 1 ? { status: 503, headers: { "retry-after": "1" } } : undefined;
  });
  const since = performance.now();
  await client.credits();
  expect(performance.now() - since).toBeGreaterThanOrEqual(990);
  expect(await refusal(client.models.list())).toMatchObject({
    status: 429,
    retryAfter: 3600,
    retryable: true,
  });
  expect(proxy.count("GET", "/v1/models")).toBe(1);
});

test("what the server calls final is not tried again, whatever its status", async () => {
  const body = JSON.stringify({ error: { code: "service_error", message: "no", retryable: false } });
  const { client } = await open(() => ({ status: 503, body }));
  expect(await refusal(client.tasks.create(WAVES))).toMatchObject({ code: "service_error", billed: false });
  expect(proxy.exchanges).toHaveLength(1);
});

test("a refusal is not tried again", async () => {
  const { client, countTasks } = await open(() => undefined);
  const wrong = { ...WAVES, duration: 99 } as unknown as CreateRequest;
  expect(await refusal(client.tasks.create(wrong))).toMatchObject({ status: 422 });
  expect(proxy.exchanges).toHaveLength(1);
  expect(await countTasks()).toBe(0);
});

test("tries end, and a silent server is a timeout", async () => {
  const { client } = await open(() => "silent", { retries: 1, timeoutMs: 200 });
  expect(await refusal(client.tasks.create(WAVES))).toMatchObject({ code: "timeout", billed: "unknown" });
  expect(proxy.exchanges).toHaveLength(2);
});

test("an abort ends a call that waits for its answer, and one that waits for its next try", async () => {
  const { client } = await open(({ path }) =>
    path.startsWith("/v1/models") ? "silent" : { status: 503, headers: { "retry-after": "30" } },
  );
  for (const work of [client.models.list, client.credits]) {
    const since = performance.now();
    const reason = new Error("the user has left");
    const gone = new AbortController();
    const asked = work({ signal: gone.signal });
    setTimeout(() => gone.abort(reason), 100);
    await expect(asked).rejects.toBe(reason);
    expect(performance.now() - since).toBeLessThan(5_000);
  }
});

test("a create that a proxy redirects is not made a GET", async () => {
  const { client } = await open(() => ({ status: 301, headers: { location: `${server.url}/elsewhere` } }));
  const error = await refusal(client.tasks.create(WAVES));
  expect(error).toMatchObject({ code: "redirected", retryable: false });
  expect(error.message).toContain(`${server.url}/elsewhere`);
  expect(proxy.exchanges.map(({ method }) => method)).toEqual(["POST"]);
});

test("a page instead of JSON is no answer", async () => {
  const { client } = await open(() => ({ status: 200, body: "<html>welcome</html>" }));
  expect(await refusal(client.credits())).toMatchObject({ code: "not_reelay", retryable: false });
  // Who wrote it may have passed the request on.
  expect(await refusal(client.tasks.create(WAVES))).toMatchObject({ code: "not_reelay", billed: "unknown" });
});

test("pauses double up to a limit and differ, so that clients do not come back together", () => {
  const longest = [0, 1, 2, 3, 10].map((failures) =>
    Math.max(...Array.from({ length: 200 }, () => pauseAfter(failures, { retryAfter: undefined }) ?? 0)),
  );
  for (const [index, ms] of [500, 1000, 2000, 4000, 8000].entries()) {
    expect(longest[index]).toBeLessThanOrEqual(ms);
    expect(longest[index]).toBeGreaterThan(ms * 0.8);
  }
  const pauses = new Set(Array.from({ length: 50 }, () => pauseAfter(0, { retryAfter: 2 })));
  expect(pauses.size).toBeGreaterThan(40);
  expect(Math.min(...[...pauses].map(Number))).toBeGreaterThanOrEqual(2000);
});

/** What a provider's own call changes: it heals an attempt whose answer was lost, and nobody else can make it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { call, create, IDS, waitForEnd } from "../support/api.ts";
import { type FakeUpstream, startFakeUpstream } from "../support/fake-upstream.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

let upstream: FakeUpstream;
let server: Server;
beforeAll(async () => {
  upstream = await startFakeUpstream();
  server = await startServer({ ...NO_RENDER, REELAY_FAKE_URL: upstream.url });
});
afterAll(async () => {
  await server.discard();
  await upstream.close();
});

const asked = (script: string): object => ({
  model: IDS.pixverseText,
  prompt: `waves. script: ${script}`,
  resolution: "360p",
  duration: 1,
});

interface Order {
  readonly attempt: string;
  readonly webhook: string;
}

const orders = (): readonly Order[] =>
  upstream.entries.flatMap((entry) =>
    entry.event === "request" && entry.method === "POST" && entry.path === "/jobs"
      ? [entry.body as Order]
      : [],
  );

test("the answer to a submit was lost and looking up tells nothing: the call heals it, with one job", async () => {
  const { id } = await create(server, asked("accept-then-drop find=nothing webhook=once duration=500"));
  expect(await waitForEnd(server, id)).toMatchObject({ status: "completed" });
  const mine = orders().filter(({ webhook }) => webhook.includes(id));
  expect(mine).toHaveLength(1);
  expect(upstream.accepts(mine[0]?.attempt)).toBe(1);
});

test("a signature that is not ours is refused, also that of another task", async () => {
  const { id } = await create(server, asked("stuck"));
  const order = await until(() => orders().find(({ webhook }) => webhook.includes(id)), {
    ms: 10_000,
    what: "the submit",
  });
  const { pathname } = new URL(order.webhook);
  const [, hooks, task, attempt, signature] = pathname.split("/");
  const says = { method: "POST", key: null, json: { job: "job_of_somebody", status: "succeeded" } } as const;
  for (const path of [
    `/${hooks}/${task}/${attempt}/x`,
    `/${hooks}/${task}/another/${signature}`,
    `/${hooks}/another/${attempt}/${signature}`,
  ]) {
    expect(await call(server, path, says)).toMatchObject({
      status: 403,
      body: { error: { code: "link_refused" } },
    });
  }
  expect(await call(server, pathname, says)).toMatchObject({ status: 204 });
});

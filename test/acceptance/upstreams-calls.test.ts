/** Calls of providers: they save the wait until the next look, and nobody else's call is worth anything. Those of one address for all work: `hooks-fixed.test.ts`. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, create, IDS, type WireTask, waitForEnd } from "../support/api.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { TOLD } from "./upstreams-kinds.ts";
import type { Opened } from "./upstreams-opened.ts";

/** Left to itself, the server looks again after more than 10 seconds. */
const SOON_MS = 8_000;

const asked = (token: string, words: string): object => ({
  ...{ model: IDS.pixverseText, prompt: `Gulls over ${token}. script: ${words}`, duration: 5 },
});

async function expectSoon(server: Server, task: WireTask): Promise<void> {
  expect(await waitForEnd(server, task.id, { ms: SOON_MS })).toMatchObject({ status: "completed" });
}

describe.each(TOLD)("$name", (kind) => {
  let upstream: Opened;
  let server: Server;
  beforeAll(async () => {
    upstream = await kind.open();
    server = await startServer({ ...NO_RENDER, ...upstream.env });
  });
  afterAll(async () => {
    await server.discard();
    await upstream.close();
  });

  test.each(["once", "twice"])("calls %s at the end, and the video is fetched at once", async (times) => {
    const task = await create(server, asked(times, `duration=1500 webhook=${times}`));
    await expectSoon(server, task);
    expect([upstream.submits(times), upstream.reads(times)]).toEqual([1, 1]);
  });

  test("somebody else's call ends nothing", async () => {
    const { id } = await create(server, asked("forged", "stuck"));
    await until(() => upstream.checks("forged") === 1, { ms: 5_000, what: "the first look" });
    const hook = new URL(upstream.webhook("forged") ?? "");
    const body = { request_id: "x", id: "x", status: "succeeded", output: "http://127.0.0.1/x.mp4" };
    const answer = await call(server, hook.pathname + hook.search, { method: "POST", key: null, json: body });
    if (kind.signs) expect(answer).toMatchObject({ status: 403, body: { error: { code: "link_refused" } } });
    const elsewhere = await call(server, `/hooks/${id}/another/x`, { method: "POST", key: null, json: body });
    expect(elsewhere.status).toBe(403);
    expect(await call<WireTask>(server, `/v1/tasks/${id}`)).toMatchObject({ body: { error: null } });
    // Without a signature to go by the call is a reason to look, and what is true is asked.
    if (!kind.signs) await until(() => upstream.checks("forged") === 2, { ms: 5_000, what: "another look" });
    expect(upstream.checks("forged")).toBe(kind.signs ? 1 : 2);
    expect(upstream.complaints).toEqual([]);
  });
});

/** Seeing a task from outside: waiting for it, following its events, and listing it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  call,
  cancel,
  create,
  IDS,
  post,
  read,
  type WireError,
  type WireTask,
  waitForEnd,
} from "../support/api.ts";
import { watchEvents } from "../support/event-source.ts";
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
  duration: 1,
});

const preferring = (seconds: number): { headers: Record<string, string> } => ({
  headers: { prefer: `wait=${seconds}` },
});

async function timed<T>(work: () => Promise<T>): Promise<{ answer: T; ms: number }> {
  const started = performance.now();
  return { answer: await work(), ms: performance.now() - started };
}

describe("Prefer: wait", () => {
  test("a create that waits long enough is answered with the finished video", async () => {
    const answer = await post<WireTask>(server, asked("duration=300"), preferring(30));
    expect(answer.headers.get("preference-applied")).toBe("wait=30");
    expect(answer.body).toMatchObject({ status: "completed", progress: 100 });
    expect(answer.body.results).toHaveLength(1);
  });

  test("one that does not is answered in time, with the task as it is", async () => {
    const { answer, ms } = await timed(() => post<WireTask>(server, asked("stuck"), preferring(1)));
    expect(["pending", "processing"]).toContain(answer.body.status);
    expect(ms).toBeGreaterThan(950);
    expect(ms).toBeLessThan(5000);
    await cancel(server, answer.body.id);
  });

  test("a read waits as well, and ends with the task, whoever ends it", async () => {
    const { id } = await create(server, asked("stuck"));
    const waiting = timed(() => call<WireTask>(server, `/v1/tasks/${id}`, preferring(30)));
    await cancel(server, id);
    const { answer, ms } = await waiting;
    expect(answer.body).toMatchObject({ status: "failed", error: { code: "request_cancelled" } });
    expect(ms).toBeLessThan(10_000);
  });

  test("of a task that has ended is no wait at all", async () => {
    const { id } = await create(server, asked("duration=10"));
    await waitForEnd(server, id);
    const { answer, ms } = await timed(() => call<WireTask>(server, `/v1/tasks/${id}`, preferring(60)));
    expect([answer.status, answer.headers.get("preference-applied")]).toEqual([200, "wait=60"]);
    expect(ms).toBeLessThan(2000);
  });

  test("more than a minute is granted as a minute, and nonsense is passed over", async () => {
    const { id } = await create(server, asked("duration=10"));
    await waitForEnd(server, id);
    const long = await call(server, `/v1/tasks/${id}`, { headers: { prefer: "wait=9999" } });
    expect(long.headers.get("preference-applied")).toBe("wait=60");
    const odd = await call(server, `/v1/tasks/${id}`, { headers: { prefer: "wait=soon" } });
    expect([odd.status, odd.headers.get("preference-applied")]).toEqual([200, null]);
  });
});

describe("events", () => {
  test("tell a task from its first state to its video, and then end", async () => {
    const { id } = await create(server, asked("queued=100 duration=3000 steps=10"));
    const { status, headers, events, ended } = await watchEvents(server, id);
    expect([status, ended]).toEqual([200, true]);
    expect(headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-accel-buffering")).toBe("no");

    const states = events.filter(({ name }) => name === "state");
    expect(states.map(({ data }) => data.status)).toEqual(
      expect.arrayContaining(["pending", "processing", "completed"]),
    );
    const ids = states.map((one) => Number(one.id));
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    const progress = events.filter(({ name }) => name === "progress");
    expect(progress.length).toBeGreaterThan(0);
    expect(progress.every((one) => one.id === undefined && one.data.id === id)).toBe(true);
    const percents = events.map(({ data }) => data.progress as number);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(events.at(-1)?.data).toEqual(await read(server, id));
  });

  test("a client that comes back goes on where it was", async () => {
    const { id } = await create(server, asked("duration=2500 steps=5"));
    const first = await watchEvents(server, id, {
      enough: (events) => events.some(({ data }) => data.status === "processing"),
    });
    const last = first.events.findLast(({ name }) => name === "state");
    const second = await watchEvents(server, id, { lastEventId: last?.id ?? "" });
    expect(second.events.filter((one) => one.id === last?.id)).toEqual([]);
    expect(second.events.at(-1)?.data.status).toBe("completed");
    const end = second.events.at(-1)?.id ?? "";
    expect((await watchEvents(server, id, { lastEventId: end })).status).toBe(204);
    expect((await watchEvents(server, id, { lastEventId: last?.id ?? "" })).events).toHaveLength(1);
  });

  test("a cancel is seen at once by all who watch", async () => {
    const { id } = await create(server, asked("stuck"));
    const watching = Array.from({ length: 20 }, () => watchEvents(server, id));
    await cancel(server, id);
    for (const { events, ended } of await Promise.all(watching)) {
      expect(ended).toBe(true);
      expect(events.at(-1)?.data).toMatchObject({ status: "failed", error: { code: "request_cancelled" } });
    }
  });

  test("of another key's task are not there", async () => {
    const { id } = await create(server, asked("duration=10"));
    const key = await server.newKey("stranger");
    const answer = await call(server, `/v1/tasks/${id}/events`, { key });
    expect([answer.status, answer.body.error.type]).toEqual([404, "not_found"]);
  });
});

describe("a list", () => {
  interface Page {
    readonly object: string;
    readonly data: readonly WireTask[];
    readonly has_more: boolean;
    readonly next: string | null;
  }
  const list = async (query: string, key: string): Promise<Page> => {
    const answer = await call<Page>(server, `/v1/tasks${query}`, { key });
    if (answer.status !== 200) throw new Error(`list answered ${answer.status}: ${answer.text}`);
    return answer.body;
  };

  test("gives every task once, newest first, page by page, also while new ones are made", async () => {
    const key = await server.newKey("lister");
    const mine = { url: server.url, key };
    const made: string[] = [];
    for (let i = 0; i < 25; i++) made.unshift((await create(mine, asked("duration=10"))).id);
    const seen: string[] = [];
    let page = await list("?limit=10", key);
    for (;;) {
      seen.push(...page.data.map(({ id }) => id));
      expect(page.has_more).toBe(page.next !== null);
      if (page.next === null) break;
      await create(mine, asked("duration=10"));
      page = await list(`?limit=10&after=${page.next}`, key);
    }
    expect(seen).toEqual(made);
    expect((await list("", key)).data).toHaveLength(20);
  });

  test("goes by state and model, and a cancelled task is a failed one", async () => {
    const key = await server.newKey("filterer");
    const mine = { url: server.url, key };
    const done = await create(mine, asked("duration=10"));
    const stuck = await create(mine, asked("stuck"));
    const stopped = await create(mine, asked("stuck"));
    await cancel(mine as Server, stopped.id);
    await waitForEnd(mine, done.id);
    const ids = async (query: string): Promise<readonly string[]> =>
      (await list(query, key)).data.map(({ id }) => id);
    expect(await ids("?status=completed")).toEqual([done.id]);
    expect(await ids("?status=failed")).toEqual([stopped.id]);
    expect(await ids(`?model=${IDS.veo}`)).toEqual([]);
    expect(await ids(`?model=${IDS.pixverseText}&limit=2`)).toEqual([stopped.id, stuck.id]);
    await cancel(mine as Server, stuck.id);
  });

  test.each(["?limit=0", "?limit=101", "?status=done", "?stauts=failed"])("%s is refused", async (query) => {
    const answer = await call<WireError>(server, `/v1/tasks${query}`);
    expect([answer.status, answer.body.error.code]).toEqual([422, "invalid_parameters"]);
  });

  test("of another key has nothing of ours", async () => {
    await create(server, asked("duration=10"));
    expect((await list("", await server.newKey("empty"))).data).toEqual([]);
  });
});

describe("a server that is told to stop", () => {
  test("ends streams and waits at once instead of holding on for them", async () => {
    const stopping = await startServer({ ...NO_RENDER, REELAY_FAKE_URL: upstream.url });
    try {
      const { id } = await create(stopping, asked("stuck"));
      let told = 0;
      const hear = (): boolean => {
        told++;
        return false;
      };
      const stream = watchEvents(stopping, id, { enough: hear });
      const waiting = call<WireTask>(stopping, `/v1/tasks/${id}`, preferring(60));
      await until(() => told > 0, { ms: 5000, what: "the first event" });
      const { answer: code, ms } = await timed(() => stopping.stop());
      expect(code).toBe(0);
      expect(ms).toBeLessThan(10_000);
      expect((await stream).ended).toBe(true);
      expect(["pending", "processing"]).toContain((await waiting).body.status);
    } finally {
      await stopping.discard();
    }
  });
});

describe("a task that waits for its turn", () => {
  test("tells its place, which comes nearer", async () => {
    const narrow = await startServer({
      ...NO_RENDER,
      REELAY_FAKE_URL: upstream.url,
      REELAY_FAKE_CONCURRENCY: "1",
    });
    try {
      const tasks: WireTask[] = [];
      for (let i = 0; i < 3; i++) tasks.push(await create(narrow, asked("stuck")));
      const places = async (): Promise<readonly unknown[]> =>
        Promise.all(
          tasks.map(async ({ id }) => {
            const { task_info } = await read(narrow, id);
            return (task_info as { queue_position?: number }).queue_position;
          }),
        );
      expect(await places()).toEqual([undefined, 1, 2]);
      await cancel(narrow, tasks[1]?.id ?? "");
      expect(await places()).toEqual([undefined, undefined, 1]);
    } finally {
      await narrow.discard();
    }
  });
});

/** What was acknowledged survives: kill -9 at bad moments, a second process, a polite stop. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, describe, expect, test } from "vitest";
import { create, IDS, post, read, stalledUpload, upload, type WireTask, waitForEnd } from "../support/api.ts";
import { picture } from "../support/media.ts";
import { descendants, isAlive } from "../support/processes.ts";
import { reelay } from "../support/run.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { expectVideo, makeVideo } from "../support/videos.ts";

const small = { model: IDS.pixverseText, prompt: "waves", resolution: "360p", duration: 1 };
const longer = { ...small, resolution: "720p", duration: 5 };

const servers: Server[] = [];
afterEach(() => Promise.all(servers.splice(0).map((one) => one.discard())));

async function open(env: Record<string, string> = {}): Promise<Server> {
  return remember(await startServer(env));
}

function remember(server: Server): Server {
  servers.push(server);
  return server;
}

const untilProgress = (server: Server, id: string): Promise<unknown> =>
  until(async () => (await read(server, id)).progress > 3, { ms: 30_000, everyMs: 5, what: "some progress" });

describe("kill -9", () => {
  test("during a render: the next start resumes by itself, and the result is whole", async () => {
    const server = await open();
    const given = await upload(server, await picture({ width: 640, height: 360 }));
    const body = { model: IDS.pixverseImage, prompt: "push in", image_url: given.url };
    const { id, created, task_info } = await create(server, { ...body, resolution: "720p", duration: 5 });
    await untilProgress(server, id);
    const orphans = await descendants(server.child.pid ?? 0);
    await server.kill();

    const again = remember(await server.restart());
    const task = await waitForEnd(again, id);
    expect(task).toMatchObject({ id, created, status: "completed", progress: 100 });
    expect(task.task_info.estimated_time).toBe(task_info.estimated_time);
    expect(task.results).toHaveLength(1);
    for (const { pid, command } of orphans) {
      await until(async () => !(await isAlive(pid)), { ms: 5_000, what: `the end of ${command}` });
    }
  });

  test.each([
    [true, "something was added"],
    [false, "it was taken as it stands"],
  ])(
    "during a render that an older version began, whose order had rewrite %s: it is made, and %s",
    async (rewrite) => {
      const server = await open();
      const { id } = await create(server, { ...longer, prompt: "a cat", seed: 7 });
      await untilProgress(server, id);
      await server.kill();
      const database = new Sqlite(join(server.dataDir, "reelay.db"));
      const changed = database
        .prepare(
          `UPDATE steps SET value = json_remove(
           json_set(value, '$.done.accepted.order.rewrite', json(?)), '$.done.accepted.clipSeconds')
         WHERE task_id = ? AND name = 'attempt-1' AND json_type(value, '$.done.accepted.clipSeconds') IS NOT NULL`,
        )
        .run(String(rewrite), id).changes;
      database.close();
      expect(changed).toBe(1);

      const again = remember(await server.restart());
      const task = await waitForEnd(again, id);
      expect(task).toMatchObject({ status: "completed", error: null });
      expect(task.results?.[0]).toMatchObject({ plan: { rewritten: rewrite ? { before: "a cat" } : null } });
      expect(task.results?.[0]).not.toHaveProperty("counted");
    },
  );

  test("three times in a row during one render: one result, nothing left behind", async () => {
    let server = await open();
    const { id } = await create(server, longer);
    for (let round = 0; round < 3; round++) {
      await untilProgress(server, id);
      server = remember(await server.restart());
    }
    const task = await waitForEnd(server, id);
    expect(task).toMatchObject({ status: "completed", error: null });
    await until(async () => (await readdir(join(server.dataDir, "scratch"))).length === 0, { ms: 5_000 });
    expect(await files(server)).toBe(1);
  });

  test("in the middle of a burst of creates: every id that was acknowledged exists and ends", async () => {
    const server = await open({ ...NO_RENDER, REELAY_CREATES_PER_MINUTE: "0" });
    const acknowledged: string[] = [];
    const enough = Promise.withResolvers<void>();
    const burst = Array.from({ length: 50 }, async (_, i) => {
      // What the kill cuts off is no promise: only a 200 counts.
      const answer = await post<WireTask>(server, { ...small, seed: i }).catch(() => undefined);
      if (answer?.status !== 200) return;
      acknowledged.push(answer.body.id);
      if (acknowledged.length >= 8) enough.resolve();
    });
    await enough.promise;
    await server.kill();
    await Promise.all(burst);
    expect(new Set(acknowledged).size).toBe(acknowledged.length);

    const again = remember(await server.restart({ REELAY_RENDER_WORKERS: "1" }));
    const sample = acknowledged.slice(0, 4).concat(acknowledged.slice(-4));
    for (const id of acknowledged) expect((await read(again, id)).id).toBe(id);
    for (const id of sample) expect((await waitForEnd(again, id, { ms: 120_000 })).status).toBe("completed");
  });

  test("with tasks still pending: they keep their order and none is lost or doubled", async () => {
    const server = await open(NO_RENDER);
    const ids: string[] = [];
    for (let seed = 0; seed < 4; seed++) ids.push((await create(server, { ...small, seed })).id);
    const again = remember(await server.restart({ REELAY_RENDER_WORKERS: "1" }));
    const ends: WireTask[] = [];
    await Promise.all(ids.map(async (id) => ends.push(await waitForEnd(again, id))));
    expect(ends.map((task) => task.status)).toEqual(ids.map(() => "completed"));
    expect(new Set(ends.map((task) => task.results?.[0]?.sha256)).size).toBe(ids.length);
    expect(await files(again)).toBe(ids.length);
  });

  test("after the end: the result is still there, byte for byte", async () => {
    const server = await open();
    const { task, result, bytes } = await makeVideo(server, small);
    const again = remember(await server.restart());
    const kept = (await read(again, task.id)).results?.[0];
    expect(kept?.sha256).toBe(result.sha256);
    const answer = await fetch(kept?.url ?? "");
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test("in the middle of an upload: nothing of it stays", async () => {
    const server = await open(NO_RENDER);
    const sent = stalledUpload(server);
    await until(async () => (await files(server)) > 0, { ms: 5_000, what: "the first bytes on disk" });
    await server.kill();
    sent.destroy();
    const again = remember(await server.restart());
    await until(async () => (await files(again)) === 0, { ms: 5_000, what: "an empty folder of files" });
  });
});

/** Files held for good, as an operator would count them; what comes with a result counts with it. */
async function files(server: Server): Promise<number> {
  const found = await readdir(join(server.dataDir, "files"), { recursive: true, withFileTypes: true });
  const names = found.filter((one) => one.isFile()).map((one) => one.name);
  const extra = (name: string): boolean =>
    names.some((other) => name !== other && name.endsWith(`_${other}`));
  return names.filter((name) => !extra(name)).length;
}

test("a second process on the same folder is refused with a clear sentence, and the first lives on", async () => {
  const server = await open(NO_RENDER);
  const env = { REELAY_DATA_DIR: server.dataDir, REELAY_PORT: "0" };
  const second = await reelay(["serve"], { env });
  expect([second.code, second.stdout]).toEqual([1, ""]);
  expect(second.stderr).toContain(server.dataDir);
  expect(second.stderr).toMatch(/in use|already|another/);
  expect(second.stderr).not.toMatch(/ at \S+ \(/);
  const { id } = await create(server, small);
  expect((await read(server, id)).status).toBe("pending");
  const key = await server.newKey("after");
  expect(key).toMatch(/^reelay_live_/);
});

describe("SIGTERM", () => {
  test("ends the process with 0 although a render runs, and the next start finishes it", async () => {
    const server = await open();
    const { id } = await create(server, longer);
    await untilProgress(server, id);
    const children = await descendants(server.child.pid ?? 0);
    const started = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - started).toBeLessThan(10_000);
    for (const { pid } of children) expect(await isAlive(pid)).toBe(false);

    const again = remember(await server.restart());
    expect((await waitForEnd(again, id)).status).toBe("completed");
    expectVideo(await makeVideo(again, small), { seconds: 1, width: 640, height: 360, sound: false });
  });

  test("an idle client that keeps its connection does not hold the process", async () => {
    const server = await open(NO_RENDER);
    await create(server, small);
    const started = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

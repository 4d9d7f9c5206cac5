/** Tasks that cannot succeed fail with a message that helps, and the server goes on with the next one. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  call,
  cancel,
  create,
  IDS,
  read,
  upload,
  type WireError,
  type WireTask,
  waitForEnd,
} from "../support/api.ts";
import { openSamples, picture, type Samples, wav } from "../support/media.ts";
import { descendants } from "../support/processes.ts";
import { type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { expectVideo, makeVideo } from "../support/videos.ts";

let server: Server;
let samples: Samples;
let good: Buffer;
beforeAll(async () => {
  [server, samples, good] = await Promise.all([
    startServer({ REELAY_TASK_DEADLINE_SECONDS: "10" }),
    openSamples(),
    picture({ width: 640, height: 360 }),
  ]);
});
afterAll(() => Promise.all([server.discard(), samples.close()]));

const TASK_CODES = [
  ...["content_policy_violation", "invalid_parameters", "image_processing_error", "image_dimension_mismatch"],
  ...["request_cancelled", "generation_failed_no_content", "service_error", "generation_timeout"],
  ...["resource_exhausted", "quota_exceeded", "service_unavailable", "resource_not_found", "unknown_error"],
];

const small = { model: IDS.pixverseText, prompt: "waves", resolution: "360p", duration: 1 };
const long = { model: IDS.pixverseText, prompt: "waves", resolution: "1080p", duration: 15 };
const withPicture = (image_url: string): object => ({
  model: IDS.pixverseImage,
  prompt: "x",
  image_url,
  resolution: "360p",
  duration: 1,
});

async function failure(body: object): Promise<NonNullable<WireTask["error"]>> {
  const { id } = await create(server, body);
  const task = await waitForEnd(server, id, { ms: 60_000 });
  expect(task).toMatchObject({ status: "failed", results: null, task_info: { can_cancel: false } });
  if (!task.error) throw new Error(`${id} failed without an error`);
  expect(task.error.type).toBe("task_error");
  expect(TASK_CODES).toContain(task.error.code);
  expect(task.error.message).not.toMatch(/\.ts\b|node_modules| at \S+ \(|Reelay made a mistake/);
  return task.error;
}

async function expectWell(): Promise<void> {
  expect((await waitForEnd(server, (await create(server, small)).id)).status).toBe("completed");
}

describe("an input that is no good fails its task and names the field", () => {
  const half = (): Uint8Array => good.subarray(0, good.length / 2);
  /** A valid header of a picture of 30000 by 30000, and almost nothing behind it. */
  const bomb = (): Uint8Array => {
    const file = Buffer.from(good);
    file.writeUInt32BE(30_000, 16);
    file.writeUInt32BE(30_000, 20);
    return file;
  };

  test.each<[string, () => string]>([
    ["a web page", () => samples.add("page.png", { bytes: Buffer.from("<html>"), type: "image/png" })],
    ["nothing", () => samples.add("empty.png", { bytes: new Uint8Array() })],
    ["half a picture", () => samples.add("half.png", { bytes: half() })],
    ["a picture that claims to be huge", () => samples.add("bomb.png", { bytes: bomb() })],
    ["a sound", () => samples.add("tone.png", { bytes: wav(1), type: "image/png" })],
    ["more bytes than allowed", () => samples.add("big.png", { bytes: new Uint8Array(21 * 1024 * 1024) })],
    ["a redirect to a file", () => samples.add("b", { location: "file:///etc/passwd" })],
    ["a redirect in a circle", () => samples.add("c", { location: "c" })],
  ])("%s", async (_name, url) => {
    const error = await failure(withPicture(url()));
    expect(error.code).toMatch(/^image_/);
    expect(error.message).toContain("image_url");
  });

  test("404, 500, nobody there and a forbidden address look alike: this server is no port scanner", async () => {
    const urls = [
      samples.add("gone.png", { status: 404 }),
      samples.add("broken.png", { status: 500 }),
      samples.add("a", { location: "http://10.0.0.1/a.png" }),
      "http://127.0.0.1:9/a.png",
    ];
    const errors = [];
    for (const url of urls) errors.push(await failure(withPicture(url)));
    expect(new Set(errors.map((one) => `${one.code} ${one.message}`)).size).toBe(1);
    expect(errors[0]?.code).toBe("image_processing_error");
    expect(errors[0]?.message).toContain("image_url");
  });

  test("a picture outside the model's limits, with limit and measured value", async () => {
    const tiny = await picture({ width: 200, height: 150 });
    const error = await failure(withPicture(samples.add("tiny.png", { bytes: tiny })));
    expect(error.code).toBe("image_dimension_mismatch");
    for (const part of ["image_url", "200", "150", "300"]) expect(error.message).toContain(part);
  });

  test("a half upload that looks whole from outside", async () => {
    const { url } = await upload(server, half(), { name: "half.png" });
    const error = await failure(withPicture(url));
    expect(error.code).toMatch(/^image_/);
  });

  test("a server that sends a little and then nothing, within the task's deadline", async () => {
    const image_url = samples.add("slow.png", { bytes: good, hangs: true });
    const started = performance.now();
    const error = await failure(withPicture(image_url));
    expect(performance.now() - started).toBeLessThan(45_000);
    expect(error.message).toContain("image_url");
  });

  test("and the server goes on", expectWell);
});

const mediaChildren = async (): Promise<readonly number[]> =>
  (await descendants(server.child.pid ?? 0))
    .filter((one) => one.command.includes("child."))
    .map((one) => one.pid);

describe("a render that hangs", () => {
  let stuck: WireTask;
  let behindIt: WireTask;
  beforeAll(async () => {
    const { id } = await create(server, long);
    await until(async () => (await read(server, id)).progress > 3, { ms: 30_000, what: "some progress" });
    for (const pid of await mediaChildren()) process.kill(pid, "SIGSTOP");
    const next = await create(server, small);
    stuck = await waitForEnd(server, id);
    for (const pid of await mediaChildren()) process.kill(pid, "SIGCONT");
    behindIt = await waitForEnd(server, next.id);
  });

  test("fails with generation_timeout after REELAY_TASK_DEADLINE_SECONDS and says so", () => {
    expect(stuck).toMatchObject({ status: "failed", error: { code: "generation_timeout" } });
    expect(stuck.error?.message).toContain("10");
  });

  test("and is gone, so that the next one works", expectWell);

  test("a task that waited behind it has lost nothing of its own time", () => {
    expect(behindIt, JSON.stringify(behindIt.error)).toMatchObject({ status: "completed", error: null });
  });
});

describe("cancel", () => {
  const cancelled = {
    status: "failed",
    results: null,
    error: { code: "request_cancelled", type: "task_error" },
  };

  test("while pending: it never starts, and again is the same", async () => {
    const first = await create(server, long);
    const waiting = await create(server, long);
    const answer = await cancel(server, waiting.id);
    expect([answer.status, answer.body.id]).toEqual([200, waiting.id]);
    expect(answer.body).toMatchObject({ ...cancelled, progress: 0, task_info: { can_cancel: false } });
    expect((await cancel(server, waiting.id)).body).toEqual(answer.body);
    expect((await cancel(server, first.id)).status).toBe(200);
    await expectWell();
  });

  test("while processing: the work stops, and nothing of it stays", async () => {
    const { id } = await create(server, long);
    await until(async () => (await read(server, id)).progress > 3, { ms: 30_000, what: "some progress" });
    const answer = await cancel(server, id);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject(cancelled);
    await expectWell();
    expect(await read(server, id)).toMatchObject(cancelled);
    await until(async () => (await readdir(join(server.dataDir, "scratch"))).length === 0, {
      ms: 5_000,
      what: "an empty scratch folder",
    });
  });

  test("at once, while it is being handed over: no render goes on for nobody", async () => {
    // Where in the handing over the cancel falls is chance, so it is tried a few times.
    for (let i = 0; i < 6; i++) {
      const { id } = await create(server, long);
      expect((await cancel(server, id)).status).toBe(200);
      const started = performance.now();
      await expectWell();
      expect(performance.now() - started, "ms that the next task took").toBeLessThan(4_000);
    }
  });

  test("an empty JSON body, a body of {} and no body are all the same", async () => {
    const json = { headers: { "content-type": "application/json" } };
    const answers = [];
    for (const options of [{ ...json, bytes: "" }, { ...json, bytes: "{}" }, {}]) {
      const { id } = await create(server, long);
      const path = `/v1/tasks/${id}/cancel`;
      answers.push((await call<WireTask>(server, path, { method: "POST", ...options })).status);
      await cancel(server, id);
    }
    expect(answers).toEqual([200, 200, 200]);
  });

  test("when done: 409, and the result stays", async () => {
    const { task } = await makeVideo(server, small);
    const answer = await cancel<WireError>(server, task.id);
    expect([answer.status, answer.body.error.code]).toEqual([409, "task_not_cancellable"]);
    expect(answer.body.error.type).toBe("invalid_request_error");
    expect(answer.body.error.message).toContain("completed");
    expect(await read(server, task.id)).toEqual(task);
  });

  test("when failed: 409", async () => {
    const { id } = await create(server, withPicture(samples.add("gone.png", { status: 404 })));
    await waitForEnd(server, id);
    expect((await cancel<WireError>(server, id)).body.error.code).toBe("task_not_cancellable");
  });
});

test("a render that needs more memory than allowed fails with the limit, and the next one works", async () => {
  const narrow = await startServer({ REELAY_RENDER_MEMORY_MB: "256" });
  try {
    const { url } = await upload(narrow, good);
    const { id } = await create(narrow, { model: IDS.veo, prompt: "x", image_url: url, resolution: "4k" });
    const task = await waitForEnd(narrow, id);
    expect(task).toMatchObject({ status: "failed", error: { code: "service_error" } });
    expect(task.error?.message).toContain("256 MiB");
    const { id: next } = await create(narrow, small);
    expect((await waitForEnd(narrow, next)).status).toBe("completed");
  } finally {
    await narrow.discard();
  }
});

test("a killed render fails its task alone with a clear message, and the next one works", async () => {
  const { id } = await create(server, long);
  await until(async () => (await read(server, id)).progress > 3, { ms: 30_000, what: "some progress" });
  const children = await mediaChildren();
  expect(children.length).toBeGreaterThan(0);
  for (const pid of children) process.kill(pid, "SIGKILL");
  const task = await waitForEnd(server, id);
  expect(task).toMatchObject({ status: "failed", error: { code: "service_error" } });
  expect(task.error?.message).toMatch(/renderer.*(SIGKILL|stopped|killed)/i);
  expectVideo(await makeVideo(server, small), { seconds: 1, width: 640, height: 360, sound: false });
});

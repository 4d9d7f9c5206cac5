/** The typed client as a program uses it: against a started server, to an MP4 on disk. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, createClient } from "../../client/src/client.ts";
import { ReelayApiError, TaskFailed } from "../../client/src/errors.ts";
import { type CreateRequest, ownModel } from "../../client/src/requests.ts";
import type { Task } from "../../client/src/types.ts";
import { reelay } from "../support/run.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";

const SMALL: CreateRequest = {
  model: "pixverse-v6-text-to-video",
  prompt: "waves at dusk",
  resolution: "360p",
  duration: 1,
};

let server: Server;
let client: Client;
beforeAll(async () => {
  server = await startServer();
  client = createClient({ baseURL: server.url, apiKey: server.key });
});
afterAll(() => server.discard());

async function rejected(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error("it was not refused");
    },
    (error: unknown) => error,
  );
}

async function apiErrorOf(work: Promise<unknown>): Promise<ReelayApiError> {
  const error = await rejected(work);
  if (error instanceof ReelayApiError) return error;
  throw error;
}

const boxes = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes.subarray(4, 8));

describe("a video", () => {
  test("is created, waited for and downloaded, whole and as it was measured", async () => {
    const created = await client.tasks.create(SMALL);
    expect(created).toMatchObject({ status: "pending", results: null, error: null });
    const done = await client.tasks.wait(created.id);
    const [result] = done.results;
    expect(result).toMatchObject({ width: 640, height: 360, duration: 1 });
    const bytes = await client.downloadBytes(result);
    expect([boxes(bytes), bytes.length]).toEqual(["ftyp", result.size]);
    const streamed = new Uint8Array(await new Response(await client.download(result)).arrayBuffer());
    expect(Buffer.compare(streamed, bytes)).toBe(0);
    expect(await client.tasks.read(created.id)).toMatchObject({ status: "completed" });
  });

  test("of a picture on this machine is made from its upload", async () => {
    const picture = await readFile(fileURLToPath(new URL("../../samples/lighthouse.jpg", import.meta.url)));
    const upload = await client.files.upload(picture, { name: "lighthouse.jpg" });
    expect(upload).toMatchObject({
      filename: "lighthouse.jpg",
      size: picture.length,
      content_type: "image/jpeg",
    });
    const done = await client.tasks.run({
      model: "pixverse-v6-image-to-video",
      prompt: "push in",
      image_url: upload.url,
      resolution: "360p",
      duration: 1,
    });
    expect(done.results).toHaveLength(1);
  });

  test("may come with the answer to its create, for who can wait that long", async () => {
    const task = await client.tasks.create(SMALL, { wait: 60 });
    expect(task.status).toBe("completed");
    expect(await client.tasks.read(task.id, { wait: 1, syncUpstream: true })).toMatchObject({
      progress: 100,
    });
  });

  test("can be priced without being made", async () => {
    const quote = await client.tasks.quote({ ...SMALL, duration: 2 });
    expect(quote).toMatchObject({ valid: true, input: { duration: 2, aspect_ratio: "16:9" } });
    for await (const task of client.tasks.list({ pageSize: 1 })) {
      expect(task.task_info.video_duration).not.toBe(2);
    }
  });

  test("is told of as it grows, each thing once, until it is there", async () => {
    const { id } = await client.tasks.create({ ...SMALL, duration: 2 });
    const states: string[] = [];
    const percents: number[] = [];
    for await (const event of client.tasks.watch(id)) {
      if (event.kind === "state") states.push(event.task.status);
      else percents.push(event.progress.progress);
    }
    expect([...new Set(states)]).toEqual(states);
    expect(states.at(-1)).toBe("completed");
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
  });
});

describe("a task that fails", () => {
  test("rejects the wait for it with its code, and whether to try again", async () => {
    const made = await reelay(["keys", "create", "dev", "--test"], {
      env: { REELAY_DATA_DIR: server.dataDir },
    });
    const tester = createClient({ baseURL: server.url, apiKey: made.stdout.trim() });
    const prompt = "waves [test fail=content_refused]";
    const error = await rejected(tester.tasks.run({ ...SMALL, prompt } as CreateRequest));
    expect(error).toBeInstanceOf(TaskFailed);
    expect(error).toMatchObject({ code: "content_policy_violation", retryable: false, billed: false });
    expect((error as TaskFailed).task).toMatchObject({ status: "failed", task_info: { test: true } });
    expect((error as TaskFailed).message).toContain("content_policy_violation");
  });
});

describe("a request that is refused", () => {
  test("with a wrong key is a typed error, and is not tried again", async () => {
    const stranger = createClient({ baseURL: server.url, apiKey: `reelay_${"x".repeat(36)}` });
    const error = await apiErrorOf(stranger.credits());
    expect(error).toMatchObject({
      name: "ReelayApiError",
      status: 401,
      code: "invalid_api_key",
      type: "authentication_error",
      retryable: false,
      billed: false,
      requestId: expect.stringMatching(/^req_/),
    });
  });

  test("names every field that is wrong, and bills nothing", async () => {
    const wrong = { ...SMALL, duration: 99, styel: "anime" } as unknown as CreateRequest;
    const error = await apiErrorOf(client.tasks.create(wrong));
    expect(error).toMatchObject({ status: 422, retryable: false, billed: false });
    expect(error.problems.map(({ field }) => field).toSorted()).toEqual(["duration", "styel"]);
  });

  test("for a model that nobody has says so, although its id compiles", async () => {
    const error = await apiErrorOf(client.tasks.create({ model: ownModel("nobodys"), prompt: "waves" }));
    expect(error).toMatchObject({ status: 422, code: "model_not_found" });
  });

  test("for a link that was tampered with is typed as well", async () => {
    const error = await apiErrorOf(client.download({ url: `${server.url}/files/file-1/a.mp4?s=no` }));
    expect(error).toMatchObject({ status: 403, code: "link_refused" });
  });

  test.each([
    ["an address without a scheme", { baseURL: "localhost", apiKey: "k" }, /baseURL/],
    ["no key", { baseURL: "http://127.0.0.1:9", apiKey: "" }, /apiKey/],
  ])("%s is told at once", (_what, options, message) => {
    expect(() => createClient(options)).toThrow(message);
  });
});

describe("what a key has", () => {
  test("models, with their parameters and rules", async () => {
    const models = await client.models.list();
    expect(models.length).toBeGreaterThan(5);
    const lite = models.find(({ id }) => id === "veo-3.1-lite-image-to-video");
    expect(lite).toMatchObject({
      available: true,
      parameters: { duration: { kind: "choice", values: [4, 6, 8], default: 8 } },
      rules: [expect.stringContaining("1080p")],
    });
  });

  test("credits, of the key and of its account", async () => {
    const { token, user } = await client.credits();
    expect([typeof token.remaining_credits, typeof user.unlimited_credits]).toEqual(["number", "boolean"]);
  });
});

describe("many tasks", () => {
  test("are listed page by page, each once, and those that were not asked for are left out", async () => {
    const idle = await startServer(NO_RENDER);
    try {
      const many = createClient({ baseURL: idle.url, apiKey: idle.key });
      const made: string[] = [];
      for (let i = 0; i < 7; i++) made.unshift((await many.tasks.create(SMALL)).id);
      const listed = async (options: Parameters<typeof many.tasks.list>[0]): Promise<readonly Task[]> => {
        const all: Task[] = [];
        for await (const task of many.tasks.list(options)) all.push(task);
        return all;
      };
      expect((await listed({ pageSize: 3 })).map(({ id }) => id)).toEqual(made);
      expect((await listed({ pageSize: 2, after: made[4] })).map(({ id }) => id)).toEqual(made.slice(5));
      const cancelled = await many.tasks.cancel(made[0] ?? "");
      expect(cancelled).toMatchObject({ status: "failed", error: { code: "request_cancelled" } });
      expect((await listed({ status: "failed" })).map(({ id }) => id)).toEqual([made[0]]);
      expect(await listed({ model: "veo-3.1-image-to-video" })).toEqual([]);
      const taken: string[] = [];
      for await (const { id } of many.tasks.list({ pageSize: 2 })) {
        taken.push(id);
        if (taken.length === 3) break;
      }
      expect(taken).toEqual(made.slice(0, 3));
    } finally {
      await idle.discard();
    }
  });
});

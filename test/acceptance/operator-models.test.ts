/** An operator adds and changes models with files, while the server runs: no line of code, no restart. */
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Call,
  call,
  create,
  IDS,
  post,
  type WireError,
  type WireTask,
  waitForEnd,
} from "../support/api.ts";
import { type FakeUpstream, startFakeUpstream } from "../support/fake-upstream.ts";
import { ROOT, reelay, temporaryFolder } from "../support/run.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const FOX = {
  ...{ name: "Fox 1", vendor: "foxes", source: "our own machine" },
  input: {
    prompt: { kind: "text", about: "What happens.", required: true, max: 500 },
    duration: { kind: "choice", about: "Seconds.", values: [1, 2, 4], default: 2 },
    resolution: { kind: "choice", about: "Short side.", values: ["240p"], default: "240p" },
    aspect_ratio: { kind: "choice", about: "Shape.", values: ["16:9", "1:1"], default: "16:9" },
  },
  rules: [
    {
      when: { aspect_ratio: { is: ["1:1"] } },
      must: { duration: { is: [1, 2] } },
      say: '"duration" must be 1 or 2 where "aspect_ratio" is 1:1.',
    },
  ],
  output: { duration: "duration", resolution: "resolution", aspect: "aspect_ratio" },
  price: { source: "our own list", lines: [{ when: {}, usdPerSecond: 0.1 }] },
  routes: [
    {
      ...{ provider: "animatic", endpoint: "animatic" },
      send: {
        prompt: "prompt",
        duration: "duration",
        resolution: "resolution",
        aspect_ratio: "aspect_ratio",
      },
      unsent: {},
    },
  ],
  example: { prompt: "A fox in the snow" },
};

let folder: string;
let upstream: FakeUpstream;
let server: Server;
beforeAll(async () => {
  upstream = await startFakeUpstream();
});
afterAll(() => upstream.close());
beforeEach(async () => {
  folder = await temporaryFolder();
  await put("fox-1", FOX);
});
afterEach(async () => {
  await server?.discard();
  await rm(folder, { recursive: true, force: true });
});

/** At once, as an editor or a deployment writes: whoever reads sees the old file or the new one. */
async function put(id: string, model: unknown): Promise<void> {
  const path = join(folder, `${id}.json`);
  await writeFile(`${path}.new`, typeof model === "string" ? model : JSON.stringify(model));
  await rename(`${path}.new`, path);
}

const begin = async (env: Readonly<Record<string, string>> = {}): Promise<void> => {
  server = await startServer({ REELAY_MODELS_DIR: folder, REELAY_FAKE_URL: upstream.url, ...env });
};

interface Listed {
  readonly data: readonly { readonly id: string; readonly name?: string }[];
}
const listed = async (): Promise<readonly string[]> =>
  (await call<Listed>(server, "/v1/models")).body.data.map(({ id }) => id);

const fox = (more: object = {}): object => ({
  model: "fox-1",
  prompt: "A fox. script: duration=50",
  ...more,
});
const ask = (more: object = {}, options: Call = {}) =>
  post<WireTask & WireError & { price?: { credits: number } }>(server, fox(more), options);
const messages = (answer: Awaited<ReturnType<typeof ask>>): readonly string[] =>
  answer.body.error?.problems?.map(({ message }) => message) ?? [];

describe("a model that is a file", () => {
  test("is listed, validated with its own rules, priced, and made by a paid provider", async () => {
    await begin(NO_RENDER);
    expect(await listed()).toEqual(expect.arrayContaining(["fox-1", ...Object.values(IDS)]));
    const rule = await ask({ aspect_ratio: "1:1", duration: 4 });
    expect([rule.status, messages(rule)]).toEqual([
      422,
      ['"duration" must be 1 or 2 where "aspect_ratio" is 1:1.'],
    ]);
    expect(messages(await ask({ duration: 3 }))).toEqual(['"duration" must be one of 1, 2, 4, not 3.']);
    expect(messages(await ask({ promt: "x" }))[0]).toContain('did you mean "prompt"?');
    expect((await ask({ duration: 4, dry_run: true })).body.price?.credits).toBe(40);
    const task = await create(server, fox());
    expect(task.usage.credits_reserved).toBe(20);
    // One second is what the upstream delivers, whatever was asked.
    expect(await waitForEnd(server, task.id)).toMatchObject({ status: "completed", model: "fox-1" });
    expect(upstream.accepts()).toBe(1);
  });

  test("is drawn by our own renderer for a test key", async () => {
    await begin();
    const made = await reelay(["keys", "create", "dev", "--test"], {
      env: { REELAY_DATA_DIR: server.dataDir },
    });
    const tester = { url: server.url, key: made.stdout.trim() };
    const { id } = await create(tester, fox({ duration: 1, aspect_ratio: "1:1" }));
    expect(await waitForEnd(tester, id)).toMatchObject({
      status: "completed",
      results: [{ renderer: "animatic", width: 240, height: 240 }],
    });
  });

  test("extends one of ours, and takes the place of another", async () => {
    await put("short-pixverse", {
      ...{ extends: IDS.pixverseText, name: "Short", example: { prompt: "A fox" } },
      input: { duration: { kind: "integer", about: "Seconds.", min: 1, max: 3, default: 2 } },
    });
    await put(IDS.veo, { ...FOX, name: "Not Veo" });
    await begin(NO_RENDER);
    expect(messages(await ask({ model: "short-pixverse", duration: 5 }))).toEqual([
      '"duration" must be an integer from 1 to 3, not 5.',
    ]);
    expect((await ask({ model: "short-pixverse", style: "clay", dry_run: true })).status).toBe(200);
    expect(messages(await ask({ model: IDS.pixverseText, duration: 5, dry_run: true }))).toEqual([]);
    expect((await ask({ model: IDS.veo, dry_run: true })).status).toBe(200);
    expect((await listed()).filter((id) => id === IDS.veo)).toHaveLength(1);
  });
});

describe("while the server runs", () => {
  const within = { ms: 10_000 };

  test("a changed file holds within seconds, a new one is there, a removed one is gone", async () => {
    await begin(NO_RENDER);
    expect((await ask({ duration: 4, dry_run: true })).status).toBe(200);
    const duration = { ...FOX.input.duration, values: [1, 2] };
    await put("fox-1", { ...FOX, input: { ...FOX.input, duration }, rules: [] });
    await put("fox-2", FOX);
    const refused = await until(
      async () => {
        const answer = await ask({ duration: 4, dry_run: true });
        return answer.status === 422 && messages(answer);
      },
      { ...within, what: "the new rule" },
    );
    expect(refused).toEqual(['"duration" must be one of 1, 2, not 4.']);
    expect(await listed()).toContain("fox-2");
    await rm(join(folder, "fox-1.json"));
    await until(async () => !(await listed()).includes("fox-1"), { ...within, what: "its removal" });
    expect((await ask()).body.error.message).toContain('Did you mean "fox-2"?');
  });

  test("a broken file changes nothing, and the log says once which and why; put right, it counts", async () => {
    await begin(NO_RENDER);
    const logged = (event: string): readonly string[] =>
      server
        .output()
        .split("\n")
        .filter((line) => line.includes(`"event":"${event}"`));
    await put("fox-2", FOX);
    await put("fox-1", {
      ...FOX,
      price: { source: "-", lines: [] },
      routes: [{ ...FOX.routes[0], provider: "fla" }],
    });
    const [line = ""] = await until(
      () => logged("models-not-reloaded").length > 0 && logged("models-not-reloaded"),
      {
        ...within,
        what: "the log's line",
      },
    );
    const { mistakes } = JSON.parse(line) as { readonly mistakes: readonly string[] };
    expect(mistakes).toEqual([
      expect.stringMatching(/^fox-1\.json: price\.lines is empty/),
      expect.stringMatching(/^fox-1\.json: routes\[0\]\.provider is "fla", which is no kind of provider/),
    ]);
    // All or nothing: neither the broken one nor the one that came with it.
    expect(await listed()).not.toContain("fox-2");
    expect((await ask({ duration: 4, dry_run: true })).body.price?.credits).toBe(40);
    await put("fox-1", { ...FOX, price: { source: "-", lines: [{ when: {}, usdPerSecond: 0.5 }] } });
    await until(async () => (await ask({ dry_run: true })).body.price?.credits === 100, {
      ...within,
      what: "the new price",
    });
    expect(await listed()).toContain("fox-2");
    expect(logged("models-not-reloaded")).toHaveLength(1);
  });

  test("a task that was begun ends well although its file is removed, and the server started again", async () => {
    await begin(NO_RENDER);
    const before = upstream.accepts();
    const slow = await create(server, fox({ prompt: "slow. script: duration=3000" }));
    await until(() => upstream.accepts() === before + 1, { ...within, what: "the accept" });
    await rm(join(folder, "fox-1.json"));
    await until(async () => !(await listed()).includes("fox-1"), { ...within, what: "its removal" });
    server = await server.restart();
    expect(await listed()).not.toContain("fox-1");
    const ended = await waitForEnd(server, slow.id);
    expect(ended).toMatchObject({
      status: "completed",
      model: "fox-1",
      results: [{ content_type: "video/mp4" }],
    });
    expect([ended.usage.credits_reserved, upstream.accepts()]).toEqual([10, before + 1]);
  });
});

describe("a start", () => {
  const start = (models: string): ReturnType<typeof reelay> =>
    reelay(["serve"], {
      env: {
        ...{ REELAY_DATA_DIR: join(folder, "data"), REELAY_PORT: "0" },
        ...{ REELAY_MODELS_DIR: models, REELAY_LOG_LEVEL: "error" },
      },
    });

  test("with mistakes is refused with all of them, each with its file", async () => {
    await put("fox-2", { ...FOX, routes: [] });
    await put("fox-3", "{");
    await put("fox-4", { extends: "pixverse" });
    const { code, stderr } = await start(folder);
    expect(code).toBe(1);
    const lines = stderr.trim().split("\n");
    expect(lines).toEqual([
      expect.stringMatching(/^fox-2\.json: routes is empty/),
      expect.stringMatching(/^fox-3\.json: .*JSON/),
      expect.stringMatching(/^fox-4\.json: extends names "pixverse", which is no built-in model; there are /),
    ]);
  });

  test("with a folder that is not there is one sentence", async () => {
    const { code, stderr } = await start(join(folder, "none"));
    expect([code, stderr]).toEqual([
      1,
      `REELAY_MODELS_DIR: ${join(folder, "none")} cannot be read (ENOENT)\n`,
    ]);
  });

  test("with our samples serves them where there is a machine for them", async () => {
    const samples = join(ROOT, "samples/models");
    await begin({ ...NO_RENDER, REELAY_MODELS_DIR: samples, REELAY_OPENAI_VIDEOS_URL: "http://127.0.0.1:9" });
    for (const id of ["wan-2.2-text-to-video", "wan-2.2-image-to-video"]) {
      expect(await listed()).toContain(id);
      const { example } = JSON.parse(await readFile(join(samples, `${id}.json`), "utf8")) as {
        example: object;
      };
      const text = JSON.stringify({ ...example, model: id, dry_run: true });
      const answer = await post(server, JSON.parse(text.replace("{media}", "http://127.0.0.1:9")));
      expect(answer.status, answer.text).toBe(200);
    }
  });
});

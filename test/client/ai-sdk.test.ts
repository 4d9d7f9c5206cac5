/** The AI SDK's own functions, driving a started server and its renderer through our provider. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  createProviderRegistry,
  experimental_generateVideo as generateVideo,
  experimental_getVideoStatus as getVideoStatus,
  experimental_startVideo as startVideo,
} from "ai";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createReelay } from "../../client/src/ai-sdk/provider.ts";
import { call, GENERATIONS, IDS, UPLOAD, type WireTask } from "../support/api.ts";
import { openReceiver } from "../support/receiver.ts";
import { reelay } from "../support/run.ts";
import { type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { type BadProxy, startBadProxy } from "./bad-proxy.ts";

let server: Server;
let proxy: BadProxy;
let key: string;
let provider: ReturnType<typeof createReelay>;
const photo = await readFile(fileURLToPath(new URL("../../samples/lighthouse.jpg", import.meta.url)));

beforeAll(async () => {
  (globalThis as { AI_SDK_LOG_WARNINGS?: boolean }).AI_SDK_LOG_WARNINGS = false;
  server = await startServer();
});
afterAll(() => server.discard());
beforeEach(async () => {
  proxy = await startBadProxy(server.url);
  key = await server.newKey("ai-sdk");
  provider = createReelay({ baseURL: proxy.url, apiKey: key });
});
afterEach(() => proxy.close());

const SMALL = { reelay: { resolution: "360p", duration: 1 } };
const QUICK = { intervalMs: 100 };

async function tasksMade(): Promise<readonly WireTask[]> {
  return (await call<{ data: WireTask[] }>(server, "/v1/tasks", { key })).body.data;
}

/** What was sent last. */
function lastBody(): Record<string, unknown> {
  const create = proxy.exchanges.findLast(({ method, path }) => method === "POST" && path === GENERATIONS);
  return JSON.parse(create?.body() ?? "{}") as Record<string, unknown>;
}

function expectMp4(video: { readonly uint8Array: Uint8Array; readonly mediaType: string }): void {
  expect(video.mediaType).toBe("video/mp4");
  expect(Buffer.from(video.uint8Array.subarray(4, 8)).toString("latin1")).toBe("ftyp");
}

async function rejected(work: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof Error) return error as Error & Record<string, unknown>;
  throw new Error("it was not refused");
}

describe("experimental_generateVideo", () => {
  test("gives a real MP4, and says where it lies", async () => {
    const model = provider.video(IDS.pixverseText);
    const made = await generateVideo({ model, prompt: "waves at dusk", providerOptions: SMALL, poll: QUICK });
    expectMp4(made.video);
    expect(made.providerMetadata.reelay).toMatchObject({
      id: expect.stringMatching(/^task-/),
      videos: [{ width: 640, height: 360, size: made.video.uint8Array.length, url: expect.any(String) }],
    });
    expect(await tasksMade()).toHaveLength(1);
  });

  test("uploads a picture that is given as bytes, once for all videos of it", async () => {
    const made = await generateVideo({
      model: provider.video(IDS.pixverseImage),
      prompt: { image: photo, text: "push in" },
      n: 2,
      seed: 0,
      providerOptions: SMALL,
      poll: QUICK,
    });
    expect(made.videos).toHaveLength(2);
    for (const video of made.videos) expectMp4(video);
    expect(lastBody()).toMatchObject({
      prompt: "push in",
      seed: 0,
      image_url: expect.stringContaining("/files/"),
    });
    expect(proxy.count("POST", UPLOAD)).toBe(1);
    expect(await tasksMade()).toHaveLength(2);
  });

  test("takes first and last frames, as bytes, base64 or a link", async () => {
    const frameImages = [
      { image: photo, frameType: "first_frame" as const },
      { image: photo.toString("base64"), frameType: "last_frame" as const },
    ];
    const model = provider.video(IDS.wan);
    const providerOptions = { reelay: { resolution: "720p", duration: 2 } };
    const made = await generateVideo({
      model,
      prompt: "pull back",
      frameImages,
      providerOptions,
      poll: QUICK,
    });
    expectMp4(made.video);
    expect(lastBody().image_urls).toHaveLength(2);
    expect(made.warnings).toEqual([]);
  });

  test("waits for a webhook instead of asking, where it is given one", async () => {
    const receiver = await openReceiver();
    const webhook = async () => ({
      url: `${receiver.origin}/hook`,
      received: until(() => receiver.received[0], { ms: 60_000 }).then(({ body }) => ({
        headers: {},
        body: JSON.parse(body.toString()),
      })),
    });
    const model = provider.video(IDS.pixverseText);
    const made = await generateVideo({ model, prompt: "waves", providerOptions: SMALL, webhook });
    expectMp4(made.video);
    const reads = proxy.exchanges.filter(({ path }) => path.startsWith("/v1/tasks/"));
    expect(reads).toHaveLength(1);
    await receiver.close();
  });
});

describe("experimental_startVideo and experimental_getVideoStatus", () => {
  test("give an operation that survives as JSON, and then a real MP4", async () => {
    const model = provider.video(IDS.pixverseText);
    const started = await startVideo({ model, prompt: "waves", providerOptions: SMALL });
    expect(started.warnings).toEqual([]);
    const operation = JSON.parse(JSON.stringify(started.operation));
    // Another process, as far as it can tell.
    const later = createReelay({ baseURL: server.url, apiKey: key }).video(IDS.pixverseText);
    const done = await until(
      async () => {
        const status = await getVideoStatus(later, { operation });
        return status.status === "pending" ? false : status;
      },
      { ms: 60_000 },
    );
    if (done.status !== "completed") throw new Error(`it is ${done.status}`);
    expect(done.videos).toMatchObject([{ type: "binary", mediaType: "video/mp4" }]);
  });

  test("a start whose answer is dropped is tried again under the SDK's key, and is one task", async () => {
    proxy.treat = ({ path, count }) => (path === GENERATIONS && count === 1 ? "drop-answer" : undefined);
    const model = provider.video(IDS.pixverseImage);
    await startVideo({ model, prompt: { image: photo, text: "push in" }, providerOptions: SMALL });
    const creates = proxy.exchanges.filter(({ path }) => path === GENERATIONS);
    const keys = creates.map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toEqual([keys[0], keys[0]]);
    expect(keys[0]).toMatch(/^aisdk_vid_/);
    // The same picture under another link would be another request, which the key does not stand for.
    expect(proxy.count("POST", UPLOAD)).toBe(1);
    expect(await tasksMade()).toHaveLength(1);
  });

  test("a caller's own headers go along, its idempotency key among them", async () => {
    const model = provider.video(IDS.pixverseText);
    const headers = { "Idempotency-Key": "order-7", "x-request-id": "trace-1" };
    const [one, other] = [
      await startVideo({ model, prompt: "waves", headers, providerOptions: SMALL }),
      await startVideo({ model, prompt: "waves", headers, providerOptions: SMALL }),
    ];
    expect(one.operation).toEqual(other.operation);
    expect(one.response.headers).toMatchObject({ "x-request-id": "trace-1" });
    expect(proxy.exchanges.at(-1)?.headers["user-agent"]).toContain("ai/");
  });

  test("a webhook's address becomes the task's", async () => {
    const model = provider.video(IDS.pixverseText);
    const webhookUrl = "http://127.0.0.1:9/hook";
    await startVideo({ model, prompt: "waves", webhookUrl, providerOptions: SMALL });
    expect(lastBody()).toMatchObject({ callback_url: webhookUrl });
  });

  test("a failure has its code and its words", async () => {
    const made = await reelay(["keys", "create", "dev", "--test"], {
      env: { REELAY_DATA_DIR: server.dataDir },
    });
    const tester = createReelay({ baseURL: server.url, apiKey: made.stdout.trim() });
    const model = tester.video(IDS.pixverseText);
    const prompt = "waves [test fail=content_refused]";
    const error = await rejected(generateVideo({ model, prompt, providerOptions: SMALL, poll: QUICK }));
    expect(error.message).toMatch(/^content_policy_violation: .+/);
  });

  test("an operation of somebody else's is no operation", async () => {
    const error = await rejected(getVideoStatus(provider.video(IDS.pixverseText), { operation: "task-1" }));
    expect(error.message).toContain("experimental_startVideo");
  });
});

describe("what a model has no place for", () => {
  const start = async (id: string, options: Omit<Parameters<typeof startVideo>[0], "model">) =>
    startVideo({ model: provider.video(id), ...options });
  const features = (warnings: readonly object[]): readonly unknown[] =>
    warnings.map((one) => ("feature" in one ? one.feature : "message" in one && one.message));

  test("is a warning each, and the rest is sent", async () => {
    const { warnings } = await start(IDS.wan, {
      prompt: { image: photo, text: "push in" },
      fps: 60,
      generateAudio: false,
      aspectRatio: "9:16",
      resolution: "1920x1080",
      seed: 0,
      duration: 2,
      inputReferences: [photo],
    });
    expect(features(warnings)).toEqual(
      expect.arrayContaining(["fps", "generateAudio", "aspectRatio", "inputReferences"]),
    );
    const body = lastBody();
    expect(body).toMatchObject({ seed: 0, duration: 2, resolution: "1080p", prompt: "push in" });
    for (const name of ["fps", "generate_audio", "aspect_ratio"]) expect(body).not.toHaveProperty(name);
  });

  test("a last frame of a model that takes the first only is one", async () => {
    const frameImages = [
      { image: photo, frameType: "first_frame" as const },
      { image: photo, frameType: "last_frame" as const },
    ];
    const { warnings } = await start(IDS.pixverseImage, {
      prompt: "push in",
      frameImages,
      providerOptions: SMALL,
    });
    expect(features(warnings)).toEqual(["frameImages"]);
    expect(proxy.count("POST", UPLOAD)).toBe(1);
  });

  test("a picture for a model without pictures is refused, instead of another video being made", async () => {
    const error = await rejected(
      start(IDS.pixverseText, { prompt: { image: photo, text: "waves" }, providerOptions: SMALL }),
    );
    expect(error.message).toContain("image_url");
    expect(await tasksMade()).toEqual([]);
  });

  test.each<[string, string | undefined, string | undefined, object, readonly string[]]>([
    [IDS.pixverseText, "1280x720", undefined, { resolution: "720p", aspect_ratio: "16:9" }, []],
    [IDS.pixverseText, "720x1280", undefined, { resolution: "720p", aspect_ratio: "9:16" }, []],
    [IDS.pixverseText, "1920x1080", "16:9", { resolution: "1080p", aspect_ratio: "16:9" }, []],
    [IDS.pixverseText, undefined, "21:9", { aspect_ratio: "21:9" }, []],
    [IDS.pixverseText, "1000x500", undefined, {}, ["resolution"]],
    [IDS.pixverseText, "1000x720", undefined, { resolution: "720p" }, ["resolution"]],
    [IDS.pixverseText, undefined, "adaptive", {}, ["aspectRatio"]],
    [IDS.veo, "3840x2160", undefined, { resolution: "4k", aspect_ratio: "16:9" }, []],
    [IDS.wan, "1280x720", undefined, { resolution: "720p" }, ["resolution"]],
    [IDS.wan, "1280x720", "adaptive", { resolution: "720p" }, []],
  ])("%s at %s and %s", async (id, resolution, aspectRatio, expected, warned) => {
    const picture = id === IDS.pixverseText ? "waves" : { image: photo, text: "waves" };
    const { warnings } = await start(id, {
      prompt: picture,
      ...(resolution === undefined ? {} : { resolution: resolution as `${number}x${number}` }),
      ...(aspectRatio === undefined ? {} : { aspectRatio: aspectRatio as `${number}:${number}` }),
    });
    const { resolution: sent, aspect_ratio } = lastBody();
    const shape = { resolution: sent, aspect_ratio };
    expect(JSON.parse(JSON.stringify(shape))).toEqual(expected);
    expect(features(warnings)).toEqual(warned);
    const [task] = await tasksMade();
    await call(server, `/v1/tasks/${task?.id}/cancel`, { method: "POST", key });
  });

  test("sizes that contradict each other are said to", async () => {
    const { warnings } = await start(IDS.pixverseText, {
      prompt: "waves",
      resolution: "1280x720",
      aspectRatio: "1:1",
      duration: 1,
    });
    expect(lastBody()).toMatchObject({ resolution: "720p", aspect_ratio: "1:1" });
    expect(features(warnings)).toEqual([expect.stringContaining("1280x720 is not 1:1")]);
  });
});

describe("a start that is refused", () => {
  test("is the SDK's own kind of error, with the code, and is not tried again", async () => {
    const error = await rejected(
      startVideo({ model: provider.video(IDS.veo), prompt: { image: photo, text: "waves" }, duration: 5 }),
    );
    expect(error.name).toBe("AI_APICallError");
    expect(error.message).toMatch(/^invalid_parameters: .*4, 6/s);
    expect(error).toMatchObject({ statusCode: 422, isRetryable: false });
    expect(proxy.count("POST", GENERATIONS)).toBe(1);
  });

  test("for a while is tried again as often as the caller allows", async () => {
    proxy.treat = ({ path }) =>
      path === GENERATIONS ? { status: 503, headers: { "retry-after": "0" } } : undefined;
    const model = provider.video(IDS.pixverseText);
    await rejected(startVideo({ model, prompt: "waves", maxRetries: 1 }));
    expect(proxy.count("POST", GENERATIONS)).toBe(2);
    await rejected(startVideo({ model, prompt: "waves", maxRetries: 0 }));
    expect(proxy.count("POST", GENERATIONS)).toBe(3);
  });

  test("by an unknown model names it", async () => {
    const error = await rejected(startVideo({ model: provider.video("nobodys"), prompt: "waves" }));
    expect(error.message).toMatch(/^model_not_found: .*nobodys/s);
  });

  test("by an abort is the abort", async () => {
    proxy.treat = () => "silent";
    const gone = new AbortController();
    const started = startVideo({
      model: provider.video(IDS.pixverseText),
      prompt: "waves",
      abortSignal: gone.signal,
    });
    await until(() => proxy.exchanges.length > 0, { ms: 5_000 });
    gone.abort();
    expect((await rejected(started)).name).toBe("AbortError");
  });
});

describe("a provider", () => {
  test("can be asked by name in a registry, and has no models of other kinds", () => {
    const registry = createProviderRegistry({ reelay: provider });
    expect(registry.videoModel(`reelay:${IDS.veo}`)).toMatchObject({
      modelId: IDS.veo,
      provider: "reelay.video",
    });
    expect(() => provider.languageModel("gpt")).toThrow(/\.video\("gpt"\)/);
  });
});

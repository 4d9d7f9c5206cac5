/** The AI SDK's own functions, driving a started server and its renderer through our provider. */
import {
  createProviderRegistry,
  experimental_generateVideo as generateVideo,
  experimental_getVideoStatus as getVideoStatus,
  experimental_startVideo as startVideo,
} from "ai";
import { describe, expect, test } from "vitest";
import { createReelay } from "../../client/src/ai-sdk/provider.ts";
import { GENERATIONS, IDS, UPLOAD } from "../support/api.ts";
import { openReceiver } from "../support/receiver.ts";
import { reelay } from "../support/run.ts";
import { until } from "../support/until.ts";
import { photo, rejected, SMALL, useStage } from "./ai-sdk-stage.ts";

const stage = useStage();
const QUICK = { intervalMs: 100 };

function expectMp4(video: { readonly uint8Array: Uint8Array; readonly mediaType: string }): void {
  expect(video.mediaType).toBe("video/mp4");
  expect(Buffer.from(video.uint8Array.subarray(4, 8)).toString("latin1")).toBe("ftyp");
}

describe("experimental_generateVideo", () => {
  test("gives a real MP4, and says where it lies", async () => {
    const model = stage().provider.video(IDS.pixverseText);
    const made = await generateVideo({ model, prompt: "waves at dusk", providerOptions: SMALL, poll: QUICK });
    expectMp4(made.video);
    expect(made.providerMetadata.reelay).toMatchObject({
      id: expect.stringMatching(/^task-/),
      videos: [{ width: 640, height: 360, size: made.video.uint8Array.length, url: expect.any(String) }],
    });
    expect(await stage().tasksMade()).toHaveLength(1);
  });

  test("uploads a picture that is given as bytes, once for all videos of it", async () => {
    const made = await generateVideo({
      model: stage().provider.video(IDS.pixverseImage),
      prompt: { image: photo, text: "push in" },
      n: 2,
      seed: 0,
      providerOptions: SMALL,
      poll: QUICK,
    });
    expect(made.videos).toHaveLength(2);
    for (const video of made.videos) expectMp4(video);
    expect(stage().lastBody()).toMatchObject({
      prompt: "push in",
      seed: 0,
      image_url: expect.stringContaining("/files/"),
    });
    expect(stage().proxy.count("POST", UPLOAD)).toBe(1);
    expect(await stage().tasksMade()).toHaveLength(2);
  });

  test("takes first and last frames, as bytes, base64 or a link", async () => {
    const frameImages = [
      { image: photo, frameType: "first_frame" as const },
      { image: photo.toString("base64"), frameType: "last_frame" as const },
    ];
    const model = stage().provider.video(IDS.wan);
    const providerOptions = { reelay: { resolution: "720p", duration: 2 } };
    const made = await generateVideo({
      model,
      prompt: "pull back",
      frameImages,
      providerOptions,
      poll: QUICK,
    });
    expectMp4(made.video);
    expect(stage().lastBody().image_urls).toHaveLength(2);
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
    const model = stage().provider.video(IDS.pixverseText);
    const made = await generateVideo({ model, prompt: "waves", providerOptions: SMALL, webhook });
    expectMp4(made.video);
    const reads = stage().proxy.exchanges.filter(({ path }) => path.startsWith("/v1/tasks/"));
    expect(reads).toHaveLength(1);
    await receiver.close();
  });
});

describe("experimental_startVideo and experimental_getVideoStatus", () => {
  test("give an operation that survives as JSON, and then a real MP4", async () => {
    const model = stage().provider.video(IDS.pixverseText);
    const started = await startVideo({ model, prompt: "waves", providerOptions: SMALL });
    expect(started.warnings).toEqual([]);
    const operation = JSON.parse(JSON.stringify(started.operation));
    // Another process, as far as it can tell.
    const later = createReelay({ baseURL: stage().server.url, apiKey: stage().key }).video(IDS.pixverseText);
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
    stage().proxy.treat = ({ path, count }) =>
      path === GENERATIONS && count === 1 ? "drop-answer" : undefined;
    const model = stage().provider.video(IDS.pixverseImage);
    await startVideo({ model, prompt: { image: photo, text: "push in" }, providerOptions: SMALL });
    const creates = stage().proxy.exchanges.filter(({ path }) => path === GENERATIONS);
    const keys = creates.map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toEqual([keys[0], keys[0]]);
    expect(keys[0]).toMatch(/^aisdk_vid_/);
    // The same picture under another link would be another request, which the key does not stand for.
    expect(stage().proxy.count("POST", UPLOAD)).toBe(1);
    expect(await stage().tasksMade()).toHaveLength(1);
  });

  test("a caller's own headers go along, its idempotency key among them", async () => {
    const model = stage().provider.video(IDS.pixverseText);
    const headers = { "Idempotency-Key": "order-7", "x-request-id": "trace-1" };
    const [one, other] = [
      await startVideo({ model, prompt: "waves", headers, providerOptions: SMALL }),
      await startVideo({ model, prompt: "waves", headers, providerOptions: SMALL }),
    ];
    expect(one.operation).toEqual(other.operation);
    expect(one.response.headers).toMatchObject({ "x-request-id": "trace-1" });
    expect(stage().proxy.exchanges.at(-1)?.headers["user-agent"]).toContain("ai/");
  });

  test("a webhook's address becomes the task's", async () => {
    const model = stage().provider.video(IDS.pixverseText);
    const webhookUrl = "http://127.0.0.1:9/hook";
    await startVideo({ model, prompt: "waves", webhookUrl, providerOptions: SMALL });
    expect(stage().lastBody()).toMatchObject({ callback_url: webhookUrl });
  });

  test("a failure has its code and its words", async () => {
    const made = await reelay(["keys", "create", "dev", "--test"], {
      env: { REELAY_DATA_DIR: stage().server.dataDir },
    });
    const tester = createReelay({ baseURL: stage().server.url, apiKey: made.stdout.trim() });
    const model = tester.video(IDS.pixverseText);
    const prompt = "waves [test fail=content_refused]";
    const error = await rejected(generateVideo({ model, prompt, providerOptions: SMALL, poll: QUICK }));
    expect(error.message).toMatch(/^content_policy_violation: .+/);
  });

  test("an operation of somebody else's is no operation", async () => {
    const error = await rejected(
      getVideoStatus(stage().provider.video(IDS.pixverseText), { operation: "task-1" }),
    );
    expect(error.message).toContain("experimental_startVideo");
  });
});

describe("a start that is refused", () => {
  test("is the SDK's own kind of error, with the code, and is not tried again", async () => {
    const error = await rejected(
      startVideo({
        model: stage().provider.video(IDS.veo),
        prompt: { image: photo, text: "waves" },
        duration: 5,
      }),
    );
    expect(error.name).toBe("AI_APICallError");
    expect(error.message).toMatch(/^invalid_parameters: .*4, 6/s);
    expect(error).toMatchObject({ statusCode: 422, isRetryable: false });
    expect(stage().proxy.count("POST", GENERATIONS)).toBe(1);
  });

  test("for a while is tried again as often as the caller allows", async () => {
    stage().proxy.treat = ({ path }) =>
      path === GENERATIONS ? { status: 503, headers: { "retry-after": "0" } } : undefined;
    const model = stage().provider.video(IDS.pixverseText);
    await rejected(startVideo({ model, prompt: "waves", maxRetries: 1 }));
    expect(stage().proxy.count("POST", GENERATIONS)).toBe(2);
    await rejected(startVideo({ model, prompt: "waves", maxRetries: 0 }));
    expect(stage().proxy.count("POST", GENERATIONS)).toBe(3);
  });

  test("by an unknown model names it", async () => {
    const error = await rejected(startVideo({ model: stage().provider.video("nobodys"), prompt: "waves" }));
    expect(error.message).toMatch(/^model_not_found: .*nobodys/s);
  });

  test("by an abort is the abort", async () => {
    stage().proxy.treat = () => "silent";
    const gone = new AbortController();
    const started = startVideo({
      model: stage().provider.video(IDS.pixverseText),
      prompt: "waves",
      abortSignal: gone.signal,
    });
    await until(() => stage().proxy.exchanges.length > 0, { ms: 5_000 });
    gone.abort();
    expect((await rejected(started)).name).toBe("AbortError");
  });
});

describe("a provider", () => {
  test("can be asked by name in a registry, and has no models of other kinds", () => {
    const registry = createProviderRegistry({ reelay: stage().provider });
    expect(registry.videoModel(`reelay:${IDS.veo}`)).toMatchObject({
      modelId: IDS.veo,
      provider: "reelay.video",
    });
    expect(() => stage().provider.languageModel("gpt")).toThrow(/\.video\("gpt"\)/);
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/core/errors.ts";
import type { Json } from "../../src/core/json.ts";
import type { Provider, Submission } from "../../src/core/provider.ts";
import { highwayapi } from "../../src/providers/highwayapi.ts";
import { startHighwayapi } from "../standins/highwayapi.ts";
import { type Reply, type StandIn, startStandIn } from "../standins/standin.ts";
import { openReceiver } from "../support/receiver.ts";
import { until } from "../support/until.ts";
import { allOf, NEVER } from "./provider-samples.ts";
import { openKind } from "./under.ts";
import { workFor } from "./work.ts";

const KEY = "sk_5eCr3t-of-the-operator";

let standIn: StandIn;
let provider: Provider;

async function use(started: Promise<StandIn>): Promise<void> {
  await provider?.close?.();
  await standIn?.close();
  standIn = await started;
  provider = await openKind(highwayapi, { baseUrl: standIn.url, key: KEY });
}
beforeEach(() => use(startHighwayapi({ key: KEY })));
afterEach(async () => {
  await provider.close?.();
  await standIn.close();
  expect(standIn.complaints).toEqual([]);
});

/** For answers that no script makes. */
const answering = (reply: Reply) => use(startStandIn({ answer: () => reply }));

function workOf(script: string, webhookUrl: string | null = null): Submission {
  const body = (token: string) => ({
    prompt: `A fox ${token}. script: ${script}`,
    image_url: "https://host.example/a.jpg",
    seed: 7,
  });
  return workFor({ kind: "highwayapi", model: "pixverse-v6-image-to-video", body, webhookUrl });
}

async function ticketOf(work: Submission): Promise<Json> {
  const submitted = await provider.submit(work, NEVER);
  if (!("accepted" in submitted)) throw new Error(`not accepted: ${JSON.stringify(submitted)}`);
  return submitted.accepted;
}

const checked = async (script: string) => provider.check(await ticketOf(workOf(script)), NEVER);
const catching = (promise: Promise<unknown>) => promise.catch((thrown: unknown) => thrown);

describe("a check", () => {
  it("tells the file and the seed as a number, though it is text there", async () => {
    expect(await checked("duration=0")).toEqual({
      state: "done",
      output: { from: { url: expect.stringMatching(/\.mp4$/) }, meta: { seed: 7 }, ignored: {} },
    });
  });

  it.each<[unknown, object]>([
    ["", {}],
    [undefined, {}],
    [42, {}],
    ["a fox", {}],
    ["12345678901234567890", {}],
    ["0", { seed: 0 }],
  ])("with the seed %j tells what it can", async (seed, meta) => {
    const body = {
      extra: { seed },
      task: { task_id: "t", status: "TASK_STATUS_SUCCEED" },
      videos: [{ video_url: "https://s3.example/a.mp4" }],
    };
    await answering({ status: 200, body });
    expect(await provider.check({ task_id: "t" }, NEVER)).toMatchObject({ output: { meta } });
  });

  it("asks by the id alone, whatever is in it", async () => {
    await answering({ status: 200, body: { task: { status: "TASK_STATUS_QUEUED" } } });
    await provider.check({ task_id: "a b/../c?d&e=f" }, NEVER);
    expect(standIn.asks.at(-1)?.path).toBe("/v3/async/task-result?task_id=a+b%2F..%2Fc%3Fd%26e%3Df");
  });

  it("of a queued task is pending, and of one at work shows at least 1 percent", async () => {
    expect(await checked("queued=60000")).toEqual({ state: "pending" });
    expect(await checked("duration=600000")).toEqual({ state: "processing", progress: 1 });
    // By the clock: a millisecond has to pass.
    const ticket = await ticketOf(workOf("stuck duration=0"));
    const seen = await until(
      async () => {
        const progress = await provider.check(ticket, NEVER);
        return progress.state === "processing" && progress.progress > 1 && progress;
      },
      { ms: 5_000 },
    );
    expect(seen).toEqual({ state: "processing", progress: 80 });
  });

  it.each([undefined, "50", 0, 100])("with the progress %j stays between 1 and 99", async (progress) => {
    const task = { status: "TASK_STATUS_PROCESSING", progress_percent: progress };
    await answering({ status: 200, body: { task } });
    const told = progress === 100 ? 99 : 1;
    expect(await provider.check({ task_id: "t" }, NEVER)).toEqual({ state: "processing", progress: told });
  });

  it.each<[string, ErrorCode]>([
    ["ILLEGAL_PROMPT", "content_refused"],
    ["ILLEGAL_IMAGE_CONTENT", "content_refused"],
    ["INVALID_IMAGE_FORMAT", "input_unreadable"],
    ["IMAGE_FILE_EXCEEDS_MAX_SIZE", "input_out_of_limits"],
    ["INVALID_IMAGE_SIZE", "input_out_of_limits"],
    ["INVALID_REQUEST_BODY", "provider_refused"],
    ["BILLING_BALANCE_NOT_ENOUGH", "provider_balance"],
    ["FEATURE_NOT_ALLOWED", "provider_account"],
    ["RATE_LIMIT_EXCEEDED", "provider_busy"],
    ["TASK_FAILED", "provider_failed"],
    ["task_cancelled", "provider_failed"],
    ["ILLEGAL_PROMPT:the_prompt_is_not_allowed", "content_refused"],
  ])("of a task that failed with %s ends with %s", async (reason, word) => {
    expect(await checked(`duration=0 fail=${reason}`)).toMatchObject({
      state: "failed",
      error: { code: word },
    });
  });

  it("of a failed task tells the reason without our key, and nothing of what is the operator's affair", async () => {
    const failing = async (reason: string) => {
      const body = { task: { task_id: "t", status: "TASK_STATUS_FAILED", reason } };
      await answering({ status: 200, body });
      const progress = await provider.check({ task_id: "t" }, NEVER);
      return progress.state === "failed" ? progress.error.message : "";
    };
    expect(await failing(`the model said no to ${KEY}.`)).toBe(
      "The provider gave up on this video: the model said no to [key].",
    );
    expect(await failing("BILLING_BALANCE_NOT_ENOUGH: account 123 has 0.02")).not.toContain("123");
    expect(await failing("")).toBe("The provider gave up on this video.");
  });

  it("of a success without a video is asked again", async () => {
    await expect(checked("duration=0 fail=nothing")).rejects.toMatchObject({ code: "provider_failed" });
  });

  it.each([
    [400, "INVALID_REQUEST_BODY"],
    [401, "INVALID_API_KEY"],
    [403, "INVALID_API_KEY"],
    [404, "API_NOT_FOUND"],
    [500, "GET_RESULT_FAILED"],
    [500, "TASK_FAILED"],
    [503, "SERVICE_NOT_AVAILABLE"],
    [504, "TASK_NOT_FOUND"],
  ])("that is answered %i %s says nothing about the work", async (status, reason) => {
    const error = await catching(checked(`check-status=${status} code=${reason} echo-key`));
    expect(error).toMatchObject({ code: expect.stringMatching(/^provider_(failed|busy)$/) });
    expect(allOf(error)).not.toContain(KEY);
  });

  it.each([404, 408, 425, 429, 500, 502, 503, 504])(
    "that is answered with somebody's page and %i says nothing about the work",
    async (status) => {
      await expect(checked(`check-status=${status}`)).rejects.toThrow(`${status}`);
    },
  );

  it.each<[string, unknown]>([
    ["a page", "<html>"],
    ["an empty object", {}],
    ["no status", { task: {} }],
    ["a list", []],
  ])("that is answered with %s says nothing about the work", async (_name, body) => {
    await answering({ status: 200, body });
    await expect(provider.check({ task_id: "t" }, NEVER)).rejects.toThrow();
  });
});

describe("a call of HighwayAPI's", () => {
  const heard = (event: unknown) =>
    provider.readWebhook?.({ headers: {}, body: Buffer.from(JSON.stringify(event)) });

  it("comes at the end of the work to the address that it was given, and names the ticket", async () => {
    const receiver = await openReceiver();
    const address = `${receiver.origin}/next`;
    const ticket = await ticketOf(workOf("duration=50", address));
    const call = await until(() => receiver.received[0], { ms: 5_000, what: "the call" });
    expect(await provider.readWebhook?.({ headers: {}, body: call.body })).toEqual({ ticket });
    expect(JSON.parse(call.body.toString())).toMatchObject({
      payload: { extra: { webhook: { url: address } } },
    });
    await receiver.close();
  });

  it("heals an attempt whose answer was lost", async () => {
    const receiver = await openReceiver();
    const work = workOf("duration=50 accept-then-reset", `${receiver.origin}/next`);
    expect(await provider.submit(work, NEVER)).toEqual({ unknown: expect.any(String) });
    const { body } = await until(() => receiver.received[0], { ms: 5_000, what: "the call" });
    const said = await provider.readWebhook?.({ headers: {}, body });
    if (typeof said !== "object" || said.ticket === undefined) throw new Error(`it said ${said}`);
    expect(await provider.check(said.ticket, NEVER)).toMatchObject({ state: "done" });
    expect(standIn.jobs.size).toBe(1);
    await receiver.close();
  });

  it("tells nothing where it is of another kind, or names no task", async () => {
    const task = { task_id: "t", status: "TASK_STATUS_SUCCEED" };
    const none = { ticket: undefined };
    expect(await heard({ event_type: "ASYNC_TASK_RESULT", payload: { task } })).toEqual({
      ticket: { task_id: "t" },
    });
    expect(await heard({ event_type: "SOMETHING_NEW", payload: { task } })).toEqual(none);
    expect(await heard({ payload: { task } })).toEqual(none);
    expect(await heard({ event_type: "ASYNC_TASK_RESULT", payload: { task: { task_id: 1 } } })).toEqual(none);
    expect(await heard({ event_type: "ASYNC_TASK_RESULT" })).toEqual(none);
  });
});

describe("a ping of HighwayAPI", () => {
  it("says whether the key is taken, and costs nothing", async () => {
    expect(await provider.ping?.(NEVER)).toBe("answers, and takes the key");
    await use(startHighwayapi({ key: "sk_new" }));
    await expect(provider.ping?.(NEVER)).rejects.toMatchObject({
      code: "provider_account",
      message: expect.stringContaining("INVALID_API_KEY"),
    });
    expect(standIn.jobs.size).toBe(0);
    // The page of another service: its 404 is not "no such task".
    await answering({ status: 404, body: "<html>" });
    await expect(provider.ping?.(NEVER)).rejects.toMatchObject({ code: "provider_account" });
  });
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../src/core/errors.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { InputFile, Provider, Submission } from "../../src/core/provider.ts";
import { highwayapi } from "../../src/providers/highwayapi.ts";
import { startHighwayapi } from "../standins/highwayapi.ts";
import { type Ask, type Reply, type StandIn, startStandIn } from "../standins/standin.ts";
import { FULL, MINIMAL } from "./highwayapi-bodies.ts";
import { allOf, type Behaviour, NEVER } from "./provider-samples.ts";
import { describeProvider } from "./provider-suite.ts";
import { openKind, underTest } from "./under.ts";
import { workFor } from "./work.ts";

const KEY = "sk_5eCr3t-of-the-operator";
const T2V = "pixverse-v6-text-to-video";
const PICTURE = "https://host.example/a.jpg";

const SCRIPTS: Readonly<Partial<Record<Behaviour, string>>> = {
  work: "duration=50",
  "work-slowly": "duration=1500",
  "never-end": "stuck",
  "say-an-unknown-word": "word=TASK_STATUS_BAKING duration=300",
  "fail-on-content": "duration=0 fail=ILLEGAL_PROMPT",
  "fail-for-capacity": "duration=0 fail=RATE_LIMIT_EXCEEDED",
  "fail-inside": "duration=0 fail=the_machine_melted",
  "refuse-request": "status=400 code=INVALID_REQUEST_BODY echo-key",
  "refuse-key": "status=403 code=INVALID_API_KEY echo-key",
  "refuse-balance": "status=400 code=BILLING_BALANCE_NOT_ENOUGH echo-key",
  "refuse-model": "status=404 code=API_NOT_FOUND echo-key",
  "refuse-content": "status=400 code=ILLEGAL_IMAGE_CONTENT echo-key",
  busy: "status=429 code=RATE_LIMIT_EXCEEDED retry-after=3",
  "drop-before-accept": "drop-before-accept",
  "reset-before-accept": "reset-before-accept",
  "accept-then-drop": "accept-then-drop",
  "accept-then-reset": "accept-then-reset",
  "accept-then-500": "accepted-status=500",
  "accept-then-502": "accepted-status=502",
  "accept-then-503": "accepted-status=503",
  "accept-then-504": "accepted-status=504",
  "accept-then-garbage": "garbage",
  "accept-and-never-answer": "late-answer=60000",
  "drop-the-first-check": "check-drop check-times=1",
  "busy-at-the-first-check": "check-status=429 code=RATE_LIMIT_EXCEEDED retry-after=3 check-times=1",
  "break-at-the-first-check": "check-status=500 code=GET_RESULT_FAILED check-times=1",
  "forget-the-work": "check-status=404 code=TASK_NOT_FOUND",
};

describeProvider(
  "HighwayAPI",
  {
    find: "there is no list and no look-up",
    cancel: "it has none",
    signature: "it does not sign; our address is signed by us",
    behaviours: { "ask-for-patience": "it never asks for it" },
  },
  underTest({
    kind: highwayapi,
    start: () => startHighwayapi({ key: KEY }),
    key: KEY,
    scripts: SCRIPTS,
    model: "pixverse-v6-image-to-video",
    body: { image_url: PICTURE, resolution: "360p" },
    async told(ticket, { standIn }) {
      const query = new URLSearchParams({ task_id: (ticket as { task_id: string }).task_id });
      const headers = { authorization: `Bearer ${KEY}` };
      const payload = await (await fetch(`${standIn.url}/v3/async/task-result?${query}`, { headers })).json();
      const event = { event_type: "ASYNC_TASK_RESULT", payload };
      return { headers: {}, body: Buffer.from(JSON.stringify(event)) };
    },
  }),
);

let standIn: StandIn;
let provider: Provider;

async function use(started: Promise<StandIn>, key = KEY): Promise<void> {
  await provider?.close?.();
  await standIn?.close();
  standIn = await started;
  provider = await openKind(highwayapi, { baseUrl: standIn.url, key });
}
beforeEach(() => use(startHighwayapi({ key: KEY })));
afterEach(async () => {
  await provider.close?.();
  await standIn.close();
  expect(standIn.complaints).toEqual([]);
});

/** For answers that no script makes. */
const answering = (answer: (ask: Ask) => Reply) => use(startStandIn({ answer }));

const textWork = (script: string, more: Partial<Submission> = {}): Submission => {
  const body = (token: string) => ({ prompt: `A fox ${token}. script: ${script}` });
  return { ...workFor({ kind: "highwayapi", model: T2V, body }), ...more };
};
const submit = (script: string) => provider.submit(textWork(script), NEVER);

describe("what HighwayAPI is told", () => {
  it.each([...MINIMAL, ...FULL])("of %s", async (model, { body, path, json }) => {
    const work = workFor({ kind: "highwayapi", model, body });
    expect(await provider.submit(work, NEVER)).toMatchObject({ accepted: { task_id: expect.any(String) } });
    const ask = standIn.asks.at(-1);
    expect([ask?.method, ask?.path, ask?.json]).toEqual(["POST", `/v3/async/${path}`, json]);
    expect(ask?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  it("is where to call back, where it can reach us", async () => {
    await provider.submit(textWork("", { webhookUrl: "https://reelay.example/hooks/a/b/c" }), NEVER);
    expect(standIn.asks.at(-1)?.json).toMatchObject({
      extra: { webhook: { url: "https://reelay.example/hooks/a/b/c" } },
    });
  });
});

describe("a picture where HighwayAPI cannot reach us", () => {
  const unlinked = (model: string, body: JsonObject) =>
    workFor({ kind: "highwayapi", model, body: { prompt: "A fox", ...body }, links: false });
  const VEO = unlinked("veo-3.1-image-to-video", { image_url: PICTURE });
  const ofBytes = (bytes: number): Submission => {
    const image = VEO.media.image as InputFile;
    return { ...VEO, media: { image: { ...image, facts: { ...image.facts, bytes } } } };
  };

  it.each([
    ["pixverse-v6-image-to-video", { image_url: PICTURE }],
    ["wan-2.7-image-to-video", { image_urls: [PICTURE, PICTURE] }],
  ])("is refused before anything leaves where the model takes links only: %s", async (model, body) => {
    await expect(provider.submit(unlinked(model, body), NEVER)).rejects.toMatchObject({
      code: "input_out_of_limits",
      message: expect.stringContaining("REELAY_PUBLIC_URL"),
    });
    expect(standIn.asks.length).toBe(0);
  });

  it("goes inside the request to Veo, up to 10 MiB", async () => {
    expect(await provider.submit(ofBytes(10 * 1024 * 1024), NEVER)).toMatchObject({ accepted: {} });
    expect(standIn.asks.at(-1)?.json).toMatchObject({
      image: expect.stringMatching(/^data:image\/jpeg;base64,\/9j\//),
    });
    await expect(provider.submit(ofBytes(10 * 1024 * 1024 + 1), NEVER)).rejects.toMatchObject({
      code: "input_out_of_limits",
    });
    expect(standIn.asks.length).toBe(1);
  });
});

/** The table of section 2.3 below 500. */
const REASONS: readonly [status: number, reason: string, word: ErrorCode][] = [
  [400, "INVALID_REQUEST_BODY", "provider_refused"],
  [400, "IMAGE_FILE_EXCEEDS_MAX_SIZE", "input_out_of_limits"],
  [400, "INVALID_IMAGE_FORMAT", "input_unreadable"],
  [400, "IMAGE_EXCEEDS_MAX_RESOLUTION", "input_out_of_limits"],
  [400, "INVALID_IMAGE_SIZE", "input_out_of_limits"],
  [400, "IMAGE_NO_FACE_DETECTED", "provider_refused"],
  [400, "INVALID_CUSTOM_OUTPUT_PATH", "provider_refused"],
  [400, "ILLEGAL_PROMPT", "content_refused"],
  [400, "ILLEGAL_IMAGE_CONTENT", "content_refused"],
  [400, "INVALID_AUDIO_FILE", "input_unreadable"],
  [400, "MISSING_API_KEY", "provider_account"],
  [400, "BILLING_BALANCE_NOT_ENOUGH", "provider_balance"],
  [403, "INVALID_API_KEY", "provider_account"],
  [403, "BILLING_AUTH_FAILED", "provider_account"],
  [403, "FEATURE_NOT_ALLOWED", "provider_account"],
  [403, "API_NOT_ALLOWED", "provider_account"],
  [403, "NEED_REAL_NAME_VERIFY", "provider_account"],
  [404, "API_NOT_FOUND", "provider_account"],
  [404, "TASK_NOT_FOUND", "provider_account"],
];
/** Where other pages of the family have another status: the reason counts. */
const ELSEWHERE: typeof REASONS = [
  [401, "MISSING_API_KEY", "provider_account"],
  [401, "INVALID_API_KEY", "provider_account"],
  [402, "BILLING_BALANCE_NOT_ENOUGH", "provider_balance"],
  [403, "BILLING_BALANCE_NOT_ENOUGH", "provider_balance"],
  [403, "model_access_denied", "provider_account"],
  [422, "INVALID_REQUEST_BODY", "provider_refused"],
];

describe("a submit's answer", () => {
  it.each([...REASONS, ...ELSEWHERE])("%i %s is refused for good as %s", async (status, reason, word) => {
    const submitted = await submit(`status=${status} code=${reason} echo-key`);
    expect(submitted).toMatchObject({ refused: { code: word }, again: false });
    if (!("refused" in submitted)) throw new Error("not refused");
    expect(allOf(submitted.refused)).not.toContain(KEY);
    const operators = word === "provider_account" || word === "provider_balance";
    expect(submitted.refused.message.includes("it cannot be done")).toBe(!operators);
  });

  it.each<[number, ErrorCode]>([
    [400, "provider_refused"],
    [401, "provider_account"],
    [402, "provider_balance"],
    [403, "provider_account"],
    [404, "provider_account"],
    [413, "provider_refused"],
    [422, "provider_refused"],
  ])("%i without a reason is refused for good as %s", async (status, word) => {
    expect(await submit(`status=${status}`)).toMatchObject({ refused: { code: word }, again: false });
  });

  it.each([
    [429, "RATE_LIMIT_EXCEEDED"],
    [429, "SOMETHING_ELSE"],
    [400, "RATE_LIMIT_EXCEEDED"],
  ])("%i %s may be sent again when it says so", async (status, reason) => {
    expect(await submit(`status=${status} code=${reason} retry-after=3`)).toMatchObject({
      refused: { code: "provider_busy" },
      again: { afterMs: 3_000 },
    });
  });

  it.each([
    [500, "BILLING_FAILED"],
    [500, "CREATE_TASK_FAILED"],
    [500, "GET_RESULT_FAILED"],
    [500, "TASK_FAILED"],
    [500, "RATE_LIMIT_EXCEEDED"],
    [503, "SERVICE_NOT_AVAILABLE"],
    [504, "INVALID_REQUEST_BODY"],
    [408, "SOMETHING_ELSE"],
    [302, "INVALID_REQUEST_BODY"],
  ])("%i %s does not say whether the work was taken", async (status, reason) => {
    expect(await submit(`status=${status} code=${reason}`)).toEqual({ unknown: expect.any(String) });
  });

  it.each<[string, unknown]>([
    ["no id", {}],
    ["an empty id", { task_id: "" }],
    ["an id that is no text", { task_id: 1 }],
    ["a list", []],
  ])("of success with %s is unknown", async (_name, body) => {
    await answering(() => ({ status: 200, body }));
    expect(await submit("")).toEqual({ unknown: expect.any(String) });
  });

  it("says which field it was, where only the details do", async () => {
    const metadata = { details: "duration: must be between 1 and 15" };
    const body = { code: 400, reason: "INVALID_REQUEST_BODY", message: "invalid", metadata };
    await answering(() => ({ status: 400, body }));
    expect(await submit("")).toMatchObject({
      refused: {
        message: "The provider refused the request: invalid: duration: must be between 1 and 15.",
      },
    });
  });

  it("to a key that is not taken is the operator's affair", async () => {
    await use(startHighwayapi({ key: "sk_new" }));
    const submitted = await submit("");
    expect(submitted).toMatchObject({ refused: { code: "provider_account" }, again: false });
    expect(JSON.stringify(submitted)).not.toContain(KEY);
  });
});

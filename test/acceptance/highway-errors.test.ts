/** Contract 2.3 and 2.6: every way a request of this dialect is refused, its status and reason, in its own field names. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, call } from "../support/api.ts";
import { ask, askResult, expectRefusal, type HighwayError, RESULT } from "../support/highway.ts";
import { reelay } from "../support/run.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";

const IMAGE = "http://127.0.0.1:9/first.png";
const I2V = "pixverse-v6-i2v";
const T2V = "pixverse-v6-t2v";
const WAN = "wan2.7-i2v";
const LITE = "veo-3.1-lite-i2v";
const VEO = "veo-3.1-generate-img2video";
const FAST = "veo-3.1-fast-generate-img2video";
const TRANSITION = "pixverse-v6-transition";
const WAN_TEXT = "wan2.7-t2v";
const EXTEND = "pixverse-v6-extend";
const TEXT = "veo-3.1-generate-text2video";
const FAST_TEXT = "veo-3.1-fast-generate-text2video";
const LITE_TEXT = "veo-3.1-lite-t2v";

const GOOD: Readonly<Record<string, object>> = {
  [I2V]: { prompt: "x", image: IMAGE },
  [T2V]: { prompt: "x" },
  [WAN]: { image_url: IMAGE },
  [LITE]: { prompt: "x", image: IMAGE },
  [VEO]: { prompt: "x", image: IMAGE, generate_audio: false },
  [FAST]: { prompt: "x", image: IMAGE, generate_audio: false },
  [TRANSITION]: { prompt: "x", image: IMAGE },
  [WAN_TEXT]: { prompt: "x" },
  [EXTEND]: { prompt: "x", video: IMAGE },
  [TEXT]: { prompt: "x", generate_audio: false },
  [FAST_TEXT]: { prompt: "x", generate_audio: false },
  [LITE_TEXT]: { prompt: "x" },
};

let server: Server;
beforeAll(async () => {
  server = await startServer({ ...NO_RENDER, REELAY_AUTH_FAILURES_PER_MINUTE: "0" });
});
afterAll(() => server.discard());

const refused = async (path: string, change: object): Promise<Answer<HighwayError>> =>
  ask(server, path, { ...GOOD[path], ...change });

test.each(Object.keys(GOOD))("%s takes what its page requires, and nothing else", async (path) => {
  const answer = await ask<{ task_id: string }>(server, path, GOOD[path]);
  expect([answer.status, Object.keys(answer.body)]).toEqual([200, ["task_id"]]);
});

const many = (length: number): string => "x".repeat(length);

describe("a body", () => {
  test.each<[path: string, change: object, field: string, says: RegExp]>([
    [I2V, { prompt: undefined }, "prompt", /"prompt" is required/],
    [I2V, { prompt: null }, "prompt", /"prompt" must be a string .* not null/],
    [I2V, { prompt: many(2501) }, "prompt", /at most 2500 characters, not of 2501/],
    [I2V, { negative_prompt: many(2501) }, "negative_prompt", /at most 2500/],
    [I2V, { image: undefined }, "image", /"image" is required/],
    [I2V, { image: "data:image/png;base64,AAAA" }, "image", /data: URL/],
    [I2V, { image: "first.png" }, "image", /http\(s\) URL/],
    [I2V, { duration: 0 }, "duration", /from 1 to 15, not 0/],
    [I2V, { duration: 16 }, "duration", /from 1 to 15, not 16/],
    [I2V, { duration: "5" }, "duration", /not the string "5"/],
    [I2V, { resolution: "720P" }, "resolution", /did you mean "720p"/],
    [I2V, { cfg_scale: 1.1 }, "cfg_scale", /a number from 0 to 1, not 1\.1/],
    [I2V, { cfg_scale: "0.5" }, "cfg_scale", /a number from 0 to 1/],
    [I2V, { thinking_type: true }, "thinking_type", /"enabled", "disabled", "auto"/],
    [I2V, { seed: -1 }, "seed", /0 to 2147483647/],
    [I2V, { seed: 2147483648 }, "seed", /0 to 2147483647/],
    [I2V, { generate_audio_switch: "true" }, "generate_audio_switch", /true or false/],
    [I2V, { generate_audio: true }, "generate_audio", /not a parameter of pixverse-v6-i2v/],
    [I2V, { image_url: IMAGE }, "image_url", /not a parameter of pixverse-v6-i2v/],
    [I2V, { style: "clay" }, "style", /not a parameter/],
    [I2V, { promt: "x" }, "promt", /did you mean "prompt"/],
    [T2V, { aspect_ratio: "21:9" }, "aspect_ratio", /16:9/],
    [T2V, { seed: 1 }, "seed", /not a parameter/],
    [WAN, { image_url: undefined }, "image_url", /image_url, the first frame, is required/],
    [WAN, { first_clip_url: IMAGE }, "image_url", /image_url and first_clip_url exclude each other/],
    [
      WAN,
      { image_url: undefined, first_clip_url: IMAGE, last_frame_url: IMAGE },
      "last_frame_url",
      /first_clip_url/,
    ],
    [
      WAN,
      { image_url: undefined, first_clip_url: IMAGE, driving_audio_url: IMAGE },
      "driving_audio_url",
      /combined/,
    ],
    [WAN, { watermark: true }, "watermark", /no video gets a mark/],
    [WAN, { resolution: "720p" }, "resolution", /"720P"/],
    [WAN, { duration: 1 }, "duration", /2 to 15/],
    [WAN, { negative_prompt: many(501) }, "negative_prompt", /at most 500/],
    [LITE, { duration: 4, resolution: "1080p" }, "duration", /send duration 8, or resolution 720p/],
    [LITE, { sample_count: 2 }, "sample_count", /a task makes one video/],
    [
      LITE,
      { person_generation: "dont_allow" },
      "person_generation",
      /only veo-3\.1-generate-img2video has it/,
    ],
    [LITE, { duration_seconds: 8 }, "duration_seconds", /did you mean "duration"|not a parameter/],
    [LITE, { resolution: "4k" }, "resolution", /720p/],
    [VEO, { generate_audio: undefined }, "generate_audio", /required/],
    [VEO, { sample_count: 4 }, "sample_count", /Ask once for each/],
    [VEO, { reference_images: [IMAGE] }, "reference_images", /takes no others as references/],
    [VEO, { last_image: IMAGE, image: undefined }, "image", /"image" is required/],
    [FAST, { last_image: "x" }, "last_image", /http\(s\) URL/],
    [TRANSITION, { thinking_type: "true" }, "thinking_type", /one of true, false, "enabled"/],
    [TRANSITION, { end_image: "x" }, "end_image", /http\(s\) URL/],
    [EXTEND, { thinking_type: "auto" }, "thinking_type", /not a parameter/],
    [TEXT, { image: IMAGE }, "image", /not a parameter of veo-3\.1-generate-text2video/],
    [WAN_TEXT, { size: "960*960" }, "size", /"1280\*720"/],
    [LITE_TEXT, { prompt: many(2049) }, "prompt", /1 to 2048 characters/],
    [VEO, { enhance_prompt: false }, "enhance_prompt", /only be true/],
    [VEO, { duration_seconds: 5 }, "duration_seconds", /one of 4, 6, 8/],
    [FAST, { person_generation: "allow_adult" }, "person_generation", /only veo-3\.1-generate-img2video/],
    [I2V, { extra: "x" }, "extra", /must be an object/],
    [I2V, { extra: { webhok: {} } }, "extra.webhok", /did you mean "webhook"/],
    [I2V, { extra: { webhook: {} } }, "extra.webhook.url", /https URL/],
    [I2V, { extra: { webhook: { url: 7 } } }, "extra.webhook.url", /https URL/],
    [
      I2V,
      { extra: { webhook: { url: "https://e.com", secret: "x" } } },
      "extra.webhook.secret",
      /it takes url/,
    ],
    [
      I2V,
      { extra: { webhook: { url: "https://e.com", test_mode: true } } },
      "extra.webhook.test_mode",
      /an object/,
    ],
    [
      I2V,
      { extra: { webhook: { url: "https://e.com", test_mode: { enabled: "yes" } } } },
      "extra.webhook.test_mode.enabled",
      /true or false/,
    ],
    [
      I2V,
      {
        extra: {
          webhook: { url: "https://e.com", test_mode: { enabled: true, return_task_status: "SUCCEED" } },
        },
      },
      "extra.webhook.test_mode.return_task_status",
      /TASK_STATUS_SUCCEED or TASK_STATUS_FAILED/,
    ],
  ])("of %s with %j is refused by the name of %s", async (path, change, field, says) => {
    const { message, metadata } = expectRefusal(await refused(path, change), 400, "INVALID_REQUEST_BODY");
    expect(metadata.field).toBe(field);
    expect(message).toMatch(says);
  });

  test.each<[path: string, change: object]>([
    [I2V, { prompt: "" }],
    [I2V, { prompt: many(2500), negative_prompt: many(2500) }],
    [I2V, { cfg_scale: 0 }],
    [I2V, { cfg_scale: 1 }],
    [I2V, { duration: 15, resolution: "1080p", seed: 2147483647, thinking_type: "enabled" }],
    [WAN, { watermark: false, prompt: many(5000) }],
    [WAN, { image_url: undefined, first_clip_url: IMAGE }],
    [LITE, { resolution: "1080p", sample_count: 1 }],
    [VEO, { enhance_prompt: true, person_generation: "dont_allow", seed: 4294967295 }],
    [FAST, { enhance_prompt: true, last_image: null }],
    [FAST, { last_image: IMAGE, enhance_prompt: true }],
    [VEO, { last_image: IMAGE, person_generation: "dont_allow" }],
    ...[true, false, "enabled", "disabled", "auto"].map(
      (thinking_type) => [TRANSITION, { thinking_type }] as [string, object],
    ),
    [TRANSITION, { end_image: IMAGE, style: "clay", generate_multi_clip_switch: true, aspect_ratio: "3:4" }],
    [LITE_TEXT, { enhance_prompt: false }],
    [WAN_TEXT, { size: "720*1280", watermark: false, prompt: many(1500) }],
  ])("of %s with %j is taken", async (path, change) => {
    const answer = await refused(path, change);
    expect(answer.status, answer.text).toBe(200);
  });

  test("with several problems is told all of them, each with what came and what is allowed", async () => {
    const answer = await refused(I2V, { duration: 16, resolution: "8k", cfg_scal: 1, image: undefined });
    const { message, metadata } = expectRefusal(answer, 400, "INVALID_REQUEST_BODY");
    for (const part of ["4 problems", "1 to 15", "8k", '"cfg_scal"', 'did you mean "cfg_scale"', '"image"']) {
      expect(message).toContain(part);
    }
    expect(metadata).toMatchObject({
      ...{ details: message, field: "image", fields: "image, duration, resolution, cfg_scal" },
      ...{ allowed: expect.stringContaining("public http(s) URL") },
    });
  });

  test.each([
    ["half of a body", '{"prompt":', "application/json"],
    ["a list", "[]", "application/json"],
    ["nothing", "", "application/json"],
    ["a form", "prompt=x", "application/x-www-form-urlencoded"],
    ["text", "{}", "text/plain"],
  ])("that is %s", async (_name, bytes, type) => {
    const answer = await ask(server, T2V, undefined, { bytes, headers: { "content-type": type } });
    expectRefusal(answer, 400, "INVALID_REQUEST_BODY");
  });

  test("with the body's `model` missing, or one of ours, in the unified create", async () => {
    const unified = (json: object) =>
      call<HighwayError>(server, "/v3/video/create", { method: "POST", json });
    const none = expectRefusal(await unified({ prompt: "x" }), 400, "INVALID_REQUEST_BODY");
    expect(none.metadata.field).toBe("model");
    expectRefusal(await unified({ model: "pixverse-v6-text-to-video", prompt: "x" }), 404, "API_NOT_FOUND");
    // In the other create it is a parameter like any other, and there is none.
    const { metadata } = expectRefusal(await refused(T2V, { model: T2V }), 400, "INVALID_REQUEST_BODY");
    expect(metadata.field).toBe("model");
  });

  test.each([
    ["http://10.0.0.1/hook", /not on the public internet/],
    ["http://8.8.8.8/hook", /https/],
    ["https://user:password@example.com/", /user name/],
  ])("with a webhook at %s is refused before anything is made", async (url, says) => {
    const answer = await refused(T2V, { extra: { webhook: { url } } });
    const { message, metadata } = expectRefusal(answer, 400, "INVALID_REQUEST_BODY");
    expect([metadata.field, message]).toEqual(["extra.webhook.url", expect.stringMatching(says)]);
  });
});

describe("who asks", () => {
  test.each([
    ["no key", {}, "MISSING_API_KEY"],
    ["a key without Bearer", { authorization: "reelay_live_x" }, "INVALID_API_KEY"],
    ["a key of another service", { authorization: "Bearer sk_0123456789abcdef" }, "INVALID_API_KEY"],
  ] as const)("with %s", async (_name, headers, reason) => {
    const asked = { key: null, headers };
    expectRefusal(await ask(server, T2V, GOOD[T2V], asked), 401, reason);
    expectRefusal(await askResult(server, "x", asked), 401, reason);
  });

  test("an operator has the statuses of the table", async () => {
    const table = await startServer({
      ...NO_RENDER,
      REELAY_HIGHWAY_STATUSES: "MISSING_API_KEY=400,INVALID_API_KEY=403,BILLING_BALANCE_NOT_ENOUGH=402",
    });
    try {
      expectRefusal(await ask(table, T2V, GOOD[T2V], { key: null }), 400, "MISSING_API_KEY");
      expectRefusal(await askResult(table, "x", { key: "wrong" }), 403, "INVALID_API_KEY");
    } finally {
      await table.discard();
    }
  });
});

describe("what is not there", () => {
  test("a model is answered with the nearest and with all of them", async () => {
    const { message } = expectRefusal(await ask(server, "pixverse-v6-i2w", {}), 404, "API_NOT_FOUND");
    expect(message).toContain('Did you mean "pixverse-v6-i2v"?');
    for (const path of Object.keys(GOOD)) expect(message).toContain(path);
  });

  test.each(["__proto__", "constructor", "task-result", "pixverse-v6-image-to-video", many(500)])(
    "a model called %s",
    async (path) => {
      expectRefusal(await ask(server, path, {}), 404, "API_NOT_FOUND");
    },
  );

  test.each([
    ["GET", "/v3/async/pixverse-v6-i2v"],
    ["GET", "/v3/nothing"],
    ["DELETE", RESULT],
  ])("%s %s", async (method, path) => {
    expectRefusal(await call<HighwayError>(server, path, { method }), 404, "API_NOT_FOUND");
  });

  test.each(["", "?task_id=", "?task_id=a&task_id=b", "?id=a"])(
    "a result asked for with %j",
    async (query) => {
      const answer = await call<HighwayError>(server, RESULT + query);
      expect(expectRefusal(answer, 400, "INVALID_REQUEST_BODY").metadata.field).toBe("task_id");
    },
  );
});

describe("limits", () => {
  test("of creates a minute, and of money", async () => {
    const poor = await startServer({
      ...NO_RENDER,
      REELAY_CREATES_PER_MINUTE: "1",
      REELAY_FAL_KEY: "none",
      REELAY_FAL_URL: "http://127.0.0.1:9",
    });
    try {
      const made = await reelay(["keys", "create", "poor", "--credits", "1"], {
        env: { REELAY_DATA_DIR: poor.dataDir },
      });
      const key = made.stdout.trim();
      const money = await ask(poor, T2V, GOOD[T2V], { key });
      expectRefusal(money, 400, "BILLING_BALANCE_NOT_ENOUGH");
      const more = await ask(poor, T2V, GOOD[T2V], { key });
      expect(expectRefusal(more, 429, "RATE_LIMIT_EXCEEDED").metadata.retryable).toBe("true");
      expect(Number(more.headers.get("retry-after"))).toBeGreaterThan(0);
      // A text that the page takes and this provider does not, in the page's words.
      const long = await ask(poor, T2V, { prompt: many(2300) });
      expect(expectRefusal(long, 400, "INVALID_REQUEST_BODY").message).toMatch(
        /2048 characters, not of 2300/,
      );
    } finally {
      await poor.discard();
    }
  });
});

import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import { foxapi } from "../../src/providers/foxapi.ts";
import { signCall, startFoxapi } from "../standins/foxapi.ts";
import { bodyOf, KEY, modelOf, prepared, SECRET, useFoxapi, work } from "./foxapi-under.ts";
import { allOf, type Behaviour, type Lacks, NEVER } from "./provider-samples.ts";
import { describeProvider } from "./provider-suite.ts";
import { type Setup, underTest } from "./under.ts";

const SCRIPTS: Readonly<Partial<Record<Behaviour, string>>> = {
  work: "duration=50",
  "work-slowly": "duration=1500",
  "never-end": "stuck",
  "say-an-unknown-word": "word=baking duration=300",
  "fail-on-content": "duration=0 fail=content_policy_violation",
  "fail-for-capacity": "duration=0 fail=resource_exhausted",
  "fail-inside": "duration=0 fail=service_error",
  "refuse-request": "status=422 code=invalid_parameters echo-key",
  "refuse-key": "status=401 echo-key",
  "refuse-balance": "status=402 echo-key",
  "refuse-model": "status=422 code=model_not_found echo-key",
  "refuse-content": "status=422 code=content_policy_violation echo-key",
  busy: "status=429 retry-after=3",
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
  "busy-at-the-first-check": "check-status=429 retry-after=3 check-times=1",
  "break-at-the-first-check": "check-status=500 check-times=1",
  "forget-the-work": "check-status=404",
  "cancel-too-late": "cancel=too-late duration=1500",
};
const SETUP: Omit<Setup, "start" | "told"> = {
  kind: foxapi,
  key: KEY,
  scripts: SCRIPTS,
  model: modelOf("pixverse-v6-image-to-video"),
  body: { image_url: "https://client.example/a.jpg" },
};
const LACKS: Lacks = {
  behaviours: {
    "ask-for-patience": "a task says nothing of when to ask again",
    "list-later": "nothing is looked up in a list",
    "list-nothing": "nothing is looked up in a list",
    "ignore-a-cancel": "a Reelay's cancel ends the task at once",
  },
};

describeProvider(
  "FoxAPI",
  {
    ...LACKS,
    find: "no list, no look-up, no idempotency key",
    cancel: "no endpoint is documented",
    signature: "none is documented",
  },
  underTest({
    ...SETUP,
    start: () => startFoxapi({ key: KEY }),
    told: async (ticket) => ({ headers: {}, body: bodyOf(ticket) }),
  }),
);

describeProvider(
  "a Reelay behind this one",
  LACKS,
  underTest({
    ...SETUP,
    start: () => startFoxapi({ key: KEY, reelay: true }),
    settings: () => ({ reelay: "yes", webhook_secret: SECRET }),
    told: async (ticket) => signCall(bodyOf(ticket), [SECRET]),
  }),
);

const { standIn, start, open, creates } = useFoxapi();

describe("what is asked of every model", () => {
  const PICTURE = { image_url: "https://c.example/a.jpg" };
  const LINK = (name: string) => `https://reelay.example/files/file_${name}/in?expires=1&signature=s`;
  const PIXVERSE = { resolution: "720p", duration: 5, generate_audio: false };
  const VEO = { aspect_ratio: "16:9", duration: 8, resolution: "1080p", generate_audio: false };
  const FULL_PIXVERSE = {
    ...{ resolution: "1080p", duration: 1, generate_audio: true, negative_prompt: "rain", style: "clay" },
    ...{ seed: 0, generate_multi_clip: false, thinking_type: "auto" },
  };
  const FULL_VEO = {
    ...{ aspect_ratio: "9:16", duration: 4, resolution: "720p", generate_audio: true, auto_fix: false },
    ...{ negative_prompt: "rain", seed: 0 },
  };

  it.each<[model: string, body: JsonObject, sent: JsonObject]>([
    ["pixverse-v6-text-to-video", {}, { ...PIXVERSE, aspect_ratio: "16:9" }],
    [
      "pixverse-v6-text-to-video",
      { ...FULL_PIXVERSE, aspect_ratio: "21:9" },
      { ...FULL_PIXVERSE, aspect_ratio: "21:9" },
    ],
    ["pixverse-v6-image-to-video", PICTURE, { ...PIXVERSE, image_url: LINK("image_url") }],
    [
      "pixverse-v6-image-to-video",
      { ...PICTURE, ...FULL_PIXVERSE },
      { ...FULL_PIXVERSE, image_url: LINK("image_url") },
    ],
    [
      "wan-2.7-image-to-video",
      { image_urls: ["https://c.example/a.jpg"] },
      { image_urls: [LINK("image_urls.0")], duration: 5, resolution: "1080p" },
    ],
    [
      "wan-2.7-image-to-video",
      {
        ...{
          generation_type: "first-last-frame",
          image_urls: ["https://c.example/a", "https://c.example/b"],
        },
        ...{ audio_url: "https://c.example/s", duration: 15, resolution: "720p", negative_prompt: "rain" },
        ...{ seed: 0, enable_prompt_expansion: false, enable_safety_checker: true },
      },
      {
        ...{ generation_type: "first-last-frame", image_urls: [LINK("image_urls.0"), LINK("image_urls.1")] },
        ...{ audio_url: LINK("audio_url"), duration: 15, resolution: "720p", negative_prompt: "rain" },
        ...{ seed: 0, enable_prompt_expansion: false, enable_safety_checker: true },
      },
    ],
    [
      "wan-2.7-image-to-video",
      { generation_type: "video-continuation", video_url: "https://c.example/c.mp4" },
      {
        generation_type: "video-continuation",
        video_url: LINK("video_url"),
        duration: 5,
        resolution: "1080p",
      },
    ],
    ["veo-3.1-image-to-video", PICTURE, { ...VEO, image_url: LINK("image_url") }],
    [
      "veo-3.1-image-to-video",
      {
        ...PICTURE,
        ...FULL_VEO,
        safety_tolerance: 6,
        enhance_prompt: false,
        person_generation: "dont_allow",
      },
      {
        ...{ ...FULL_VEO, safety_tolerance: 6, enhance_prompt: false, person_generation: "dont_allow" },
        image_url: LINK("image_url"),
      },
    ],
    ["veo-3.1-fast-image-to-video", PICTURE, { ...VEO, image_url: LINK("image_url") }],
    [
      "veo-3.1-fast-image-to-video",
      { ...PICTURE, ...FULL_VEO, safety_tolerance: 1 },
      { ...FULL_VEO, safety_tolerance: 1, image_url: LINK("image_url") },
    ],
    ["veo-3.1-lite-image-to-video", PICTURE, { ...VEO, image_url: LINK("image_url") }],
    [
      "veo-3.1-lite-image-to-video",
      { ...PICTURE, ...FULL_VEO },
      { ...FULL_VEO, image_url: LINK("image_url") },
    ],
    [
      "pixverse-v6-transition",
      { ...PICTURE, image_tail_url: "https://c.example/b", ...FULL_PIXVERSE, aspect_ratio: "2:3" },
      {
        ...{ ...FULL_PIXVERSE, aspect_ratio: "2:3" },
        ...{ image_url: LINK("image_url"), image_tail_url: LINK("image_tail_url") },
      },
    ],
    [
      "veo-3.1-extend",
      { video_url: "https://c.example/c.mp4", auto_fix: false, safety_tolerance: 6, seed: 0 },
      {
        ...{ video_url: LINK("video_url"), aspect_ratio: "16:9", generate_audio: true },
        ...{ auto_fix: false, safety_tolerance: 6, seed: 0 },
      },
    ],
    [
      "veo-3.1-extend-fast",
      { video_url: "https://c.example/c.mp4", generate_audio: false },
      { video_url: LINK("video_url"), aspect_ratio: "16:9", generate_audio: false },
    ],
  ])("%s is what the client asked, in the same names", async (model, body, sent) => {
    const provider = await open();
    const order = await prepared(provider, work("", { model, body }));
    expect(await provider.submit(order, NEVER)).toMatchObject({ accepted: { id: expect.any(String) } });
    expect(creates().map(({ json }) => json)).toEqual([{ model, prompt: order.params.prompt, ...sent }]);
    expect(standIn().asks).toHaveLength(1);
  });

  it.each([
    ["https://reelay.example/hooks/t/a/s", true],
    [`https://reelay.example/${"x".repeat(2_024)}`, true],
    [`https://reelay.example/${"x".repeat(2_026)}`, false],
    ["http://reelay.example/hooks/t/a/s", false],
    [null, false],
  ])("a call back to %s is asked for where it will be taken", async (webhookUrl, wanted) => {
    const provider = await open();
    await provider.submit(work("", { webhookUrl }), NEVER);
    const sent = creates()[0]?.json as JsonObject;
    expect(sent.callback_url).toBe(wanted ? webhookUrl : undefined);
    const silent = await open({ callbacks: "no" });
    await silent.submit(work("", { webhookUrl }), NEVER);
    expect(creates().at(-1)?.json).not.toHaveProperty("callback_url");
  });

  it("has a name of the attempt only where the other side is a Reelay", async () => {
    const order = work("");
    await (await open()).submit(order, NEVER);
    expect(creates()[0]?.headers).not.toHaveProperty("idempotency-key");
    await start({ reelay: true });
    await (await open({ reelay: "yes" })).submit(order, NEVER);
    expect(creates()[0]?.headers).toMatchObject({
      "idempotency-key": order.attemptId,
      authorization: `Bearer ${KEY}`,
    });
  });
});

describe("settings", () => {
  it.each<[Record<string, string>, RegExp]>([
    [{ reelay: "maybe" }, /reelay is "maybe" but must be yes or no/],
    [{ callbacks: "true" }, /callbacks is "true" but must be yes or no/],
    [{ webhook_secret: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }, /webhook_secret must be whsec_/],
    [{ webhook_secret: "whsec_" }, /webhook_secret must be whsec_/],
  ])("like %j are refused with a sentence, and a secret is not in it", async (settings, sentence) => {
    const thrown = await open(settings).catch((error: unknown) => error);
    expect(allOf(thrown)).toMatch(sentence);
    expect(allOf(thrown)).not.toContain("MfKQ9r8G");
  });
});

it("a ping counts the models, and a wrong key is told without it", async () => {
  expect(await (await open()).ping?.(NEVER)).toBe("answers 200 and lists 17 models");
  const wrong = await open({}, { key: "sk-wr0ng-one" });
  const thrown = await wrong.ping?.(NEVER).catch((error: unknown) => error);
  expect(thrown).toMatchObject({ message: expect.stringContaining("401") });
  expect(allOf(thrown)).not.toContain("sk-wr0ng-one");
});

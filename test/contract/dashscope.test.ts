import { beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import type { InputFile, Submission } from "../../src/core/provider.ts";
import { dashscope } from "../../src/providers/dashscope.ts";
import { DASHSCOPE_KEY, startDashscope } from "../standins/dashscope.ts";
import { eager, openBoth, PICTURE, wanWork } from "./dashscope-under.ts";
import { NEVER } from "./provider-samples.ts";
import { describeProvider } from "./provider-suite.ts";
import { openKind, underTest, useBoth } from "./under.ts";
import { workFor } from "./work.ts";

describeProvider(
  "DashScope",
  {
    progress: "a running task has no percentage",
    webhook: "its calls go through Alibaba's EventBridge, which an operator would have to set up",
    behaviours: {
      "ask-for-patience": "a task never says when to come back",
      "ignore-a-cancel": "a task is cancelled while it waits, or the cancel is refused",
    },
  },
  underTest({
    kind: eager,
    start: startDashscope,
    key: DASHSCOPE_KEY,
    model: "wan-2.7-image-to-video",
    body: { image_urls: [PICTURE] },
    scripts: {
      work: "duration=50",
      "never-end": "queued=3600000 stuck",
      "say-an-unknown-word": "word=BAKING duration=300",
      "fail-on-content": "duration=0 fail=content_policy",
      "fail-for-capacity": "duration=0 fail=capacity",
      "fail-inside": "duration=0 fail=melted",
      "refuse-request": "status=400 echo-key",
      "refuse-key": "status=401 echo-key",
      "refuse-balance": "status=400 code=Arrearage echo-key",
      "refuse-model": "status=404 echo-key",
      "refuse-content": "status=400 code=DataInspectionFailed echo-key",
      busy: "status=429",
      "drop-before-accept": "drop-before-accept",
      "reset-before-accept": "reset-before-accept",
      "accept-then-drop": "accept-then-drop duration=0",
      "accept-then-reset": "accept-then-reset duration=0",
      "accept-then-500": "accepted-status=500 duration=0",
      "accept-then-502": "accepted-status=502 duration=0",
      "accept-then-503": "accepted-status=503 duration=0",
      "accept-then-504": "accepted-status=504 duration=0",
      "accept-then-garbage": "garbage duration=0",
      "accept-and-never-answer": "late-answer=60000 duration=0",
      "drop-the-first-check": "check-drop check-times=1 duration=0",
      "busy-at-the-first-check": "check-status=429 retry-after=3 check-times=1",
      "break-at-the-first-check": "check-status=500 check-times=1 duration=0",
      "forget-the-work": "word=UNKNOWN stuck",
      "list-later": "accept-then-drop find=later duration=0",
      "list-nothing": "accept-then-drop find=nothing duration=0",
      "cancel-too-late": "duration=1500",
    },
  }),
);

const at = useBoth(openBoth);

describe("what DashScope is sent", () => {
  beforeEach(() => at.open({ region: "beijing" }, { settings: { region: "beijing" } }));

  const frame = "https://reelay.example/files/file_input.media.";
  const url = (type: string): string => `${frame}${type}/in?expires=1&signature=s`;
  const medium = (type: string) => ({ type, url: url(type) });

  const ROUTES: readonly (readonly [name: string, model: string, body: JsonObject, sent: JsonObject])[] = [
    [
      "one picture and nothing else",
      "wan-2.7-image-to-video",
      { image_urls: [PICTURE] },
      {
        model: "wan2.7-i2v",
        input: { media: [medium("first_frame")] },
        parameters: { resolution: "1080P", duration: 5, watermark: false },
      },
    ],
    [
      "everything that goes with pictures, falsehoods and zeros included",
      "wan-2.7-image-to-video",
      {
        prompt: "Waves.",
        image_urls: [PICTURE, PICTURE],
        audio_url: "https://client.example/a.wav",
        negative_prompt: "people",
        resolution: "720p",
        duration: 15,
        seed: 0,
        enable_prompt_expansion: false,
      },
      {
        model: "wan2.7-i2v",
        input: {
          prompt: "Waves.",
          negative_prompt: "people",
          media: [medium("first_frame"), medium("last_frame"), medium("driving_audio")],
        },
        parameters: { resolution: "720P", duration: 15, prompt_extend: false, watermark: false, seed: 0 },
      },
    ],
    [
      "a clip to go on from",
      "wan-2.7-image-to-video",
      { video_url: "https://client.example/a.mp4", prompt: "Waves." },
      {
        model: "wan2.7-i2v",
        input: { prompt: "Waves.", media: [medium("first_clip")] },
        parameters: { resolution: "1080P", duration: 5, watermark: false },
      },
    ],
    [
      "PixVerse from text, with no more than its prompt",
      "pixverse-v6-text-to-video",
      { prompt: "Waves." },
      {
        model: "pixverse/pixverse-v6-t2v",
        input: { prompt: "Waves." },
        parameters: { size: "1280*720", duration: 5, audio: false, shot_type: "single", watermark: false },
      },
    ],
    [
      "PixVerse from text, with all it takes",
      "pixverse-v6-text-to-video",
      {
        prompt: "Waves.",
        resolution: "1080p",
        aspect_ratio: "9:16",
        duration: 15,
        generate_audio: true,
        generate_multi_clip: true,
        seed: 0,
      },
      {
        model: "pixverse/pixverse-v6-t2v",
        input: { prompt: "Waves." },
        parameters: {
          size: "1080*1920",
          duration: 15,
          audio: true,
          shot_type: "multi",
          watermark: false,
          seed: 0,
        },
      },
    ],
    [
      "PixVerse from a picture, with no more than it needs",
      "pixverse-v6-image-to-video",
      { prompt: "Waves.", image_url: PICTURE },
      {
        model: "pixverse/pixverse-v6-it2v",
        input: { prompt: "Waves.", media: [medium("image_url")] },
        parameters: { resolution: "720P", duration: 5, audio: false, shot_type: "single", watermark: false },
      },
    ],
    [
      "PixVerse from a picture, with all it takes",
      "pixverse-v6-image-to-video",
      {
        prompt: "Waves.",
        image_url: PICTURE,
        resolution: "360p",
        duration: 1,
        generate_audio: true,
        generate_multi_clip: false,
        seed: 2147483647,
      },
      {
        model: "pixverse/pixverse-v6-it2v",
        input: { prompt: "Waves.", media: [medium("image_url")] },
        parameters: {
          resolution: "360P",
          duration: 1,
          audio: true,
          shot_type: "single",
          watermark: false,
          seed: 2147483647,
        },
      },
    ],
  ];

  it.each(ROUTES)("is exactly this for %s", async (_name, model, body, sent) => {
    const work = workFor({ kind: "dashscope", model, body });
    expect(await at.provider.submit(work, NEVER)).toEqual({ accepted: { task: expect.any(String) } });
    const [ask, ...others] = at.standIn.asks;
    expect(others).toEqual([]);
    expect(ask?.json).toEqual(sent);
    expect(ask?.headers).toMatchObject({
      authorization: `Bearer ${DASHSCOPE_KEY}`,
      "x-dashscope-async": "enable",
      "content-type": "application/json",
    });
  });

  it("has its files in one order, whichever they came in", async () => {
    const made = wanWork("Waves.", {
      image_urls: [PICTURE, PICTURE],
      audio_url: "https://client.example/a.wav",
    });
    const media = Object.fromEntries(Object.entries(made.media).toReversed());
    await at.provider.submit({ ...made, media }, NEVER);
    const sent = at.standIn.asks[0]?.json as { input: { media: readonly { type: string }[] } };
    expect(sent.input.media.map(({ type }) => type)).toEqual(["first_frame", "last_frame", "driving_audio"]);
  });

  it("is the picture itself where it could not follow a link of ours", async () => {
    const body = { image_urls: [PICTURE], prompt: "Waves." };
    const work = workFor({ kind: "dashscope", model: "wan-2.7-image-to-video", body, links: false });
    expect(await at.provider.submit(work, NEVER)).toMatchObject({ accepted: expect.anything() });
    const sent = at.standIn.asks[0]?.json as { input: { media: [{ url: string }] } };
    expect(sent.input.media[0].url).toMatch(/^data:image\/jpeg;base64,\/9j\//);
  });

  const large = (file: InputFile): InputFile => ({
    ...file,
    facts: { ...file.facts, bytes: 20 * 1024 * 1024 + 1 },
  });
  it.each([
    ["a clip", "wan-2.7-image-to-video", { video_url: "https://client.example/a.mp4" }, undefined],
    [
      "a sound",
      "wan-2.7-image-to-video",
      { image_urls: [PICTURE], audio_url: "https://client.example/a.wav" },
      undefined,
    ],
    ["a picture for PixVerse", "pixverse-v6-image-to-video", { image_url: PICTURE }, undefined],
    ["a picture of more than 20 MiB", "wan-2.7-image-to-video", { image_urls: [PICTURE] }, large],
  ])("is nothing where %s would have to go inside the request", async (_name, model, body, change) => {
    const made = workFor({ kind: "dashscope", model, body: { prompt: "Waves.", ...body }, links: false });
    const media = Object.entries(made.media).map(([name, file]) => [name, change?.(file) ?? file]);
    const work = { ...made, media: Object.fromEntries(media) as Submission["media"] };
    await expect(at.provider.submit(work, NEVER)).rejects.toMatchObject({
      code: "input_out_of_limits",
      message: expect.stringContaining("REELAY_PUBLIC_URL"),
    });
    expect(at.standIn.asks).toEqual([]);
  });
});

describe("PixVerse on Model Studio", () => {
  it.each([
    ["https://dashscope.aliyuncs.com", "", true],
    ["https://dashscope-intl.aliyuncs.com", "", false],
    ["https://dashscope-us.aliyuncs.com", "", false],
    ["https://proxy.example/dashscope.aliyuncs.com", "", false],
    ["https://proxy.example", "beijing", true],
    ["https://dashscope.aliyuncs.com", "singapore", false],
  ])("at %s with region %j is served: %s", async (baseUrl, region, served) => {
    const opened = await openKind(dashscope, { baseUrl, key: "k", settings: { region } });
    expect(opened.serves?.("pixverse/pixverse-v6-t2v")).toBe(served);
    expect(opened.serves?.("wan2.7-i2v")).toBe(true);
    await opened.close?.();
  });

  it("cannot be opened with a region that nobody knows", async () => {
    const opening = openKind(dashscope, {
      baseUrl: "https://x.example",
      key: "k",
      settings: { region: "mars" },
    });
    await expect(opening).rejects.toThrow(/region must be one of beijing/);
  });
});

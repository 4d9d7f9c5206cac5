import { beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import type { InputFile, Submission } from "../../src/core/provider.ts";
import { REPLICATE_KEY, signCall, startReplicate } from "../standins/replicate.ts";
import { NEVER } from "./provider-samples.ts";
import { describeProvider } from "./provider-suite.ts";
import { eager, openBoth, PICTURE } from "./replicate-under.ts";
import { underTest, useBoth } from "./under.ts";
import { workFor } from "./work.ts";

describeProvider(
  "Replicate",
  {
    behaviours: {
      "refuse-content": "content is judged while the prediction runs",
      "ask-for-patience": "a prediction never says when to come back",
    },
  },
  underTest({
    kind: eager,
    start: startReplicate,
    key: REPLICATE_KEY,
    model: "pixverse-v6-text-to-video",
    body: {},
    scripts: {
      work: "duration=50",
      "work-slowly": "duration=1500",
      "never-end": "stuck",
      "say-an-unknown-word": "word=baking duration=300",
      "fail-on-content": "duration=0 fail=content_policy",
      "fail-for-capacity": "duration=0 fail=capacity",
      "fail-inside": "duration=0 fail=melted",
      "refuse-request": "status=422 echo-key",
      "refuse-key": "status=401 echo-key",
      "refuse-balance": "status=402 echo-key",
      "refuse-model": "status=404 echo-key",
      busy: "status=429",
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
      "list-later": "accept-then-drop find=later",
      "list-nothing": "accept-then-drop find=nothing",
      "ignore-a-cancel": "cancel=ignored duration=300",
      "cancel-too-late": "duration=0",
    },
    told: async (ticket) =>
      signCall({ id: (ticket as { prediction: string }).prediction, status: "succeeded" }),
  }),
);

const at = useBoth(openBoth);

describe("what Replicate is sent", () => {
  beforeEach(() => at.open());

  const url = (name: string): string => `https://reelay.example/files/file_${name}/in?expires=1&signature=s`;
  const VEO = { aspect_ratio: "16:9", duration: 8, resolution: "1080p", generate_audio: false };

  const ROUTES: readonly (readonly [
    name: string,
    model: string,
    body: JsonObject,
    to: string,
    input: JsonObject,
  ])[] = [
    [
      "PixVerse from text, with no more than its prompt",
      "pixverse-v6-text-to-video",
      { prompt: "Waves." },
      "pixverse/pixverse-v6",
      {
        prompt: "Waves.",
        aspect_ratio: "16:9",
        quality: "720p",
        duration: 5,
        generate_audio_switch: false,
        generate_multi_clip_switch: false,
      },
    ],
    [
      "PixVerse from text, with all it takes",
      "pixverse-v6-text-to-video",
      {
        prompt: "Waves.",
        aspect_ratio: "21:9",
        resolution: "1080p",
        duration: 15,
        generate_audio: true,
        negative_prompt: "people",
        seed: 0,
        generate_multi_clip: true,
      },
      "pixverse/pixverse-v6",
      {
        prompt: "Waves.",
        aspect_ratio: "21:9",
        quality: "1080p",
        duration: 15,
        generate_audio_switch: true,
        negative_prompt: "people",
        seed: 0,
        generate_multi_clip_switch: true,
      },
    ],
    [
      "PixVerse from a picture, with no more than it needs",
      "pixverse-v6-image-to-video",
      { prompt: "Waves.", image_url: PICTURE },
      "pixverse/pixverse-v6",
      {
        prompt: "Waves.",
        image: url("image"),
        quality: "720p",
        duration: 5,
        generate_audio_switch: false,
        generate_multi_clip_switch: false,
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
        negative_prompt: "people",
        seed: 7,
        generate_multi_clip: true,
      },
      "pixverse/pixverse-v6",
      {
        prompt: "Waves.",
        image: url("image"),
        quality: "360p",
        duration: 1,
        generate_audio_switch: true,
        negative_prompt: "people",
        seed: 7,
        generate_multi_clip_switch: true,
      },
    ],
    [
      "Wan from one picture",
      "wan-2.7-image-to-video",
      { image_urls: [PICTURE] },
      "wan-video/wan-2.7-i2v",
      { first_frame: url("first_frame"), resolution: "1080p", duration: 5 },
    ],
    [
      "Wan from two pictures and a sound, with all it takes",
      "wan-2.7-image-to-video",
      {
        prompt: "Waves.",
        negative_prompt: "people",
        image_urls: [PICTURE, PICTURE],
        audio_url: "https://client.example/a.wav",
        resolution: "720p",
        duration: 15,
        enable_prompt_expansion: false,
        seed: 0,
      },
      "wan-video/wan-2.7-i2v",
      {
        prompt: "Waves.",
        negative_prompt: "people",
        first_frame: url("first_frame"),
        last_frame: url("last_frame"),
        audio: url("audio"),
        resolution: "720p",
        duration: 15,
        enable_prompt_expansion: false,
        seed: 0,
      },
    ],
    [
      "Wan from a clip",
      "wan-2.7-image-to-video",
      { video_url: "https://client.example/a.mp4" },
      "wan-video/wan-2.7-i2v",
      { first_clip: url("first_clip"), resolution: "1080p", duration: 5 },
    ],
    ...["", "-fast", "-lite"].map(
      (variant) =>
        [
          `Veo 3.1${variant} with no more than it needs`,
          `veo-3.1${variant}-image-to-video`,
          { prompt: "Waves.", image_url: PICTURE },
          `google/veo-3.1${variant}`,
          { prompt: "Waves.", image: url("image"), ...VEO },
        ] as const,
    ),
    ...["", "-fast", "-lite"].map(
      (variant) =>
        [
          `Veo 3.1${variant} with all it takes`,
          `veo-3.1${variant}-image-to-video`,
          {
            prompt: "Waves.",
            image_url: PICTURE,
            aspect_ratio: "9:16",
            duration: 4,
            resolution: "720p",
            generate_audio: true,
            negative_prompt: "people",
            seed: 4294967295,
          },
          `google/veo-3.1${variant}`,
          {
            prompt: "Waves.",
            image: url("image"),
            aspect_ratio: "9:16",
            duration: 4,
            resolution: "720p",
            generate_audio: true,
            negative_prompt: "people",
            seed: 4294967295,
          },
        ] as const,
    ),
  ];

  it.each(ROUTES)("is exactly this for %s", async (_name, model, body, to, input) => {
    const work = workFor({ kind: "replicate", model, body });
    expect(await at.provider.submit(work, NEVER)).toEqual({ accepted: { prediction: expect.any(String) } });
    const [ask, ...others] = at.standIn.asks;
    expect(others).toEqual([]);
    expect([ask?.method, ask?.path, ask?.json]).toEqual(["POST", `/v1/models/${to}/predictions`, { input }]);
    expect(ask?.headers.authorization).toBe(`Bearer ${REPLICATE_KEY}`);
  });

  it("is where to call at the end, where we can be reached", async () => {
    const webhookUrl = "https://reelay.example/hooks/task_1/att_1/signed";
    const body = { prompt: "Waves. script: webhook=never" };
    const work = workFor({ kind: "replicate", model: "pixverse-v6-text-to-video", body, webhookUrl });
    await at.provider.submit(work, NEVER);
    expect(at.standIn.asks[0]?.json).toMatchObject({
      webhook: webhookUrl,
      webhook_events_filter: ["completed"],
    });
  });

  const pictureWork = (change: (file: InputFile) => InputFile): Submission => {
    const body = { prompt: "Waves.", image_url: PICTURE };
    const work = workFor({ kind: "replicate", model: "pixverse-v6-image-to-video", body, links: false });
    const image = work.media.image as InputFile;
    return { ...work, media: { image: change(image) } };
  };

  it("is a small picture itself where it could not follow a link of ours", async () => {
    const small = pictureWork((file) => ({ ...file, facts: { ...file.facts, bytes: 256_000 } }));
    expect(await at.provider.submit(small, NEVER)).toMatchObject({ accepted: expect.anything() });
    const sent = at.standIn.asks[0]?.json as { input: { image: string } };
    expect(sent.input.image).toMatch(/^data:image\/jpeg;base64,\/9j\//);
  });

  it("is nothing where a larger one would have to go inside the request", async () => {
    const large = pictureWork((file) => ({ ...file, facts: { ...file.facts, bytes: 256_001 } }));
    await expect(at.provider.submit(large, NEVER)).rejects.toMatchObject({
      code: "input_out_of_limits",
      message: expect.stringContaining("REELAY_PUBLIC_URL"),
    });
    expect(at.standIn.asks).toEqual([]);
  });
});

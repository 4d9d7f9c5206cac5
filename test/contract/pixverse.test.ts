import { beforeEach, describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { Submission } from "../../src/core/provider.ts";
import { pixverse } from "../../src/providers/pixverse.ts";
import { pixverseCall, startPixverse } from "../standins/pixverse.ts";
import type { Ask } from "../standins/standin.ts";
import {
  at,
  I2V,
  KEY,
  PICTURE,
  reopenWith,
  start,
  startAnswering,
  stopAfterEach,
  T2V,
  textWork,
} from "./pixverse-samples.ts";
import { type Behaviour, NEVER } from "./provider-samples.ts";
import { describeProvider } from "./provider-suite.ts";
import { underTest } from "./under.ts";
import { workFor } from "./work.ts";

const SECRET = "whsec-of-the-dashboard";

const SCRIPTS: Readonly<Partial<Record<Behaviour, string>>> = {
  work: "duration=50",
  "work-slowly": "duration=1500",
  "never-end": "stuck",
  "say-an-unknown-word": "word=9 duration=300",
  "fail-on-content": "duration=0 fail=7",
  "fail-inside": "duration=0 fail=8",
  "refuse-request": "status=200 code=400017 echo-key",
  "refuse-key": "status=200 code=400012 echo-key",
  "refuse-balance": "status=200 code=500090 echo-key",
  "refuse-model": "status=200 code=500020 echo-key",
  "refuse-content": "status=200 code=500063 echo-key",
  busy: "status=200 code=500044",
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
  "forget-the-work": "check-status=200 code=500008",
};

const open = underTest({
  kind: pixverse,
  start: () => startPixverse({ key: KEY }),
  key: KEY,
  settings: () => ({ webhook_id: "4711", webhook_secret: SECRET }),
  scripts: SCRIPTS,
  model: I2V,
  body: { image_url: PICTURE, resolution: "360p" },
  told: async (ticket) => {
    const { video_id } = ticket as { video_id: string };
    const timestamp = String(Math.floor(Date.now() / 1000));
    const fields = { status: 1, id: video_id, url: "https://media.example/a.mp4", has_audio: true };
    return pixverseCall(fields, { secret: SECRET, timestamp });
  },
});

describeProvider(
  "PixVerse",
  {
    progress: "it tells no percentage",
    find: "that a repeated Ai-trace-id orders nothing is no guarantee",
    cancel: "it has none",
    behaviours: {
      "fail-for-capacity": "a failed video has no reason",
      "ask-for-patience": "it never asks for it",
    },
  },
  open,
);

async function order(work: Submission): Promise<Ask> {
  const prepared = (await at.provider.prepare?.(work, NEVER)) ?? null;
  expect(await at.provider.submit({ ...work, prepared }, NEVER)).toMatchObject({ accepted: {} });
  return at.standIn.asks.at(-1) as Ask;
}

const EVERYTHING: JsonObject = {
  prompt: "A fox",
  resolution: "1080p",
  duration: 15,
  generate_audio: true,
  negative_prompt: "rain",
  style: "3d_animation",
  seed: 0,
  generate_multi_clip: false,
  thinking_type: "disabled",
};
const EVERYTHING_TOLD: JsonObject = {
  model: "v6",
  prompt: "A fox",
  quality: "1080p",
  duration: 15,
  generate_audio_switch: true,
  negative_prompt: "rain",
  style: "3d_animation",
  seed: 0,
  generate_multi_clip_switch: false,
  thinking_type: "disabled",
};

describe("what PixVerse is told", () => {
  beforeEach(() => start());
  stopAfterEach();

  it("of a text alone is every default, and no picture", async () => {
    const work = workFor({ kind: "pixverse", model: T2V, body: { prompt: "A fox" } });
    const ask = await order(work);
    expect([ask.path, ask.json]).toEqual([
      "/openapi/v2/video/text/generate",
      {
        model: "v6",
        prompt: "A fox",
        aspect_ratio: "16:9",
        quality: "720p",
        duration: 5,
        generate_audio_switch: false,
        generate_multi_clip_switch: false,
      },
    ]);
    expect(at.standIn.asks.length).toBe(1);
  });

  it("of a text with everything is everything, false and 0 included", async () => {
    const ask = await order(
      workFor({
        kind: "pixverse",
        model: T2V,
        body: { ...EVERYTHING, aspect_ratio: "21:9" },
      }),
    );
    expect(ask.json).toEqual({ ...EVERYTHING_TOLD, aspect_ratio: "21:9" });
  });

  it("of a picture alone is its number and every default", async () => {
    const ask = await order(
      workFor({ kind: "pixverse", model: I2V, body: { prompt: "A fox", image_url: PICTURE } }),
    );
    expect([ask.path, ask.json]).toEqual([
      "/openapi/v2/video/img/generate",
      {
        model: "v6",
        img_id: 81732,
        prompt: "A fox",
        quality: "720p",
        duration: 5,
        generate_audio_switch: false,
        generate_multi_clip_switch: false,
      },
    ]);
  });

  it("of a picture with everything is everything, false and 0 included", async () => {
    const work = workFor({ kind: "pixverse", model: I2V, body: { ...EVERYTHING, image_url: PICTURE } });
    expect((await order(work)).json).toEqual({ ...EVERYTHING_TOLD, img_id: 81732 });
  });

  it("is every digit of a picture's number, where a double would round it", async () => {
    const work = workFor({ kind: "pixverse", model: I2V, body: { prompt: "A fox", image_url: PICTURE } });
    await order(work);
    const { bytes } = await order({ ...work, attemptId: "att_2" });
    expect(bytes.toString()).toContain('"img_id":9107199254740993}');
  });

  it("is our key in API-KEY, and a new trace id for every request but that of the same attempt", async () => {
    const work = { ...textWork("duration=50"), attemptId: "att_1" };
    const first = await at.provider.submit(work, NEVER);
    const again = await at.provider.submit(work, NEVER);
    // Its dedupe, where it holds: the same attempt has one video.
    expect(again).toEqual(first);
    expect(at.standIn.jobs.size).toBe(1);
    const { accepted } = first as { accepted: Json };
    for (let time = 0; time < 3; time++) await at.provider.check(accepted, NEVER);
    await at.provider.submit({ ...work, attemptId: "att_2" }, NEVER);
    const traces = at.standIn.asks.map(({ headers }) => headers["ai-trace-id"]);
    expect(traces.slice(0, 2)).toEqual(Array(2).fill("fac07796-0e19-56df-b731-92d69e10b239"));
    expect(new Set(traces).size).toBe(5);
    expect(at.standIn.asks.map(({ headers }) => headers["api-key"])).toEqual(Array(6).fill(KEY));
  });

  it("has no webhook_id where none is registered, and it where one is", async () => {
    await at.provider.submit(textWork("duration=0"), NEVER);
    expect(at.standIn.asks.at(-1)?.json).not.toHaveProperty("webhook_id");
    await start({}, { webhook_id: "4711" });
    await at.provider.submit(textWork("duration=0"), NEVER);
    expect(at.standIn.asks.at(-1)?.json).toMatchObject({ webhook_id: "4711" });
  });
});

describe("a ping of PixVerse", () => {
  stopAfterEach();

  it("says how much credit is left", async () => {
    await start();
    expect(await at.provider.ping?.(NEVER)).toBe("answers, and takes the key: 1072650 credits left");
  });

  it("says that the key is not taken, or that it is something else that answers", async () => {
    await start();
    await reopenWith("pv-old");
    await expect(at.provider.ping?.(NEVER)).rejects.toMatchObject({ code: "provider_account" });
    await startAnswering(() => ({ status: 404, body: "<html>" }));
    await expect(at.provider.ping?.(NEVER)).rejects.toThrow("404");
    await startAnswering(() => ({ status: 200, body: { ok: true } }));
    await expect(at.provider.ping?.(NEVER)).rejects.toThrow("not as PixVerse does");
  });
});

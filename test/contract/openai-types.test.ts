/**
 * The dialect's own words, held to the package that it comes from: its published types for the names of a create, and its
 * client for the stand-in that everything else here is tested against.
 */
import { openAsBlob } from "node:fs";
import OpenAI from "openai";
import type { Video, VideoCreateParams } from "openai/resources/videos";
import { describe, expect, it } from "vitest";
import { startOpenaiVideos } from "../standins/openai-videos.ts";
import { TINY_MP4 } from "../support/fake-file.ts";
import { acceptedBy, I2V, openBoth, PICTURE, T2V } from "./openai-videos-samples.ts";
import { closeBoth } from "./under.ts";
import { workFor } from "./work.ts";

type Names = { readonly [Name in keyof VideoCreateParams]-?: true };

/** Every field that OpenAI's create has: one more or one less there, and this does not compile. */
const SHARED = {
  prompt: true,
  model: true,
  seconds: true,
  size: true,
  input_reference: true,
} satisfies Names;

// @ts-expect-error: a misspelt field is none of OpenAI's.
({ ...SHARED, input_referense: true }) satisfies Names;

// @ts-expect-error: seconds are text there.
({ prompt: "A fox", seconds: 4 }) satisfies VideoCreateParams;

/** What vLLM-Omni and SGLang take beside OpenAI's. */
const OWN = ["fps", "negative_prompt", "seed"];

describe("OpenAI's published types", () => {
  it.each([
    [T2V, {}],
    [I2V, { image_url: PICTURE }],
  ])("have every field that a create sends, or it is one of the servers' own", async (model, files) => {
    const both = await openBoth();
    const body = { prompt: "A fox", negative_prompt: "rain", seed: 0, duration: 4, ...files };
    await acceptedBy(both, workFor({ kind: "openai-videos", model, body }));
    const form = await both.standIn.asks[0]?.form();
    const sent = [...(form?.keys() ?? [])].filter((name) => !OWN.includes(name));
    const expected = Object.keys(SHARED).filter((name) => name !== "input_reference" || model === I2V);
    expect(sent.toSorted()).toEqual(expected.toSorted());
    const shared = {
      prompt: String(form?.get("prompt")),
      model: String(form?.get("model")),
      seconds: form?.get("seconds") as "4",
      size: form?.get("size") as "1280x720",
      ...(form?.has("input_reference") ? { input_reference: form.get("input_reference") as File } : {}),
    } satisfies VideoCreateParams;
    expect([shared.seconds, shared.size]).toEqual(["4", "1280x720"]);
    await closeBoth(both);
  });
});

describe("OpenAI's own client", () => {
  it("makes, lists, reads, fetches and deletes a video of the stand-in", async () => {
    const standIn = await startOpenaiVideos({ profile: "vllm-omni", key: "sk-x" });
    const { videos } = new OpenAI({ apiKey: "sk-x", baseURL: `${standIn.url}/v1`, maxRetries: 0 });
    const picture = await openAsBlob(new URL("../../samples/lighthouse.jpg", import.meta.url), {
      type: "image/jpeg",
    });
    const made = await videos.create({
      ...{ prompt: "A fox. script: duration=0", model: "Wan-AI/a", seconds: "4", size: "1280x720" },
      input_reference: new File([picture], "a.jpg", { type: "image/jpeg" }),
    });
    expect(made).toMatchObject({ object: "video", status: "queued", seconds: "4" } satisfies Partial<Video>);
    expect(await videos.retrieve(made.id)).toMatchObject({ id: made.id, status: "completed", progress: 100 });
    const listed: string[] = [];
    for await (const { id } of videos.list({ limit: 10, order: "desc" })) listed.push(id);
    expect(listed).toEqual([made.id]);
    const bytes = await (await videos.downloadContent(made.id)).arrayBuffer();
    expect(bytes.byteLength).toBe(TINY_MP4.length);
    expect(await videos.delete(made.id)).toEqual({ id: made.id, deleted: true, object: "video.deleted" });
    await expect(videos.retrieve(made.id)).rejects.toMatchObject({ status: 404 });
    expect(standIn.complaints).toEqual([]);
    await standIn.close();
  });
});

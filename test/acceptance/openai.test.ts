/** The official, unmodified `openai` client against a started server: from a create to bytes that can be watched. */
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import OpenAI, { toFile } from "openai";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, IDS } from "../support/api.ts";
import { openSamples, picture } from "../support/media.ts";
import { clientOf, createVideo, type Extra, errorOf, probeBytes, waitForVideo } from "../support/openai.ts";
import { prober } from "../support/probe.ts";
import { openReceiver } from "../support/receiver.ts";
import { reelay } from "../support/run.ts";
import { type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

let server: Server;
let client: OpenAI;
beforeAll(async () => {
  await prober();
  server = await startServer();
  client = clientOf(server);
});
afterAll(() => server.discard());

const WORDS = { model: IDS.pixverseText, prompt: "waves at the beach", seconds: "1", size: "640x360" };

async function make(params: Readonly<Record<string, unknown>>): Promise<Extra> {
  const video = await waitForVideo(client, (await createVideo(client, params)).id);
  if (video.status !== "completed") throw new Error(JSON.stringify(video.error));
  return video;
}

const bytesOf = async (answer: Pick<Response, "arrayBuffer">): Promise<Buffer> =>
  Buffer.from(await answer.arrayBuffer());

describe("a video from words", () => {
  let made: Extra;
  let video: Extra;
  beforeAll(async () => {
    made = await createVideo(client, WORDS);
    video = await waitForVideo(client, made.id);
  });

  test("is answered at once, and completed with what was asked", async () => {
    expect(made).toEqual({
      id: expect.stringMatching(/^video_[0-9a-z]{21}$/),
      object: "video",
      status: expect.stringMatching(/^(queued|in_progress)$/),
      model: IDS.pixverseText,
      progress: expect.any(Number),
      created_at: expect.any(Number),
      completed_at: null,
      expires_at: null,
      size: "640x360",
      seconds: "1",
      prompt: WORDS.prompt,
      remixed_from_video_id: null,
      error: null,
      notes: [],
      billing: { state: "free", credits: 0 },
    });
    expect(Math.abs(made.created_at - Date.now() / 1000)).toBeLessThan(120);
    const { completed_at, expires_at } = video;
    expect(video).toEqual({ ...made, status: "completed", progress: 100, completed_at, expires_at });
    expect(completed_at).toBeGreaterThanOrEqual(made.created_at);
    expect(expires_at, "results are kept for 30 days").toBe((completed_at ?? 0) + 30 * 86_400);
  });

  test("has content that decodes as what the answer says", async () => {
    const answer = await client.videos.downloadContent(video.id);
    expect(answer.headers.get("content-type")).toBe("video/mp4");
    const bytes = await bytesOf(answer);
    expect(await probeBytes(bytes)).toMatchObject({ width: 640, height: 360, frames: 24, sound: null });
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    expect(answer.headers.get("etag")).toBe(`"${sha256}"`);
    const named = await client.videos.downloadContent(video.id, { variant: "video" });
    expect((await bytesOf(named)).equals(bytes)).toBe(true);
  });

  test("has a thumbnail and a spritesheet, which decode as pictures", async () => {
    const thumbnail = await client.videos.downloadContent(video.id, { variant: "thumbnail" });
    expect(thumbnail.headers.get("content-type")).toBe("image/webp");
    expect(await sharp(await bytesOf(thumbnail)).metadata()).toMatchObject({
      format: "webp",
      width: 640,
      height: 360,
    });
    const sheet = await client.videos.downloadContent(video.id, { variant: "spritesheet" });
    expect(sheet.headers.get("content-type")).toBe("image/jpeg");
    const { format, width = 0, height = 1 } = await sharp(await bytesOf(sheet)).metadata();
    expect([format, width / height > 5]).toEqual(["jpeg", true]);
  });

  test("is sent in ranges, and not again to whoever has it", async () => {
    const url = `${server.url}/v1/videos/${video.id}/content`;
    const get = (headers: Record<string, string>, method = "GET"): Promise<Response> =>
      fetch(url, { method, headers: { authorization: `Bearer ${server.key}`, ...headers } });
    const whole = await bytesOf(await get({}));
    const part = await get({ range: "bytes=100-299" });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 100-299/${whole.length}`]);
    expect((await bytesOf(part)).equals(whole.subarray(100, 300))).toBe(true);
    expect((await get({ range: `bytes=${whole.length}-` })).status).toBe(416);
    const head = await get({}, "HEAD");
    expect([head.status, head.headers.get("content-length")]).toEqual([200, String(whole.length)]);
    expect(await head.text()).toBe("");
    const etag = head.headers.get("etag") ?? "";
    expect((await get({ "if-none-match": etag })).status).toBe(304);
    expect((await fetch(url)).status, "nobody without a key").toBe(401);
  });

  test("cannot be had in a variant that there is not", async () => {
    const error = await errorOf(client.videos.downloadContent(video.id, { variant: "gif" as "video" }));
    expect(error).toMatchObject({
      status: 400,
      param: "variant",
      message: expect.stringContaining("spritesheet"),
    });
  });
});

describe("a video from a picture", () => {
  test("that is a file, in the form that the client sends, with parameters of the model's own", async () => {
    const image = await picture({ width: 640, height: 480 });
    const video = await make({
      ...{ model: IDS.pixverseImage, prompt: "the camera pushes in", seconds: 1, resolution: "360p" },
      ...{ generate_audio: true, seed: 7, negative_prompt: "blur" },
      input_reference: await toFile(image, "frame.png", { type: "image/png" }),
    });
    expect(video).toMatchObject({ size: "480x360", seconds: "1", model: IDS.pixverseImage });
    const bytes = await bytesOf(await client.videos.downloadContent(video.id));
    expect(await probeBytes(bytes)).toMatchObject({ width: 480, height: 360, sound: { codec: "aac" } });
  });

  test("says in its size and in a note that the picture's shape was not the asked one", async () => {
    const image = await picture({ width: 640, height: 480 });
    const params = { model: IDS.pixverseImage, prompt: "push in", seconds: "1", size: "640x360" };
    const made = await createVideo(client, { ...params, input_reference: await toFile(image, "a.png") });
    expect(made.size).toBe("640x360");
    expect(await waitForVideo(client, made.id)).toMatchObject({
      size: "480x360",
      notes: [{ field: "size", message: expect.stringMatching(/640x360 was asked.*480x360/) }],
    });
  });
});

describe("a remix", () => {
  test("has the source's parameters and picture, another prompt, and says where it is from", async () => {
    const image = await picture({ width: 640, height: 480 });
    const source = await make({
      ...{ model: IDS.pixverseImage, prompt: "a slow push in", seconds: "1", resolution: "360p", seed: 3 },
      input_reference: await toFile(image, "frame.png"),
    });
    const remix = await client.videos.remix(source.id, { prompt: "pull back quickly" });
    expect(remix).toMatchObject({
      ...{ model: IDS.pixverseImage, seconds: "1", size: "480x360", prompt: "pull back quickly" },
      ...{ remixed_from_video_id: source.id, status: expect.stringMatching(/queued|in_progress/) },
    });
    expect(remix.id).not.toBe(source.id);
    const form = new FormData();
    form.append("prompt", "pull back");
    const path = `/v1/videos/${source.id}/remix`;
    expect((await call<Extra>(server, path, { method: "POST", form })).body).toMatchObject({
      prompt: "pull back",
    });
    form.append("seconds", "9");
    expect((await call(server, path, { method: "POST", form })).body.error).toMatchObject({
      param: "seconds",
    });
    expect((await call(server, path, { method: "POST", json: {} })).body.error).toMatchObject({
      param: "prompt",
    });
    const video = await waitForVideo(client, remix.id);
    expect(video).toMatchObject({ status: "completed", remixed_from_video_id: source.id, size: "480x360" });
    const [first, second] = await Promise.all(
      [source.id, remix.id].map(async (id) =>
        probeBytes(await bytesOf(await client.videos.downloadContent(id))),
      ),
    );
    // Both open on the same picture and move otherwise from there.
    expect(difference(first!.first.y, second!.first.y)).toBeLessThan(
      difference(first!.last.y, second!.last.y),
    );
  });
});

/** Mean of absolute differences. */
function difference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}

describe("an extension", () => {
  test("goes on from a video of the key's own, by a model that was named", async () => {
    const source = await make({ ...WORDS, seconds: "2" });
    const asked = {
      prompt: "the waves grow",
      seconds: "2" as "4",
      video: { id: source.id },
      model: IDS.wan,
      resolution: "720p",
    };
    const made = await client.videos.extend(asked);
    expect(made).toMatchObject({
      model: IDS.wan,
      size: "1280x720",
      seconds: "2",
      remixed_from_video_id: null,
    });
    const video = await waitForVideo(client, made.id);
    expect(video).toMatchObject({ status: "completed", seconds: "2", size: "1280x720" });
  });
});

async function filesHeld(): Promise<readonly string[]> {
  const all = await readdir(join(server.dataDir, "files"), { recursive: true, withFileTypes: true });
  return all.filter((one) => one.isFile()).map((one) => one.name);
}

describe("a delete", () => {
  test("takes a completed video away with all its files", async () => {
    const { id } = await make(WORDS);
    expect((await filesHeld()).filter((name) => name.includes(id)).length).toBeGreaterThan(3);
    expect(await client.videos.delete(id)).toEqual({ id, deleted: true, object: "video.deleted" });
    expect(await filesHeld()).not.toContainEqual(expect.stringContaining(id));
    for (const call of [
      () => client.videos.retrieve(id),
      () => client.videos.downloadContent(id),
      () => client.videos.delete(id),
      () => client.videos.remix(id, { prompt: "again" }),
    ]) {
      expect(await errorOf(call())).toMatchObject({ status: 404, code: "video_not_found" });
    }
  });

  test("takes away what was fetched for the video, too", async () => {
    const samples = await openSamples();
    const image_url = samples.add("frame.png", { bytes: await picture({ width: 640, height: 360 }) });
    const before = await filesHeld();
    const { id } = await make({
      ...{ model: IDS.pixverseImage, prompt: "push in", seconds: "1", size: "640x360" },
      input_reference: { image_url },
    });
    await samples.close();
    expect(await client.videos.delete(id)).toMatchObject({ id, deleted: true });
    expect(await errorOf(client.videos.retrieve(id))).toBeInstanceOf(OpenAI.NotFoundError);
    expect(await filesHeld()).toEqual(before);
  });

  test("stops a video that is being made, and leaves nothing behind", async () => {
    const { id } = await createVideo(client, { ...WORDS, seconds: "15", size: "1920x1080" });
    await until(async () => (await client.videos.retrieve(id)).status === "in_progress", { ms: 30_000 });
    expect(await client.videos.delete(id)).toMatchObject({ id, deleted: true });
    expect(await errorOf(client.videos.retrieve(id))).toBeInstanceOf(OpenAI.NotFoundError);
    // The next one is not held up by it.
    await make({ ...WORDS, seed: 4 });
    expect(await filesHeld()).not.toContainEqual(expect.stringContaining(id));
  });
});

test("a video that fails does not say why, or a wrong code", async () => {
  const testKey = (
    await reelay(["keys", "create", "t", "--test"], { env: { REELAY_DATA_DIR: server.dataDir } })
  ).stdout;
  const tester = clientOf({ ...server, key: testKey.trim() });
  const { id } = await createVideo(tester, { ...WORDS, prompt: "waves [test fail=content_refused]" });
  const failed = await waitForVideo(tester, id);
  expect(failed).toMatchObject({
    ...{ status: "failed", completed_at: null, size: "640x360" },
    error: { code: "moderation_blocked", message: expect.any(String), retryable: false, billed: false },
  });
  expect(await errorOf(tester.videos.downloadContent(id))).toMatchObject({
    ...{ status: 404, code: "not_found", param: "status" },
    message: expect.stringContaining("has failed and has no content"),
  });
});

test("a webhook is no event that the client's own check takes", async () => {
  const receiver = await openReceiver();
  const { id } = await createVideo(client, { ...WORDS, callback_url: `${receiver.origin}/ok` });
  const [call] = await until(() => receiver.received.length > 0 && receiver.received, { ms: 60_000 });
  const env = { REELAY_DATA_DIR: server.dataDir };
  const [keyId = ""] = /key_\w+/.exec((await reelay(["keys", "list"], { env })).stdout) ?? [];
  const [secret = ""] = /whsec_\S+/.exec((await reelay(["secrets", "show", keyId], { env })).stdout) ?? [];
  const { body = Buffer.alloc(0), headers } = call ?? {};
  const event = await client.webhooks.unwrap(body.toString(), headers as Record<string, string>, secret);
  expect(event).toMatchObject({
    object: "event",
    type: "video.completed",
    data: { id, status: "completed" },
  });
  await receiver.close();
});

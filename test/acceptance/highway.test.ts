/** Contract 2.1, 2.2 and 2.6: a client of HighwayAPI makes a video, watches it, and finds it where it looks for it. */
import { execFile } from "node:child_process";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, create, download, IDS, upload } from "../support/api.ts";
import { ask, askResult, ended, type HighwayResult, make, result } from "../support/highway.ts";
import { openSamples, picture, type Samples, wav } from "../support/media.ts";
import { type Probed, probe } from "../support/probe.ts";
import { temporaryFolder } from "../support/run.ts";
import { type Server, startServer } from "../support/server.ts";

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let server: Server;
let samples: Samples;
let photo: Buffer;
let image: string;
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServer();
  samples = await openSamples();
  photo = await picture({ width: 640, height: 360 });
  image = samples.add("first.png", { bytes: photo, type: "image/png" });
});
afterAll(async () => {
  await server.discard();
  await samples.close();
  await rm(folder, { recursive: true });
});

async function probeVideo({ task, videos }: HighwayResult): Promise<Probed> {
  const path = join(folder, `${task.task_id}.mp4`);
  await writeFile(path, await download(videos[0]?.video_url ?? ""));
  return probe(path);
}

const small = (more: object = {}): object => ({
  ...{ prompt: "a quiet harbour", image, duration: 1, resolution: "360p" },
  ...more,
});

describe("the example of the page", () => {
  /** The documented command, its placeholders replaced by values that the page allows. */
  const command = (): readonly string[] => [
    ...["-s", "--request", "POST", "--url", `${server.url}/v3/async/pixverse-v6-i2v`],
    ...["--header", `Authorization: Bearer ${server.key}`],
    ...["--header", "Content-Type: application/json"],
    "--data",
    JSON.stringify({
      ...{ prompt: "The boat drifts slowly to the left", negative_prompt: "blur, text", image },
      ...{ duration: 1, resolution: "360p", cfg_scale: 0.5, thinking_type: "auto", seed: 123 },
      generate_audio_switch: true,
    }),
  ];

  test("run by curl it gives an id, and the id an MP4 of what was asked, with what had no effect said", async () => {
    const { stdout } = await promisify(execFile)("curl", [...command()]);
    const answer = JSON.parse(stdout) as { task_id: string };
    expect(answer).toEqual({ task_id: expect.stringMatching(UUID_V4) });
    const read = ["-s", `${server.url}/v3/async/task-result?task_id=${answer.task_id}`];
    const headers = ["-H", `Authorization: Bearer ${server.key}`, "-H", "Content-Type: application/json"];
    await ended(server, answer.task_id);
    const done = JSON.parse(
      (await promisify(execFile)("curl", [...read, ...headers])).stdout,
    ) as HighwayResult;
    expect(done).toEqual({
      extra: {
        seed: "123",
        debug_info: {
          request_info: "",
          submit_time_ms: expect.stringMatching(/^\d{13}$/),
          execute_time_ms: expect.stringMatching(/^\d{13}$/),
          complete_time_ms: expect.stringMatching(/^\d{13}$/),
        },
        notes: expect.arrayContaining([
          { field: "cfg_scale", message: expect.stringContaining("no such scale") },
        ]),
      },
      task: {
        task_id: answer.task_id,
        status: "TASK_STATUS_SUCCEED",
        reason: "",
        task_type: "PIXVERSE_V6_I2V",
        eta: 0,
        progress_percent: 100,
      },
      images: [],
      videos: [{ video_url: expect.any(String), video_url_ttl: "3600", video_type: "mp4" }],
      audios: [],
    });
    const { submit_time_ms, execute_time_ms, complete_time_ms } = done.extra.debug_info;
    const times = [submit_time_ms, execute_time_ms, complete_time_ms].map(Number);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const probed = await probeVideo(done);
    expect(probed).toMatchObject({ width: 640, height: 360 });
    expect(Math.abs(probed.seconds - 1)).toBeLessThan(0.1);
    expect(probed.sound).not.toBeNull();
  });
});

describe("while it runs", () => {
  test("every answer has all its arrays, states in order, and no link before the end", async () => {
    const seen: HighwayResult[] = [];
    const id = await make(server, "pixverse-v6-i2v", small({ duration: 4, resolution: "540p" }));
    await ended(server, id, (found) => seen.push(found));
    const states = [...new Set(seen.map(({ task }) => task.status))];
    const order = ["TASK_STATUS_QUEUED", "TASK_STATUS_PROCESSING", "TASK_STATUS_SUCCEED"];
    expect(states).toEqual(order.filter((one) => states.includes(one)));
    for (const { task, extra, ...arrays } of seen.filter(
      ({ task }) => task.status !== "TASK_STATUS_SUCCEED",
    )) {
      expect(arrays).toEqual({ images: [], videos: [], audios: [] });
      expect(extra).toMatchObject({ seed: "", debug_info: { complete_time_ms: "" } });
      expect(task.reason).toBe("");
      expect(task.eta).toBeGreaterThanOrEqual(0);
      const running = task.status === "TASK_STATUS_PROCESSING";
      expect(task.progress_percent).toBeGreaterThanOrEqual(running ? 1 : 0);
      expect(task.progress_percent).toBeLessThanOrEqual(running ? 99 : 0);
    }
  });

  test("a link is signed anew at each read, and lives as long as is said", async () => {
    const id = await make(server, "pixverse-v6-t2v", { prompt: "waves", duration: 1, resolution: "360p" });
    await ended(server, id);
    const before = Date.now();
    const [video] = (await result(server, id)).videos;
    const lives = Number(new URL(video!.video_url).searchParams.get("expires")) * 1000 - before;
    expect(lives).toBeGreaterThanOrEqual(Number(video!.video_url_ttl) * 1000);
    expect(lives).toBeLessThan(3_605_000);
  });
});

describe("the other models of the dialect", () => {
  const finish = async (path: string, body: object): Promise<Probed> => {
    const done = await ended(server, await make(server, path, body));
    expect(done.task).toMatchObject({ status: "TASK_STATUS_SUCCEED", reason: "" });
    return probeVideo(done);
  };

  test("text to video: an empty prompt, which is legal here, and the shape that was asked", async () => {
    const probed = await finish("pixverse-v6-t2v", {
      ...{ prompt: "", duration: 1, resolution: "360p", aspect_ratio: "9:16", thinking_type: "disabled" },
    });
    expect(probed).toMatchObject({ width: 360, height: 640 });
  });

  test("Wan: two frames and a sound track under its own names", async () => {
    const body = {
      image_url: image,
      last_frame_url: samples.add("last.png", {
        bytes: await picture({ width: 640, height: 360, tint: "#a32b2b" }),
      }),
      driving_audio_url: samples.add("tone.wav", { bytes: wav(3) }),
      ...{ duration: 2, resolution: "720P", prompt_extend: false, watermark: false },
    };
    const probed = await finish("wan2.7-i2v", body);
    expect(probed).toMatchObject({ width: 1280, height: 720 });
    expect(probed.sound).not.toBeNull();
  });

  test("Veo: a picture in base64, kept as an upload of the key that is gone where the request is refused", async () => {
    const stored = async (): Promise<number> => {
      const found = await readdir(`${server.dataDir}/files`, { recursive: true, withFileTypes: true });
      return found.filter((one) => one.isFile()).length;
    };
    const before = await stored();
    for (const text of [photo.toString("base64"), `data:image/png;base64,${photo.toString("base64")}`]) {
      const refused = await ask(server, "veo-3.1-lite-i2v", {
        prompt: "x",
        image: text,
        extra: { webhook: { url: "http://10.0.0.1/" } },
      });
      expect([refused.status, refused.body.metadata.field]).toEqual([400, "extra.webhook.url"]);
    }
    const lame = await picture({ width: 640, height: 360, format: "webp" });
    const refused = await ask(server, "veo-3.1-lite-i2v", { prompt: "x", image: lame.toString("base64") });
    expect([refused.status, refused.body.reason]).toEqual([400, "INVALID_IMAGE_FORMAT"]);
    expect(await stored()).toBe(before);
    const probed = await finish("veo-3.1-lite-i2v", {
      ...{ prompt: "waves", image: photo.toString("base64"), duration: 4, sample_count: 1 },
    });
    expect(probed).toMatchObject({ width: 1280, height: 720 });
  });

  test("Veo standard: the length has a name of its own", async () => {
    const body = { prompt: "waves", generate_audio: false, image, duration_seconds: 4, enhance_prompt: true };
    const probed = await finish("veo-3.1-generate-img2video", body);
    expect(Math.abs(probed.seconds - 4)).toBeLessThan(0.1);
  });
});

test("one path is two models: with a last picture the video ends on it", async () => {
  const last = samples.add("end.png", { bytes: await picture({ width: 640, height: 360, tint: "#a32b2b" }) });
  const body = { prompt: "dusk falls", generate_audio: false, image, duration_seconds: 4 };
  const ends = [];
  for (const more of [{}, { last_image: last }]) {
    const done = await ended(server, await make(server, "veo-3.1-generate-img2video", { ...body, ...more }));
    expect(done.task).toMatchObject({ status: "TASK_STATUS_SUCCEED", task_type: "VEO_3_1_IMG2VIDEO" });
    ends.push((await probeVideo(done)).last);
  }
  // Red where the picture that was asked for is red.
  const redness = ends.map(({ v }) => v.reduce((sum, one) => sum + one, 0) / v.length);
  expect(redness[1]! - redness[0]!).toBeGreaterThan(5);
});

describe("isolation", () => {
  test("a task is its key's and its dialect's own", async () => {
    const here = await make(server, "pixverse-v6-t2v", { prompt: "waves", duration: 1, resolution: "360p" });
    const there = await create(server, {
      model: IDS.pixverseText,
      prompt: "waves",
      duration: 1,
      resolution: "360p",
    });
    const stranger = await server.newKey("stranger");
    for (const [id, key] of [
      [there.id, server.key],
      [here, stranger],
      ["f6aec953-2e81-4e8b-938e-2ceab54d6df9", server.key],
      ["nonsense", server.key],
    ] as const) {
      const { status, body } = await askResult(server, id, { key });
      expect([status, body.code, body.reason]).toEqual([404, 404, "TASK_NOT_FOUND"]);
    }
    expect((await call(server, `/v1/tasks/${here}`)).status).toBe(404);
    const listed = await call<{ data: readonly { id: string }[] }>(server, "/v1/tasks");
    expect(listed.body.data.map(({ id }) => id)).not.toContain(here);
    expect((await call(server, `/v1/tasks/${here}/cancel`, { method: "POST" })).status).toBe(404);
  });

  test("an upload of another key is refused as an input, and the key's own is taken", async () => {
    const stranger = await server.newKey("uploader");
    const file = await upload(server, photo, { key: stranger });
    const refused = await ask(server, "pixverse-v6-i2v", small({ image: file.url }));
    expect([refused.status, refused.body.reason, refused.body.metadata.field]).toEqual([
      400,
      "INVALID_REQUEST_BODY",
      "image",
    ]);
    expect(refused.body.message).toContain("uploaded with another key");
    const own = await ask(server, "pixverse-v6-i2v", small({ image: file.url }), { key: stranger });
    expect(own.status).toBe(200);
  });
});

test("the unified create takes the same body and the model's name, and is the same request", async () => {
  const body = { prompt: "waves", duration: 1, resolution: "360p" };
  const headers = { "idempotency-key": "one-and-the-same" };
  const unified = await call<{ task_id: string }>(server, "/v3/video/create", {
    ...{ method: "POST", headers, json: { model: "pixverse-v6-t2v", ...body } },
  });
  expect(unified.body).toEqual({ task_id: expect.stringMatching(UUID_V4) });
  const again = await ask<{ task_id: string }>(server, "pixverse-v6-t2v", body, { headers });
  expect([again.body.task_id, again.headers.get("idempotent-replayed")]).toEqual([
    unified.body.task_id,
    "true",
  ]);
  const other = await ask(server, "pixverse-v6-t2v", { ...body, duration: 2 }, { headers });
  expect([other.status, other.body.reason]).toEqual([400, "INVALID_REQUEST_BODY"]);
});

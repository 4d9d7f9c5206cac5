/** A full run for each model that a page of its own was written for: what was asked is what the downloaded file is. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { create, IDS, isOver, read, upload, type WireTask } from "../support/api.ts";
import { fitted, likeness, resized } from "../support/compare.ts";
import { openSamples, picture, type Samples, wav } from "../support/media.ts";
import { prober } from "../support/probe.ts";
import { type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { expectVideo, makeVideo, type Video } from "../support/videos.ts";

/** Decibels of likeness that a scaled and once encoded picture keeps; another picture has about 10. */
const ALIKE = 30;

let server: Server;
let samples: Samples;
let wide: Buffer;
beforeAll(async () => {
  await prober();
  [server, samples, wide] = await Promise.all([
    startServer(),
    openSamples(),
    picture({ width: 1280, height: 720 }),
  ]);
});
afterAll(() => Promise.all([server.discard(), samples.close()]));

const noted = ({ result }: Video): readonly string[] => result.notes.map((one) => one.field);

describe(IDS.pixverseText, () => {
  const base = { model: IDS.pixverseText, prompt: "a lighthouse on a cliff at dusk" };

  test.each([
    ["16:9", 640, 360],
    ["21:9", 840, 360],
    ["9:16", 360, 640],
    ["1:1", 360, 360],
    ["3:4", 360, 480],
  ])("%s at 360p", async (aspect_ratio, width, height) => {
    const video = await makeVideo(server, { ...base, aspect_ratio, resolution: "360p", duration: 1 });
    expectVideo(video, { seconds: 1, width, height, sound: false });
  });

  test("1080p with sound", async () => {
    const video = await makeVideo(server, {
      ...base,
      resolution: "1080p",
      duration: 1,
      generate_audio: true,
    });
    expectVideo(video, { seconds: 1, width: 1920, height: 1080, sound: true });
  });

  test("the same seed repeats a result, another one does not", async () => {
    const body = { ...base, resolution: "360p", duration: 1 };
    const [one, two, three] = [
      await makeVideo(server, { ...body, seed: 7 }),
      await makeVideo(server, { ...body, seed: 7 }),
      await makeVideo(server, { ...body, seed: 8 }),
    ];
    expect(two.result.sha256).toBe(one.result.sha256);
    expect(three.result.sha256).not.toBe(one.result.sha256);
    expect(one.result).toMatchObject({ seed: 7 });
  });

  test("what was asked and does not show is said, and what was not asked is not", async () => {
    const body = { ...base, resolution: "360p", duration: 1 };
    expect(noted(await makeVideo(server, body))).toEqual([]);
    const all = {
      style: "anime",
      negative_prompt: "people, green goblins",
      generate_multi_clip: true,
      thinking_type: "enabled",
    };
    const video = await makeVideo(server, { ...body, ...all });
    expectVideo(video, { seconds: 1, width: 640, height: 360, sound: false });
    for (const note of video.result.notes) {
      expect(Object.keys(all)).toContain(note.field);
      expect(note.message.length).toBeGreaterThan(20);
    }
    // One second is no time for a cut; a style, and a prompt made fuller, do show.
    expect([...noted(video)].sort()).toEqual(["generate_multi_clip", "negative_prompt"]);
  });
});

describe(IDS.pixverseImage, () => {
  test("opens on the given picture, in its shape", async () => {
    const given = await picture({ width: 1000, height: 625, format: "jpeg" });
    const { url } = await upload(server, given, { name: "given.jpg" });
    const body = { model: IDS.pixverseImage, prompt: "the camera pushes in", image_url: url };
    const video = await makeVideo(server, { ...body, resolution: "360p", duration: 2 });
    expectVideo(video, { seconds: 2, width: 576, height: 360, sound: false });
    expect(likeness(video.seen.first, await fitted(given, 576, 360))).toBeGreaterThan(ALIKE);
    // It moves: a still picture would be no animatic.
    expect(likeness(video.seen.first, video.seen.last)).toBeLessThan(ALIKE);
  });

  test("takes a picture from a URL, also behind a redirect, and fetches it once", async () => {
    const given = await picture({ width: 600, height: 800, format: "webp" });
    const target = samples.add("tall.webp", { bytes: given, type: "text/plain" });
    const image_url = samples.add("moved", { location: target });
    const body = { model: IDS.pixverseImage, prompt: "tilt up", image_url, resolution: "360p", duration: 1 };
    const video = await makeVideo(server, { ...body, generate_audio: true });
    expectVideo(video, { seconds: 1, width: 360, height: 480, sound: true });
    expect(likeness(video.seen.first, await fitted(given, 360, 480))).toBeGreaterThan(ALIKE);
    expect(samples.asked.filter((path) => path === "/tall.webp")).toHaveLength(1);
  });
});

describe(IDS.wan, () => {
  const base = { model: IDS.wan, resolution: "720p", duration: 2 };

  test("one picture and a sound: the picture opens it, and the sound is the one that was given", async () => {
    const image_urls = [samples.add("wide.png", { bytes: wide })];
    const audio_url = samples.add("tone.wav", { bytes: wav(3) });
    const video = await makeVideo(server, { ...base, image_urls, audio_url });
    expectVideo(video, { seconds: 2, width: 1280, height: 720, sound: true });
    expect(likeness(video.seen.first, await fitted(wide, 1280, 720))).toBeGreaterThan(ALIKE);
    expect(noted(video)).not.toContain("audio_url");
    // 440 Hz crosses zero 880 times a second; a made-up sound would not.
    if (video.seen.crossings !== null) expect(Math.abs(video.seen.crossings - 880)).toBeLessThan(10);
  });

  test("two pictures: it opens on the first and closes on the last", async () => {
    const other = await picture({ width: 960, height: 540, tint: "#b3541e" });
    const image_urls = [(await upload(server, wide)).url, (await upload(server, other)).url];
    const video = await makeVideo(server, { ...base, image_urls, generation_type: "first-last-frame" });
    expectVideo(video, { seconds: 2, width: 1280, height: 720, sound: true });
    expect(likeness(video.seen.first, await fitted(wide, 1280, 720))).toBeGreaterThan(ALIKE);
    expect(likeness(video.seen.last, await fitted(other, 1280, 720))).toBeGreaterThan(ALIKE);
  });

  test("a clip: it goes on from the clip's last frame", async () => {
    const given = await upload(server, wide);
    const body = { model: IDS.pixverseImage, prompt: "pan left", image_url: given.url };
    const clip = await makeVideo(server, { ...body, resolution: "540p", duration: 2 });
    const { url } = await upload(server, clip.bytes, { name: "clip.mp4" });
    const video = await makeVideo(server, { ...base, video_url: url });
    expectVideo(video, { seconds: 2, width: 1280, height: 720, sound: true });
    const end = await resized(clip.seen.last, 1280, 720);
    expect(likeness(video.seen.first, end)).toBeGreaterThan(ALIKE);
    expect(likeness(video.seen.first, await fitted(wide, 1280, 720))).toBeLessThan(
      likeness(video.seen.first, end),
    );
  });
});

describe.each([IDS.veo, IDS.veoFast, IDS.veoLite])("%s", (model) => {
  test("4 seconds at 720p with sound", async () => {
    const image_url = samples.add("veo.png", { bytes: wide });
    const body = { model, prompt: "the camera pans slowly to the left", image_url };
    const asked = { duration: 4, resolution: "720p", generate_audio: true, auto_fix: true };
    const video = await makeVideo(server, { ...body, ...asked });
    expectVideo(video, { seconds: 4, width: 1280, height: 720, sound: true });
    expect(likeness(video.seen.first, await fitted(wide, 1280, 720))).toBeGreaterThan(ALIKE);
    expect(noted(video)).toContain("auto_fix");
  });
});

test("a picture of another shape than the one asked for still gives exactly the size asked for", async () => {
  const image_url = samples.add("veo-wide.png", { bytes: wide });
  const body = { model: IDS.veoFast, prompt: "push in", image_url, aspect_ratio: "9:16" };
  const video = await makeVideo(server, { ...body, duration: 4, resolution: "720p" });
  expectVideo(video, { seconds: 4, width: 720, height: 1280, sound: false });
});

describe("while it is made", () => {
  test("state and progress only go forward, and completed never comes without its results", async () => {
    const body = { model: IDS.pixverseText, prompt: "waves", resolution: "720p", duration: 3 };
    const { id } = await create(server, body);
    const seen: WireTask[] = [];
    await until(
      async () => {
        seen.push(await read(server, id, seen.length % 3 === 0 ? "?sync_upstream=true" : ""));
        return isOver(seen[seen.length - 1] as WireTask);
      },
      { ms: 60_000, everyMs: 2, what: "the video" },
    );
    const order = ["pending", "processing", "completed"];
    for (const [i, task] of seen.entries()) {
      const before = seen[i - 1] ?? task;
      expect(task.progress).toBeGreaterThanOrEqual(before.progress);
      expect(order.indexOf(task.status)).toBeGreaterThanOrEqual(order.indexOf(before.status));
      expect(task.results === null).toBe(task.status !== "completed");
      expect(task.progress === 100).toBe(task.status === "completed");
      expect(task.progress === 0).toBe(task.status === "pending");
      expect(task.task_info.can_cancel).toBe(task.status !== "completed");
      expect(task.task_info.estimated_time).toBe(before.task_info.estimated_time);
    }
    expect(seen.some((task) => task.status === "processing" && task.progress > 10)).toBe(true);
  });

  test("a finished task answers with the same link again, good for 24 hours and for ranges", async () => {
    const video = await makeVideo(server, {
      model: IDS.pixverseText,
      prompt: "x",
      resolution: "360p",
      duration: 1,
    });
    const again = (await read(server, video.task.id, "?sync_upstream=true")).results?.[0];
    expect(again).toEqual(video.result);
    const end = Number(new URL(video.result.url).searchParams.get("expires"));
    expect((end - Date.now() / 1000) / 3600).toBeCloseTo(24, 1);
    const part = await fetch(video.result.url, { headers: { range: "bytes=4-7" } });
    expect([part.status, await part.text()]).toEqual([206, "ftyp"]);
    expect(part.headers.get("content-type")).toBe("video/mp4");
  });

  test("the estimate is learned from what alike work took", async () => {
    const body = { model: IDS.pixverseText, prompt: "x", resolution: "540p", duration: 1 };
    const taken: number[] = [];
    for (let i = 0; i < 3; i++) {
      const started = performance.now();
      await makeVideo(server, body);
      taken.push((performance.now() - started) / 1000);
    }
    const { task_info, id } = await create(server, body);
    expect(task_info.estimated_time).toBeGreaterThanOrEqual(1);
    expect(task_info.estimated_time).toBeLessThanOrEqual(Math.ceil(Math.max(...taken)) + 1);
    await until(async () => isOver(await read(server, id)), { ms: 30_000 });
  });
});

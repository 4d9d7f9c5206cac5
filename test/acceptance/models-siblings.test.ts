/** A full run for each sibling model on our own renderer: length, size, frames and sound of the downloaded file. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { create, IDS, post, upload, type WireTask } from "../support/api.ts";
import { fitted, likeness, resized } from "../support/compare.ts";
import { picture, wav } from "../support/media.ts";
import { prober } from "../support/probe.ts";
import { type Server, startServer } from "../support/server.ts";
import { expectVideo, makeVideo, type Video } from "../support/videos.ts";

/** Decibels of likeness that a scaled and once encoded picture keeps; another picture has about 10. */
const ALIKE = 30;

let server: Server;
let day: Buffer;
let dusk: Buffer;
/** Links to the two pictures, and to clips that pan over the first one. */
let links: { readonly day: string; readonly dusk: string };
const clips = new Map<string, { readonly video: Video; readonly url: string }>();

beforeAll(async () => {
  await prober();
  [server, day, dusk] = await Promise.all([
    startServer(),
    picture({ width: 1280, height: 720 }),
    picture({ width: 1280, height: 720, tint: "#b3541e" }),
  ]);
  links = { day: (await upload(server, day)).url, dusk: (await upload(server, dusk)).url };
  for (const resolution of ["540p", "720p"]) {
    const body = { model: IDS.pixverseImage, prompt: "pan left", image_url: links.day, generate_audio: true };
    const video = await makeVideo(server, { ...body, resolution, duration: 2 });
    const { url } = await upload(server, video.bytes, { name: `${resolution}.mp4` });
    clips.set(resolution, { video, url });
  }
});
afterAll(() => server.discard());

function clip(resolution: string) {
  const made = clips.get(resolution);
  if (!made) throw new Error(`there is no clip of ${resolution}`);
  return made;
}

async function expectFrames(
  { seen }: Video,
  [first, last]: readonly [Buffer, Buffer | undefined],
): Promise<void> {
  expect(likeness(seen.first, await fitted(first, seen.width, seen.height))).toBeGreaterThan(ALIKE);
  if (last) {
    expect(likeness(seen.last, await fitted(last, seen.width, seen.height))).toBeGreaterThan(ALIKE);
    expect(likeness(seen.first, seen.last)).toBeLessThan(ALIKE);
  }
}

/** It opens on the clip's last frame, which is not its first one, and says what was counted. */
async function expectContinuation({ seen, result }: Video, from: Video): Promise<void> {
  const end = await resized(from.seen.last, seen.width, seen.height);
  const beginning = await resized(from.seen.first, seen.width, seen.height);
  expect(likeness(seen.first, end)).toBeGreaterThan(ALIKE);
  expect(likeness(seen.first, beginning)).toBeLessThan(likeness(seen.first, end));
  expect(result).toMatchObject({ counted: "the new part only", clip_seconds: 2 });
}

describe(IDS.pixverseTransition, () => {
  const base = { model: IDS.pixverseTransition, prompt: "dusk falls", resolution: "360p", duration: 2 };

  test("two pictures: it opens on the one and closes on the other", async () => {
    const body = { ...base, image_url: links.day, image_tail_url: links.dusk, generate_audio: true };
    const video = await makeVideo(server, body);
    expectVideo(video, { seconds: 2, width: 640, height: 360, sound: true });
    await expectFrames(video, [day, dusk]);
  });

  test("one picture: it opens on it, and may end as it likes", async () => {
    const video = await makeVideo(server, { ...base, image_url: links.day });
    expectVideo(video, { seconds: 2, width: 640, height: 360, sound: false });
    await expectFrames(video, [day, undefined]);
  });

  test("the shape asked for is made, whatever the pictures have", async () => {
    const body = { ...base, image_url: links.day, image_tail_url: links.dusk, aspect_ratio: "3:4" };
    const video = await makeVideo(server, { ...body, duration: 1 });
    expectVideo(video, { seconds: 1, width: 360, height: 480, sound: false });
  });
});

describe(IDS.pixverseExtend, () => {
  test("a clip with sound: the new part alone, as long as asked, in the clip's shape, and silent as asked", async () => {
    const { video: from, url } = clip("540p");
    const body = { model: IDS.pixverseExtend, prompt: "it goes on", video_url: url, resolution: "360p" };
    const video = await makeVideo(server, { ...body, duration: 3 });
    expectVideo(video, { seconds: 3, width: 640, height: 360, sound: false });
    await expectContinuation(video, from);
  });
});

describe(IDS.wanText, () => {
  const base = { model: IDS.wanText, prompt: "a sailing boat on a calm bay", resolution: "720p" };

  test("words alone: a scene of the shape asked for, with a sound of its own", async () => {
    const video = await makeVideo(server, { ...base, aspect_ratio: "3:4", duration: 2 });
    expectVideo(video, { seconds: 2, width: 720, height: 960, sound: true });
  });

  test("a sound: it is the one that was given", async () => {
    const { url } = await upload(server, wav(3), { name: "tone.wav" });
    const video = await makeVideo(server, { ...base, audio_url: url, duration: 2 });
    expectVideo(video, { seconds: 2, width: 1280, height: 720, sound: true });
    // 440 Hz crosses zero 880 times a second; a made-up sound would not.
    if (video.seen.crossings !== null) expect(Math.abs(video.seen.crossings - 880)).toBeLessThan(10);
  });
});

describe.each([IDS.veoText, IDS.veoFastText, IDS.veoLiteText])("%s", (model) => {
  test("4 seconds at 720p, upright", async () => {
    const body = { model, prompt: "a lighthouse on a cliff at dusk", aspect_ratio: "9:16" };
    const video = await makeVideo(server, { ...body, duration: 4, resolution: "720p" });
    expectVideo(video, { seconds: 4, width: 720, height: 1280, sound: false });
    expect(likeness(video.seen.first, video.seen.last)).toBeLessThan(Number.POSITIVE_INFINITY);
  });
});

describe.each([IDS.veoFrames, IDS.veoFastFrames, IDS.veoLiteFrames])("%s", (model) => {
  test("it opens on the first picture and closes on the last", async () => {
    const body = { model, prompt: "dusk falls", first_image_url: links.day, last_image_url: links.dusk };
    const video = await makeVideo(server, { ...body, duration: 4, resolution: "720p" });
    expectVideo(video, { seconds: 4, width: 1280, height: 720, sound: false });
    await expectFrames(video, [day, dusk]);
  });
});

describe.each([IDS.veoExtend, IDS.veoFastExtend])("%s", (model) => {
  test("seven seconds at 720p go on from the clip, with sound unless it is switched off", async () => {
    const { video: from, url } = clip("720p");
    const video = await makeVideo(server, { model, prompt: "it goes on", video_url: url });
    expectVideo(video, { seconds: 7, width: 1280, height: 720, sound: true });
    await expectContinuation(video, from);
    const body = { model, prompt: "it goes on", video_url: url, generate_audio: false };
    expect(await create(server, body)).toMatchObject({ task_info: { video_duration: 7 } });
  });

  test("a clip smaller than 720p is refused before it costs anything", async () => {
    const answer = await post(server, { model, prompt: "it goes on", video_url: clip("540p").url });
    expect(answer.status).toBe(422);
    expect(answer.body.error.message).toMatch(/video_url is 960 x 540 pixels; each side must be 720 to 1920/);
  });

  test.each(["duration", "resolution", "enhance_prompt"])("%s is no parameter", async (field) => {
    const body = { model, prompt: "it goes on", video_url: clip("720p").url, [field]: 7 };
    const answer = await post<WireTask & { error: { message: string } }>(server, body);
    expect([answer.status, answer.body.error.message]).toEqual([
      422,
      expect.stringContaining(`"${field}" is not a parameter of ${model}`),
    ]);
  });
});

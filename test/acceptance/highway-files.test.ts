/** Contract 2.6: files are held to the limits of this dialect's pages, ours at once and others once they are fetched. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, upload } from "../support/api.ts";
import { ask, ended, expectRefusal, type HighwayError, make } from "../support/highway.ts";
import { noise, openSamples, picture, type Samples, wav } from "../support/media.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";

const I2V = "pixverse-v6-i2v";
const WAN = "wan2.7-i2v";
const LITE = "veo-3.1-lite-i2v";

let server: Server;
beforeAll(async () => {
  server = await startServer(NO_RENDER);
});
afterAll(() => server.discard());

const refused = (path: string, body: object): Promise<Answer<HighwayError>> =>
  ask(server, path, { prompt: "x", ...body });

describe("a file of ours", () => {
  const urlOf = async (bytes: Buffer, name = "sample.png"): Promise<string> =>
    (await upload(server, bytes, { name })).url;

  test.each([
    [
      "WebP",
      () => picture({ width: 640, height: 360, format: "webp" }),
      "INVALID_IMAGE_FORMAT",
      /must be JPEG or PNG/,
    ],
    ["a sound", async () => wav(3), "INVALID_IMAGE_FORMAT", /must be JPEG or PNG/],
    ["a side of 299", () => picture({ width: 400, height: 299 }), "INVALID_IMAGE_SIZE", /300/],
    ["a shape of 1:2.6", () => picture({ width: 300, height: 780 }), "INVALID_IMAGE_SIZE", /0\.4 to 2\.5/],
    [
      "a side of 10,010",
      () => picture({ width: 10_010, height: 4_010 }),
      "IMAGE_EXCEEDS_MAX_RESOLUTION",
      /10000/,
    ],
    ["10.9 MB", () => noise(3300, 3300), "IMAGE_FILE_EXCEEDS_MAX_SIZE", /10,485,760/],
  ] as const)(
    "with %s is measured by the page's own limits before there is a task",
    async (_name, make, reason, says) => {
      const url = await urlOf(await make());
      const { message, metadata } = expectRefusal(await refused(I2V, { image: url }), 400, reason);
      expect([metadata.field, message]).toEqual(["image", expect.stringMatching(says)]);
    },
  );

  test("in the second place of a list is told by its own name", async () => {
    const small = await urlOf(await picture({ width: 200, height: 150 }));
    const good = await urlOf(await picture({ width: 640, height: 360 }));
    const last = expectRefusal(
      await refused(WAN, { image_url: good, last_frame_url: small }),
      400,
      "INVALID_IMAGE_SIZE",
    );
    expect(last.metadata.field).toBe("last_frame_url");
    const sound = await refused(WAN, { image_url: good, driving_audio_url: await urlOf(wav(1), "a.wav") });
    expect(expectRefusal(sound, 400, "INVALID_AUDIO_FILE").metadata.field).toBe("driving_audio_url");
    const mistaken = await refused(WAN, { image_url: good, driving_audio_url: good });
    expectRefusal(mistaken, 400, "INVALID_AUDIO_FILE");
  });

  test("whose link was changed", async () => {
    const url = await urlOf(await picture({ width: 640, height: 360 }));
    const answer = await refused(I2V, { image: url.replace(/expires=\d/, "expires=9") });
    expect(expectRefusal(answer, 400, "INVALID_REQUEST_BODY").metadata.field).toBe("image");
  });

  test.each([
    ["text", Buffer.from("this is no picture at all, ".repeat(9)).toString("base64"), "INVALID_IMAGE_FORMAT"],
    ["no base64", `data:image/png;base64,${"*".repeat(80)}`, "INVALID_IMAGE_FORMAT"],
    ["34 MB", "x".repeat(34_000_000), "INVALID_REQUEST_BODY"],
  ])("in base64 that is %s", async (_name, image, reason) => {
    expectRefusal(await refused(LITE, { image }), 400, reason);
  });
});

describe("a file that is fetched once there is a task", () => {
  let samples: Samples;
  let open: Server;
  beforeAll(async () => {
    samples = await openSamples();
    open = await startServer();
  });
  afterAll(async () => {
    await open.discard();
    await samples.close();
  });

  test.each<[string, () => Promise<Buffer>, string]>([
    ["WebP", () => picture({ width: 640, height: 360, format: "webp" }), "INVALID_IMAGE_FORMAT"],
    ["a side of 299", () => picture({ width: 400, height: 299 }), "INVALID_IMAGE_SIZE"],
    ["10.9 MB", () => noise(3300, 3300), "IMAGE_FILE_EXCEEDS_MAX_SIZE"],
    ["no picture", async () => Buffer.from("nothing of the kind"), "INVALID_IMAGE_FORMAT"],
  ])(
    "with %s fails the task by the page's own limits, in its words, with HTTP 200",
    async (name, make_, reason) => {
      const image = samples.add(`${name.replaceAll(" ", "-")}.png`, { bytes: await make_() });
      const id = await make(open, I2V, { prompt: "x", image, duration: 1, resolution: "360p" });
      const { task, extra, videos } = await ended(open, id);
      expect([task.status, task.reason, videos]).toEqual([
        "TASK_STATUS_FAILED",
        expect.stringMatching(new RegExp(`^${reason}: image\\b`)),
        [],
      ]);
      expect(extra.error).toMatchObject({ reason, field: "image", retryable: false, billed: false });
    },
  );

  test("that is not there, or the second of two", async () => {
    const good = samples.add("good.png", { bytes: await picture({ width: 640, height: 360 }) });
    const lost = await make(open, WAN, {
      image_url: good,
      last_frame_url: `${good}.none`,
      duration: 2,
      resolution: "720P",
    });
    const { task } = await ended(open, lost);
    expect(task.reason).toMatch(/^INVALID_REQUEST_BODY: last_frame_url: The URL could not be fetched/);
  });
});

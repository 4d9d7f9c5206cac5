/** What the OpenAI dialect takes and refuses, lists and hides: everything that needs no finished video. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, IDS, upload, type WireError } from "../support/api.ts";
import { noise, openSamples, picture, type Samples } from "../support/media.ts";
import { clientOf, createVideo, type Extra, errorOf } from "../support/openai.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";

const run = promisify(execFile);
const NAMES = {
  REELAY_OPENAI_MODELS: `sora-2=${IDS.pixverseText}|${IDS.pixverseImage},only-words=${IDS.pixverseText}`,
  REELAY_OPENAI_DEFAULT: "sora-2",
};

let server: Server;
let client: OpenAI;
let samples: Samples;
let image: Buffer;
let imageUrl: string;
beforeAll(async () => {
  server = await startServer({ ...NO_RENDER, ...NAMES });
  client = clientOf(server);
  samples = await openSamples();
  image = await picture({ width: 640, height: 360 });
  imageUrl = samples.add("frame.png", { bytes: image });
});
afterAll(() => Promise.all([server.discard(), samples.close()]));

const WORDS = { model: IDS.pixverseText, prompt: "waves at the beach" };
const PICTURE = { model: IDS.pixverseImage, prompt: "push in" };
const file = (name = "frame.png"): Promise<File> => toFile(image, name);

const post = <T = WireError>(json: unknown, headers: Record<string, string> = {}) =>
  call<T>(server, "/v1/videos", { method: "POST", json, headers });

describe("a create", () => {
  test.each([
    ["seconds as text", { ...WORDS, seconds: "3" }, { seconds: "3", size: "1280x720" }],
    ["seconds as a number", { ...WORDS, seconds: 3 }, { seconds: "3" }],
    ["the model's own name for it", { ...WORDS, duration: 3 }, { seconds: "3" }],
    ["both, where they agree", { ...WORDS, seconds: "3", duration: 3 }, { seconds: "3" }],
    ["a standing size", { ...WORDS, size: "720x1280" }, { size: "720x1280", seconds: "5" }],
    [
      "a size and what it stands for",
      { ...WORDS, size: "1080x1080", aspect_ratio: "1:1" },
      { size: "1080x1080" },
    ],
    [
      "the model's own names for it",
      { ...WORDS, resolution: "540p", aspect_ratio: "21:9" },
      { size: "1260x540" },
    ],
    ["its parameters", { ...WORDS, generate_audio: false, seed: 0, negative_prompt: "null" }, {}],
  ])("takes %s, from the client's form and as JSON", async (_what, params, wanted) => {
    const made = await createVideo(client, params);
    expect(made).toMatchObject({ status: "queued", prompt: WORDS.prompt, ...wanted });
    const json = await post<Extra>(params);
    expect([json.status, json.body]).toMatchObject([
      200,
      { ...made, id: expect.any(String), created_at: expect.any(Number) },
    ]);
  });

  test("takes null in a form where the model does, as the client writes it", async () => {
    expect(await createVideo(client, { ...WORDS, seed: "null", style: "null" })).toMatchObject({
      status: "queued",
    });
  });

  test.each([
    ["a file", async () => ({ input_reference: await file() }), "640x360"],
    ["a data: URL", async () => ({ input_reference: { image_url: dataUrl() } }), "640x360"],
    ["an upload's id", async () => ({ input_reference: { file_id: await uploaded() } }), "640x360"],
    ["a link", async () => ({ input_reference: { image_url: imageUrl } }), "360p"],
    ["the model's own field", async () => ({ image_url: imageUrl }), "360p"],
  ])("takes a picture as %s, and says the size as far as it is known", async (_what, params, size) => {
    const made = await createVideo(client, { ...PICTURE, resolution: "360p", ...(await params()) });
    expect(made).toMatchObject({ status: "queued", model: IDS.pixverseImage, size });
  });

  test("takes a picture in JSON as well, and several of them in a form", async () => {
    for (const reference of [
      { image_url: dataUrl() },
      { image_url: imageUrl },
      { file_id: await uploaded() },
    ]) {
      expect((await post({ ...PICTURE, input_reference: reference })).status).toBe(200);
    }
    const wan = { model: IDS.wan, prompt: "on", seconds: "2", image_urls: [imageUrl, imageUrl] };
    expect(await createVideo(client, wan)).toMatchObject({ seconds: "2", size: "1080p" });
    expect(await createVideo(client, { ...wan, image_urls: JSON.stringify([imageUrl]) })).toMatchObject({
      seconds: "2",
    });
  });

  test("takes megabytes as a data: URL, in a form and as JSON, and not without end", async () => {
    const large = await noise(2200, 2200);
    expect(large.length).toBeGreaterThan(4_000_000);
    const image_url = `data:image/png;base64,${large.toString("base64")}`;
    const params = { ...PICTURE, input_reference: { image_url } };
    expect(await createVideo(client, params)).toMatchObject({ size: "720x720" });
    expect((await post<Extra>(params)).body).toMatchObject({ size: "720x720" });
    const endless = { ...PICTURE, input_reference: { image_url: image_url + "A".repeat(30 * 1024 * 1024) } };
    for (const error of [
      (await post(endless)).body.error,
      (await errorOf(createVideo(client, endless))).error,
    ]) {
      expect(error).toMatchObject({ code: "file_too_large" });
    }
  });

  test("takes the file in front of the other fields and behind them", async () => {
    for (const order of ["first", "last"]) {
      const form = new FormData();
      const put = (): void => form.append("input_reference", new Blob([Uint8Array.from(image)]), "a.png");
      if (order === "first") put();
      for (const [name, value] of Object.entries({ ...PICTURE, seconds: "2" })) form.append(name, value);
      if (order === "last") put();
      const made = await call<Extra>(server, "/v1/videos", { method: "POST", form });
      expect([order, made.status, made.body.seconds]).toEqual([order, 200, "2"]);
    }
  });

  test("is what curl makes of it", async () => {
    const at = ["-sS", `${server.url}/v1/videos`, "-H", `Authorization: Bearer ${server.key}`];
    const json = await run("curl", [
      ...at,
      "-H",
      "Content-Type: application/json",
      "-d",
      JSON.stringify({ ...WORDS, seconds: 2 }),
    ]);
    expect(JSON.parse(json.stdout)).toMatchObject({ object: "video", seconds: "2" });
    const form = [
      "-F",
      `model=${IDS.pixverseImage}`,
      "-F",
      "prompt=push in",
      "-F",
      "seconds=2",
      "-F",
      "size=1280x720",
    ];
    const made = await run("curl", [
      ...at,
      ...form,
      "-F",
      "input_reference=@samples/lighthouse.jpg;type=image/jpeg",
    ]);
    expect(JSON.parse(made.stdout)).toMatchObject({ object: "video", seconds: "2", size: "1280x720" });
  });
});

const dataUrl = (): string => `data:image/png;base64,${image.toString("base64")}`;
const uploaded = async (): Promise<string> => (await upload(server, image)).id;

describe("a name for models", () => {
  test("that the operator has set stands for what can do the request, and the answer says for what", async () => {
    expect(await createVideo(client, { model: "sora-2", prompt: "x" })).toMatchObject({
      model: IDS.pixverseText,
    });
    const video = await createVideo(client, { model: "sora-2", prompt: "x", input_reference: await file() });
    expect(video).toMatchObject({ model: IDS.pixverseImage });
    expect(await createVideo(client, { prompt: "x" }), "and is the default").toMatchObject({
      model: IDS.pixverseText,
    });
  });

  test("that stands for a model of words only is no help with a picture, but says which would be", async () => {
    const error = await errorOf(
      createVideo(client, { model: "only-words", prompt: "x", input_reference: await file() }),
    );
    expect(error).toMatchObject({ status: 400, message: expect.stringContaining(`"${IDS.pixverseImage}"`) });
  });

  test("that nobody has set is refused with the models and the setting", async () => {
    const error = await errorOf(createVideo(client, { model: "sora-2-pro", prompt: "x" }));
    expect(error).toMatchObject({ status: 400, code: "model_not_found", param: "model" });
    expect(error.message).toMatch(/REELAY_OPENAI_MODELS.*pixverse-v6-text-to-video/);
  });

  test("that stands for no model stops the server at its start", async () => {
    const env = { ...NO_RENDER, REELAY_OPENAI_MODELS: "sora-2=pixverse-v6-text-to-vidio" };
    await expect(startServer(env)).rejects.toThrow(
      /lets "sora-2" stand for "pixverse-v6-text-to-vidio", which is no model; did you mean "pixverse-v6-text-to-video"\?/,
    );
    await expect(startServer({ ...NO_RENDER, REELAY_OPENAI_DEFAULT: "sora-2" })).rejects.toThrow(
      /REELAY_OPENAI_DEFAULT/,
    );
  });
});

describe("before it is completed", () => {
  test("a video has no content, cannot be remixed or extended, and says how it stands", async () => {
    const { id } = await createVideo(client, WORDS);
    expect(await errorOf(client.videos.downloadContent(id))).toMatchObject({
      ...{ status: 404, code: "not_found", param: "status" },
      message: expect.stringMatching(/is queued, at 0 percent/),
      error: { problems: [{ field: "status", received: "queued", allowed: "completed" }] },
    });
    expect(await errorOf(client.videos.remix(id, { prompt: "x" }))).toMatchObject({
      status: 400,
      param: "status",
    });
    const extension = client.videos.extend({ prompt: "x", seconds: "4", video: { id } });
    expect(await errorOf(extension)).toMatchObject({ status: 404, param: "status" });
    expect(await client.videos.delete(id)).toMatchObject({ deleted: true });
  });
});

describe("what no model here can do", () => {
  test.each<[string, () => Promise<unknown>, RegExp]>([
    ["an edit", async () => client.videos.edit({ prompt: "x", video: await file("a.mp4") }), /remix/],
    [
      "a character",
      async () => client.videos.createCharacter({ name: "x", video: await file("a.mp4") }),
      /input_reference/,
    ],
    ["a character's page", async () => client.videos.getCharacter("char_1"), /input_reference/],
  ])("%s is refused with what to do instead", async (_what, attempt, message) => {
    const error = await errorOf(attempt());
    expect(error).toMatchObject({
      status: 400,
      code: "unsupported",
      message: expect.stringMatching(message),
    });
  });

  test("an extension without its video, or with one that no model is named for", async () => {
    const extend = (more: object): Promise<unknown> =>
      client.videos.extend({ prompt: "x", seconds: "4", ...more } as never);
    expect(await errorOf(extend({}))).toMatchObject({ status: 400, param: "video" });
    expect(await errorOf(extend({ video: { id: "video_0mwpxekvrwk2eykaijwct" } }))).toMatchObject({
      status: 404,
    });
    const clip = toFile(image, "a.mp4");
    expect(await errorOf(extend({ video: await clip, model: IDS.wan }))).toMatchObject({
      param: "video",
      code: "invalid_file_type",
    });
    expect(await errorOf(extend({ video: await clip, model: IDS.veo }))).toMatchObject({
      ...{ status: 400, param: "video" },
      message: expect.stringContaining('"veo-3.1-extend"'),
    });
  });
});

test("nobody without a right key gets further than that", async () => {
  const stranger = clientOf({ ...server, key: "sk-proj-something" });
  for (const attempt of [
    () => createVideo(stranger, WORDS),
    () => stranger.videos.list().asResponse(),
    () => stranger.videos.retrieve("video_1"),
    () => stranger.videos.edit({ prompt: "x", video: { id: "video_1" } }),
  ]) {
    const error = await errorOf(Promise.resolve(attempt()));
    expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(error).toMatchObject({ code: "invalid_api_key", requestID: expect.any(String) });
  }
});

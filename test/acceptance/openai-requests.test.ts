/** What the OpenAI dialect takes and refuses, lists and hides: everything that needs no finished video. */
import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, IDS, upload, type WireError } from "../support/api.ts";
import { openSamples, picture, type Samples } from "../support/media.ts";
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

async function idsOf(one = client): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of one.videos.list({ limit: 100 })) ids.push(id);
  return ids;
}

async function filesHeld(): Promise<number> {
  const all = await readdir(join(server.dataDir, "files"), { recursive: true, withFileTypes: true });
  return all.filter((one) => one.isFile()).length;
}

/** Nothing was made by it: no video, no file. */
async function refused(attempt: () => Promise<unknown>): ReturnType<typeof errorOf> {
  const before = [(await idsOf()).length, await filesHeld()];
  const error = await errorOf(attempt());
  expect([(await idsOf()).length, await filesHeld()]).toEqual(before);
  return error;
}

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

describe("a create is refused, and leaves nothing behind,", () => {
  test.each<[string, Record<string, unknown>, string, RegExp]>([
    ["without a prompt", { model: IDS.pixverseText }, "prompt", /"prompt" is required/],
    [
      "with a length that the model lacks",
      { ...WORDS, seconds: "99" },
      "seconds",
      /"seconds" must be an integer from 1 to 15, not 99/,
    ],
    ["with a length that is none", { ...WORDS, seconds: "four" }, "seconds", /whole number of seconds/],
    ["with half a second", { ...WORDS, seconds: 2.5 }, "seconds", /whole number/],
    [
      "with two lengths",
      { ...WORDS, seconds: "4", duration: 5 },
      "seconds",
      /"duration" says 5: send one of them/,
    ],
    [
      "with a size that the model lacks",
      { ...WORDS, size: "1792x1024" },
      "size",
      /does not make\. It makes 640x360, .*1920x1080/,
    ],
    ["with a size that is none", { ...WORDS, size: "720p" }, "size", /width x height/],
    [
      "with a size and another resolution",
      { ...WORDS, size: "1280x720", resolution: "540p" },
      "size",
      /"resolution" says "540p"/,
    ],
    ["with a number that is none", { ...WORDS, seed: "1e3" }, "seed", /"seed" must be an integer/],
    [
      "with a flag that is none",
      { ...WORDS, generate_audio: "yes" },
      "generate_audio",
      /must be true or false, not the string "yes"/,
    ],
    ["with a misspelt field of ours", { ...WORDS, secnds: "4" }, "secnds", /did you mean "seconds"\?/],
    [
      "with a misspelt parameter",
      { ...WORDS, negative_promt: "x" },
      "negative_promt",
      /did you mean "negative_prompt"\?/,
    ],
    [
      "with a field of another model",
      { ...WORDS, auto_fix: "true" },
      "auto_fix",
      /neither a field of this request nor a parameter/,
    ],
    [
      "from words, by a model of pictures",
      { ...PICTURE },
      "input_reference",
      /starts from a picture.*"pixverse-v6-text-to-video" makes one/,
    ],
    [
      "from nothing that a model could start from",
      { model: IDS.wan, prompt: "x" },
      "input_reference",
      /starts from a picture/,
    ],
    ["with an address that is none", { ...WORDS, callback_url: "here" }, "callback_url", /https URL/],
    [
      "with a private address to tell",
      { ...WORDS, callback_url: "https://10.0.0.1/x" },
      "callback_url",
      /callback_url/,
    ],
    [
      "with a file where none goes",
      { ...WORDS, style: new File(["x"], "x.png") },
      "style",
      /"style" is a file.*"input_reference"/,
    ],
    [
      "with a reference that is none",
      { ...PICTURE, input_reference: { url: "x" } },
      "input_reference",
      /file_id/,
    ],
    [
      "with two references in one",
      { ...PICTURE, input_reference: { image_url: "https://a.example/x", file_id: "file-1" } },
      "input_reference",
      /file_id/,
    ],
    [
      "with a data: URL that is none",
      { ...PICTURE, input_reference: { image_url: "data:image/png,abc" } },
      "input_reference",
      /base64/,
    ],
    [
      "with a private picture",
      { ...PICTURE, input_reference: { image_url: "http://10.0.0.1/a.png" } },
      "input_reference",
      /^400 input_reference/,
    ],
  ])("%s", async (_what, params, param, message) => {
    const error = await refused(() => createVideo(client, params));
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({
      param,
      type: "invalid_request_error",
      error: { retryable: false, billed: false },
    });
    expect(error.message).toMatch(message);
  });

  test.each<[string, () => Promise<Record<string, unknown>>, string, RegExp]>([
    [
      "with a picture for a model of words",
      async () => ({ ...WORDS }),
      "input_reference",
      /makes a video without a picture.*"pixverse-v6-image-to-video"/,
    ],
    [
      "with a size that lies otherwise than the picture",
      async () => ({ ...PICTURE, size: "720x1280" }),
      "size",
      /portrait.*640x360, is landscape.*send 1280x720/,
    ],
    [
      "with a shorter side that the model lacks",
      async () => ({ ...PICTURE, size: "1024x600" }),
      "size",
      /360, 540, 720, 1080/,
    ],
    ["with a wrong field behind the file", async () => ({ ...PICTURE, zzz: "1" }), "zzz", /neither a field/],
    [
      "with a wrong value behind the file",
      async () => ({ ...PICTURE, seed: "-1" }),
      "seed",
      /"seed" must be/,
    ],
    [
      "with the picture in two ways",
      async () => ({ ...PICTURE, image_url: imageUrl }),
      "input_reference",
      /"image_url" says/,
    ],
  ])("%s", async (_what, params, param, message) => {
    const error = await refused(async () =>
      createVideo(client, { ...(await params()), input_reference: await file() }),
    );
    expect(error).toMatchObject({ status: 400, param });
    expect(error.message).toMatch(message);
  });

  test.each([
    ["text", "hello, I am no picture at all", "invalid_file_type"],
    ["a broken picture", "\x89PNG\r\n\x1a\n and then nothing", "invalid_file"],
  ])("with a file that is %s", async (_what, bytes, code) => {
    const bad = async () => toFile(Buffer.from(bytes, "latin1"), "a.png");
    const error = await refused(async () =>
      createVideo(client, { ...PICTURE, input_reference: await bad() }),
    );
    expect(error).toMatchObject({ status: 400, code });
  });

  test("with a picture too small for the model, by the name that the client gave it", async () => {
    const small = await picture({ width: 64, height: 36 });
    const error = await refused(async () =>
      createVideo(client, { ...PICTURE, input_reference: await toFile(small, "a.png") }),
    );
    expect(error).toMatchObject({ status: 400, code: "invalid_file_dimensions", param: "input_reference" });
    expect(error.message).toMatch(/input_reference is 64 x 36 pixels; each side must be 300/);
  });

  test("with a data: URL that is no base64 inside", async () => {
    const error = await refused(() =>
      createVideo(client, {
        ...PICTURE,
        input_reference: { image_url: `${dataUrl().slice(0, -40)}*not base64*` },
      }),
    );
    expect(error).toMatchObject({ status: 400, message: expect.stringContaining("no base64") });
  });

  test.each([
    ["no JSON", "{", "application/json"],
    ["a list", "[]", "application/json"],
    ["nothing", "", "application/json"],
    ["a form without its boundary", "x", "multipart/form-data"],
    [
      "a form that ends in the middle",
      "--b\r\ncontent-disposition: form-data; name=",
      "multipart/form-data; boundary=b",
    ],
    ["another type", "<a/>", "application/xml"],
  ])("with a body that is %s", async (_what, bytes, type) => {
    const answer = await call(server, "/v1/videos", {
      method: "POST",
      bytes,
      headers: { "content-type": type },
    });
    expect([answer.status, answer.body.error.code]).toEqual([400, "malformed_request"]);
  });

  test("in JSON, where a number is a text and a text a number", async () => {
    for (const [field, value] of [
      ["seed", "5"],
      ["generate_audio", "true"],
      ["prompt", 5],
      ["model", 5],
      ["__proto__", 1],
    ]) {
      const answer = await call(server, "/v1/videos", {
        ...{ method: "POST", headers: { "content-type": "application/json" } },
        bytes: `{"model":"${IDS.pixverseText}","prompt":"x",${JSON.stringify(field)}:${JSON.stringify(value)}}`,
      });
      expect([field, answer.status, answer.body.error.param]).toEqual([field, 400, field]);
    }
  });
});

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
    const error = await refused(async () =>
      createVideo(client, { model: "only-words", prompt: "x", input_reference: await file() }),
    );
    expect(error).toMatchObject({ status: 400, message: expect.stringContaining(`"${IDS.pixverseImage}"`) });
  });

  test("that nobody has set is refused with the models and the setting", async () => {
    const error = await refused(() => createVideo(client, { model: "sora-2-pro", prompt: "x" }));
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

describe("a list", () => {
  test("is walked by the client in both orders, page by page, and its pages are as they say", async () => {
    const own = clientOf({ ...server, key: await server.newKey("lists") });
    expect(await own.videos.list()).toMatchObject({ data: [], has_more: false });
    const made: string[] = [];
    for (let n = 0; n < 7; n++) made.push((await createVideo(own, { ...WORDS, seed: n })).id);
    for (const order of ["asc", "desc"] as const) {
      const walked: string[] = [];
      for await (const { id } of own.videos.list({ limit: 3, order })) walked.push(id);
      expect(walked).toEqual(order === "asc" ? made : made.toReversed());
    }
    const page = await call<Record<string, unknown>>(
      { ...server, key: own.apiKey as string },
      "/v1/videos?limit=2",
    );
    expect(page.body).toMatchObject({ object: "list", has_more: true, first_id: made[6], last_id: made[5] });
    const rest = await own.videos.list({ after: made[1] as string, limit: 100 });
    expect([rest.data.map(({ id }) => id), rest.has_more]).toEqual([[made[0]], false]);
  });

  test("that is deleted as it is walked leaves nothing out", async () => {
    const own = clientOf({ ...server, key: await server.newKey("deletes") });
    for (let n = 0; n < 5; n++) await createVideo(own, { ...WORDS, seed: n });
    for await (const { id } of own.videos.list({ limit: 2 })) await own.videos.delete(id);
    expect(await idsOf(own)).toEqual([]);
  });

  test.each([
    ["limit=0", "limit"],
    ["limit=101", "limit"],
    ["limit=x", "limit"],
    ["order=up", "order"],
    ["after=task-1", "after"],
    ["after=", "after"],
    ["status=failed", "status"],
    ["limit=1&limit=2", "limit"],
  ])("is refused for %s", async (query, param) => {
    const answer = await call(server, `/v1/videos?${query}`);
    expect([answer.status, answer.body.error.param]).toEqual([400, param]);
  });
});

describe("a video is hidden", () => {
  test("from every other key, and from the other dialects' endpoints, as theirs from this one", async () => {
    const { id } = await createVideo(client, WORDS);
    const other = clientOf({ ...server, key: await server.newKey("other") });
    for (const attempt of [
      other.videos.retrieve(id),
      other.videos.delete(id),
      other.videos.downloadContent(id),
      other.videos.remix(id, { prompt: "x" }),
      other.videos.extend({ prompt: "x", seconds: "4", video: { id } }),
    ]) {
      expect(await errorOf(attempt)).toMatchObject({ status: 404, code: "video_not_found" });
    }
    expect(await idsOf(other)).toEqual([]);
    expect((await call(server, `/v1/tasks/${id}`)).status).toBe(404);
    const task = await call<{ id: string }>(server, "/v1/videos/generations", {
      method: "POST",
      json: WORDS,
    });
    expect(task.status, "the other dialect's create is where it was").toBe(200);
    expect(await errorOf(client.videos.retrieve(task.body.id))).toMatchObject({ status: 404 });
    expect(await errorOf(client.videos.delete(task.body.id))).toMatchObject({ status: 404 });
    expect(await idsOf()).not.toContain(task.body.id);
    expect(await client.videos.retrieve(id), "and still is there").toMatchObject({ id });
  });

  test("and so is an upload: another key's cannot be started from", async () => {
    const other = clientOf({ ...server, key: await server.newKey("thief") });
    for (const file_id of [await uploaded(), "file-1-nothing", "res_x", "../../x"]) {
      const error = await errorOf(createVideo(other, { ...PICTURE, input_reference: { file_id } }));
      expect(error).toMatchObject({ status: 404, code: "not_found" });
    }
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
    const error = await refused(attempt);
    expect(error).toMatchObject({
      status: 400,
      code: "unsupported",
      message: expect.stringMatching(message),
    });
  });

  test("an extension without its video, or with one that no model is named for", async () => {
    const extend = (more: object): Promise<unknown> =>
      client.videos.extend({ prompt: "x", seconds: "4", ...more } as never);
    expect(await refused(() => extend({}))).toMatchObject({ status: 400, param: "video" });
    expect(await refused(() => extend({ video: { id: "video_0mwpxekvrwk2eykaijwct" } }))).toMatchObject({
      status: 404,
    });
    const clip = toFile(image, "a.mp4");
    expect(await refused(async () => extend({ video: await clip, model: IDS.wan }))).toMatchObject({
      param: "video",
      code: "invalid_file_type",
    });
    expect(await refused(async () => extend({ video: await clip, model: IDS.veo }))).toMatchObject({
      ...{ status: 400, param: "video" },
      message: expect.stringContaining(`"${IDS.wan}"`),
    });
  });
});

test("nobody without a right key gets further than that", async () => {
  const stranger = clientOf({ ...server, key: "sk-proj-something" });
  for (const attempt of [
    createVideo(stranger, WORDS),
    stranger.videos.list(),
    stranger.videos.retrieve("video_1"),
  ]) {
    const error = await errorOf(Promise.resolve(attempt));
    expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(error).toMatchObject({ code: "invalid_api_key", requestID: expect.any(String) });
  }
});

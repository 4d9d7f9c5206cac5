/** What the OpenAI dialect refuses: with a field, with what would be right, and without a trace. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import OpenAI, { toFile } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, IDS } from "../support/api.ts";
import { openSamples, picture, type Samples } from "../support/media.ts";
import { clientOf, createVideo, errorOf } from "../support/openai.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";

let server: Server;
let client: OpenAI;
let samples: Samples;
let image: Buffer;
let imageUrl: string;
beforeAll(async () => {
  server = await startServer(NO_RENDER);
  client = clientOf(server);
  samples = await openSamples();
  image = await picture({ width: 640, height: 360 });
  imageUrl = samples.add("frame.png", { bytes: image });
});
afterAll(() => Promise.all([server.discard(), samples.close()]));

const WORDS = { model: IDS.pixverseText, prompt: "waves at the beach" };
const PICTURE = { model: IDS.pixverseImage, prompt: "push in" };
const file = (name = "frame.png"): Promise<File> => toFile(image, name);
const dataUrl = (): string => `data:image/png;base64,${image.toString("base64")}`;

async function videosMade(): Promise<number> {
  let count = 0;
  for await (const _ of client.videos.list({ limit: 100 })) count++;
  return count;
}

async function filesHeld(): Promise<number> {
  const all = await readdir(join(server.dataDir, "files"), { recursive: true, withFileTypes: true });
  return all.filter((one) => one.isFile()).length;
}

/** Nothing was made by it: no video, no file. */
async function refused(attempt: () => Promise<unknown>): ReturnType<typeof errorOf> {
  const before = [await videosMade(), await filesHeld()];
  const error = await errorOf(attempt());
  expect([await videosMade(), await filesHeld()]).toEqual(before);
  return error;
}

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
    [
      "with a shape that is none",
      { ...WORDS, aspect_ratio: "wide" },
      "aspect_ratio",
      /"aspect_ratio" must be one of/,
    ],
    [
      "with a resolution that is none",
      { ...WORDS, resolution: "sharp" },
      "resolution",
      /"resolution" must be one of/,
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
    expect(error).toMatchObject({ code: "invalid_file", param: "input_reference" });
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
      ["aspect_ratio", 5],
      ["resolution", {}],
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

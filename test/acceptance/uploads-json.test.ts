/** Contract 1.10: files in base64, and files that the server fetches itself. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Answer,
  type Call,
  call,
  download,
  IDS,
  post,
  type WireError,
  type WireFile,
} from "../support/api.ts";
import { noise, openSamples, picture, type Samples } from "../support/media.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";

const STORAGE = 60 * 1024 * 1024;

let server: Server;
let samples: Samples;
let photo: Buffer;
let text: string;
beforeAll(async () => {
  samples = await openSamples();
  server = await startServer({ ...NO_RENDER, REELAY_UPLOAD_STORAGE_BYTES: String(STORAGE) });
  photo = await picture({ width: 640, height: 360, format: "jpeg" });
  text = photo.toString("base64");
});
afterAll(async () => {
  await server.discard();
  await samples.close();
});

type Told = WireFile & WireError & { readonly content_type: string };

const send = (way: "base64" | "url", json: unknown, options: Call = {}): Promise<Answer<Told>> =>
  call<Told>(server, `/v1/files/upload/${way}`, { method: "POST", json, ...options });

async function storedFiles(): Promise<number> {
  const found = await readdir(join(server.dataDir, "files"), { recursive: true, withFileTypes: true });
  return found.filter((one) => one.isFile()).length;
}

function expectRefusal(answer: Answer<Told>, status: number, type: string): string {
  expect([answer.status, answer.body?.error?.type], answer.text.slice(0, 500)).toEqual([status, type]);
  return answer.body.error.message;
}

describe("base64", () => {
  test.each([
    ["plain", (raw: string) => raw, "upload.bin"],
    ["without padding", (raw: string) => raw.replace(/=+$/, ""), "upload.bin"],
    ["in lines", (raw: string) => raw.replace(/.{76}/g, "$&\n"), "upload.bin"],
    ["as a data URL", (raw: string) => `data:image/jpeg;base64,${raw}`, "upload.jpg"],
    ["as a data URL of the wrong type", (raw: string) => `data:video/mp4;base64,${raw}`, "upload.mp4"],
  ])("%s gives the same file, and the same answer as a form", async (_name, form, filename) => {
    const { status, body } = await send("base64", { file_data: form(text) });
    expect([status, body]).toEqual([
      200,
      {
        id: expect.stringMatching(/^file-\d{10}-[a-z0-9]+$/),
        filename,
        url: expect.stringContaining(`${server.url}/files/`),
        size: photo.length,
        created: expect.any(Number),
        content_type: "image/jpeg",
        expires: expect.any(Number),
      },
    ]);
    expect((await download(body.url)).equals(photo)).toBe(true);
  });

  test("a name of the client's own is taken, without its path", async () => {
    const { body } = await send("base64", { file_data: text, file_name: "../harbour.jpg", purpose: "video" });
    expect(body.filename).toBe("harbour.jpg");
  });

  test("a file of 40 MB is taken on this route, and a body of 2 MB on no other", async () => {
    const large = await noise(6400, 6400);
    const { status, body } = await send("base64", { file_data: large.toString("base64") });
    expect([status, body.size]).toEqual([200, large.length]);
    expect(large.length).toBeGreaterThan(40_000_000);
    expectRefusal(await send("url", { url: "x".repeat(2_000_000) }), 413, "file_too_large_error");
    const huge = JSON.stringify({ file_data: "A".repeat(76_000_000) });
    const options = { json: undefined, bytes: huge, headers: { "content-type": "application/json" } };
    expectRefusal(await send("base64", undefined, options), 413, "file_too_large_error");
  });

  test.each<[string, object | null, RegExp]>([
    ["nothing", {}, /`file_data` is required/],
    ["an empty text", { file_data: "" }, /`file_data` is required/],
    ["a number", { file_data: 7 }, /`file_data` is required/],
    ["no object", null, /no|not a JSON object/],
    ["no base64", { file_data: "*".repeat(100) }, /has "\*" in it.*Send standard base64/],
    ["the URL alphabet", { file_data: `${"A".repeat(50_000)}-_` }, /has "-" in it/],
    ["half of a group", { file_data: "AAAAA" }, /its end is missing/],
    ["a data URL of text", { file_data: "data:image/png,AAAA" }, /without ;base64/],
    [
      "what is no picture",
      { file_data: Buffer.from("just some text, nothing more").toString("base64") },
      /must be JPEG/,
    ],
    [
      "a cleanup in quotes",
      { file_data: "AAAA", auto_cleanup: "false" },
      /`auto_cleanup` must be true or false/,
    ],
    ["a name that is a number", { file_data: "AAAA", file_name: 7 }, /`file_name` must be text/],
    ["a mistyped name", { file_dta: "AAAA" }, /did you mean "file_data"/],
    ["a URL", { file_data: "AAAA", url: "https://e.com" }, /"url" is no parameter here/],
  ])("of %s is refused with 400 and what would be right, and nothing stays", async (_name, json, says) => {
    const before = await storedFiles();
    expect(expectRefusal(await send("base64", json), 400, "invalid_request_error")).toMatch(says);
    expect(await storedFiles()).toBe(before);
  });
});

describe("a URL", () => {
  test("is fetched, and named after its last part", async () => {
    const url = samples.add("harbour%20at%20dusk.jpg", { bytes: photo, type: "text/html" });
    const { status, body } = await send("url", { url });
    expect([status, body.filename, body.content_type]).toEqual([200, "harbour at dusk.jpg", "image/jpeg"]);
    expect((await download(body.url)).equals(photo)).toBe(true);
    const named = await send("url", { url, file_name: "new.jpg", auto_cleanup: true });
    expect(named.body.filename).toBe("new.jpg");
  });

  test.each([
    ["a private address", "http://10.0.0.1/a.png"],
    ["the metadata service", "http://169.254.169.254/latest/meta-data"],
    ["IPv6 loopback", "http://[::1]/a.png"],
    ["a file", "file:///etc/passwd"],
    ["no URL", "harbour.jpg"],
    ["a data URL", "data:image/png;base64,AAAA"],
  ])("to %s is refused before anything is asked", async (_name, url) => {
    expectRefusal(await send("url", { url }), 400, "invalid_request_error");
  });

  test("that redirects inside is not followed, and says nothing of what is there", async () => {
    const away = samples.add("away.png", { location: "http://10.0.0.1/secret.png" });
    const message = expectRefusal(await send("url", { url: away }), 400, "invalid_request_error");
    expect(message).toContain("The URL could not be fetched");
    expect(message).not.toContain("10.0.0.1");
  });

  test("of what is missing, no picture or too large is refused, and nothing stays", async () => {
    const before = await storedFiles();
    const page = samples.add("page.png", { bytes: Buffer.from("<html>not a picture</html>") });
    for (const url of [page, `${page}.none`]) {
      expectRefusal(await send("url", { url }), 400, "invalid_request_error");
    }
    const large = samples.add("large.png", { bytes: Buffer.alloc(STORAGE + 1) });
    expectRefusal(await send("url", { url: large }), 413, "file_too_large_error");
    expect(expectRefusal(await send("url", {}), 400, "invalid_request_error")).toContain("`url` is required");
    expect(await storedFiles()).toBe(before);
  });
});

test.each(["base64", "url"] as const)("%s asks for a key before it reads a byte", async (way) => {
  expectRefusal(await send(way, { file_data: text }, { key: null }), 401, "authentication_error");
});

test("with auto_cleanup the oldest uploads go, without it the new one is refused", async () => {
  const key = await server.newKey("hoarder");
  const large = (await noise(6400, 6400)).toString("base64");
  const first = await send("base64", { file_data: large }, { key });
  expect(first.status).toBe(200);
  const full = await send("base64", { file_data: large, auto_cleanup: false }, { key });
  expectRefusal(full, 403, "permission_error");
  expect((await send("base64", { file_data: large }, { key })).status).toBe(200);
  await expect(download(first.body.url)).rejects.toThrow("404");
});

test("another key's upload is no input, whichever way it came", async () => {
  const key = await server.newKey("stranger");
  const url = samples.add("theirs.jpg", { bytes: photo });
  for (const file of [
    await send("base64", { file_data: text }, { key }),
    await send("url", { url }, { key }),
  ]) {
    const body = { model: IDS.pixverseImage, prompt: "x", image_url: file.body.url };
    const answer = await post(server, body);
    expect([answer.status, answer.body.error.code]).toEqual([422, "invalid_image_url"]);
    expect(answer.body.error.message).toContain("uploaded with another key");
    expect((await post(server, body, { key })).status).toBe(200);
  }
});

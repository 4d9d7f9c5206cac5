/** Contract 1.10: what may be uploaded, what is kept of it, and how it is used as the input of a task. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  call,
  create,
  download,
  IDS,
  post,
  stalledUpload,
  tryUpload,
  UPLOAD,
  upload,
  type WireError,
} from "../support/api.ts";
import { noise, picture, wav } from "../support/media.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const MAX = 70_000;
const STORAGE = 170_000;

let server: Server;
let photo: Buffer;
beforeAll(async () => {
  server = await startServer({
    ...NO_RENDER,
    REELAY_UPLOAD_MAX_BYTES: String(MAX),
    REELAY_UPLOAD_STORAGE_BYTES: String(STORAGE),
  });
  photo = await picture({ width: 640, height: 360, format: "jpeg" });
});
afterAll(() => server.discard());

async function storedFiles(of: Server = server): Promise<number> {
  const found = await readdir(join(of.dataDir, "files"), { recursive: true, withFileTypes: true });
  return found.filter((one) => one.isFile()).length;
}

test("an upload answers with id, name, url, size and time, and its url gives back the bytes", async () => {
  const file = await upload(server, photo, { name: "harbour.jpg" });
  expect(file.id).toMatch(/^file-\d{10}-[a-z0-9]+$/);
  expect(file).toMatchObject({ filename: "harbour.jpg", size: photo.length });
  expect(Math.abs(file.created - Date.now() / 1000)).toBeLessThan(30);
  expect(file.url.startsWith(`${server.url}/`)).toBe(true);
  expect((await download(file.url)).equals(photo)).toBe(true);
});

describe("the form", () => {
  test.each(["before", "after"] as const)("file_name counts %s the file", async (place) => {
    const file = await upload(server, photo, { name: "old.jpg", [place]: { file_name: "new.jpg" } });
    expect(file.filename).toBe("new.jpg");
  });

  test("fields that we do not know are ignored: an older page had `purpose`", async () => {
    expect((await tryUpload(server, photo, { before: { purpose: "video" } })).status).toBe(200);
  });

  test.each([
    ["../../../etc/passwd.png", /^[^/\\]+$/],
    ["..\\..\\windows.png", /^[^/\\]+$/],
    ["灯塔.png", /^灯塔\.png$/],
    ['a"b\r\nX-Evil: 1.png', /^[^"\r\n]+$/],
    ["no ending", /\.(jpe?g)$/],
    [`${"x".repeat(3000)}.png`, /^.{1,200}$/],
    ["..", /[a-z]/],
  ])("file_name %j becomes a plain name, and the link works", async (file_name, form) => {
    const file = await upload(server, photo, { after: { file_name } });
    expect(file.filename).toMatch(form);
    expect((await download(file.url)).length).toBe(photo.length);
  });

  test("an auto_cleanup that is neither true nor false is refused", async () => {
    const answer = await tryUpload<WireError>(server, photo, { after: { auto_cleanup: "maybe" } });
    expect([answer.status, answer.body.error.type]).toEqual([400, "invalid_request_error"]);
    expect(answer.body.error.message).toContain("maybe");
  });

  test.each([
    ["no form at all", { json: { file: "x" } }],
    ["a form without a file", { form: formOf({ file_name: "a.png" }) }],
    ["the file under another name", { form: formOf({}, "picture") }],
    ["two files", { form: formOf({}, "file", "second") }],
    ["no boundary", { bytes: "x", headers: { "content-type": "multipart/form-data" } }],
    [
      "half a form",
      {
        bytes: '--B\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\nabc',
        headers: { "content-type": "multipart/form-data; boundary=B" },
      },
    ],
  ])("%s is refused with 400", async (_name, options) => {
    const answer = await call(server, UPLOAD, { method: "POST", ...options });
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body.error.type).toBe("invalid_request_error");
    expect(answer.body.error.message).toContain("request_id: ");
  });
});

test("a large form that names no boundary does not hold up what comes next on its connection", async () => {
  const one = new Client(server.url, { headersTimeout: 10_000 });
  try {
    const headers = { authorization: `Bearer ${server.key}`, "content-type": "multipart/form-data" };
    const refused = await one.request({ method: "POST", path: UPLOAD, headers, body: "x".repeat(300_000) });
    expect(refused.statusCode).toBe(400);
    await refused.body.dump();
    const next = await one.request({ method: "GET", path: "/healthz" });
    expect(next.statusCode).toBe(200);
    await next.body.dump();
  } finally {
    await one.destroy();
  }
});

function formOf(fields: Record<string, string>, ...files: string[]): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const name of files) form.append(name, new Blob(["x"]), "a.png");
  return form;
}

describe("what is no picture, clip or sound", () => {
  test.each([
    ["text", Buffer.from("just words, nothing to see"), "notes.txt"],
    ["a web page that is called a picture", Buffer.from("<!doctype html><script>1</script>"), "a.png"],
    ["an SVG", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), "a.svg"],
    ["a PDF", Buffer.from("%PDF-1.7\n%âãÏÓ\n1 0 obj"), "a.pdf"],
    ["a GIF", Buffer.from("GIF89a\x01\x00\x01\x00\x80\x00\x00", "latin1"), "a.gif"],
    ["nothing", Buffer.alloc(0), "empty.png"],
    ["the first bytes of a PNG", Buffer.from("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "latin1"), "a.png"],
    ["zeros", Buffer.alloc(10_000), "zeros.mp4"],
  ])("is refused with 400 and not kept: %s", async (_name, bytes, name) => {
    const before = await storedFiles();
    const answer = await tryUpload<WireError>(server, bytes, { name, type: "image/png" });
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body.error.type).toBe("invalid_request_error");
    expect(await storedFiles()).toBe(before);
  });
});

test("an upload that breaks off in the middle is not kept", async () => {
  // Its own server: this one takes 70 kB, and a refusal is no broken connection.
  const other = await startServer(NO_RENDER);
  try {
    const sent = stalledUpload(other);
    await until(async () => (await storedFiles(other)) > 0, { ms: 5_000, what: "the first bytes on disk" });
    sent.destroy();
    await until(async () => (await storedFiles(other)) === 0, { ms: 5_000, what: "their removal" });
    expect((await tryUpload(other, photo)).status).toBe(200);
    // A client that hangs up is nobody's fault here.
    expect(other.output()).not.toContain('"level":"error"');
  } finally {
    await other.discard();
  }
});

test("behind another name: links carry REELAY_PUBLIC_URL, and are read from storage all the same", async () => {
  const publicUrl = "https://video.example.com/reelay";
  const other = await startServer({ ...NO_RENDER, REELAY_PUBLIC_URL: publicUrl });
  try {
    const small = await upload(other, await picture({ width: 200, height: 150 }));
    expect(small.url.startsWith(`${publicUrl}/`)).toBe(true);
    expect((await fetch(small.url.replace(publicUrl, other.url))).status).toBe(200);
    const answer = await post(other, { model: IDS.pixverseImage, prompt: "x", image_url: small.url });
    expect([answer.status, answer.body.error.code]).toEqual([422, "image_dimension_mismatch"]);
  } finally {
    await other.discard();
  }
});

describe("limits", () => {
  test(`more than REELAY_UPLOAD_MAX_BYTES is refused with 413, and nothing of it stays`, async () => {
    const before = await storedFiles();
    const big = await noise(280, 280);
    expect(big.length).toBeGreaterThan(MAX);
    const answer = await tryUpload<WireError>(server, big);
    expect([answer.status, answer.body.error.type]).toEqual([413, "file_too_large_error"]);
    expect(answer.body.error.message).toContain(String(MAX));
    expect(await storedFiles()).toBe(before);
  });

  test("full storage: 403 with auto_cleanup=false, else the oldest upload goes", async () => {
    const key = await server.newKey("collector");
    const big = await noise(250, 250);
    expect(big.length * 2).toBeLessThan(STORAGE);
    expect(big.length * 3).toBeGreaterThan(STORAGE);
    const first = await upload(server, big, { key });
    const second = await upload(server, big, { key, before: { auto_cleanup: "false" } });
    for (const place of ["before", "after"] as const) {
      const full = await tryUpload<WireError>(server, big, { key, [place]: { auto_cleanup: "false" } });
      expect(full.status, full.text).toBe(403);
      expect(full.body.error.message).toContain("auto_cleanup");
    }
    expect((await fetch(first.url)).status).toBe(200);
    await upload(server, big, { key });
    expect((await fetch(first.url)).status).toBe(404);
    expect((await fetch(second.url)).status).toBe(200);

    const body = { model: IDS.pixverseImage, prompt: "x", image_url: first.url };
    const gone = await post(server, body);
    expect([gone.status, gone.body.error.code]).toEqual([422, "invalid_image_url"]);
    expect(gone.body.error.message).toContain("image_url");
  });

  test("one key's uploads do not push out another's, nor those that an open task needs", async () => {
    const [key, other] = await Promise.all([server.newKey("a"), server.newKey("b")]);
    const big = await noise(250, 250);
    const needed = await upload(server, big, { key });
    await create({ ...server, key }, { model: IDS.wan, image_urls: [needed.url] });
    const foreign = await upload(server, big, { key: other });
    for (let i = 0; i < 3; i++) await upload(server, big, { key });
    expect((await fetch(needed.url)).status).toBe(200);
    expect((await fetch(foreign.url)).status).toBe(200);
  });
});

test("an upload that finds no room costs no other file", async () => {
  const key = await server.newKey("full");
  const big = await noise(250, 250);
  const small = await upload(server, photo, { key });
  const needed = [await upload(server, big, { key }), await upload(server, big, { key })];
  await create({ ...server, key }, { model: IDS.wan, image_urls: needed.map(({ url }) => url) });
  const full = await tryUpload<WireError>(server, big, { key });
  expect([full.status, full.body.error.code]).toEqual([403, "storage_full"]);
  for (const { url } of [small, ...needed]) expect((await fetch(url)).status).toBe(200);
});

describe("as the input of a task", () => {
  const withImage = (image_url: string): object => ({ model: IDS.pixverseImage, prompt: "x", image_url });

  test("an upload's url is taken", async () => {
    const file = await upload(server, photo);
    expect((await post(server, withImage(file.url))).status).toBe(200);
  });

  test("a picture outside the model's limits is refused at once, with limit and measured value", async () => {
    const small = await upload(server, await picture({ width: 200, height: 150 }));
    const answer = await post(server, withImage(small.url));
    expect(answer.status, answer.text).toBe(422);
    for (const part of ["image_url", "300", "150"]) expect(answer.body.error.message).toContain(part);
    const strip = await upload(server, await picture({ width: 1200, height: 320 }));
    expect((await post(server, withImage(strip.url))).status).toBe(422);
  });

  test("a sound where a picture belongs is refused by its type", async () => {
    const sound = await upload(server, wav(1), { name: "tone.png", type: "image/png" });
    const answer = await post(server, withImage(sound.url));
    expect([answer.status, answer.body.error.code]).toEqual([422, "invalid_file_type"]);
  });

  test("a sound that is too short for the model is refused with the measured length", async () => {
    const first = await upload(server, photo);
    const sound = await upload(server, wav(1), { name: "tone.wav" });
    const body = { model: IDS.wan, image_urls: [first.url], audio_url: sound.url };
    const answer = await post(server, body);
    expect(answer.status, answer.text).toBe(422);
    expect(answer.body.error.message).toMatch(/audio_url.*\b2\b.*\b30\b/);
  });

  test("every bad input of one request is told", async () => {
    const small = await upload(server, await picture({ width: 200, height: 150 }));
    const sound = await upload(server, wav(1));
    const answer = await post(server, {
      model: IDS.wan,
      image_urls: [small.url, sound.url],
      audio_url: small.url,
    });
    expect(answer.status).toBe(422);
    const fields = answer.body.error.problems?.map((one) => one.field.replace(/\[\d+\]/, ""));
    expect([...new Set(fields)].sort()).toEqual(["audio_url", "image_urls"]);
  });

  test("a link that was changed is refused", async () => {
    const file = await upload(server, photo);
    const answer = await post(server, withImage(file.url.replace(/expires=\d/, "expires=9")));
    expect([answer.status, answer.body.error.code]).toEqual([422, "invalid_image_url"]);
  });
});

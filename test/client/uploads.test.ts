/** Files that a program gives: as bytes to a started server, and what the other two ways put on the wire. */
import { openAsBlob } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Client, createClient } from "../../client/src/client.ts";
import { UPLOAD } from "../support/api.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";
import { type BadProxy, startBadProxy } from "./bad-proxy.ts";

const PHOTO = fileURLToPath(new URL("../../samples/lighthouse.jpg", import.meta.url));

let server: Server;
let proxy: BadProxy;
let client: Client;
beforeAll(async () => {
  server = await startServer(NO_RENDER);
});
afterAll(() => server.discard());
beforeEach(async () => {
  proxy = await startBadProxy(server.url);
  client = createClient({ baseURL: proxy.url, apiKey: server.key });
});
afterEach(() => proxy.close());

describe("an upload", () => {
  test("is the same file, whatever it was held in", async () => {
    const bytes = await readFile(PHOTO);
    const ways = [
      bytes,
      Uint8Array.from(bytes).buffer,
      await openAsBlob(PHOTO),
      new File([bytes], "own.jpg"),
    ];
    const uploads = [];
    for (const way of ways) uploads.push(await client.files.upload(way, { autoCleanup: false }));
    expect(uploads.map(({ size }) => size)).toEqual(ways.map(() => bytes.length));
    const names = uploads.map(({ filename }) => filename);
    expect(names).toEqual(["upload.jpeg", "upload.jpeg", "upload.jpeg", "own.jpg"]);
    const [first] = uploads;
    const back = await new Response(await client.download({ url: first?.url ?? "" })).arrayBuffer();
    expect(Buffer.compare(Buffer.from(back), bytes)).toBe(0);
  });

  test("that is lost on its way is sent again, whole", async () => {
    proxy.treat = ({ count }) => (count === 1 ? "drop-answer" : undefined);
    const upload = await client.files.upload(await openAsBlob(PHOTO), { name: "a.jpg" });
    expect(upload).toMatchObject({ filename: "a.jpg", content_type: "image/jpeg" });
    expect(proxy.count("POST", UPLOAD)).toBe(2);
  });

  test("that is no file of a kind the server takes is refused, with its own word", async () => {
    const refused = client.files.upload(new TextEncoder().encode("no picture"), { name: "a.jpg" });
    await expect(refused).rejects.toMatchObject({ status: 400, code: "malformed_request", retryable: false });
  });
});

describe("on the wire", () => {
  const sent = (): unknown => {
    const [exchange] = proxy.exchanges;
    return [exchange?.method, exchange?.path, JSON.parse(exchange?.body() ?? "null")];
  };
  beforeEach(() => {
    proxy.treat = () => ({ status: 200, body: "{}" });
  });

  test("base64 is file_data", async () => {
    await client.files.uploadBase64("data:image/png;base64,AAAA", { name: "a.png", autoCleanup: false });
    const body = { file_data: "data:image/png;base64,AAAA", file_name: "a.png", auto_cleanup: false };
    expect(sent()).toEqual(["POST", "/v1/files/upload/base64", body]);
  });

  test("a link is url, and what was not given is left out", async () => {
    await client.files.uploadUrl("https://example.com/a.png");
    expect(sent()).toEqual(["POST", "/v1/files/upload/url", { url: "https://example.com/a.png" }]);
  });
});

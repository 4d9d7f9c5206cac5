/** The links that answers carry: what a browser, a player and a curious stranger get from them. */
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tryUpload, upload, type WireFile } from "../support/api.ts";
import { picture } from "../support/media.ts";
import { NO_RENDER, type Server, startServer } from "../support/server.ts";

let server: Server;
let file: WireFile;
let bytes: Buffer;
let etag: string;

beforeAll(async () => {
  server = await startServer(NO_RENDER);
  bytes = await picture({ width: 400, height: 300 });
  file = await upload(server, bytes, { name: "page.html", type: "text/html" });
  etag = (await fetch(file.url, { method: "HEAD" })).headers.get("etag") ?? "";
});
afterAll(() => server.discard());

interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

async function get(headers: Record<string, string> = {}, method = "GET", url = file.url): Promise<Got> {
  const response = await fetch(url, { method, headers });
  const { status } = response;
  return { status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
}

describe("GET and HEAD", () => {
  test("headers keep a browser from running what an upload may contain", async () => {
    const { status, headers, body } = await get();
    expect(status).toBe(200);
    expect(body.equals(bytes)).toBe(true);
    // By content, not by the name or the type that the client claimed.
    expect(headers.get("content-type")).toBe("image/png");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toMatch(/sandbox/);
    expect(headers.get("content-security-policy")).toMatch(/default-src 'none'/);
    expect(headers.get("accept-ranges")).toBe("bytes");
    expect(headers.get("etag")).toMatch(/^"[^"]+"$/);
  });

  test("HEAD tells the same as GET, without the bytes", async () => {
    const [head, whole] = [await get({}, "HEAD"), await get()];
    expect([head.status, head.body.length]).toEqual([200, 0]);
    for (const name of ["content-type", "content-length", "etag", "accept-ranges"]) {
      expect(head.headers.get(name), name).toBe(whole.headers.get(name));
    }
    expect(head.headers.get("content-length")).toBe(String(bytes.length));
  });

  test.each(["POST", "PUT", "DELETE"])("%s is refused and changes nothing", async (method) => {
    expect((await get({}, method)).status).toBeGreaterThanOrEqual(404);
    expect((await get()).status).toBe(200);
  });

  test("the link works without a key and after a restart", async () => {
    const other = await startServer(NO_RENDER);
    try {
      const kept = await upload(other, bytes);
      const again = await other.restart();
      const moved = kept.url.replace(other.url, again.url);
      expect((await get({}, "GET", moved)).body.equals(bytes)).toBe(true);
      await again.discard();
    } finally {
      await other.discard();
    }
  });
});

describe("ranges", () => {
  test.each([
    ["bytes=0-99", 0, 99],
    ["bytes=100-", 100, -1],
    ["bytes=-50", -50, -1],
    ["bytes=0-0", 0, 0],
    ["bytes=10-99999999", 10, -1],
    ["bytes=-99999999", 0, -1],
  ])("%s gives just that part", async (range, first, last) => {
    const end = last === -1 ? bytes.length - 1 : last;
    const start = first < 0 ? bytes.length + first : first;
    const { status, headers, body } = await get({ range });
    expect(status).toBe(206);
    expect(headers.get("content-range")).toBe(`bytes ${start}-${end}/${bytes.length}`);
    expect(headers.get("content-length")).toBe(String(end - start + 1));
    expect(body.equals(bytes.subarray(start, end + 1))).toBe(true);
  });

  test.each(["bytes=0-99", "bytes=99999999-"])(
    "%s of a HEAD is passed over, as of any but a GET",
    async (range) => {
      const { status, headers } = await get({ range }, "HEAD");
      expect([status, headers.get("content-length")]).toEqual([200, String(bytes.length)]);
      expect(headers.get("content-range")).toBeNull();
    },
  );

  test.each(["bytes=99999999-", "bytes=-0"])("%s cannot be satisfied", async (range) => {
    const { status, headers, body } = await get({ range });
    expect([status, body.length]).toEqual([416, 0]);
    expect(headers.get("content-range")).toBe(`bytes */${bytes.length}`);
  });

  test.each(["bytes=5-2", "items=0-5", "bytes=abc", "bytes=", "bytes=--5", "0-5", "bytes=1e3-"])(
    "%s is no range and gives the whole file",
    async (range) => {
      const { status, body } = await get({ range });
      expect([status, body.length]).toEqual([200, bytes.length]);
    },
  );

  test("several ranges may be answered with the whole file, never with less", async () => {
    const { status, body } = await get({ range: "bytes=0-1,5-6,10-20" });
    expect([status, body.length]).toEqual([200, bytes.length]);
  });

  test("If-Range: a part of this version, or the whole of another", async () => {
    const range = "bytes=0-9";
    expect((await get({ range, "if-range": etag })).status).toBe(206);
    expect((await get({ range, "if-range": '"another"' })).status).toBe(200);
    expect((await get({ range, "if-range": `W/${etag}` })).status).toBe(200);
    expect((await get({ range, "if-range": "Wed, 21 Oct 2015 07:28:00 GMT" })).status).toBe(200);
  });
});

describe("If-None-Match", () => {
  test.each([
    ["the same tag", () => etag],
    ["the same tag, weak", () => `W/${etag}`],
    ["one of several", () => `"other", ${etag}`],
    ["any", () => "*"],
  ])("%s: 304 without bytes", async (_name, value) => {
    const { status, headers, body } = await get({ "if-none-match": value() });
    expect([status, body.length]).toEqual([304, 0]);
    expect(headers.get("etag")).toBe(etag);
  });

  test("another tag: 200", async () => {
    expect((await get({ "if-none-match": '"other"' })).status).toBe(200);
  });
});

describe("a link that is not exactly ours", () => {
  const changed = (change: (url: URL) => void): string => {
    const url = new URL(file.url);
    change(url);
    return url.href;
  };
  const swap = (text: string): string => (text.startsWith("A") ? "B" : "A") + text.slice(1);

  test.each<[string, (url: URL) => void]>([
    ["a changed signature", (url) => url.searchParams.set("signature", swap(signature(url)))],
    ["a shortened signature", (url) => url.searchParams.set("signature", signature(url).slice(0, 20))],
    ["no signature", (url) => url.searchParams.delete("signature")],
    ["a later end", (url) => url.searchParams.set("expires", String(Number(expires(url)) + 3600))],
    ["an earlier end", (url) => url.searchParams.set("expires", "1")],
    ["no end", (url) => url.searchParams.delete("expires")],
    ["an end that is no number", (url) => url.searchParams.set("expires", "never")],
    ["another name", (url) => (url.pathname = url.pathname.replace("page", "pbge"))],
    ["another id", (url) => (url.pathname = url.pathname.replace("file-1", "file-2"))],
    ["an escaped letter", (url) => (url.pathname = url.pathname.replace("file-", "%66ile-"))],
  ])("%s is refused with 403", async (_name, change) => {
    const { status, body } = await get({}, "GET", changed(change));
    expect(status).toBe(403);
    const { error } = JSON.parse(body.toString()) as { error: { message: string } };
    expect(error.message).toMatch(/link/);
    expect(body.toString()).not.toContain(signature(new URL(file.url)));
  });

  const signature = (url: URL): string => url.searchParams.get("signature") ?? "";
  const expires = (url: URL): string => url.searchParams.get("expires") ?? "";

  test.each([
    "/files/../reelay.db",
    "/files/%2e%2e%2freelay.db/x",
    "/files//",
    "/files/..%2f..%2fetc/passwd",
  ])("%s leads nowhere", async (path) => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      // node:http sends the path as it is; fetch would tidy it first.
      request(server.url, { path }, (answer) => resolve(answer.resume().statusCode))
        .on("error", reject)
        .end();
    });
    expect([403, 404]).toContain(status);
  });

  test("the end of an upload's link is 72 hours away", async () => {
    const fresh = (await tryUpload(server, bytes)).body;
    const hours = (Number(expires(new URL(fresh.url))) - fresh.created) / 3600;
    expect(hours).toBeCloseTo(72, 1);
  });
});

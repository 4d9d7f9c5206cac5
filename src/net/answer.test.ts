import { createServer, type Server } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ReelayError } from "../core/errors.ts";
import { type AddressPolicy, openAddressPolicy } from "./address-policy.ts";
import { openFetcher } from "./fetch-file.ts";

const allowed = openAddressPolicy({ allow: ["127.0.0.0/8"] });
/** As if 127.0.0.1 were a public server: what may be told about one. */
const asPublic: AddressPolicy = { ...allowed, classify: () => "public" };
const GENERIC = /^The URL could not be fetched\. It must lead to a server on the public internet/;

let reply: string | Buffer = "";
let server: Server;
let port = 0;

beforeAll(async () => {
  server = createServer((socket) => {
    socket.on("error", () => undefined).once("data", () => socket.end(reply));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});

afterAll(() => {
  server.close();
});

async function fetchFrom(policy: AddressPolicy, bytes: string | Buffer): Promise<string> {
  reply = bytes;
  const fetcher = openFetcher({ policy, ports: [port], limits: { headersMs: 1_000, windowMs: 1_000 } });
  const { body } = await fetcher.open(`http://127.0.0.1:${port}/`, { maxBytes: 1_000 });
  let text = "";
  for await (const chunk of body) text += Buffer.from(chunk).toString();
  return text;
}

async function refusal(policy: AddressPolicy, bytes: string | Buffer): Promise<ReelayError> {
  const error = await fetchFrom(policy, bytes).catch((reason: unknown) => reason);
  if (!(error instanceof ReelayError)) throw new Error(`not refused: ${error}`);
  expect(error.code).toBe("input_url_rejected");
  return error;
}

function ok(headers: string, body: string | Buffer = "hello"): Buffer {
  return Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\n`), Buffer.from(body)]);
}

test("a plain answer passes, with or without a length, and whatever spelling of identity", async () => {
  expect(await fetchFrom(allowed, ok("content-length: 5"))).toBe("hello");
  expect(await fetchFrom(allowed, ok("connection: close"))).toBe("hello");
  expect(await fetchFrom(allowed, ok("content-encoding: Identity"))).toBe("hello");
  expect(await fetchFrom(allowed, ok("content-encoding:"))).toBe("hello");
  expect(await fetchFrom(allowed, ok("Transfer-Encoding: Chunked", "5\r\nhello\r\n0\r\n\r\n"))).toBe("hello");
  expect(
    await fetchFrom(allowed, `HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${ok("content-length: 5")}`),
  ).toBe("hello");
});

const ANSWERS: Readonly<Record<string, [bytes: string | Buffer, told: string]>> = {
  "a missing file": ["HTTP/1.1 404 Not secret\r\n\r\nsecret", "answered 404"],
  "a failing server": ["HTTP/1.1 503 x\r\n\r\nsecret", "answered 503"],
  "a redirect to nowhere": ["HTTP/1.1 302 Found\r\n\r\n", "answered 302"],
  "a part of the file": ["HTTP/1.1 206 x\r\ncontent-range: bytes 0-1/9\r\n\r\nhe", "a part"],
  "gzip that nobody asked for": [ok("content-encoding: gzip", gzipSync("hello")), "content-encoding"],
  "brotli that nobody asked for": [
    ok("content-encoding: br", brotliCompressSync("hello")),
    "content-encoding",
  ],
  "an encoding hidden in a second header": [
    ok("content-encoding: identity\r\ncontent-encoding: gzip"),
    "content-encoding",
  ],
  "an encoding of the transfer": [
    ok("transfer-encoding: gzip, chunked", "5\r\nhello\r\n0\r\n\r\n"),
    "transfer-encoding",
  ],
};

test.each(Object.entries(ANSWERS))(
  "%s is told of a public server, and only of one",
  async (_, [bytes, told]) => {
    const loud = await refusal(asPublic, bytes);
    expect(loud.message).toContain(told);
    expect(loud.message).not.toContain("secret");
    const quiet = await refusal(allowed, bytes);
    expect(quiet.message).toMatch(GENERIC);
    expect(String(quiet.cause)).toContain(told);
  },
);

const GARBAGE: Readonly<Record<string, string | Buffer>> = {
  "no HTTP": "SSH-2.0-OpenSSH_9.9\r\n",
  nothing: "",
  "half a header": "HTTP/1.1 200 OK\r\ncontent-le",
  "headers without end": `HTTP/1.1 200 OK\r\n${"x-filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n".repeat(2_000)}\r\n`,
  "two lengths": ok("content-length: 5\r\ncontent-length: 6", "hello!"),
  "a length and chunks": ok("content-length: 5\r\ntransfer-encoding: chunked", "5\r\nhello\r\n0\r\n\r\n"),
  "a negative length": ok("content-length: -5"),
  "chunks cut short": ok("transfer-encoding: chunked", "ff\r\nhello"),
  "a body shorter than its length": ok("content-length: 50"),
  "an upgrade": "HTTP/1.1 101 x\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n",
};

test.each(Object.entries(GARBAGE))(
  "%s looks like any unreachable URL, even from a public server",
  async (_, bytes) => {
    expect((await refusal(asPublic, bytes)).message).toMatch(GENERIC);
  },
);

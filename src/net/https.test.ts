/** TLS on top of the guarded socket: the right name asked for, the certificate verified, nothing sent in the clear. */
import { createServer, type Server } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ReelayError } from "../core/errors.ts";
import { openAddressPolicy } from "./address-policy.ts";
import { type FetcherOptions, openFetcher } from "./fetch-file.ts";

/** Self-signed for media.example and 127.0.0.1, made for this test and used nowhere else. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBqDCCAU2gAwIBAgIUfQPBRhze9bQR4Q6BAiQjdmLaiv8wCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNbWVkaWEuZXhhbXBsZTAgFw0yNjExMjAyMjI0MjBaGA8yMTI2
MTAyNzIyMjQyMFowGDEWMBQGA1UEAwwNbWVkaWEuZXhhbXBsZTBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABEqDJHsejCzfW93t9wxkKYvc2RMKpIn4f4GT3Sapp3Bl
7xDcOPj4Rmo8gQVT6q1qFSdC94Je+VZuEL0C8zFYoC6jczBxMB0GA1UdDgQWBBTD
7JNkxPCQ3Wz8EDWVdqDs2bMvaDAfBgNVHSMEGDAWgBTD7JNkxPCQ3Wz8EDWVdqDs
2bMvaDAPBgNVHRMBAf8EBTADAQH/MB4GA1UdEQQXMBWCDW1lZGlhLmV4YW1wbGWH
BH8AAAEwCgYIKoZIzj0EAwIDSQAwRgIhAMcuiLIG6x5tAGttenQpFtYSv8xZJC3g
G1UThQR05b/JAiEAs39NoKqLYQyC5FzqSTleao0ji7J8HArV6ftsExjnJeo=
-----END CERTIFICATE-----`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQghItRqm8eP7kLRRAO
ORygFChz4RhITZ4C9iQMLLo18XOhRANCAARKgyR7Hows31vd7fcMZCmL3NkTCqSJ
+H+Bk90mqadwZe8Q3Dj4+EZqPIEFU+qtahUnQveCXvlWbhC9AvMxWKAu
-----END PRIVATE KEY-----`;

const policy = openAddressPolicy({ allow: ["127.0.0.0/8"] });
const trusted = getCACertificates("default");
let server: Server;
let port = 0;
let asked: (string | undefined)[] = [];

beforeAll(async () => {
  server = createServer({ key: KEY, cert: CERTIFICATE }, (request, response) => {
    asked.push(request.headers.host);
    if (request.url === "/down") response.writeHead(302, { location: "http://media.example/" }).end();
    else response.end("hello");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
  setDefaultCACertificates([...trusted, CERTIFICATE]);
});

afterAll(() => {
  setDefaultCACertificates(trusted);
  server.close();
});

async function read(url: string, options: Partial<FetcherOptions> = {}): Promise<string> {
  const resolve = async () => [{ address: "127.0.0.1", family: 4 }];
  const fetcher = openFetcher({ policy, ports: [], resolve, ...options });
  const { body } = await fetcher.open(url, { maxBytes: 1_000 });
  let text = "";
  for await (const chunk of body) text += Buffer.from(chunk).toString();
  return text;
}

async function causeOf(outcome: Promise<unknown>): Promise<string> {
  const error = await outcome.catch((reason: unknown) => reason);
  if (!(error instanceof ReelayError)) throw new Error(`not a ReelayError: ${error}`);
  expect(error.message).toMatch(/^The URL could not be fetched\. It must lead to/);
  return String(error.cause);
}

/** A plain listener that keeps what it hears, and says `reply` or nothing. */
async function listenRaw(reply?: string) {
  const heard: Buffer[] = [];
  const raw = createTcpServer((socket) => {
    socket
      .on("error", () => undefined)
      .on("data", (data) => {
        heard.push(data);
        if (reply !== undefined) socket.end(reply);
      });
  });
  await new Promise<void>((resolve) => raw.listen(0, "127.0.0.1", resolve));
  const address = raw.address();
  const open = () => new Promise((resolve) => raw.getConnections((_, count) => resolve(count)));
  return { raw, heard, open, port: typeof address === "object" && address !== null ? address.port : 0 };
}

test("a verified name and a verified address are fetched, each with its own Host", async () => {
  asked = [];
  expect(await read(`https://media.example:${port}/`)).toBe("hello");
  expect(await read(`https://127.0.0.1:${port}/`)).toBe("hello");
  expect(asked).toEqual([`media.example:${port}`, `127.0.0.1:${port}`]);
});

test("a certificate of another name, another address or an unknown issuer is refused before a request", async () => {
  asked = [];
  expect(await causeOf(read(`https://other.example:${port}/`))).toContain("altnames");
  expect(await causeOf(read(`https://127.0.0.1.example:${port}/`))).toContain("altnames");
  setDefaultCACertificates(trusted);
  expect(await causeOf(read(`https://media.example:${port}/`))).toContain("self-signed");
  setDefaultCACertificates([...trusted, CERTIFICATE]);
  expect(asked).toEqual([]);
});

test("a redirect from https to http is not followed", async () => {
  expect(await causeOf(read(`https://media.example:${port}/down`))).toContain("from https to http");
});

test("the name, not the address, is asked for in the handshake, and HTTP/2 is not offered", async () => {
  const listener = await listenRaw("HTTP/1.1 200 OK\r\n\r\n");
  await causeOf(read(`https://media.example:${listener.port}/secret`));
  listener.raw.close();
  const hello = Buffer.concat(listener.heard).toString("latin1");
  expect(hello).toContain("media.example");
  // The whole ALPN extension (16): one protocol and no other. The random bytes of a hello may well spell "h2".
  expect(hello).toContain("\x00\x10\x00\x0b\x00\x09\x08http/1.1");
  expect(hello).not.toContain("secret");
});

test("a handshake that never ends counts as connecting and gives its socket back", async () => {
  const listener = await listenRaw();
  const url = `https://media.example:${listener.port}/`;
  expect(await causeOf(read(url, { limits: { connectMs: 100 } }))).toContain("ConnectTimeout");
  const started = performance.now();
  expect(await causeOf(read(url, { limits: { totalMs: 100 } }))).toContain("whole fetch");
  await expect.poll(listener.open, { timeout: 5_000 }).toBe(0);
  // Well before the 5 seconds for connecting.
  expect(performance.now() - started).toBeLessThan(3_000);
  listener.raw.close();
});

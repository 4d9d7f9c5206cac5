import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ErrorCode, ReelayError } from "../core/errors.ts";
import { type AddressPolicy, openAddressPolicy } from "./address-policy.ts";
import { type FetcherOptions, type FetchLimits, openFetcher } from "./fetch-file.ts";

const policy = openAddressPolicy({ allow: ["127.0.0.0/8"] });
/** As if 127.0.0.1 were a public server: what may be told about one. */
const publicPolicy: AddressPolicy = { ...policy, classify: () => "public" };
const GENERIC = /^The URL could not be fetched\. It must lead to a server on the public internet/;

let server: Server;
let port = 0;
let requests: IncomingMessage[] = [];

const ROUTES: Readonly<Record<string, (response: ServerResponse) => unknown>> = {
  "/ok": (response) => response.setHeader("content-type", "image/png").end("hello"),
  "/chunked": (response) => {
    response.write("hel");
    response.end("lo");
  },
  "/empty": (response) => response.end(),
  "/big": (response) => response.end(Buffer.alloc(1_000_000)),
  "/long": (response) => response.end(Buffer.alloc(50_000)),
  "/long-chunked": (response) => {
    for (let i = 0; i < 50; i++) response.write(Buffer.alloc(1_000));
    response.end();
  },
  "/identity": (response) => response.setHeader("content-encoding", "identity").end("hello"),
  "/hang": () => undefined,
  "/silent": (response) => response.writeHead(200).flushHeaders(),
  "/drip": (response) => {
    response.write("first");
    const timer = setInterval(() => response.write("x"), 10);
    response.on("close", () => clearInterval(timer));
  },
  "/reset": (response) => response.write(Buffer.alloc(1_000), () => response.socket?.resetAndDestroy()),
  "/cut": (response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("ten bytes.", () => response.socket?.end());
  },
};

function answer(request: IncomingMessage, response: ServerResponse): void {
  requests.push(request);
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const to = url.searchParams.get("to");
  const hops = Number(url.searchParams.get("hops"));
  if (to !== null)
    response.writeHead(Number(url.searchParams.get("status") ?? 302), { location: to }).end("x");
  else if (hops > 0) response.writeHead(301, { location: `/?hops=${hops - 1}` }).end();
  else (ROUTES[url.pathname] ?? ROUTES["/ok"])?.(response);
}

beforeAll(async () => {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

interface Options extends Partial<FetcherOptions> {
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** Names resolve to 127.0.0.1; nothing here can leave this machine. */
function openHere(path: string, { maxBytes = 1_000_000, signal, ...options }: Options = {}) {
  const resolve = async () => [{ address: "127.0.0.1", family: 4 }];
  const fetcher = openFetcher({ policy, ports: [port], resolve, ...options });
  const url = path.startsWith("/") ? `http://127.0.0.1:${port}${path}` : path;
  return fetcher.open(url, { maxBytes, signal });
}

async function read(path: string, options?: Options): Promise<string> {
  return textOf((await openHere(path, options)).body);
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function refusal(
  outcome: Promise<unknown>,
  code: ErrorCode = "input_url_rejected",
): Promise<ReelayError> {
  const error = await outcome.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ReelayError)) throw new Error(`not a ReelayError: ${error}`);
  expect(error.code).toBe(code);
  return error;
}

async function noOpenSockets(): Promise<void> {
  const count = () => new Promise((resolve) => server.getConnections((_, open) => resolve(open)));
  await expect.poll(count, { timeout: 5_000 }).toBe(0);
}

describe("a file that is there", () => {
  test("body, length and type arrive, and nothing of ours but a plain GET is sent", async () => {
    requests = [];
    const opened = await openHere("/ok?sig=a%20b");
    expect(opened).toMatchObject({ contentLength: 5, contentType: "image/png" });
    expect(opened.finalUrl).toBe(`http://127.0.0.1:${port}/ok?sig=a%20b`);
    expect(await textOf(opened.body)).toBe("hello");
    expect(requests[0]?.url).toBe("/ok?sig=a%20b");
    expect(requests[0]?.headers).toEqual({
      host: `127.0.0.1:${port}`,
      accept: "*/*",
      "accept-encoding": "identity",
      "user-agent": "reelay",
      connection: "close",
    });
  });

  test("without a length it is null and the whole body still arrives", async () => {
    expect((await openHere("/chunked")).contentLength).toBeNull();
    expect(await read("/chunked")).toBe("hello");
    expect(await read("/empty")).toBe("");
    expect(await read("/identity")).toBe("hello");
    expect(await read("/long", { maxBytes: 50_000 })).toHaveLength(50_000);
  });

  test("every fetch has a socket of its own and leaves none behind", async () => {
    requests = [];
    for (let i = 0; i < 5; i++) await read("/ok");
    expect(new Set(requests.map((request) => request.socket)).size).toBe(5);
    for await (const _ of (await openHere("/drip")).body) break;
    await noOpenSockets();
  });

  test("a finished fetch leaves no timer that keeps the process alive", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    for (let i = 0; i < 20; i++) await read("/ok");
    expect(timers()).toBeLessThan(before + 10);
  });

  test("a name is connected to at the address it resolved to, with its own Host header", async () => {
    requests = [];
    expect(await read(`http://media.example.:${port}/ok`)).toBe("hello");
    expect(requests[0]?.headers.host).toBe(`media.example:${port}`);
  });
});

describe("redirects", () => {
  test("three hops arrive, a fourth is refused", async () => {
    expect((await openHere("/?hops=3")).finalUrl).toBe(`http://127.0.0.1:${port}/?hops=0`);
    expect(await read("/?hops=3")).toBe("hello");
    expect(String((await refusal(read("/?hops=4"))).cause)).toContain("more than 3");
    const told = await refusal(read("/?hops=4", { policy: publicPolicy }));
    expect(told.message).toBe("The URL could not be fetched: the server redirected more than 3 times.");
  });

  test("a hop into a blocked place, whatever status and spelling, is refused", async () => {
    const blocked = [`http://[::1]:${port}/`, `http://[::7f00:1]:${port}/`, `http://0.0.0.0:${port}/`];
    const wrong = [
      "file:///etc/passwd",
      `http://u:p@127.0.0.1:${port}/`,
      `http://0:${port}/`,
      "gopher://a.com",
    ];
    for (const to of [...blocked, ...wrong]) {
      for (const status of [301, 302, 303, 307, 308]) {
        const error = await refusal(read(`/?status=${status}&to=${encodeURIComponent(to)}`));
        expect(error.message).toMatch(GENERIC);
      }
    }
  });

  test("a hop to a name is resolved and judged like the first", async () => {
    const resolve = async (host: string) => [
      { address: host === "evil.example" ? "::1" : "127.0.0.1", family: 4 },
    ];
    const to = (host: string) => `/?to=${encodeURIComponent(`http://${host}:${port}/ok`)}`;
    expect(await read(to("fine.example"), { resolve })).toBe("hello");
    expect((await refusal(read(to("evil.example"), { resolve }))).message).toMatch(GENERIC);
  });

  test("other 3xx are not followed", async () => {
    for (const status of [300, 304, 305, 306]) await refusal(read(`/?status=${status}&to=/ok`));
  });
});

describe("files that are too large", () => {
  test("a file above the limit is refused by its announced length before a byte is read", async () => {
    const error = await refusal(openHere("/long", { maxBytes: 49_999 }), "file_too_large");
    expect(error.message).toBe("The file has 50000 bytes; the limit is 49999 bytes.");
  });

  test("a file above the limit is refused while it streams where no length was announced", async () => {
    const error = await refusal(read("/long-chunked", { maxBytes: 9_999 }), "file_too_large");
    expect(error.message).toMatch(/^The file has at least \d{5} bytes; the limit is 9999 bytes\.$/);
    await noOpenSockets();
  });
});

describe("servers that misbehave", () => {
  const small: Partial<FetchLimits> = { windowMs: 100 };

  test("blocked, refused, silent, slow, reset and cut short all say the same and tell the log why", async () => {
    const closed = createTcpServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const gone = closed.address();
    await new Promise((resolve) => closed.close(resolve));
    const closedPort = typeof gone === "object" && gone !== null ? gone.port : 0;

    const cases: readonly [string, string, Options?][] = [
      [
        `http://blocked.example:${port}/`,
        "not on the public",
        { resolve: async () => [{ address: "::1", family: 6 }] },
      ],
      [`http://nowhere.example:${port}/`, "no address", { resolve: async () => [] }],
      [
        `http://nowhere.example:${port}/`,
        "ENOTFOUND",
        { resolve: () => Promise.reject(new Error("ENOTFOUND")) },
      ],
      [
        `http://lost.example:${port}/`,
        "resolving",
        { resolve: () => new Promise(() => {}), limits: { dnsMs: 50 } },
      ],
      [`http://127.0.0.1:${closedPort}/`, "ECONNREFUSED"],
      ["/hang", "headers took more than 100 ms", { limits: { headersMs: 100 } }],
      ["/hang", "whole fetch took more than 150 ms", { limits: { totalMs: 150 } }],
      ["/silent", "only 0 bytes came in 100 ms", { limits: small }],
      ["/drip", "bytes came in 100 ms, 1000 is the least", { limits: small }],
      ["/drip", "whole fetch", { limits: { totalMs: 200 } }],
      ["/reset", ""],
      ["/cut", ""],
    ];
    for (const [path, why, options] of cases) {
      const error = await refusal(read(path, options));
      expect(error.message).toMatch(GENERIC);
      expect(error.cause).toBeInstanceOf(Error);
      expect(String(error.cause)).toContain(why);
    }
    await noOpenSockets();
  });

  test("a slow reader is not taken for a slow sender", async () => {
    // Reading takes longer than the window, waiting for bytes does not.
    const { body } = await openHere("/big", { limits: { windowMs: 300, minBytesPerSecond: 3_000_000 } });
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.length;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    expect(bytes).toBe(1_000_000);
  });

  test("a body that nobody reads gives its socket back when the time is up", async () => {
    await openHere("/drip", { limits: { totalMs: 500 } });
    await noOpenSockets();
  });
});

describe("abort", () => {
  test("the signal's own reason comes back, at every stage, and is no fault of the URL", async () => {
    const reason = new Error("cancelled");
    await expect(openHere("/ok", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);

    const stages: readonly [string, Options][] = [
      [`http://slow.example:${port}/`, { resolve: () => new Promise(() => {}) }],
      ["/hang", {}],
    ];
    for (const [path, options] of stages) {
      const controller = new AbortController();
      const outcome = openHere(path, { ...options, signal: controller.signal });
      setTimeout(() => controller.abort(reason), 30);
      await expect(outcome).rejects.toBe(reason);
    }
    const controller = new AbortController();
    const { body } = await openHere("/drip", { signal: controller.signal });
    const reading = (async () => {
      for await (const _ of body) controller.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
    await noOpenSockets();
  });
});

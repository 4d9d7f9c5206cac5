import { createServer as createTcpServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openReceiver, type Receiver } from "../../test/support/receiver.ts";
import { ReelayError } from "../core/errors.ts";
import { type AddressPolicy, openAddressPolicy } from "./address-policy.ts";
import { openPoster, type PosterOptions, type PostRequest, screenCallback } from "./post.ts";

const policy = openAddressPolicy({ allow: ["127.0.0.0/8"] });
const strict = openAddressPolicy({ allow: [] });
/** As if 127.0.0.1 were a public server. */
const publicPolicy: AddressPolicy = { ...policy, classify: () => "public", allowsAny: false };
const GENERIC =
  "The callback got no answer. Its URL must lead to a server on the public internet that answers at once.";

let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
});
afterAll(() => receiver.close());

type Options = Partial<PosterOptions & PostRequest>;

/** Names resolve to 127.0.0.1; nothing here can leave this machine. */
function post(to: string, { headers = {}, body, timeoutMs = 5_000, signal, ...options }: Options = {}) {
  const resolve = async () => [{ address: "127.0.0.1", family: 4 }];
  const poster = openPoster({ policy, ports: [], resolve, ...options });
  const url = to.startsWith("/") ? receiver.origin + to : to;
  return poster.post(url, { headers, body: body ?? Buffer.from("{}"), timeoutMs, signal });
}

async function refusal(outcome: Promise<unknown>): Promise<ReelayError> {
  const error = await outcome.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ReelayError)) throw new Error(`not a ReelayError: ${error}`);
  expect(error.code).toBe("input_url_rejected");
  return error;
}

const noOpenSockets = () => expect.poll(receiver.openSockets, { timeout: 5_000 }).toBe(0);

describe("what arrives", () => {
  test("the body byte for byte, our headers, a length, and nothing that asks for compression", async () => {
    const body = Buffer.from('{"täsk":"\u{1F3AC}"}');
    await post("/ok?sig=a%20b", { body, headers: { "content-type": "application/json", "webhook-id": "m" } });
    const got = receiver.received.at(-1);
    expect(got?.path).toBe("/ok?sig=a%20b");
    expect(got?.body.equals(body)).toBe(true);
    expect(got?.headers).toEqual({
      host: new URL(receiver.origin).host,
      "content-type": "application/json",
      "webhook-id": "m",
      "content-length": String(body.length),
      "accept-encoding": "identity",
      "user-agent": "reelay",
      connection: "close",
    });
  });

  test("a name is posted to at the address it resolved to", async () => {
    const { port } = new URL(receiver.origin);
    expect(await post(`http://hook.example:${port}/ok`)).toMatchObject({ status: 200 });
    expect(receiver.received.at(-1)?.headers.host).toBe(`hook.example:${port}`);
  });
});

describe("answers", () => {
  test.each([200, 204, 301, 302, 307, 308, 400, 404, 410, 429, 500, 503])(
    "%i is told as it is, and no redirect is followed",
    async (status) => {
      const before = receiver.received.length;
      expect(await post(`/status/${status}`)).toMatchObject({ status, retryAfter: null });
      expect(receiver.received.length).toBe(before + 1);
    },
  );

  test.each([
    ["120", 120],
    ["0", 0],
    ["-5", null],
    ["soon", null],
    ["1e9", null],
    ["", null],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
  ])("Retry-After %j is %j", async (header, seconds) => {
    receiver.script = [{ status: 429, headers: { "retry-after": header } }];
    expect((await post("/next")).retryAfter).toBe(seconds);
  });

  test("Retry-After as a date is the seconds until then", async () => {
    const date = new Date(Date.now() + 90_000).toUTCString();
    receiver.script = [{ status: 503, headers: { "retry-after": date } }];
    const { retryAfter } = await post("/next");
    expect(retryAfter).toBeGreaterThan(85);
    expect(retryAfter).toBeLessThanOrEqual(90);
  });

  test("an answer without end is read no further than told, and its beginning is kept", async () => {
    expect((await post("/big")).text).toBe("y".repeat(1_000));
    await noOpenSockets();
  });

  test("a status whose body drips or breaks off is an answer all the same", async () => {
    const slow = await post("/drip-body", { timeoutMs: 200 });
    expect(slow.status).toBe(200);
    expect(slow.text).toMatch(/^begun \.+$/);
    expect(await post("/broken-body")).toMatchObject({ status: 200, text: "begun" });
    await noOpenSockets();
  });

  test("nothing in an answer can steer a terminal or break a database", async () => {
    receiver.script = [{ status: 200, body: `\u001b[2Ja\u0000b\n${"x".repeat(994)}\u{1F600}` }];
    const { text } = await post("/next");
    expect(text).toBe(`\uFFFD[2Ja\uFFFDb\n${"x".repeat(992)}`);
    receiver.script = [{ status: 200, body: `${"x".repeat(999)}\u{1F600}` }];
    expect((await post("/next")).text).toBe(`${"x".repeat(999)}\uFFFD`);
  });
});

describe("receivers that give no answer", () => {
  test.each([
    ["/hang", "took more than 200 ms"],
    ["/drip-head", "took more than 200 ms"],
    ["/reset", "ECONNRESET"],
    ["/close", "other side closed"],
    ["/garbage", "HTTP"],
  ])("%s says nothing to a client, tells the log why, and leaves no socket", async (path, why) => {
    const error = await refusal(post(path, { timeoutMs: 200 }));
    expect(error.message).toBe(GENERIC);
    expect(String(error.cause)).toContain(why);
    await noOpenSockets();
  });

  test("a closed port, an unknown name and a slow resolver look the same", async () => {
    const closed = createTcpServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const gone = closed.address();
    await new Promise((resolve) => closed.close(resolve));
    const port = typeof gone === "object" && gone !== null ? gone.port : 0;
    const cases: readonly [string, string, Options][] = [
      [`http://127.0.0.1:${port}/`, "ECONNREFUSED", {}],
      ["http://a.example/", "no address", { resolve: async () => [] }],
      ["http://a.example/", "ENOTFOUND", { resolve: () => Promise.reject(new Error("ENOTFOUND")) }],
      [
        "http://a.example/",
        "resolving",
        { resolve: () => new Promise(() => undefined), limits: { dnsMs: 50 } },
      ],
    ];
    for (const [url, why, options] of cases) {
      const error = await refusal(post(url, options));
      expect(error.message).toBe(GENERIC);
      expect(String(error.cause)).toContain(why);
    }
  });

  test("the caller's abort ends it at once with the caller's reason", async () => {
    const controller = new AbortController();
    const outcome = post("/hang", { signal: controller.signal });
    await expect.poll(receiver.openSockets).toBe(1);
    controller.abort(new Error("enough"));
    await expect(outcome).rejects.toThrow("enough");
    await noOpenSockets();
    await expect(post("/ok", { signal: controller.signal })).rejects.toThrow("enough");
  });

  test("one name is looked up once at a time, so that a dead one does not fill the resolver", async () => {
    let calls = 0;
    let answer: (addresses: { address: string; family: number }[]) => void = () => undefined;
    const resolve = () => {
      calls++;
      return new Promise<{ address: string; family: number }[]>((done) => {
        answer = done;
      });
    };
    const poster = openPoster({ policy, ports: [], resolve });
    const { port } = new URL(receiver.origin);
    const send = () =>
      poster.post(`http://a.example:${port}/ok`, { headers: {}, body: Buffer.from(""), timeoutMs: 5_000 });
    const both = Promise.all([send(), send()]);
    await expect.poll(() => calls).toBe(1);
    answer([{ address: "127.0.0.1", family: 4 }]);
    expect((await both).map(({ status }) => status)).toEqual([200, 200]);
    const third = send();
    answer([{ address: "127.0.0.1", family: 4 }]);
    expect([(await third).status, calls]).toEqual([200, 2]);
  });
});

describe("where a callback may not go", () => {
  test.each([
    ["http://example.com/hook", 'begins with "http:"; a callback must begin with https:.'],
    ["ftp://example.com/", 'begins with "ftp:"'],
    ["data:text/plain,x", 'begins with "data:"'],
    ["javascript:alert(1)", 'begins with "javascript:"'],
    ["hook", "not a URL"],
    ["", "not a URL"],
    ["https://u:p@example.com/", "user name or password"],
    ["https://localhost/", "private network"],
    ["https://hooks.internal/", "private network"],
    ["https://example.com:8443/", "port 8443"],
    ["https://127.0.0.1/", "not on the public internet"],
    ["https://0x7f.1/", "not on the public internet"],
    ["https://[::ffff:10.0.0.1]/", "not on the public internet"],
    ["https://169.254.169.254/latest", "not on the public internet"],
    [`https://example.com/${"a".repeat(2_048)}`, "at most 2048"],
  ])("%s is refused when the task is made: %s", (url, why) => {
    const rules = { policy: strict, ports: [] };
    expect(() => screenCallback(url, rules)).toThrow(ReelayError);
    expect(() => screenCallback(url, rules)).toThrow(why);
  });

  test("https to a public host passes; http only to an address that the operator allowed", () => {
    const rules = { policy: strict, ports: [8443] };
    for (const url of ["https://example.com/a?b=c", "https://example.com:8443/", "https://8.8.8.8/"]) {
      expect(screenCallback(url, rules).href).toBe(url);
    }
    expect(screenCallback("http://127.0.0.1:9/hook", { policy, ports: [] }).port).toBe("9");
    expect(() => screenCallback("http://8.8.8.8/", { policy, ports: [] })).toThrow("needs https");
    expect(() => screenCallback("http://10.0.0.1/", { policy, ports: [] })).toThrow("not on the public");
  });

  test("the same is checked of what a name leads to, and nothing is sent", async () => {
    const { port } = new URL(receiver.origin);
    const before = receiver.received.length;
    const mixed: AddressPolicy = {
      ...policy,
      classify: (address) => (address === "127.0.0.1" ? "allowed" : "public"),
    };
    const two = async () => [
      { address: "127.0.0.1", family: 4 },
      { address: "127.0.0.2", family: 4 },
    ];
    const cases: readonly [string, string, Options][] = [
      [`http://a.example:${port}/`, "needs https", { policy: mixed, resolve: two, ports: [Number(port)] }],
      [
        `http://a.example:${port}/`,
        "not on the public internet",
        { resolve: async () => [{ address: "::1", family: 6 }] },
      ],
    ];
    for (const [url, why, options] of cases) {
      const error = await refusal(post(url, options));
      expect(error.message).toBe(GENERIC);
      expect(String(error.cause)).toContain(why);
    }
    await refusal(post("/ok", { policy: publicPolicy }));
    expect(receiver.received.length).toBe(before);
  });

  test("the socket's list alone lets none through, should the classifier ever be wrong", async () => {
    const blind: AddressPolicy = { ...strict, classify: () => "allowed", allowsAny: true };
    const before = receiver.received.length;
    const error = await refusal(post("/ok", { policy: blind }));
    expect((error.cause as { code?: string }).code).toBe("ERR_IP_BLOCKED");
    expect(receiver.received.length).toBe(before);
  });
});

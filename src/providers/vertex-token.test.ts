import { generateKeyPairSync, verify } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTokens, readServiceAccount, type Tokens } from "./vertex-token.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const FILE = {
  type: "service_account",
  client_email: "video@a-project.iam.gserviceaccount.com",
  private_key: PEM,
  private_key_id: "k1",
  token_uri: "https://oauth2.googleapis.com/token",
  project_id: "a-project",
};
const ACCOUNT = readServiceAccount(JSON.stringify(FILE));
const NEVER = new AbortController().signal;
const START = 1_800_000_000_000;

/** What the token service was asked, and what it says next. */
let asked: URLSearchParams[] = [];
let answer: () => { status: number; body: unknown; headers?: Record<string, string> };
let server: Server;
let tokens: Tokens;
let now = START;

beforeEach(async () => {
  asked = [];
  now = START;
  answer = () => ({ status: 200, body: { access_token: `ya29.${asked.length}`, expires_in: 3600 } });
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      asked.push(new URLSearchParams(Buffer.concat(parts).toString()));
      const { status, body, headers } = answer();
      const right =
        request.method === "POST" &&
        request.url === "/oauth/token?v=1" &&
        request.headers["content-type"] === "application/x-www-form-urlencoded";
      response.writeHead(right ? status : 405, headers).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/oauth/token?v=1`;
  tokens = openTokens({ account: ACCOUNT, url, connectMs: 500, totalMs: 500, now: () => now });
});
afterEach(async () => {
  await tokens.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe("the claim", () => {
  it("says who asks for what and from when to when, and has the key's signature", async () => {
    expect(await tokens.get(NEVER)).toBe("ya29.1");
    const [form] = asked;
    expect(form?.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    const [header = "", claim = "", signature = ""] = (form?.get("assertion") ?? "").split(".");
    const read = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString());
    expect(read(header)).toEqual({ alg: "RS256", typ: "JWT", kid: "k1" });
    expect(read(claim)).toEqual({
      iss: FILE.client_email,
      scope: "https://www.googleapis.com/auth/cloud-platform",
      // The account's own, although the call went elsewhere.
      aud: FILE.token_uri,
      iat: START / 1000,
      exp: START / 1000 + 3600,
    });
    const signed = Buffer.from(`${header}.${claim}`);
    expect(verify("RSA-SHA256", signed, publicKey, Buffer.from(signature, "base64url"))).toBe(true);
  });
});

describe("a token", () => {
  it("is kept until five minutes before its end", async () => {
    await tokens.get(NEVER);
    now = START + 3_300_000 - 1;
    expect(await tokens.get(NEVER)).toBe("ya29.1");
    now = START + 3_300_000;
    expect(await tokens.get(NEVER)).toBe("ya29.2");
    expect(asked).toHaveLength(2);
  });

  it("of less than five minutes is used by who asked for it and not kept", async () => {
    answer = () => ({ status: 200, body: { access_token: `short.${asked.length}`, expires_in: 60 } });
    expect(await tokens.get(NEVER)).toBe("short.1");
    expect(await tokens.get(NEVER)).toBe("short.2");
  });

  it("is asked for once by all who want one at the same time", async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => tokens.get(NEVER)));
    expect(new Set(all)).toEqual(new Set(["ya29.1"]));
    expect(asked).toHaveLength(1);
  });

  it("that was refused is renewed once by all who had it, and not by who is late to say so", async () => {
    const stale = await tokens.get(NEVER);
    const all = await Promise.all(Array.from({ length: 20 }, () => tokens.renew(stale, NEVER)));
    expect(new Set(all)).toEqual(new Set(["ya29.2"]));
    expect(await tokens.renew(stale, NEVER)).toBe("ya29.2");
    expect(asked).toHaveLength(2);
  });

  it("still comes to the others when one who waits for it is stopped", async () => {
    const stop = new AbortController();
    const reason = new Error("closing");
    const stopped = tokens.get(stop.signal);
    const other = tokens.get(NEVER);
    stop.abort(reason);
    await expect(stopped).rejects.toBe(reason);
    expect(await other).toBe("ya29.1");
    await expect(tokens.get(stop.signal)).rejects.toBe(reason);
  });

  it.each([
    ["invalid_grant", { status: 400, body: { error: "invalid_grant" } }, { code: "provider_account" }],
    ["401", { status: 401, body: {} }, { code: "provider_account" }],
    ["500", { status: 500, body: {} }, { code: "provider_failed" }],
    ["a success without a token", { status: 200, body: { expires_in: 1 } }, { code: "provider_failed" }],
    [
      "429 and when to come back",
      { status: 429, body: {}, headers: { "retry-after": "7" } },
      { code: "provider_busy", retryAfter: 7 },
    ],
  ])(
    "that is not given (%s) is asked for again by the next, and says nothing of the key",
    async (_name, said, error) => {
      const good = answer;
      answer = () => said;
      const thrown = await tokens.get(NEVER).catch((one: unknown) => one);
      expect(thrown).toMatchObject(error);
      expect(String((thrown as Error).stack)).not.toContain("assertion");
      answer = good;
      expect(await tokens.get(NEVER)).toBe("ya29.2");
    },
  );

  it("cannot be had where nobody listens", async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(tokens.get(NEVER)).rejects.toMatchObject({ code: "provider_failed" });
    server = createServer().listen(0);
  });
});

describe("a key file", () => {
  const { publicKey: _, privateKey: curve } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  it.each([
    ["is no JSON", "{", /not JSON/],
    ["is of another kind", JSON.stringify({ type: "authorized_user", client_id: "x" }), /no client_email/],
    ["has no key", JSON.stringify({ ...FILE, private_key: "" }), /no client_email and private_key/],
    ["has a broken key", JSON.stringify({ ...FILE, private_key: PEM.slice(0, 200) }), /not an RSA key/],
    [
      "has a key of another kind",
      JSON.stringify({ ...FILE, private_key: curve.export({ type: "pkcs8", format: "pem" }) }),
      /not an RSA key/,
    ],
  ])("that %s is refused with a sentence, which has none of the key", (_name, text, sentence) => {
    expect(() => readServiceAccount(text)).toThrow(sentence);
    expect(() => readServiceAccount(text)).not.toThrow(PEM.slice(30, 80));
  });

  it("may leave out its key's id and its project", () => {
    const { private_key_id: _id, project_id: _project, ...rest } = FILE;
    expect(readServiceAccount(JSON.stringify(rest))).toMatchObject({
      keyId: undefined,
      projectId: undefined,
    });
  });
});

describe("where tokens are asked for", () => {
  const open = (url: string) => openTokens({ account: ACCOUNT, url, now: () => now }).close();
  it.each([
    "",
    "nowhere",
    "http://oauth2.googleapis.com/token",
    "http://127.0.0.1.example/",
    "ftp://localhost/",
  ])("is not %j: a claim is as good as a key", (url) => expect(() => open(url)).toThrow(/https/));
  it.each([
    "https://oauth2.googleapis.com/token",
    "http://localhost:1/",
    "http://[::1]:1/",
    "http://127.8.8.8/",
  ])("may be %s", (url) => open(url));
});

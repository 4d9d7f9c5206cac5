import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { KEY_FILE, TOKEN } from "../standins/vertex.ts";
import { TINY_MP4 } from "../support/fake-file.ts";
import { allOf, NEVER } from "./provider-samples.ts";
import { deadPort, readOutput } from "./under.ts";
import { startAnswering, useVertex, work } from "./vertex-under.ts";

const { standIn, provider, scratch, open, ticketOf, end, asked } = useVertex();

describe("a refused submit", () => {
  it.each([
    ["status=400", "provider_refused", "It is INVALID_ARGUMENT"],
    ["status=400 code=content", "content_refused", "usage guidelines"],
    ["status=400 code=picture", "input_unreadable", "input image"],
    ["status=401", "provider_account", "operator"],
    ["status=403", "provider_account", "operator"],
    ["status=403 code=billing", "provider_balance", "operator"],
    ["status=404", "provider_account", "does not have this model"],
  ])("%s is %s", async (script, code, words) => {
    const submitted = await provider().submit(work(`${script} echo-key`), NEVER);
    expect(submitted).toMatchObject({
      refused: { code, message: expect.stringContaining(words) },
      again: false,
    });
    if (code !== "provider_refused" && !code.startsWith("content") && !code.startsWith("input")) {
      expect(allOf("refused" in submitted && submitted.refused)).not.toContain("You sent");
    }
  });

  it.each([
    ["without a time", "status=429", 10_000],
    ["with one", "status=429 retry-after=42", 42_000],
  ])("for the quota may be sent again later, %s of its own", async (_name, script, afterMs) => {
    expect(await provider().submit(work(script), NEVER)).toMatchObject({
      refused: { code: "provider_busy" },
      again: { afterMs },
    });
  });

  it("of a preview id, which are gone, is the operator's affair", async () => {
    const gone = { ...work(""), endpoint: "veo-3.1-generate-preview" };
    expect(await provider().submit(gone, NEVER)).toMatchObject({
      refused: { code: "provider_account" },
      again: false,
    });
  });

  it("of a project that is not the account's is the operator's affair", async () => {
    const other = await open({ project: "not-ours" });
    expect(await other.submit(work(""), NEVER)).toMatchObject({ refused: { code: "provider_account" } });
    await expect(other.ping?.(NEVER)).rejects.toMatchObject({ code: "provider_account" });
  });

  it.each(["status=500", "status=503", "status=504"])(
    "%s does not say whether it was taken",
    async (script) => {
      expect(await provider().submit(work(script), NEVER)).toEqual({ unknown: expect.any(String) });
      expect(asked("predict")).toHaveLength(1);
    },
  );
});

describe("an operation that ended", () => {
  it.each([
    ["content_policy", "content_refused", "usage guidelines"],
    ["picture", "input_unreadable", "input image"],
    ["argument", "provider_refused", "Unsupported aspect ratio"],
    ["capacity", "provider_busy", "exhausted"],
    ["4", "deadline_exceeded", "gave up"],
    ["7", "provider_account", "operator"],
    ["16", "provider_account", "operator"],
    ["13", "provider_failed", "Something broke"],
    ["14", "provider_failed", "Something broke"],
    ["999", "provider_failed", "Something broke"],
    ["rai", "content_refused", "held the video back: Sound was held back. Support codes: 63429089"],
    ["empty", "no_content", "made no video"],
  ])("with %s failed with %s", async (fail, code, words) => {
    expect(await end(`fail=${fail}`)).toMatchObject({
      state: "failed",
      error: { code, message: expect.stringContaining(words) },
    });
    expect(await readdir(scratch)).toEqual([]);
  });

  it.each(["hollow", "silent"])("%s: without its video, is asked again", async (fail) => {
    await expect(end(`fail=${fail}`)).rejects.toThrow();
  });

  it("is lost only where Google says that it does not know it, not where a proxy knows no such page", async () => {
    const ticket = await ticketOf("check-status=404");
    expect(await provider().check(ticket, NEVER)).toMatchObject({ error: { code: "provider_lost" } });
    const proxy = await startAnswering(404, "<html>");
    const behind = await open({}, proxy.url);
    await expect(behind.check(ticket, NEVER)).rejects.toMatchObject({ code: "provider_failed" });
    await proxy.close();
  });
});

describe("a video inside the answer", () => {
  it("is a file until it is forgotten, and there again after a check that follows", async () => {
    const ticket = await ticketOf("duration=0");
    for (let time = 0; time < 2; time++) {
      const seen = await provider().check(ticket, NEVER);
      if (seen.state !== "done") throw new Error(seen.state);
      expect(Buffer.from(await readOutput(seen.output))).toEqual(TINY_MP4);
      expect(await readdir(scratch)).toEqual([expect.stringMatching(/^vertex-[0-9a-f]{32}\.mp4$/)]);
      await provider().forget?.(ticket);
      expect(await readdir(scratch)).toEqual([]);
    }
    await provider().forget?.(ticket);
  });

  it("is not mixed up with another one's", async () => {
    const seen = await Promise.all(Array.from({ length: 8 }, () => end("")));
    const paths = seen.map(
      (one) => one.state === "done" && "path" in one.output.from && one.output.from.path,
    );
    expect(new Set(paths).size).toBe(8);
  });
});

describe("a video in a storage folder", () => {
  const outputOf = async (script: string) => {
    const seen = await end(script, await open({ storage_uri: "gs://a-bucket/some folder" }));
    if (seen.state !== "done") throw new Error(seen.state);
    return seen.output;
  };

  it("is read from there with the token, as often as it is wanted", async () => {
    const output = await outputOf("");
    standIn().expireTokens();
    for (let time = 0; time < 2; time++) expect(Buffer.from(await readOutput(output))).toEqual(TINY_MP4);
    const last = standIn().asks.at(-1);
    expect(last?.path).toMatch(
      /^\/storage\/v1\/b\/a-bucket\/o\/some%20folder%2F[0-9a-f-]{36}%2Fsample_0\.mp4\?alt=media$/,
    );
    expect(last?.headers.authorization).toBe(`Bearer ${TOKEN}-2`);
    expect(await readdir(scratch)).toEqual([]);
  });

  it.each(["file=lost", "file=cut", "file=long"])(
    "that cannot be had whole (%s) rejects, and may be had later",
    async (script) => {
      const output = await outputOf(`${script} file-times=1`);
      await expect(readOutput(output)).rejects.toThrow();
      expect(Buffer.from(await readOutput(output))).toEqual(TINY_MP4);
    },
  );

  it("that comes slowly is waited for while it comes", async () => {
    const output = await outputOf("file=slow slow-ms=1200");
    expect(Buffer.from(await readOutput(output))).toEqual(TINY_MP4);
  });

  it("of which the answer names no object is not looked for anywhere", async () => {
    const other = await startAnswering(200, {
      done: true,
      response: { videos: [{ gcsUri: "https://evil.example/a.mp4" }] },
    });
    const one = await open({}, other.url);
    const seen = await one.check(await ticketOf(""), NEVER);
    if (seen.state !== "done") throw new Error(seen.state);
    await expect(readOutput(seen.output)).rejects.toMatchObject({ code: "provider_failed" });
    expect(other.asks).toHaveLength(2);
    await other.close();
  });
});

describe("an operation's name that leads elsewhere", () => {
  it.each([
    "https://evil.example/projects/p/locations/l/publishers/google/models/m/operations/1",
    "projects/p/locations/l/publishers/google/models/m/operations/1/../../x",
    "projects/p/locations/l/publishers/google/models/../operations/1",
    "projects/p/locations/l/publishers/google/models/m/operations/1?x=",
    "operations/1",
    "",
  ])("is none (%s): nobody can say what was taken", async (name) => {
    const other = await startAnswering(200, { name });
    const one = await open({}, other.url);
    expect(await one.submit(work(""), NEVER)).toEqual({ unknown: expect.any(String) });
    await other.close();
  });
});

describe("a token", () => {
  it("that ended is replaced once, at a submit and at a check, and the work is taken once", async () => {
    await provider().submit(work("stuck"), NEVER);
    standIn().expireTokens();
    const order = work("duration=0");
    const submitted = await provider().submit(order, NEVER);
    if (!("accepted" in submitted)) throw new Error("not accepted");
    expect(asked("predict").map(({ headers }) => headers.authorization?.at(-1))).toEqual(["1", "1", "2"]);
    expect(standIn().jobs.size).toBe(2);
    standIn().expireTokens();
    expect(await provider().check(submitted.accepted, NEVER)).toMatchObject({ state: "done" });
    expect(asked("fetch").map(({ headers }) => headers.authorization?.at(-1))).toEqual(["2", "3"]);
    expect(asked("/token")).toHaveLength(3);
  });

  it("that Vertex AI refuses twice is not tried a third time", async () => {
    const order = work("status=401");
    expect(await provider().submit(order, NEVER)).toMatchObject({
      refused: { code: "provider_account" },
      again: false,
    });
    expect([asked("predict").length, asked("/token").length]).toEqual([2, 2]);
    const ticket = await ticketOf("check-status=401");
    await expect(provider().check(ticket, NEVER)).rejects.toMatchObject({ code: "provider_account" });
    expect(asked("fetch")).toHaveLength(2);
  });

  it("that was refused once at a submit is no reason to take a lost answer for a refusal", async () => {
    await provider().submit(work("stuck"), NEVER);
    standIn().expireTokens();
    expect(await provider().submit(work("accept-then-drop"), NEVER)).toEqual({ unknown: expect.any(String) });
    expect(standIn().jobs.size).toBe(2);
  });

  it.each([
    [
      "is not given to this account",
      { status: 400, body: { error: "invalid_grant" } },
      "provider_account",
      false,
    ],
    ["is not given for now", { status: 503, body: {} }, "provider_busy", { afterMs: 1_000 }],
    [
      "is not given until later",
      { status: 429, body: {}, headers: { "retry-after": "9" } },
      "provider_busy",
      { afterMs: 9_000 },
    ],
    ["is lost on its way", { end: "drop" as const }, "provider_failed", { afterMs: 1_000 }],
  ])("that %s: nothing is sent, and a check says nothing", async (_name, reply, code, again) => {
    standIn().breakTokens(reply);
    expect(await provider().submit(work(""), NEVER)).toMatchObject({ refused: { code }, again });
    expect(asked("predict")).toEqual([]);
    await expect(provider().check({ operation: "projects/a/operations/b" }, NEVER)).rejects.toMatchObject({
      code,
    });
    expect(asked("fetch")).toEqual([]);
    await expect(provider().ping?.(NEVER)).rejects.toMatchObject({ code });
  });

  it("whose service does not listen: nothing is sent, and it may be tried again", async () => {
    const other = await open({ token_url: `http://127.0.0.1:${await deadPort()}/token` });
    expect(await other.submit(work(""), NEVER)).toMatchObject({
      refused: { code: "provider_failed" },
      again: { afterMs: 1_000 },
    });
  });

  it("and its key are in nothing that is thrown or kept", async () => {
    const ticket = await ticketOf("check-status=500");
    const thrown = await provider()
      .check(ticket, NEVER)
      .catch((error: unknown) => error);
    for (const text of [allOf(thrown), JSON.stringify(ticket)]) {
      for (const secret of [TOKEN, "PRIVATE KEY", KEY_FILE.private_key.slice(100, 140)]) {
        expect(text).not.toContain(secret);
      }
    }
  });
});

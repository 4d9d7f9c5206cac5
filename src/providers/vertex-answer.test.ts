import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readShort, takeAnswer } from "./vertex-answer.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reelay-vertex-answer-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function* pieces(...all: readonly (string | Uint8Array)[]): AsyncIterable<Uint8Array> {
  for (const piece of all) yield typeof piece === "string" ? Buffer.from(piece) : piece;
}

/** In a fresh folder, to see all that it leaves. */
async function take(source: AsyncIterable<Uint8Array>, bounds?: Parameters<typeof takeAnswer>[2]) {
  const place = await mkdtemp(join(folder, "take-"));
  const path = join(place, "video.mp4");
  const outcome: { body?: unknown; saved?: boolean; error?: unknown } = await takeAnswer(
    source,
    path,
    bounds,
  ).catch((error: unknown) => ({ error }));
  const files = await readdir(place);
  const video = files.includes("video.mp4") ? await readFile(path) : undefined;
  await rm(place, { recursive: true });
  return { ...outcome, files, video };
}

const VIDEO = Buffer.from("ftypisom, and then some bytes \u0000\u00ff of a video?>~");
const videoOf = (bytes: Buffer) => ({ bytesBase64Encoded: bytes.toString("base64"), mimeType: "video/mp4" });
const done = (...videos: readonly unknown[]) => ({ name: "n", done: true, response: { videos } });

/** As `takeAnswer` leaves a body: with empty texts in place of bytes. A value of that name which is no text stays. */
function emptied(value: unknown): unknown {
  const replace = (name: string, one: unknown): unknown =>
    name === "bytesBase64Encoded" && typeof one === "string" ? "" : one;
  return JSON.parse(JSON.stringify(value, replace));
}

describe("a video in pieces", () => {
  it("is the same wherever one piece ends and the next begins", async () => {
    const answer = {
      note: 'a "quoted" note \\ and "bytesBase64Encoded":"AAAA"',
      metadata: { bytesBase64Encoded: "bm90IHRoaXM=", words: ["\\", '"', "{[,:"] },
      ...done(videoOf(VIDEO), videoOf(Buffer.from("another one"))),
    };
    const text = Buffer.from(JSON.stringify(answer, null, 1));
    for (let at = 0; at <= text.length; at++) {
      const { body, saved, video, files } = await take(pieces(text.subarray(0, at), text.subarray(at)));
      expect([at, body, saved, video, files]).toEqual([at, emptied(answer), true, VIDEO, ["video.mp4"]]);
    }
  });

  it("is the same byte by byte", async () => {
    const text = Buffer.from(JSON.stringify(done(videoOf(VIDEO))));
    const { saved, video } = await take(pieces(...[...text].map((byte) => Buffer.of(byte))));
    expect([saved, video]).toEqual([true, VIDEO]);
  });

  it("is the same whatever stands around it, however it is cut", async () => {
    const key = fc.oneof(fc.constantFrom("response", "videos", "bytesBase64Encoded", "done"), fc.string());
    const { around } = fc.letrec<{ around: unknown }>((tie) => ({
      around: fc.oneof(
        { maxDepth: 3 },
        fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
        fc.array(tie("around"), { maxLength: 3 }),
        fc.dictionary(key, tie("around"), { maxKeys: 3 }),
      ),
    }));
    const cases = fc.record({
      before: around,
      after: around,
      bytes: fc.uint8Array({ minLength: 1, maxLength: 90 }),
      cuts: fc.array(fc.nat(600), { maxLength: 8 }),
      space: fc.constantFrom(0, 1, "\t"),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ before, after, bytes, cuts, space }) => {
        const answer = { before, ...done(videoOf(Buffer.from(bytes)), after), after };
        const text = Buffer.from(JSON.stringify(answer, null, space));
        const ends = [...cuts.filter((at) => at < text.length).sort((a, b) => a - b), text.length];
        const cut = ends.map((end, index) => text.subarray(ends[index - 1] ?? 0, end));
        const { body, saved, video } = await take(pieces(...cut));
        expect(body).toEqual(emptied(answer));
        expect([saved, video]).toEqual([true, Buffer.from(bytes)]);
      }),
      { numRuns: 150 },
    );
  });

  it("is read where its base64 is escaped, and wherever the escape is cut", async () => {
    const plain = Buffer.from([0xff, 0xef, 0xbe, 0xfb, 0xff, 0x00, 0x10]);
    const escaped = plain
      .toString("base64")
      .replaceAll("/", "\\/")
      .replaceAll("+", "\\u002b")
      .replaceAll("=", "\\u003D");
    expect(escaped).toMatch(/\\\/.*\\u003D/);
    const text = Buffer.from(`{"done":true,"response":{"videos":[{"bytesBase64Encoded":"${escaped}\\n"}]}}`);
    for (let at = 0; at <= text.length; at++) {
      const { video } = await take(pieces(text.subarray(0, at), text.subarray(at)));
      expect([at, video]).toEqual([at, plain]);
    }
  });

  it("of no padding is whole, too", async () => {
    const text = JSON.stringify(done(videoOf(VIDEO))).replaceAll("=", "");
    expect((await take(pieces(text))).video).toEqual(VIDEO);
  });
});

describe("what is no video", () => {
  it.each([
    ["an operation that goes on", { name: "n" }],
    ["bytes elsewhere", { bytesBase64Encoded: "AAAA", done: true, response: { bytesBase64Encoded: "AAAA" } }],
    ["a second video alone", done({ gcsUri: "gs://b/o" }, videoOf(VIDEO))],
    ["a video without bytes", done({ bytesBase64Encoded: "" })],
    ["bytes that are no text", done({ bytesBase64Encoded: ["AAAA"] })],
  ])("%s leaves no file", async (_name, answer) => {
    const { body, saved, files } = await take(pieces(JSON.stringify(answer)));
    expect([saved, files]).toEqual([false, []]);
    expect(body).toMatchObject({ ...("name" in answer ? { name: "n" } : { done: true }) });
  });
});

describe("an answer that cannot be used leaves no file", () => {
  const whole = JSON.stringify(done(videoOf(VIDEO)));
  async function* breaking(): AsyncIterable<Uint8Array> {
    yield Buffer.from(whole.slice(0, -20));
    throw new Error("other side closed");
  }
  it.each([
    ["breaks off with its connection", breaking()],
    ["ends inside the video", pieces(whole.slice(0, 80))],
    ["ends after the video", pieces(whole.slice(0, -3))],
    ["is a page", pieces("<html>Bad gateway</html>")],
    ["is empty", pieces()],
    ["has a letter in the video that is no base64", pieces(whole.replace(/(Encoded":".{9})./, "$1*"))],
    ["has padding inside the video", pieces(whole.replace(/(Encoded":".{8})../, "$1=="))],
    ["has a video of one letter too many", pieces(whole.replace(/=*","mimeType/, 'AA","mimeType'))],
  ])("%s", async (_name, source) => {
    const { error, files } = await take(source);
    expect(error).toMatchObject({ code: "provider_failed" });
    expect(files).toEqual([]);
  });

  it("has more beside the video than we hold, and is not read any further", async () => {
    let read = 0;
    async function* endless(): AsyncIterable<Uint8Array> {
      for (; read < 1_000; read++) yield Buffer.from(read === 0 ? '{"name":"' : "n".repeat(100));
    }
    const bounds = { mostRestBytes: 1_000, mostVideoBytes: 1_000 };
    expect(await take(endless(), bounds)).toMatchObject({ error: { code: "provider_failed" }, files: [] });
    expect(read).toBeLessThan(20);
  });

  it("has a larger video than we take, and one of just that size is taken", async () => {
    const bounds = { mostRestBytes: 1_000, mostVideoBytes: 90 };
    const sized = (bytes: number) => pieces(JSON.stringify(done(videoOf(randomBytes(bytes)))));
    expect(await take(sized(91), bounds)).toMatchObject({ error: { code: "provider_failed" }, files: [] });
    expect(await take(sized(90), bounds)).toMatchObject({ saved: true, files: ["video.mp4"] });
  });
});

it("a broken answer does not harm the file of a whole one", async () => {
  const path = join(folder, "kept.mp4");
  await writeFile(path, "of before");
  const text = JSON.stringify(done(videoOf(VIDEO)));
  await expect(takeAnswer(pieces(text.slice(0, -3)), path)).rejects.toThrow();
  expect(await readFile(path, "utf8")).toBe("of before");
  await takeAnswer(pieces(text), path);
  expect(await readFile(path)).toEqual(VIDEO);
});

describe("a short answer", () => {
  it.each([
    ["is read", pieces('{"error":', "{}}"), { error: {} }],
    ["may be a page", pieces("<html>"), null],
    ["may be too long", pieces(`"${"x".repeat(1024 ** 2)}"`), null],
  ])("%s", async (_name, source, body) => {
    expect(await readShort(source)).toEqual(body);
  });
});

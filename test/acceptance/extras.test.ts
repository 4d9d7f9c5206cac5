/** What comes with each result, and what a continuation says of itself. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { create, download, IDS, read, upload, type WireResult, waitForEnd } from "../support/api.ts";
import { probe, prober } from "../support/probe.ts";
import { type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

type WithExtras = WireResult & Readonly<Record<(typeof NAMES)[number], string>>;
const NAMES = ["poster_url", "poster_webp_url", "contact_sheet_url", "preview_url"] as const;
const BODY = {
  model: IDS.pixverseText,
  prompt: "waves at the beach, pan right",
  resolution: "540p",
  duration: 2,
};

let server: Server;
let folder: string;
beforeAll(async () => {
  await prober();
  [server, folder] = [await startServer(), await mkdtemp(join(tmpdir(), "extras-"))];
});
afterAll(() => Promise.all([server.discard(), rm(folder, { recursive: true, force: true })]));

async function make(body: object): Promise<WithExtras> {
  const task = await waitForEnd(server, (await create(server, body)).id);
  if (!task.results?.[0]) throw new Error(JSON.stringify(task.error));
  return task.results[0] as WithExtras;
}

async function save(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
}

describe("with a result come", () => {
  let result: WithExtras;
  beforeAll(async () => {
    result = await make({ ...BODY, generate_audio: true });
  });

  test("four files, each of its own type, behind links that nobody can make", async () => {
    const types = await Promise.all(
      NAMES.map(async (name) => (await fetch(result[name])).headers.get("content-type")),
    );
    expect(types).toEqual(["image/jpeg", "image/webp", "image/jpeg", "video/mp4"]);
    expect(new Set(NAMES.map((name) => new URL(result[name]).pathname)).size).toBe(4);
    const forged = new URL(result.poster_url);
    forged.searchParams.set("signature", "A".repeat(43));
    expect((await fetch(forged)).status).toBe(403);
  });

  test("a poster of the video's size and a sheet of five frames", async () => {
    for (const name of ["poster_url", "poster_webp_url"] as const)
      expect(await sharp(await download(result[name])).metadata()).toMatchObject({ width: 960, height: 540 });
    const { width, height } = await sharp(await download(result.contact_sheet_url)).metadata();
    expect(width / height).toBeGreaterThan(7);
  });

  test("a preview as long as the video, with its sound, at most 360p and much smaller", async () => {
    const bytes = await download(result.preview_url);
    const preview = await probe(await save("preview.mp4", bytes));
    expect(preview).toMatchObject({ width: 480, height: 270 });
    expect(preview.seconds).toBeCloseTo(2, 2);
    expect(preview.sound).toBeTruthy();
    expect(bytes.length).toBeLessThan(result.size / 2);
  });

  test("the same links on every read, which a browser may keep", async () => {
    const id = /task-[a-z0-9-]+/.exec(result.poster_url)?.[0] ?? "";
    const again = (await read(server, id)).results?.[0] as WithExtras;
    expect(NAMES.map((name) => again[name])).toEqual(NAMES.map((name) => result[name]));
  });
});

async function filesHeld(): Promise<readonly string[]> {
  const all = await readdir(join(server.dataDir, "files"), { recursive: true, withFileTypes: true });
  return all.filter((one) => one.isFile()).map((one) => one.name);
}

test("a kill while they are made leaves files behind, or a result without them", async () => {
  const { id } = await create(server, { ...BODY, duration: 4, seed: 3 });
  const scratch = join(server.dataDir, "extras");
  // The very moment at which they are being made.
  await until(async () => (await readdir(scratch)).length > 0, { ms: 60_000, what: "extras under way" });
  server = await server.restart();
  const task = await waitForEnd(server, id);
  const [result] = task.results as readonly WithExtras[];
  for (const name of NAMES) expect((await fetch(result![name], { method: "HEAD" })).status).toBe(200);
  expect((await filesHeld()).filter((name) => name.endsWith(id))).toHaveLength(5);
  expect(await readdir(scratch)).toEqual([]);
});

test("a continuation does not say what its duration counts, or is silent after a clip with sound", async () => {
  const first = await make({ ...BODY, generate_audio: true, seed: 4 });
  const clip = await upload(server, await download(first.url), { name: "clip.mp4" });
  const next = await make({
    model: IDS.wan,
    video_url: clip.url,
    resolution: "720p",
    duration: 2,
    prompt: "the sea",
  });
  expect(next).toMatchObject({ duration: 2, audio: true, counted: "the new part only", clip_seconds: 2 });
  const silent = await make({ ...BODY, seed: 4 });
  const quiet = await upload(server, await download(silent.url), { name: "quiet.mp4" });
  const after = await make({
    model: IDS.pixverseExtend,
    video_url: quiet.url,
    resolution: "360p",
    duration: 1,
    prompt: "the sea",
  });
  expect(after.audio).toBe(false);
  expect(silent).not.toHaveProperty("counted");
});

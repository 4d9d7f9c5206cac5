import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPool, type Pool } from "../src/media/pool.ts";
import { findBackends } from "../src/media/testing/backends.ts";
import { encodeClip, tone, wav } from "../src/media/testing/clips.ts";
import { hostile, references } from "../test/media/hostile.ts";
import { tryUses } from "./testing/hostile-uses.ts";

const folder = mkdtempSync(join(tmpdir(), "hostile-"));
const found = await findBackends();
/** The tools are processes: each use of each file starts some. */
const [fast] = found.toSorted((a, b) => Number(b.id === "node-av") - Number(a.id === "node-av"));
const deaths: string[] = [];
let pool: Pool;
beforeAll(() => {
  pool = openPool({
    entry: new URL("./testing/hostile-child.ts", import.meta.url),
    size: 2,
    deadlineMs: 30_000,
    maxRssBytes: 1.5e9,
    jobsPerChild: 1000,
    env: { PATH: process.env.PATH ?? "", TMPDIR: folder },
    log: (_level, event, fields) => void deaths.push(`${event} ${JSON.stringify(fields)}`),
  });
});
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});

let written = 0;
async function save(bytes: Uint8Array): Promise<string> {
  const path = join(folder, `file-${++written}`);
  await writeFile(path, bytes);
  return path;
}

type Uses = Readonly<Record<string, string>>;
const tryFile = async (bytes: Uint8Array, id = fast!.id): Promise<Uses> =>
  (await pool.run("tryFile", { id, path: await save(bytes) })) as Uses;

/** Done or refused, and no child is the worse for it. */
function expectCalm(uses: Uses): void {
  for (const [use, became] of Object.entries(uses))
    expect(["done", "input_unreadable"], use).toContain(became);
  expect(deaths).toEqual([]);
}

const corpus = hostile();
test.each(Object.keys(corpus))("%s kills a child, hangs it, or fills its memory", async (name) => {
  const uses = await tryFile(corpus[name]!);
  expectCalm(uses);
});

test.skipIf(found.length < 2)("the tools fall for what the library does not", async () => {
  const other = found.find((codec) => codec !== fast)!;
  const names = Object.keys(corpus).filter((name) =>
    /2\^32|unpacks|for ever|65,535|ten thousand tracks/.test(name),
  );
  expect(names.length).toBeGreaterThan(8);
  for (const name of names) expectCalm(await tryFile(corpus[name]!, other.id));
});

test("what leads elsewhere is followed", async () => {
  let connections = 0;
  await using listener = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const elsewhere = references((listener.address() as AddressInfo).port);
  // In this process, which can reach the listener: the wall around the children is not what is tried here.
  for (const codec of found) {
    for (const [name, bytes] of Object.entries(elsewhere)) {
      const uses = await tryUses(codec, await save(bytes));
      expect([name, uses.clip, uses.extras]).toEqual([name, "input_unreadable", "input_unreadable"]);
    }
  }
  expect(connections).toBe(0);
});

/** At these lengths, and at every one around the ends of the first headers. */
const cuts = (length: number) => {
  const all = new Set<number>();
  for (let at = 0; at < Math.min(length, 4096); at += at < 64 ? 4 : 197) all.add(at);
  return [...all];
};

describe("a file that is cut off anywhere in its first 4 kB", () => {
  test("as a picture it ends a child", async () => {
    const noise = Uint8Array.from({ length: 96 * 96 * 3 }, (_, i) => (i * 2_654_435_761) >>> 24);
    const picture = sharp(noise, { raw: { width: 96, height: 96, channels: 3 } });
    for (const bytes of [
      await picture.png().toBuffer(),
      await picture.jpeg().toBuffer(),
      await picture.webp().toBuffer(),
    ]) {
      expect((await tryFile(bytes)).picture).toBe("done");
      for (const length of cuts(bytes.length - 16)) {
        const uses = await tryFile(bytes.subarray(0, length));
        expect([length, uses.picture]).toEqual([length, "input_unreadable"]);
        expectCalm(uses);
      }
    }
  });

  test("as a clip it ends a child, or passes for a shorter one", async () => {
    const path = join(folder, "clip.mp4");
    await encodeClip(fast!, { path, width: 128, height: 96, fps: 24, frames: 12, sound: tone(0.5) });
    const bytes = await readFile(path);
    expect(bytes.length).toBeGreaterThan(4096);
    expect(await tryFile(bytes)).toMatchObject({ clip: "done", sound: "done", extras: "done" });
    for (const length of cuts(bytes.length)) {
      const uses = await tryFile(bytes.subarray(0, length));
      expect([length, uses.clip, uses.extras]).toEqual([length, "input_unreadable", "input_unreadable"]);
      expectCalm(uses);
    }
  });

  test("as a sound it ends a child", async () => {
    for (const length of cuts(4096)) expectCalm(await tryFile(wav(tone(0.1), 2, 48_000).subarray(0, length)));
  });
});

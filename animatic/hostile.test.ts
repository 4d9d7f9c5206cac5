import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPool, type Pool } from "../src/media/pool.ts";
import { findBackends } from "../src/media/testing/backends.ts";
import { encodeClip, tone } from "../src/media/testing/clips.ts";
import { hostile, references } from "../test/media/hostile.ts";
import { CUT_BYTES, wholeFiles } from "../test/media/whole.ts";
import { type Became, tryUses, type Use } from "./testing/hostile-uses.ts";

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

const tryFile = async (bytes: Uint8Array, id = fast!.id): Promise<Became> =>
  (await pool.run("tryFile", { id, path: await save(bytes) })) as Became;

/** Done or refused, and no child is the worse for it. */
function expectCalm(uses: Became): void {
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

/** Every byte of where the headers are, every fourth of the rest; `npm run hostile` leaves out none. Going down. */
const LENGTHS = Array.from({ length: CUT_BYTES }, (_, i) => CUT_BYTES - 1 - i).filter(
  (length) => length < 1024 || length % 4 === 0,
);
const AT_ONCE = 128;

/** What is done with a file of this type, and what has to become of it: anything else could pass for a whole one. */
function fateOf(name: string): { readonly uses: readonly Use[]; readonly fates: readonly string[] } {
  if (/^(mp4|mov)/.test(name)) return { uses: ["clip", "sound", "extras"], fates: ["input_unreadable"] };
  // A shorter sound is a sound; how long it is has been measured before.
  if (/^(wav|mp3)/.test(name)) return { uses: ["sound"], fates: ["done", "input_unreadable"] };
  return { uses: ["picture"], fates: ["input_unreadable"] };
}

describe("a file that is cut off anywhere in its first 4 kB ends a child, or passes for a whole one", async () => {
  const path = join(folder, "clip.mp4");
  await encodeClip(fast!, { path, width: 128, height: 96, fps: 24, frames: 12, sound: tone(0.5) });
  const whole = await wholeFiles(await readFile(path), 96);

  test.each(Object.keys(whole))("%s", async (name) => {
    const bytes = whole[name]!;
    const { uses, fates } = fateOf(name);
    // The one in fragments has tables and no frames.
    if (!name.includes("fragments")) expect((await tryFile(bytes))[uses[0]!]).toBe("done");
    const parts = LENGTHS.filter((_, i) => i % AT_ONCE === 0).map((_, i) =>
      LENGTHS.slice(i * AT_ONCE, (i + 1) * AT_ONCE),
    );
    await Promise.all(
      parts.map(async (lengths) => {
        const cut = await save(bytes.subarray(0, CUT_BYTES));
        const all = (await pool.run("tryCuts", { id: fast!.id, path: cut, lengths, uses })) as Became[];
        all.forEach((became, i) => {
          for (const use of uses)
            if (!fates.includes(became[use]!)) expect.fail(`${use} at ${lengths[i]}: ${became[use]}`);
        });
        expect(all.length).toBe(lengths.length);
      }),
    );
    expect(deaths).toEqual([]);
  });
});

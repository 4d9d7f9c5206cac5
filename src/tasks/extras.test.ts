import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FileStore } from "../core/file-store.ts";
import { EXTRAS, type ExtraName, type ResultFile } from "../core/task.ts";
import { openDisk } from "../files/disk.ts";
import type { Measured } from "../media/codec.ts";
import { collectExtras, type ExtrasMaker } from "./extras.ts";

const NOW = 1_790_000_000_000;
const clock = { now: () => NOW };
const measured = { seconds: 5, width: 1280, height: 720, frames: 120, fps: 24, sound: null } as Measured;
const file: ResultFile = {
  id: "res_task-unified-1790000000-ab123456",
  role: "result",
  keyId: "key_1",
  taskId: "task-unified-1790000000-ab123456",
  name: "v.mp4",
  contentType: "video/mp4",
  bytes: 3,
  sha256: "",
  facts: { kind: "clip", type: "mp4", width: 1280, height: 720, seconds: 5, fps: 24, sound: false, bytes: 3 },
  meta: {},
  createdAt: NOW,
  expiresAt: null,
};

let folder: string;
let files: FileStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "extras-"));
  files = await openDisk(join(folder, "files"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Makes these and says how long it was given. */
function maker(names: readonly ExtraName[], given: number[] = []): ExtrasMaker {
  return {
    async make({ ms }, use) {
      given.push(ms);
      const made = names.map(async (name) => {
        const path = join(folder, name);
        await writeFile(path, name);
        const clip = name === "preview" ? { seconds: 5, fps: 24, sound: false } : null;
        return { name, path, width: 640, height: 360, clip };
      });
      await use(await Promise.all(made));
    },
  };
}

const finished = (ms = 60_000) => ({ file, measured, signal: new AbortController().signal, until: NOW + ms });

async function held(): Promise<readonly string[]> {
  const all = await readdir(join(folder, "files"), { recursive: true, withFileTypes: true });
  return all.filter((one) => one.isFile()).map((one) => one.name);
}

test("what was made is not held, or its record does not lead to its bytes", async () => {
  const records = await collectExtras({ files, clock, extras: maker(EXTRAS) }, finished());
  expect(records.map(({ meta, contentType, facts }) => [meta, contentType, facts?.type])).toEqual([
    [{ extra: "poster", of: file.id }, "image/jpeg", "jpeg"],
    [{ extra: "poster_webp", of: file.id }, "image/webp", "webp"],
    [{ extra: "contact_sheet", of: file.id }, "image/jpeg", "jpeg"],
    [{ extra: "preview", of: file.id }, "video/mp4", "mp4"],
  ]);
  for (const record of records) {
    expect(record).toMatchObject({ role: "result", keyId: "key_1", taskId: file.taskId, expiresAt: null });
    const bytes = await readFile(await files.localPath(record.id), "utf8");
    expect([bytes, bytes.length]).toEqual([record.meta.extra, record.bytes]);
  }
  expect(await held()).toHaveLength(4);
});

test("a kill after the first try leaves files behind that the second one does not make", async () => {
  await collectExtras({ files, clock, extras: maker(EXTRAS) }, finished());
  const again = await collectExtras({ files, clock, extras: maker(["poster"]) }, finished());
  expect(again.map(({ meta }) => meta.extra)).toEqual(["poster"]);
  expect(await held()).toEqual([again[0]?.id]);
  await collectExtras({ files, clock, extras: maker([]) }, finished());
  expect(await held()).toEqual([]);
});

test("a task that is nearly out of time is kept waiting for a poster", async () => {
  const given: number[] = [];
  await collectExtras({ files, clock, extras: maker(EXTRAS, given) }, finished(600_000));
  await collectExtras({ files, clock, extras: maker(EXTRAS, given) }, finished(15_000));
  expect(given).toEqual([20_000, 5_000]);
  expect(await collectExtras({ files, clock, extras: maker(EXTRAS, given) }, finished(10_500))).toEqual([]);
  expect(given).toHaveLength(2);
  // What the try before had made is nobody's now.
  expect(await held()).toEqual([]);
});

test("results come alone where nobody makes extras", async () => {
  expect(await collectExtras({ files, clock }, finished())).toEqual([]);
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { MediaFacts } from "../core/media.ts";
import type { CatalogModel } from "../core/model.ts";
import type { Note, Task } from "../core/task.ts";
import { openDisk } from "../files/disk.ts";
import type { Measured } from "../media/codec.ts";
import { collectResult } from "./collect.ts";
import type { GivenFiles } from "./mapping.ts";
import { openSeats } from "./seats.ts";
import { modelFor } from "./testing/place-lab.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "collect-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const BY_FIELDS = modelFor([]);
const ALWAYS: CatalogModel = {
  ...BY_FIELDS,
  output: { duration: { value: 7 }, resolution: { value: "720p" }, aspect: "aspect" },
};
const INPUT = { prompt: "fox", duration: 5, resolution: "720p", aspect: "16:9" };

const clipOf = (seconds: number): GivenFiles => ({
  clip: [{ facts: { kind: "clip", type: "mp4", width: 1280, height: 720, seconds } as MediaFacts }],
});

/** What is noted of a result of this length and size. */
async function noted(
  model: CatalogModel,
  result: Partial<Measured>,
  files: GivenFiles = {},
): Promise<readonly Note[]> {
  const path = join(folder, "made.mp4");
  await writeFile(path, "a video");
  const measured = { seconds: 5, width: 1280, height: 720, fps: 24, sound: null, ...result } as Measured;
  const parts = {
    files: await openDisk(join(folder, "files")),
    clock: { now: () => 1_790_000_000_000 },
    measure: async () => measured,
    fetching: openSeats(1),
    fetchResult: () => Promise.reject(new Error("nothing is fetched")),
    extras: { make: async () => undefined },
  };
  const task = { id: "task-unified-1790000000-ab123456", keyId: "key_1", input: INPUT } as unknown as Task;
  const output = { from: { path }, meta: {}, ignored: {} };
  const signal = new AbortController().signal;
  const until = 1_790_000_000_000;
  return (await collectResult(parts, { task, model, output, files, signal, until })).notes;
}

test("what is as it was asked is noted, or what is not has no words", async () => {
  expect(await noted(BY_FIELDS, {})).toEqual([]);
  expect(await noted(BY_FIELDS, { seconds: 6, width: 1024, height: 576 })).toEqual([
    { field: "duration", message: "5 seconds were asked, the result has 6." },
    { field: "resolution", message: "1280x720 was asked (720p), the result has 1024x576." },
  ]);
});

test("a length and a size that no parameter says are compared with nothing", async () => {
  expect(await noted(ALWAYS, { seconds: 7 })).toEqual([]);
  expect(await noted(ALWAYS, { seconds: 8, height: 718 })).toEqual([
    { field: "duration", message: "7 seconds were asked, the result has 8." },
    { field: "resolution", message: "1280x720 was asked (720p), the result has 1280x718." },
  ]);
});

test("a clip that comes back before its continuation is taken for a longer video than was asked", async () => {
  const [note, ...others] = await noted(ALWAYS, { seconds: 15.04 }, clipOf(8));
  expect(others).toEqual([]);
  expect(note?.message).toBe(
    "7 seconds were asked, the result has 15.04: the clip that was given, 8 seconds, stands before the new part.",
  );
  const [longer] = await noted(ALWAYS, { seconds: 12 }, clipOf(8));
  expect(longer?.message).toBe("7 seconds were asked, the result has 12.");
});

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Log } from "../core/log.ts";
import type { Measured } from "../media/codec.ts";
import type { Pool } from "../media/pool.ts";
import { openExtras } from "./extras.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "make-extras-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const said: string[] = [];
const log = Object.assign((_level: string, event: string): void => void said.push(event), {
  writes: () => true,
}) as Log;
const video = (ms = 20_000, signal = new AbortController().signal) => ({
  ...{ path: "video", measured: {} as Measured, signal, ms },
});

const pool = (run: Pool["run"], waiting = 0): Pool => ({
  run,
  waiting: () => waiting,
  close: async () => {},
});

test("a child that dies, or a result that cannot be taken over, fails the task or leaves a folder behind", async () => {
  const dying = await openExtras(
    pool(() => Promise.reject(new Error("died"))),
    { folder, log },
  );
  await dying.make(video(), () => Promise.reject(new Error("must not be called")));
  const making = await openExtras(
    pool(async () => []),
    { folder, log },
  );
  await making.make(video(), () => Promise.reject(new Error("disk full")));
  expect(said.splice(0)).toEqual(["extras-failed", "extras-failed"]);
  expect(await readdir(folder)).toEqual([]);
});

test("half files of a killed process stay for ever", async () => {
  await mkdir(join(folder, "of-abc"));
  await writeFile(join(folder, "of-abc", "preview.mp4"), "half");
  await openExtras(
    pool(async () => []),
    { folder, log },
  );
  expect(await readdir(folder)).toEqual([]);
});

test("the files are gone before they are taken over", async () => {
  const maker = await openExtras(
    pool(async (_op, args) => {
      const path = join((args as { folder: string }).folder, "poster.jpg");
      await writeFile(path, "picture");
      return [{ name: "poster", path, width: 1, height: 1, clip: null }];
    }),
    { folder, log },
  );
  let there = false;
  await maker.make(video(), async ([poster]) => {
    there = existsSync(poster!.path);
  });
  expect(there).toBe(true);
});

test("everybody waits for everybody's posters", async () => {
  const maker = await openExtras(
    pool(() => Promise.reject(new Error("asked")), 16),
    { folder, log },
  );
  await maker.make(video(), async () => {});
  expect(said.splice(0)).toEqual(["extras-skipped"]);
});

test("a child that hangs is waited for", async () => {
  const hanging: Pool["run"] = (_op, _args, options) =>
    new Promise((_resolve, reject) => {
      if (options?.signal?.aborted) reject(new Error("stopped"));
      options?.signal?.addEventListener("abort", () => reject(new Error("stopped")), { once: true });
    });
  const maker = await openExtras(pool(hanging), { folder, log });
  await maker.make(video(5), async () => {});
  expect(said.splice(0)).toEqual(["extras-failed"]);
  const gone = new AbortController();
  const making = maker.make(video(60_000, gone.signal), async () => {});
  gone.abort();
  await making;
  // Somebody wanted it so: nothing to report.
  expect(said.splice(0)).toEqual([]);
});

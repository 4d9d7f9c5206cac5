import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { FileStore } from "../core/file-store.ts";
import type { Store } from "../core/store.ts";
import type { FileRecord } from "../core/task.ts";
import { openDisk } from "../files/disk.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { type SweepParts, sweep } from "./sweep.ts";

const DAY_MS = 24 * 3_600_000;
const NOW = 100 * DAY_MS;

let folder: string;
let store: Store;
let files: FileStore;
let parts: SweepParts;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reelay-sweep-"));
  store = await openSqliteStore({ path: join(folder, "reelay.db") });
  files = await openDisk(join(folder, "files"));
  parts = { store, files, clock: { now: () => NOW }, keepTasksMs: 30 * DAY_MS };
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function hold(id: string, about: Partial<FileRecord>): Promise<FileRecord> {
  const stored = await files.put(id, [Buffer.from(id)] as never, 1000);
  const known = {
    id,
    role: "upload",
    keyId: "key_1",
    taskId: null,
    name: "a.mp4",
    contentType: "video/mp4",
  } as const;
  return { ...known, ...stored, facts: null, meta: {}, createdAt: 1, expiresAt: null, ...about };
}

async function endTask(id: string, at: number): Promise<void> {
  const about = {
    dialect: "d",
    account: "default",
    keyId: "key_1",
    model: "m",
    provider: "p",
    input: {},
    asked: [],
    estimate: 1,
  };
  await store.createTask({ ...about, id, createdAt: at - 1, callbackUrl: null, hold: 0 });
  const result = await hold(`res_${id}`, { role: "result", taskId: id });
  const end = {
    state: "completed",
    at,
    results: [result],
    notes: [],
    charge: 0,
    deliveryId: `msg_${id}`,
  } as const;
  await store.finishTask(id, end);
}

async function bytesHeld(): Promise<readonly string[]> {
  const entries = await readdir(join(folder, "files"), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
}

it("what has aged out goes with its bytes, and nothing else does", async () => {
  await endTask("task_of_long_ago_", NOW - 31 * DAY_MS);
  await endTask("task_of_yesterday", NOW - DAY_MS);
  await store.addFile(await hold("upload_of_long_ago", { expiresAt: NOW - 2 * DAY_MS }));
  await store.addFile(await hold("upload_just_dead_", { expiresAt: NOW - 1000 }));
  expect(await sweep(parts)).toEqual({ files: 1, tasks: 1 });
  expect(await bytesHeld()).toEqual(["res_task_of_yesterday", "upload_just_dead_"]);
  expect(await store.readTask("task_of_long_ago_")).toBeUndefined();
  expect(await store.readTask("task_of_yesterday")).toMatchObject({ state: "completed" });
  // A task made with the link just before it died still needs its bytes: they have a day's grace.
  expect(await store.readFile("upload_just_dead_")).toBeDefined();
});

it("a task goes with what was fetched for it, however long that would have been kept", async () => {
  await endTask("task_of_long_ago_", NOW - 31 * DAY_MS);
  const input = { role: "input", taskId: "task_of_long_ago_", expiresAt: NOW + DAY_MS } as const;
  await store.addFile(await hold("in_task_of_long_ago_", input));
  expect(await sweep(parts)).toEqual({ files: 0, tasks: 1 });
  expect(await bytesHeld()).toEqual([]);
  expect(await store.readTask("task_of_long_ago_")).toBeUndefined();
});

it("an open task of long ago stays", async () => {
  const about = {
    dialect: "d",
    account: "default",
    keyId: "key_1",
    model: "m",
    provider: "p",
    input: {},
    asked: [],
    estimate: 1,
  };
  await store.createTask({ ...about, id: "task_still_open", createdAt: 1, callbackUrl: null, hold: 0 });
  expect(await sweep(parts)).toEqual({ files: 0, tasks: 0 });
  expect(await store.readTask("task_still_open")).toMatchObject({ state: "pending" });
});

it("more than one batch goes in one sweep", async () => {
  await Promise.all(
    Array.from({ length: 120 }, (_, n) => endTask(`task_number_${1000 + n}`, NOW - 40 * DAY_MS)),
  );
  expect(await sweep(parts)).toEqual({ files: 0, tasks: 120 });
  expect(await bytesHeld()).toEqual([]);
});

it("a file that a stopped run writes down while its task is removed goes with it", async () => {
  await endTask("task_of_a_stopped_run", NOW - 31 * DAY_MS);
  const late = await hold("in_written_down_late", { role: "input", taskId: "task_of_a_stopped_run" });
  const listInputs: Store["listInputs"] = async (id) => {
    const listed = await store.listInputs(id);
    if (listed.length === 0 && !(await store.readFile(late.id)) && (await bytesHeld()).includes(late.id)) {
      await store.addFile(late);
    }
    return listed;
  };
  await sweep({ ...parts, store: { ...store, listInputs } });
  expect(await store.readTask("task_of_a_stopped_run")).toBeUndefined();
  expect(await bytesHeld()).not.toContain(late.id);
});

it("stopped before any of its writes, the next one ends it, and no record is left without its bytes", async () => {
  for (let stopAt = 0; ; stopAt++) {
    await endTask(`task_to_sweep_${stopAt}`, NOW - 31 * DAY_MS);
    await store.addFile(await hold(`upload_to_sweep_${stopAt}`, { expiresAt: NOW - 2 * DAY_MS }));
    let writes = 0;
    const die = async <T>(work: () => Promise<T>): Promise<T> => {
      if (writes++ === stopAt) throw new Error("killed");
      return work();
    };
    const dying: SweepParts = {
      ...parts,
      store: {
        ...store,
        removeFile: (id) => die(() => store.removeFile(id)),
        removeTask: (id) => die(() => store.removeTask(id)),
      },
      files: { ...files, remove: (id) => die(() => files.remove(id)) },
    };
    const died = await sweep(dying).then(
      () => false,
      () => true,
    );
    for (const id of [`res_task_to_sweep_${stopAt}`, `upload_to_sweep_${stopAt}`]) {
      if (await store.readFile(id)) expect(await bytesHeld()).toContain(id);
    }
    await sweep(parts);
    expect(await store.readTask(`task_to_sweep_${stopAt}`)).toBeUndefined();
    expect(await store.readFile(`upload_to_sweep_${stopAt}`)).toBeUndefined();
    if (!died) break;
  }
});

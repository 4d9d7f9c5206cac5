/** A whole run, from a request to a file on this disk that something other than Reelay has measured. */
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { create, download, type WireResult, type WireTask, waitForEnd } from "./api.ts";
import { type Probed, probe } from "./probe.ts";
import type { Server } from "./server.ts";

export interface Video {
  readonly task: WireTask;
  readonly result: WireResult;
  readonly bytes: Buffer;
  readonly seen: Probed;
}

/** Creates, waits, downloads and measures. A task that fails is an error with its message. */
export async function makeVideo(server: Server, body: object): Promise<Video> {
  const created = await create(server, body);
  const task = await waitForEnd(server, created.id, { ms: 120_000 });
  const result = task.results?.[0];
  if (!result) throw new Error(`${JSON.stringify(body)} failed: ${JSON.stringify(task.error)}`);
  const bytes = await download(result.url);
  const folder = await mkdtemp(join(tmpdir(), "reelay-video-"));
  try {
    const path = join(folder, "result.mp4");
    await writeFile(path, bytes);
    return { task, result, bytes, seen: await probe(path) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface Wanted {
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  readonly sound: boolean;
}

/** What is promised of every result, whatever the model; and that the answer tells the truth about the file. */
export function expectVideo({ task, result, bytes, seen }: Video, wanted: Wanted): void {
  const { seconds, width, height, sound } = wanted;
  expect(seen).toMatchObject({ width, height, fps: 24, frames: seconds * 24, faststart: true });
  expect(seen.seconds).toBeCloseTo(seconds, 3);
  expect([seen.codec, seen.profile, seen.pixelFormat]).toEqual(["h264", "High", "yuv420p"]);
  expect(seen.colour).toEqual(["bt709", "bt709", "bt709", "tv"]);
  if (sound) {
    expect(seen.sound).toMatchObject({ codec: "aac", rate: 48_000, channels: 2 });
    expect(Math.abs((seen.sound?.seconds ?? 0) - seconds)).toBeLessThan(0.05);
  } else {
    expect(seen.sound).toBeNull();
  }

  expect(task).toMatchObject({ status: "completed", progress: 100, error: null });
  expect(task.results).toHaveLength(1);
  expect(task.task_info).toMatchObject({ can_cancel: false, video_duration: seconds });
  expect(result).toMatchObject({ content_type: "video/mp4", width, height, fps: 24, audio: sound });
  expect(result.duration).toBeCloseTo(seconds, 2);
  expect(result.size).toBe(bytes.length);
  expect(result.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
}

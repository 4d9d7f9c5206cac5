/**
 * The commands that the first dialect's four public pages print (contract S0 to S3, and F6 to F8 on their bodies), run
 * by the real curl: only host, key and placeholders are replaced.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { WireTask } from "../support/api.ts";
import { openSamples, picture, type Samples } from "../support/media.ts";
import { probe } from "../support/probe.ts";
import { type Server, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const run = promisify(execFile);

let server: Server;
let samples: Samples;
let folder: string;
let imageUrl: string;
beforeAll(async () => {
  [server, samples, folder] = [
    await startServer(),
    await openSamples(),
    await mkdtemp(join(tmpdir(), "curl-")),
  ];
  imageUrl = samples.add("image.png", { bytes: await picture({ width: 640, height: 360 }) });
});
afterAll(async () => {
  await server.discard();
  await samples.close();
  await rm(folder, { recursive: true });
});

/** Runs a page's command in a shell, as a reader would who has pasted it. */
async function pasted(command: string): Promise<string> {
  const here = command
    .replaceAll("https://api.foxapi.cc", server.url)
    .replaceAll("<token>", server.key)
    .replaceAll("https://example.com/image.png", imageUrl);
  const { stdout } = await run("bash", ["-c", `${here} --silent --show-error --fail-with-body`]);
  return stdout;
}

const create = (body: string): string => `curl --request POST \\
  --url https://api.foxapi.cc/v1/videos/generations \\
  --header 'Authorization: Bearer <token>' \\
  --header 'Content-Type: application/json' \\
  --data '${body}'`;

const read = (id: string): string => `curl --request GET \\
  --url https://api.foxapi.cc/v1/tasks/${id} \\
  --header 'Authorization: Bearer <token>'`;

const PAGES = [
  [
    "pixverse-v6-image-to-video",
    { duration: 5, width: 1280, sound: false },
    `{
  "model": "pixverse-v6-image-to-video",
  "prompt": "The camera slowly pushes in",
  "image_url": "https://example.com/image.png",
  "resolution": "720p",
  "duration": 5,
  "generate_audio": false,
  "negative_prompt": "blurry, low quality",
  "style": "anime",
  "seed": 42,
  "generate_multi_clip": true,
  "thinking_type": "enabled"
}`,
  ],
  [
    "pixverse-v6-text-to-video",
    { duration: 5, width: 1280, sound: true },
    `{
  "model": "pixverse-v6-text-to-video",
  "prompt": "海边的灯塔，夕阳西下",
  "resolution": "720p",
  "duration": 5,
  "aspect_ratio": "16:9",
  "generate_audio": true,
  "style": "comic",
  "seed": 42,
  "generate_multi_clip": true,
  "thinking_type": "enabled"
}`,
  ],
  [
    "wan-2.7-image-to-video",
    { duration: 5, width: 1920, sound: true },
    `{
  "model": "wan-2.7-image-to-video",
  "generation_type": "image-to-video",
  "image_urls": ["https://example.com/image.png"],
  "prompt": "Leaves sway in the wind",
  "duration": 5,
  "resolution": "1080p",
  "enable_prompt_expansion": true
}`,
  ],
  [
    "veo-3.1-image-to-video",
    { duration: 8, width: 1920, sound: true },
    `{
  "model": "veo-3.1-image-to-video",
  "prompt": "A slow dolly towards the door",
  "image_url": "https://example.com/image.png",
  "aspect_ratio": "16:9",
  "duration": 8,
  "resolution": "1080p",
  "generate_audio": true
}`,
  ],
] as const;

test.each(PAGES)("the command of the page of %s makes a video", async (model, wanted, body) => {
  const made = JSON.parse(await pasted(create(body))) as WireTask;
  expect(made).toMatchObject({ model, object: "video.generation.task", status: "pending", progress: 0 });
  const done = await until(
    async () => {
      const task = JSON.parse(await pasted(read(made.id))) as WireTask;
      return task.status !== "pending" && task.status !== "processing" && task;
    },
    { ms: 50_000, everyMs: 200, what: `the end of ${made.id}` },
  );
  expect(done).toMatchObject({ status: "completed", progress: 100, error: null });
  const path = join(folder, `${model}.mp4`);
  await run("curl", ["--silent", "--fail", "--output", path, done.results?.[0]?.url ?? ""]);
  expect((await readFile(path)).toString("latin1", 4, 8)).toBe("ftyp");
  const seen = await probe(path);
  expect(seen.width).toBe(wanted.width);
  expect(seen.seconds).toBeCloseTo(wanted.duration, 1);
  expect(seen.sound !== null).toBe(wanted.sound);
});

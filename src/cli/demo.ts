/** `reelay demo`: a server of its own, two requests over HTTP as any client would send them, two MP4 files. */
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { loadCatalog } from "../catalog/catalog.ts";
import { readConfig } from "../config/config.ts";
import type { JsonObject } from "../core/json.ts";
import { openReelay } from "../main.ts";
import { pictureModel, textOnlyExample } from "./examples.ts";
import { openProgress } from "./progress.ts";

const SAMPLE = "lighthouse.jpg";
const OUTPUT = "demo-output";
const POLL_MS = 200;

interface WireTask {
  readonly id: string;
  readonly status: string;
  readonly progress: number;
  readonly results: readonly Record<string, unknown>[] | null;
  readonly error: { readonly message: string } | null;
}

export async function run(): Promise<number> {
  const folder = resolve(OUTPUT);
  await mkdir(folder, { recursive: true });
  const dataDir = await mkdtemp(join(tmpdir(), "reelay-demo-"));
  const config = {
    ...readConfig(),
    dataDir,
    port: 0,
    host: "127.0.0.1",
    publicUrl: null,
    providers: [],
    logLevel: "error",
  } as const;
  const reelay = await openReelay(config);
  try {
    const call = openCaller(reelay.url, reelay.firstKey ?? "");
    process.stdout.write(
      `A Reelay is listening on ${reelay.url}: SQLite, local disk, animatic renderer. No key, no network.\n`,
    );
    const catalog = await loadCatalog();
    const picture = await upload(call);
    process.stdout.write(`Uploaded samples/${SAMPLE}\n\n`);
    const { model, field } = pictureModel(catalog);
    const prompt = "The camera slowly pushes in on the lighthouse at dusk";
    await make(call, { model: model.id, prompt, [field]: picture }, join(folder, "image-to-video.mp4"));
    await make(call, textOnlyExample(catalog), join(folder, "text-to-video.mp4"));
    return 0;
  } finally {
    await reelay.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

type Call = (path: string, init?: { method?: string; json?: object; form?: FormData }) => Promise<Response>;

function openCaller(base: string, key: string): Call {
  return async (path, { method = "GET", json, form } = {}) => {
    const response = await fetch(new URL(path, base), {
      method,
      headers: { authorization: `Bearer ${key}`, ...(json ? { "content-type": "application/json" } : {}) },
      body: json ? JSON.stringify(json) : (form ?? null),
    });
    if (!response.ok)
      throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response;
  };
}

async function upload(call: Call): Promise<string> {
  const form = new FormData();
  const bytes = await readFile(samplePath());
  form.append("file", new Blob([bytes]), SAMPLE);
  const file = (await (await call("/v1/files/upload/stream", { method: "POST", form })).json()) as {
    url: string;
  };
  return file.url;
}

/** One folder further up where we run built, from `dist`. */
function samplePath(): URL {
  const places = ["../../samples/", "../../../samples/"].map(
    (base) => new URL(base + SAMPLE, import.meta.url),
  );
  return (
    places.find((place) => existsSync(place)) ?? raise(`samples/${SAMPLE} is missing from this installation`)
  );
}

function raise(message: string): never {
  throw new Error(message);
}

async function make(call: Call, body: JsonObject, path: string): Promise<void> {
  const progress = openProgress(String(body.model), process.stdout);
  let task = (await (
    await call("/v1/videos/generations", { method: "POST", json: body })
  ).json()) as WireTask;
  while (task.status === "pending" || task.status === "processing") {
    progress.show(task.progress, task.status);
    await new Promise((next) => setTimeout(next, POLL_MS));
    task = (await (await call(`/v1/tasks/${task.id}`)).json()) as WireTask;
  }
  progress.show(task.progress, task.status);
  progress.end();
  const result = task.results?.[0];
  if (!result) throw new Error(`${task.id} failed: ${task.error?.message}`);
  const response = await fetch(String(result.url));
  await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(path));
  const { width, height, duration, fps, audio, size, notes } = result;
  process.stdout.write(
    `  ${path}\n  measured: ${width}x${height}, ${duration} s, ${fps} fps, ${audio ? "with" : "no"} sound, ${size} bytes\n`,
  );
  for (const note of notes as readonly { field: string; message: string }[]) {
    process.stdout.write(`  not shown: ${note.field}: ${note.message}\n`);
  }
  process.stdout.write("\n");
}

/** Thin calls to a server, as any HTTP client would make them. */
import { request } from "node:http";
import type { Server } from "./server.ts";
import { until } from "./until.ts";

export const IDS = {
  pixverseImage: "pixverse-v6-image-to-video",
  pixverseText: "pixverse-v6-text-to-video",
  wan: "wan-2.7-image-to-video",
  veo: "veo-3.1-image-to-video",
  veoFast: "veo-3.1-fast-image-to-video",
  veoLite: "veo-3.1-lite-image-to-video",
  pixverseTransition: "pixverse-v6-transition",
  pixverseExtend: "pixverse-v6-extend",
  wanText: "wan-2.7-text-to-video",
  veoText: "veo-3.1-text-to-video",
  veoFastText: "veo-3.1-fast-text-to-video",
  veoLiteText: "veo-3.1-lite-text-to-video",
  veoFrames: "veo-3.1-first-last-frame-to-video",
  veoFastFrames: "veo-3.1-fast-first-last-frame-to-video",
  veoLiteFrames: "veo-3.1-lite-first-last-frame-to-video",
  veoExtend: "veo-3.1-extend",
  veoFastExtend: "veo-3.1-extend-fast",
} as const;

export interface WireResult {
  readonly url: string;
  readonly content_type: string;
  readonly width: number;
  readonly height: number;
  readonly duration: number;
  readonly fps: number;
  readonly audio: boolean;
  readonly size: number;
  readonly sha256: string;
  readonly notes: readonly { readonly field: string; readonly message: string }[];
}

export interface WireTask {
  readonly id: string;
  readonly object: string;
  readonly type: string;
  readonly model: string;
  readonly status: "pending" | "processing" | "completed" | "failed";
  readonly progress: number;
  readonly created: number;
  readonly results: readonly WireResult[] | null;
  readonly error: { readonly code: string; readonly message: string; readonly type: string } | null;
  readonly usage: { readonly credits_reserved: number; readonly user_group: string };
  readonly task_info: {
    readonly can_cancel: boolean;
    readonly estimated_time: number;
    readonly video_duration?: number;
  };
}

export interface WireFile {
  readonly id: string;
  readonly filename: string;
  readonly url: string;
  readonly size: number;
  readonly created: number;
}

export interface WireError {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code?: string;
    readonly problems?: readonly { readonly field: string; readonly message: string }[];
    readonly [more: string]: unknown;
  };
}

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; whether it has this shape is what a test looks at. */
  readonly body: T;
}

export interface Call {
  readonly method?: string;
  /** null: no Authorization header. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** The body's very bytes; no Content-Type unless `headers` gives one. */
  readonly bytes?: string | Uint8Array;
  readonly form?: FormData;
}

type At = Pick<Server, "url" | "key">;

export async function call<T = WireError>(server: At, path: string, options: Call = {}): Promise<Answer<T>> {
  const { method = "GET", key = server.key, headers = {}, json, bytes, form } = options;
  const raw = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  const body = json === undefined ? (raw ?? form) : JSON.stringify(json);
  const response = await fetch(server.url + path, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(json === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    body: (body as string | FormData | undefined) ?? null,
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) as T };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const GENERATIONS = "/v1/videos/generations";
export const UPLOAD = "/v1/files/upload/stream";

export function post<T = WireError>(server: At, json: unknown, options: Call = {}): Promise<Answer<T>> {
  return call<T>(server, GENERATIONS, { method: "POST", json, ...options });
}

/** Creates a task; an answer other than 200 is an error with the whole body. */
export async function create(server: At, body: object): Promise<WireTask> {
  const answer = await post<WireTask>(server, body);
  if (answer.status !== 200) throw new Error(`create answered ${answer.status}: ${answer.text}`);
  return answer.body;
}

export async function read(server: At, id: string, query = ""): Promise<WireTask> {
  const answer = await call<WireTask>(server, `/v1/tasks/${id}${query}`);
  if (answer.status !== 200) throw new Error(`read answered ${answer.status}: ${answer.text}`);
  return answer.body;
}

export function isOver(task: WireTask): boolean {
  return task.status === "completed" || task.status === "failed";
}

/** Polls until the task has ended; `each` sees every answer on the way. */
export function waitForEnd(
  server: At,
  id: string,
  { ms = 60_000, each }: { ms?: number; each?: (task: WireTask) => void } = {},
): Promise<WireTask> {
  return until(
    async () => {
      const task = await read(server, id);
      each?.(task);
      return isOver(task) && task;
    },
    { ms, what: `the end of ${id}` },
  );
}

export function cancel<T = WireTask>(server: At, id: string): Promise<Answer<T>> {
  return call<T>(server, `/v1/tasks/${id}/cancel`, { method: "POST" });
}

export interface UploadForm {
  readonly name?: string;
  readonly type?: string;
  /** Form fields in front of the file, and behind it. */
  readonly before?: Readonly<Record<string, string>>;
  readonly after?: Readonly<Record<string, string>>;
  readonly key?: string;
}

export async function tryUpload<T = WireFile>(
  server: At,
  bytes: Uint8Array,
  { name = "sample.png", type = "application/octet-stream", before = {}, after = {}, key }: UploadForm = {},
): Promise<Answer<T>> {
  const form = new FormData();
  for (const [field, value] of Object.entries(before)) form.append(field, value);
  form.append("file", new Blob([Uint8Array.from(bytes)], { type }), name);
  for (const [field, value] of Object.entries(after)) form.append(field, value);
  return call<T>(server, UPLOAD, { method: "POST", form, ...(key === undefined ? {} : { key }) });
}

export async function upload(server: At, bytes: Uint8Array, form: UploadForm = {}): Promise<WireFile> {
  const answer = await tryUpload(server, bytes, form);
  if (answer.status !== 200) throw new Error(`upload answered ${answer.status}: ${answer.text}`);
  return answer.body;
}

export async function download(url: string): Promise<Buffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}

/** An upload whose client has sent a megabyte and then says nothing more; `destroy` breaks the connection. */
export function stalledUpload(server: At): { destroy(): void } {
  const asked = request(server.url + UPLOAD, {
    method: "POST",
    headers: {
      authorization: `Bearer ${server.key}`,
      "content-type": "multipart/form-data; boundary=B",
      "content-length": "10000000",
    },
  });
  // However it ends, nobody waits for it.
  asked.on("error", () => {});
  asked.on("response", (answer) => answer.resume());
  asked.write('--B\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n');
  asked.write(Buffer.alloc(1024 * 1024, 0x20));
  return { destroy: () => void asked.destroy() };
}

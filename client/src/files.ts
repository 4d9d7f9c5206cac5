/** Files that you give the server, and files that it gives you. */
import { ReelayApiError } from "./errors.ts";
import type { Call, RequestOptions, Transport } from "./transport.ts";
import type { Result, Upload } from "./types.ts";

export interface UploadOptions extends RequestOptions {
  /** With its extension. */
  readonly name?: string | undefined;
  /** false: refused where your storage is full, instead of the oldest uploads being removed. */
  readonly autoCleanup?: boolean | undefined;
}

export interface Files {
  /** In Node, `fs.openAsBlob` makes a Blob of a file without reading it into memory. */
  upload(file: Blob | Uint8Array | ArrayBuffer, options?: UploadOptions): Promise<Upload>;
  /** Base64, or a data: URL. */
  uploadBase64(data: string, options?: UploadOptions): Promise<Upload>;
  /** Has the server fetch a public URL and keep what it finds. */
  uploadUrl(url: string, options?: UploadOptions): Promise<Upload>;
}

/** The slowest honest upload; the server gives up after it, too. */
const UPLOAD_MS = 300_000;

export function openFiles(transport: Transport): Files {
  const send = async (call: Call): Promise<Upload> =>
    (await transport.ask<Upload>({ timeoutMs: UPLOAD_MS, ...call, method: "POST" })).body;
  return {
    async upload(file, { name, autoCleanup, ...options } = {}) {
      const form = new FormData();
      if (autoCleanup !== undefined) form.append("auto_cleanup", String(autoCleanup));
      const blob = file instanceof Blob ? file : new Blob([file as Uint8Array<ArrayBuffer>]);
      form.append("file", blob, name ?? (file as { name?: string }).name ?? "upload");
      return send({ ...options, path: "/v1/files/upload/stream", form });
    },
    uploadBase64: (data, { name, autoCleanup, ...options } = {}) =>
      send({
        ...options,
        path: "/v1/files/upload/base64",
        json: { file_data: data, file_name: name, auto_cleanup: autoCleanup },
      }),
    uploadUrl: (url, { name, autoCleanup, ...options } = {}) =>
      send({
        ...options,
        path: "/v1/files/upload/url",
        json: { url, file_name: name, auto_cleanup: autoCleanup },
      }),
  };
}

/** The file's bytes as they come. No key is sent: the link carries its own right, and may lead elsewhere. */
export async function download(
  transport: Transport,
  { url }: Pick<Result, "url">,
  options: RequestOptions = {},
): Promise<ReadableStream<Uint8Array>> {
  const response = await transport.follow(url, options);
  return response.body ?? new Blob([]).stream();
}

/** All of it, in memory, and held to the hash that the server measured. */
export async function downloadBytes(
  transport: Transport,
  result: Pick<Result, "url" | "sha256">,
  options: RequestOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = await download(transport, result, options);
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  // A page that came over plain http from another machine has no `subtle`.
  const { subtle } = globalThis.crypto as { readonly subtle?: typeof crypto.subtle };
  if (subtle && hex(await subtle.digest("SHA-256", bytes)) !== result.sha256) {
    const message = `${bytes.length} bytes came of ${result.url.split("?")[0]}, and they are not the file: its hash is another.`;
    throw new ReelayApiError({ status: 200, code: "damaged", type: "client", message, retryable: true });
  }
  return bytes;
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

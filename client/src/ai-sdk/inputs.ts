/** The SDK's pictures and clips as URLs that the server takes: bytes are uploaded, and never left out. */
import type { Experimental_VideoModelV4File as VideoFile } from "@ai-sdk/provider";
import { openFiles } from "../files.ts";
import type { RequestOptions, Transport } from "../transport.ts";
import type { Upload } from "../types.ts";

export interface Inputs {
  /** A URL as it is; of bytes, the URL of their upload. */
  urlOf(file: VideoFile, options: RequestOptions): Promise<string>;
}

/** An upload that ends sooner than this is made again. Milliseconds. */
const ENDS_SOON_MS = 3_600_000;

/**
 * When a create is tried again, the SDK hands over the same files, and they have to get the same URLs: another URL is another
 * request, which the server refuses to make under the first one's idempotency key.
 */
export function openInputs(transport: Transport): Inputs {
  const files = openFiles(transport);
  const uploads = new WeakMap<VideoFile, Promise<Upload>>();

  const upload = (file: VideoFile & { type: "file" }, options: RequestOptions): Promise<Upload> => {
    const name = `input.${file.mediaType.split("/")[1] ?? "bin"}`;
    const made = files.upload(bytesOf(file.data), { ...options, name });
    uploads.set(file, made);
    made.catch(() => uploads.delete(file));
    return made;
  };

  return {
    async urlOf(file, options) {
      if (file.type === "url") return file.url;
      // Looked up and noted in one turn: several videos of one call ask for the same file at once.
      const known = await (uploads.get(file) ?? upload(file, options));
      const endsSoon = known.expires * 1000 < Date.now() + ENDS_SOON_MS;
      return (endsSoon ? await upload(file, options) : known).url;
    },
  };
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === "string" ? Uint8Array.from(atob(data), (char) => char.charCodeAt(0)) : data;
}

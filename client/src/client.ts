/** The client: one connection's settings, and what can be asked over it. */
import { download, downloadBytes, type Files, openFiles } from "./files.ts";
import { openTasks, type Tasks } from "./tasks.ts";
import { type ConnectionOptions, openTransport, type RequestOptions } from "./transport.ts";
import type { Credits, Model, Result } from "./types.ts";

export interface Client {
  readonly tasks: Tasks;
  readonly files: Files;
  readonly models: {
    /** Every model of this server, the operator's own among them, with its parameters. */
    list(options?: RequestOptions): Promise<readonly Model[]>;
  };
  /** What is left on the key and on its account. */
  credits(options?: RequestOptions): Promise<Credits>;
  /** A result's bytes as they come; of a poster or preview, too: `download({ url: result.poster_url })`. */
  download(result: Pick<Result, "url">, options?: RequestOptions): Promise<ReadableStream<Uint8Array>>;
  /** A whole result in memory, held to its hash. */
  downloadBytes(
    result: Pick<Result, "url" | "sha256">,
    options?: RequestOptions,
  ): Promise<Uint8Array<ArrayBuffer>>;
}

/** Opens no connection yet. Throws a TypeError where a setting cannot be right. */
export function createClient(options: ConnectionOptions): Client {
  const transport = openTransport(options);
  return {
    tasks: openTasks(transport),
    files: openFiles(transport),
    models: {
      async list(given) {
        const { body } = await transport.ask<{ data: readonly Model[] }>({ ...given, path: "/v1/models" });
        return body.data;
      },
    },
    async credits(given) {
      const { body } = await transport.ask<{ data: Credits }>({ ...given, path: "/v1/account/credits" });
      return body.data;
    },
    download: (result, given) => download(transport, result, given),
    downloadBytes: (result, given) => downloadBytes(transport, result, given),
  };
}

/** One request to the fake upstream and what it gets: an answer, or the end of its socket. Both are witnessed first. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Witness } from "./fake-witness.ts";

export type Reply =
  | {
      readonly status: number;
      /** A string is sent as a page, anything else as JSON. */
      readonly body: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Ends the socket: `drop` as a crash of ours would, `reset` as a broken network. */
  | { readonly end: "drop" | "reset" };

export interface Exchange {
  /** Number of the request, as in the witness's log. */
  readonly n: number;
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly body: unknown;
  send(reply: Reply): void;
  /** For an answer that is not JSON; the caller writes to it. */
  raw(status: number): ServerResponse;
}

const MOST_BYTES = 10_000_000;

/** Rejects where the body cannot be read or is no JSON. */
export async function openExchange(
  witness: Witness,
  n: number,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<Exchange> {
  const method = request.method ?? "GET";
  const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "127.0.0.1"}`);
  const text = await readText(request);
  const body: unknown = text === "" ? undefined : JSON.parse(text);
  const path = url.pathname + url.search;
  witness.write({ event: "request", n, method, path, ...(body === undefined ? {} : { body }) });
  return {
    n,
    method,
    url,
    authorization: request.headers.authorization,
    body,
    send(reply) {
      if ("end" in reply) {
        witness.write({ event: "answer", n, status: null });
        if (reply.end === "reset") request.socket.resetAndDestroy();
        else request.socket.destroy();
        return;
      }
      const { status, body: said, headers = {} } = reply;
      witness.write({ event: "answer", n, status, body: said });
      const page = typeof said === "string";
      response.writeHead(status, { "content-type": page ? "text/html" : "application/json", ...headers });
      response.end(page ? said : JSON.stringify(said));
    },
    raw(status) {
      witness.write({ event: "answer", n, status });
      return response;
    },
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error(`The body has more than ${MOST_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

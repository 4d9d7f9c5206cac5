/** Server-sent events (WHATWG HTML, 9.2) on one answer, with memory that a slow reader cannot grow. */
import type { ServerResponse } from "node:http";

const HEARTBEAT_MS = 15_000;

interface StreamEvent {
  readonly name: string;
  /** What a client that comes back sends as `Last-Event-ID`. */
  readonly id?: string;
  readonly data: unknown;
}

export interface EventStream {
  /** Arrives, or the stream breaks. For events that are few. */
  send(event: StreamEvent): void;
  /** Left out where the client does not keep up: a later one will say more. */
  offer(event: StreamEvent): void;
  end(): void;
}

interface StreamOptions {
  readonly headers: Readonly<Record<string, string | number | string[] | undefined>>;
  /** Aborts where the client is gone or the server closes. */
  readonly signal: AbortSignal;
  readonly heartbeatMs?: number;
}

export function openEventStream(
  raw: ServerResponse,
  { headers, signal, heartbeatMs = HEARTBEAT_MS }: StreamOptions,
): EventStream {
  raw.writeHead(200, {
    ...headers,
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    // A proxy that buffers would hold the events back until the end.
    "x-accel-buffering": "no",
    // Nothing follows on this connection; kept alive, it would hold up a server that closes.
    connection: "close",
  });
  raw.flushHeaders();
  const heart = setInterval(heartbeat(raw), heartbeatMs);
  const end = (): void => {
    clearInterval(heart);
    if (!raw.writableEnded) raw.end();
  };
  const stop = (): void => {
    end();
    // A reader that has stopped reading would keep what is left, and a server that closes, waiting for ever.
    if (raw.writableLength > 0) raw.destroy();
  };
  raw.once("close", () => clearInterval(heart));
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  const write = (event: StreamEvent): void => {
    if (!raw.writableEnded && !raw.destroyed) raw.write(format(event));
  };
  return {
    send: write,
    offer(event) {
      if (!raw.writableNeedDrain) write(event);
    },
    end,
  };
}

/** Keeps proxies from closing a quiet connection, and gives up a reader that took nothing between two of them. */
function heartbeat(raw: ServerResponse): () => void {
  let stuck = false;
  return () => {
    if (!raw.writableNeedDrain) raw.write(":\n\n");
    else if (stuck) raw.destroy();
    stuck = raw.writableNeedDrain;
  };
}

function format({ name, id, data }: StreamEvent): string {
  return `event: ${name}\n${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/** A receiver of webhooks on loopback that behaves as the path says, and remembers what came. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** performance.now() */
  readonly at: number;
}

export interface Receiver {
  readonly origin: string;
  readonly received: readonly Received[];
  /** What `/next` answers, one after another; the last one for ever. */
  script: readonly Reply[];
  openSockets(): Promise<number>;
  close(): Promise<void>;
}

interface Reply {
  /** 0: none ever comes. */
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const MISBEHAVE: Readonly<Record<string, (response: ServerResponse) => void>> = {
  "/hang": () => undefined,
  "/reset": (response) => response.socket?.resetAndDestroy(),
  "/close": (response) => response.socket?.end(),
  "/garbage": (response) => response.socket?.end("SSH-2.0-OpenSSH\r\n"),
  "/drip-head": (response) => drip(response, () => response.socket?.write("x"), "HTTP/1.1 200 OK\r\nx-a: "),
  "/drip-body": (response) => {
    response.writeHead(200).write("begun ");
    drip(response, () => response.write("."));
  },
  "/broken-body": (response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("begun", () => response.socket?.destroy());
  },
  "/big": (response) => {
    const more = (): void => {
      while (!response.destroyed && response.write("y".repeat(10_000)));
    };
    response.on("drain", more);
    more();
  },
};

function drip(response: ServerResponse, write: () => void, first?: string): void {
  if (first !== undefined) response.socket?.write(first);
  const timer = setInterval(write, 20);
  response.on("close", () => clearInterval(timer));
}

export async function openReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let receiver: Receiver | undefined;
  let told = 0;
  const reply = (path: string, response: ServerResponse): void => {
    const misbehave = MISBEHAVE[path];
    if (misbehave !== undefined) {
      misbehave(response);
      return;
    }
    const script = receiver?.script ?? [];
    const { status, headers, body }: Reply = path.startsWith("/status/")
      ? { status: Number(path.slice(8)), headers: { location: "/ok" } }
      : (script[Math.min(told++, script.length - 1)] ?? { status: 200 });
    if (status === 0) return;
    response.writeHead(status, headers).end(body ?? `answer ${status}`);
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", () => undefined);
    request.on("end", () => {
      const path = request.url ?? "";
      received.push({ path, headers: request.headers, body: Buffer.concat(chunks), at: performance.now() });
      reply(path, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  receiver = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    script: [],
    openSockets: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

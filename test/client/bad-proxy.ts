/** A proxy on loopback between a client and a server, which treats each exchange as `treat` says and remembers it. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Of those with this method and path, without the query: 1 is the first. */
  readonly count: number;
  /** Of the request, as far as it has come. */
  body(): string;
  /** Nothing more comes of it, or is wanted. */
  over(): boolean;
}

/** What becomes of an exchange; undefined: it passes. */
export type Treatment =
  | undefined
  /** The server does its work; its answer is lost and so is the connection. */
  | "drop-answer"
  /** The server never hears of it. */
  | "drop-request"
  /** It is kept, and nothing ever comes back. */
  | "silent"
  /** Passes up to the first of these words that the server says, and is cut there. */
  | { readonly cutAfter: string }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

export interface BadProxy {
  readonly url: string;
  readonly exchanges: readonly Exchange[];
  /** How many exchanges had this method and path, without the query. */
  count(method: string, path: string): number;
  treat: (exchange: Exchange) => Treatment;
  close(): Promise<void>;
}

export async function startBadProxy(target: string): Promise<BadProxy> {
  const exchanges: Exchange[] = [];
  const count = (method: string, path: string): number =>
    exchanges.filter((one) => one.method === method && one.path.split("?")[0] === path).length;

  const server = createServer((asked, answer) => {
    const { method = "GET", url: path = "/", headers } = asked;
    const chunks: Buffer[] = [];
    asked.on("data", (chunk: Buffer) => chunks.push(chunk));
    const exchange: Exchange = {
      method,
      path,
      headers,
      count: count(method, path.split("?")[0] ?? "") + 1,
      over: () => answer.destroyed || answer.writableFinished,
      body: () => Buffer.concat(chunks).toString("utf8"),
    };
    exchanges.push(exchange);
    answer.on("error", () => undefined);
    carry({ target, asked, answer, treatment: proxy.treat(exchange) });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: BadProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    count,
    treat: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

interface Carrying {
  readonly target: string;
  readonly asked: IncomingMessage;
  readonly answer: ServerResponse;
  readonly treatment: Treatment;
}

function carry({ target, asked, answer, treatment }: Carrying): void {
  if (treatment === "silent") return void asked.resume();
  if (treatment === "drop-request") return void answer.destroy();
  if (typeof treatment === "object" && "status" in treatment) {
    asked.resume();
    asked.on("end", () => answer.writeHead(treatment.status, treatment.headers).end(treatment.body));
    return;
  }
  const { method, url, headers } = asked;
  const onward = request(target + url, { method, headers: { ...headers, host: new URL(target).host } });
  onward.on("error", () => answer.destroy());
  answer.on("close", () => onward.destroy());
  onward.on("response", (from) => {
    if (treatment === "drop-answer") {
      from.resume().on("end", () => answer.destroy());
      return;
    }
    answer.writeHead(from.statusCode ?? 502, from.headers);
    // Else a server that dies would leave the client with a connection that only falls silent.
    from.on("close", () => answer.destroy());
    if (treatment === undefined) from.pipe(answer);
    else cut(from, answer, treatment.cutAfter);
  });
  asked.pipe(onward);
}

function cut(from: IncomingMessage, answer: ServerResponse, word: string): void {
  let said = "";
  from.on("data", (more: Buffer) => {
    said += more.toString("latin1");
    answer.write(more, () => {
      if (said.includes(word)) answer.destroy();
    });
  });
}

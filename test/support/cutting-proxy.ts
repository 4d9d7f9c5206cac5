/** A proxy on loopback whose connection to the client breaks at the very moment when the answer should go back. */
import { request as ask, createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface CuttingProxy {
  readonly url: string;
  /** Headers of every POST, in order. */
  readonly posts: readonly IncomingHttpHeaders[];
  close(): Promise<void>;
}

/** Answers of the first `cuts` POSTs get lost, after the server has made them; all else passes. */
export async function openCuttingProxy(target: string, cuts: number): Promise<CuttingProxy> {
  const posts: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    const { method = "GET", url = "/", headers } = request;
    const cut = method === "POST" && posts.push(headers) <= cuts;
    const onward = ask(target + url, { method, headers }, (answer) => {
      if (cut) {
        answer.resume().on("end", () => request.socket.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => request.socket.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

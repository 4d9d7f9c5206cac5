/** Receives the webhooks of a chaos run and writes each down before it answers. Some first tries it fails. */
import { openSync, writeSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Random } from "./random.ts";

export interface HookReceiver {
  /** To which the marker of a create is added. */
  readonly base: string;
  /** Ids of tasks that were received with 2xx. */
  readonly received: ReadonlySet<string>;
  /** Milliseconds since something came. */
  quietMs(): number;
  close(): void;
}

/** Answers to first tries: 0 ends the socket. Later tries are answered with 200, so that a run comes to its end. */
const FIRST = [200, 200, 200, 200, 204, 500, 302, 0];

export async function openHookReceiver(log: string, random: Random): Promise<HookReceiver> {
  const file = openSync(log, "a");
  const received = new Set<string>();
  const seen = new Set<string>();
  let lastAt = performance.now();
  const take = (path: string, headers: object, body: string): number => {
    const answered = seen.has(path) ? 200 : random.pick(FIRST);
    seen.add(path);
    lastAt = performance.now();
    writeSync(file, `${JSON.stringify({ at: Date.now(), path, headers, body, answered })}\n`);
    if (answered >= 200 && answered < 300) received.add((JSON.parse(body) as { id: string }).id);
    return answered;
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", () => undefined);
    request.on("end", () => {
      reply(response, take(request.url ?? "", request.headers, Buffer.concat(chunks).toString("utf8")));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/`,
    received,
    quietMs: () => performance.now() - lastAt,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function reply(response: ServerResponse, status: number): void {
  if (status === 0) response.destroy();
  else response.writeHead(status).end();
}

/** The operator's door of a running server, as the CLI asks it; a CLI for each key would take seconds. */
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import type { Server } from "./server.ts";

/** POSTs a body, and resolves with the answer's. */
export async function tellOperator<T>({ dataDir }: Server, path: string, body: object): Promise<T> {
  const asked = request({
    socketPath: join(dataDir, "operator.sock"),
    method: "POST",
    path,
    headers: { "content-type": "application/json" },
  });
  asked.end(JSON.stringify(body));
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return (await json(answer)) as T;
}

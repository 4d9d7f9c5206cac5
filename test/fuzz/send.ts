/** Sends a request over a connection that is kept, and takes the answer within a bounded time. */
import { performance } from "node:perf_hooks";
import { Pool } from "undici";
import type { Sent, Who } from "./request.ts";

export interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Of a stream of events the first ones only. */
  readonly text: string;
  readonly ms: number;
}

export interface Sender {
  /** Rejects where there was no whole answer in time. */
  send(sent: Sent): Promise<Got>;
  close(): Promise<void>;
}

export type Keys = Readonly<Record<Exclude<Who, "none">, string>>;

/** Nothing that is asked here takes long; a machine that does other things, too, may. */
const LONGEST_MS = 20_000;

export function openSender(url: string, keys: Keys, connections: number): Sender {
  const pool = new Pool(url, {
    connections,
    pipelining: 1,
    headersTimeout: LONGEST_MS,
    bodyTimeout: LONGEST_MS,
  });
  return {
    async send(sent) {
      const since = performance.now();
      const { statusCode, headers, body } = await pool.request({
        method: sent.method as "GET",
        path: sent.path,
        headers: { ...authorization(sent, keys), ...sent.headers },
        body: sent.body ?? null,
        signal: AbortSignal.timeout(LONGEST_MS),
      });
      const isStream = String(headers["content-type"]).startsWith("text/event-stream");
      const text = isStream ? await firstEvents(body) : await body.text();
      const flat = Object.entries(headers).map(([name, value]) => [
        name,
        value === undefined ? undefined : String(value),
      ]);
      return { status: statusCode, headers: Object.fromEntries(flat), text, ms: performance.now() - since };
    },
    close: () => pool.destroy(),
  };
}

function authorization({ who, authorization: given }: Sent, keys: Keys): Record<string, string> {
  if (given !== undefined) return { authorization: given };
  return who === "none" ? {} : { authorization: `Bearer ${keys[who]}` };
}

/** A task that waits for long has a stream as long: the first event is enough. */
async function firstEvents(body: AsyncIterable<Buffer>): Promise<string> {
  let text = "";
  for await (const chunk of body) {
    text += chunk.toString("utf8");
    if (text.includes("\n\n")) break;
  }
  return text;
}

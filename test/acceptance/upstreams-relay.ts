/**
 * A bad line between two Reelays: it passes everything on, and does to answers and files what the script in a prompt
 * has. The far one reads the same script, through a fake upstream of its own, so each trouble happens on both sides.
 */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { type Script, scriptOf } from "../support/fake-script.ts";

interface Ask {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** What the far one answered; undefined before that. */
  status?: number;
}

export interface Relay {
  readonly url: string;
  /** Where the far one is; set before anything is asked. */
  target: string;
  readonly asks: readonly Ask[];
  /** The far one's tasks, and the prompt of each. */
  readonly tasks: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/** The answer, or what becomes of it. */
type Fate = "whole" | "dropped" | "cut" | "lost";

export async function openRelay(): Promise<Relay> {
  const asks: Ask[] = [];
  const tasks = new Map<string, string>();
  const times = new Map<string, number>();
  /** How often this has happened by now, this time included. */
  const count = (what: string): number => {
    times.set(what, (times.get(what) ?? 0) + 1);
    return times.get(what) ?? 1;
  };

  const fateOf = async ({ method, path }: Ask, prompt: string): Promise<Fate> => {
    const script: Script = scriptOf({ prompt }, "");
    const first = count(`${method} ${path.replace(/\?.*$/, "")} ${prompt}`) === 1;
    if (!first) return "whole";
    if (method === "POST" && path === "/v1/videos/generations") {
      if (script["late-answer"] !== undefined) await delay(script["late-answer"]);
      return script["accept-then-drop"] ? "dropped" : "whole";
    }
    if (path.startsWith("/files/"))
      return script.file === "cut" || script.file === "lost" ? script.file : "whole";
    return script["check-drop"] ? "dropped" : "whole";
  };

  const pass = async (ask: Ask, response: ServerResponse): Promise<void> => {
    const answer = await forward(ask, relay.target);
    ask.status = answer.status;
    const body = Buffer.from(await answer.arrayBuffer());
    const json = answer.headers.get("content-type")?.startsWith("application/json") ?? false;
    const prompt = promptOf(ask, tasks);
    const { id } = json ? (JSON.parse(body.toString()) as { id?: string }) : {};
    if (ask.path === "/v1/videos/generations" && answer.ok && id !== undefined) tasks.set(id, prompt);
    const fate = prompt === "" ? "whole" : await fateOf(ask, prompt);
    if (fate === "dropped") return void response.destroy();
    response.writeHead(fate === "lost" ? 404 : answer.status, {
      "content-type": answer.headers.get("content-type") ?? "text/plain",
      "content-length": body.length,
    });
    if (fate === "cut") response.write(body.subarray(0, body.length / 2), () => response.destroy());
    else response.end(body);
  };

  const server = createServer((request, response) => {
    void (async () => {
      const { method = "GET", url: path = "/", headers } = request;
      const ask = { method, path, headers, bytes: await buffer(request) };
      asks.push(ask);
      await pass(ask, response);
      // The far one is gone, or who asked is.
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const relay: Relay = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: "",
    asks,
    tasks,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return relay;
}

const PASSED = ["authorization", "content-type", "idempotency-key", "accept"];

function forward({ method, path, headers, bytes }: Ask, target: string): Promise<Response> {
  const kept = PASSED.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]]));
  const body = method === "GET" ? {} : { body: new Uint8Array(bytes) };
  return fetch(target + path, { method, headers: Object.fromEntries(kept), redirect: "manual", ...body });
}

/** Of a create what it asks for; of all else that of the task that its path names. */
function promptOf({ method, path, bytes }: Ask, tasks: ReadonlyMap<string, string>): string {
  if (method === "POST" && path === "/v1/videos/generations") {
    const { prompt } = JSON.parse(bytes.toString()) as { prompt?: unknown };
    return typeof prompt === "string" ? prompt : "";
  }
  return [...tasks].find(([id]) => path.includes(id))?.[1] ?? "";
}

/** A provider of ours for the AI SDK, before a started server, with all that passes between them seen. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { createReelay, type ReelayProvider } from "../../client/src/ai-sdk/provider.ts";
import { call, GENERATIONS, type WireTask } from "../support/api.ts";
import type { Environment } from "../support/run.ts";
import { type Server, startServer } from "../support/server.ts";
import { type BadProxy, startBadProxy } from "./bad-proxy.ts";

export const photo = await readFile(fileURLToPath(new URL("../../samples/lighthouse.jpg", import.meta.url)));
export const SMALL = { reelay: { resolution: "360p", duration: 1 } };

/** What there is during a test; the key is a new one for each. */
interface Stage {
  readonly server: Server;
  readonly proxy: BadProxy;
  readonly key: string;
  readonly provider: ReelayProvider;
  tasksMade(): Promise<readonly WireTask[]>;
  /** The body of the last create. */
  lastBody(): Record<string, unknown>;
}

/** Registers what sets the stage before each test of a file, and gives what finds it. */
export function useStage(env: Environment = {}): () => Stage {
  let server: Server;
  let stage: Stage;
  beforeAll(async () => {
    (globalThis as { AI_SDK_LOG_WARNINGS?: boolean }).AI_SDK_LOG_WARNINGS = false;
    server = await startServer(env);
  });
  afterAll(() => server.discard());
  beforeEach(async () => {
    const proxy = await startBadProxy(server.url);
    const key = await server.newKey("ai-sdk");
    stage = {
      server,
      proxy,
      key,
      provider: createReelay({ baseURL: proxy.url, apiKey: key }),
      tasksMade: async () => (await call<{ data: WireTask[] }>(server, "/v1/tasks", { key })).body.data,
      lastBody() {
        const create = proxy.exchanges.findLast(
          ({ method, path }) => method === "POST" && path === GENERATIONS,
        );
        return JSON.parse(create?.body() ?? "{}") as Record<string, unknown>;
      },
    };
  });
  afterEach(() => stage.proxy.close());
  return () => stage;
}

export async function rejected(work: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof Error) return error as Error & Record<string, unknown>;
  throw new Error("it was not refused");
}

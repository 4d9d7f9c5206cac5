import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, it } from "vitest";
import { until } from "../../../../test/support/until.ts";
import type { FileStore } from "../../../core/file-store.ts";
import type { KeyRecord } from "../../../core/store.ts";
import type { Gateway } from "../../../tasks/gateway.ts";
import { openAuthFailures } from "../../auth-failures.ts";
import { mountHealth } from "../../health.ts";
import { openRateLimit } from "../../rate-limit.ts";
import { openShedding, type Shedding } from "../../shedding.ts";
import { foxapi } from "./routes.ts";

const KEY: KeyRecord = {
  id: "key_1",
  digest: "",
  name: "first",
  hint: "",
  account: "default",
  createdAt: 0,
  revokedAt: null,
  priority: 0,
  concurrency: null,
  test: false,
};

let app: FastifyInstance;
let shedding: Shedding;
const bugs: unknown[] = [];

/** A process whose heap is always too full; nothing behind the dialect may be asked for a new task. */
beforeEach(async () => {
  bugs.length = 0;
  shedding = openShedding({ delayMs: 1e9, heapBytes: 1 });
  app = Fastify();
  mountHealth(app, () => true);
  const none = { granted: null, held: 0, spent: 0 };
  const balance = async () => ({ key: none, account: none });
  const parts = {
    gateway: { catalog: { models: new Map() }, balance } as unknown as Gateway,
    auth: { authenticate: async () => KEY, forget: () => undefined },
    authFailures: openAuthFailures(10, () => 0),
    createLimit: openRateLimit(5, () => 0),
    shedding,
    files: {} as FileStore,
    settings: { openaiModels: new Map(), openaiDefault: "", highwayStatuses: new Map() },
    onBug: (_id: string, error: unknown) => bugs.push(error),
  };
  await app.register((scope) => foxapi.mount(scope, parts));
  const overloaded = (): boolean => {
    try {
      shedding.check();
      return false;
    } catch {
      return true;
    }
  };
  await until(overloaded, { ms: 5000, what: "an overload" });
});
afterEach(async () => {
  shedding.close();
  await app.close();
});

it("an overloaded server refuses creates before anything else is looked at, and counts them against nobody", async () => {
  for (let i = 0; i < 10; i++) {
    const answer = await app.inject({ method: "POST", url: "/v1/videos/generations", payload: "{" });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers).toMatchObject({ "retry-after": "1", ratelimit: '"creates";r=5;t=60' });
    expect(answer.json().error).toMatchObject({
      type: "service_unavailable_error",
      retryable: true,
      billed: false,
    });
  }
  expect(bugs).toEqual([]);
});

it("reads and health go on", async () => {
  for (const url of ["/healthz", "/readyz", "/v1/models", "/v1/credits"]) {
    expect((await app.inject({ url })).statusCode, url).toBe(200);
  }
});

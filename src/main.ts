/** Opens everything, starts, drains. With `wiring/` the only code that knows everyone. */
import type { AddressInfo } from "node:net";
import { getHeapStatistics } from "node:v8";
import type { FastifyInstance } from "fastify";
import { buildApp, dialectOf } from "./app.ts";
import { type Config, describeDefaults } from "./config/config.ts";
import { describeKinds } from "./config/describe-kinds.ts";
import { openBooks } from "./core/books.ts";
import { openKeys } from "./core/keys.ts";
import { openAuth } from "./http/auth.ts";
import { openAuthFailures } from "./http/auth-failures.ts";
import { openOperatorDoor } from "./http/operator.ts";
import { readWritten } from "./http/pages/written.ts";
import { openRateLimit } from "./http/rate-limit.ts";
import { openShedding } from "./http/shedding.ts";
import { assertEgressGuard } from "./net/self-test.ts";
import type { Telling } from "./tasks/deliver.ts";
import { openGateway, type TaskView } from "./tasks/gateway.ts";
import { openBase } from "./wiring/base.ts";
import { openTasks } from "./wiring/tasks.ts";

export interface Reelay {
  /** Where this process listens. */
  readonly url: string;
  /** The key made because there was none; shown this once. */
  readonly firstKey: string | undefined;
  close(): Promise<void>;
}

/** Past these a create is refused with 503 until it is better: to answer late helps nobody. */
const SLOW_LOOP_MS = 500;
const FULL_HEAP = 0.9;

/** Rejects with a sentence for the operator where the data folder is in use or the egress guard does not hold. */
export async function openReelay(config: Config): Promise<Reelay> {
  await assertEgressGuard();
  // What is open so far; a start that fails closes it again, or half a server would stay behind.
  const opened = new AsyncDisposableStack();
  try {
    return await openAll(config, opened);
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

async function openAll(config: Config, opened: AsyncDisposableStack): Promise<Reelay> {
  const where = { url: "" };
  const state = { accepting: true };
  const base = await openBase(config, () => config.publicUrl ?? where.url);
  const { store, clock, log } = base;
  opened.defer(() => log("info", "server-stopped"));
  opened.defer(() => store.close());
  opened.defer(() => base.render.close());
  opened.defer(() => base.measure.close());
  opened.defer(() => base.previews.close());
  const tasks = await openTasks(base, { accepting: () => state.accepting, tell: tellEnd });
  opened.defer(() => tasks.close());
  const auth = openAuth(store, clock);
  const keys = openKeys(store, clock, auth.forget);
  const door = await openOperatorDoor(config.dataDir, {
    keys,
    store,
    clock,
    books: openBooks(store, clock),
    deliverer: tasks.deliverer,
    health: tasks.health,
  });
  opened.defer(() => door.close());
  const shedding = openShedding({
    delayMs: SLOW_LOOP_MS,
    heapBytes: FULL_HEAP * getHeapStatistics().heap_size_limit,
  });
  opened.defer(() => shedding.close());
  const app = buildApp({
    log,
    ready: () => state.accepting,
    files: base,
    hooks: tasks.hooks,
    dialects: {
      gateway: openGateway(tasks.parts),
      files: base.files,
      auth,
      authFailures: openAuthFailures(config.authFailuresPerMinute, clock.now),
      createLimit: openRateLimit(config.createsPerMinute, clock.now),
      shedding,
      settings: config,
    },
    pages: {
      host: { settings: describeDefaults(), ...describeKinds() },
      publicUrl: base.publicUrl,
      written: await readWritten(),
    },
  });
  opened.defer(() => app.close());
  where.url = await listen(app, config);
  const firstKey =
    (await store.listKeys()).length === 0 ? (await keys.create({ name: "first" })).key : undefined;
  await tasks.resume();
  opened.defer(() => {
    state.accepting = false;
  });
  log("info", "server-started", { url: where.url, open: tasks.parts.engine.open });
  return { url: where.url, firstKey, close: () => opened.disposeAsync() };
}

/** As the dialect that made the task tells its end. */
function tellEnd(view: TaskView): Telling {
  const { tell, tellMs } = dialectOf(view.task);
  return { body: JSON.stringify(tell(view)), timeoutMs: tellMs };
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  await app.listen({ host, port });
  const address = app.server.address() as AddressInfo;
  // 0.0.0.0 is where we listen, not where anybody can be reached.
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${address.port}`;
}

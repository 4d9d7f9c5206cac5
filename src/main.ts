/** Opens everything, starts, drains. The only file that knows everyone. */
import { mkdir } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { buildApp } from "./app.ts";
import { loadCatalog } from "./catalog/catalog.ts";
import { type Config, ConfigError, childEnvironment } from "./config.ts";
import { type Clock, systemClock } from "./core/clock.ts";
import type { FileStore } from "./core/file-store.ts";
import { newId } from "./core/ids.ts";
import { openKeys } from "./core/keys.ts";
import { type Log, openLog } from "./core/log.ts";
import type { Provider } from "./core/provider.ts";
import type { Store } from "./core/store.ts";
import { Engine } from "./engine/engine.ts";
import { openDisk } from "./files/disk.ts";
import { type Links, openLinks } from "./files/links.ts";
import { readSecret } from "./files/secret.ts";
import { openAuth } from "./http/auth.ts";
import { openOperatorDoor } from "./http/operator.ts";
import { openRateLimit } from "./http/rate-limit.ts";
import type { Measured } from "./media/codec.ts";
import { inspectFile } from "./media/inspect.ts";
import { openPool, type Pool } from "./media/pool.ts";
import { type AddressPolicy, openAddressPolicy } from "./net/address-policy.ts";
import { openFetcher } from "./net/fetch-file.ts";
import { assertEgressGuard } from "./net/self-test.ts";
import { screenUrl } from "./net/url-policy.ts";
import { openAnimatic } from "./providers/animatic.ts";
import { openSqliteStore } from "./store/sqlite/sqlite-store.ts";
import { openAdmission } from "./tasks/admission.ts";
import { type GatewayParts, openGateway } from "./tasks/gateway.ts";
import { type InputKeeper, openInputs } from "./tasks/inputs.ts";
import { LiveProgress } from "./tasks/live.ts";
import { sweepFiles } from "./tasks/sweep.ts";
import { openTurns } from "./tasks/turns.ts";
import { makeVideo } from "./tasks/workflow.ts";

export interface Reelay {
  /** Where this process listens. */
  readonly url: string;
  /** The key made because there was none; shown this once. */
  readonly firstKey: string | undefined;
  close(): Promise<void>;
}

interface Base {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly store: Store;
  readonly files: FileStore;
  readonly links: Links;
  readonly inputs: InputKeeper;
  readonly render: Pool;
  readonly measure: Pool;
}

const HOUR_MS = 3_600_000;
const SWEEP_EVERY_MS = 600_000;
const MIB = 1024 * 1024;

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
  const parts = await openTasks(base, () => state.accepting);
  opened.defer(() => parts.engine.close());
  const auth = openAuth(store, clock);
  const keys = openKeys(store, clock, auth.forget);
  const door = await openOperatorDoor(config.dataDir, keys);
  opened.defer(() => door.close());
  const app = buildApp({
    log,
    ready: () => state.accepting,
    files: base,
    dialects: {
      gateway: openGateway(parts),
      auth,
      createLimit: openRateLimit(config.createsPerMinute, clock.now),
    },
  });
  opened.defer(() => app.close());
  where.url = await listen(app, config);
  const firstKey = (await store.listKeys()).length === 0 ? (await keys.create("first")).key : undefined;
  for (const id of await store.listOpenTasks()) parts.engine.start(id);
  const sweeper = startSweeper(base);
  opened.defer(() => clearInterval(sweeper));
  opened.defer(() => {
    state.accepting = false;
  });
  log("info", "server-started", { url: where.url, open: parts.engine.open });
  return { url: where.url, firstKey, close: () => opened.disposeAsync() };
}

async function openBase(config: Config, publicUrl: () => string): Promise<Base> {
  const log = openLog(config.logLevel, (line) => process.stderr.write(line));
  const clock = systemClock;
  await mkdir(config.dataDir, { recursive: true });
  const store = await openSqliteStore({ path: join(config.dataDir, "reelay.db") });
  const files = await openDisk(join(config.dataDir, "files"));
  const links = openLinks({ publicUrl, secret: await readSecret(config.dataDir), now: clock.now });
  const policy = openPolicy(config);
  const ports = config.egressPorts;
  const fetcher = openFetcher({ policy, ports });
  const inputs = openInputs({
    store,
    files,
    links,
    clock,
    keepMs: config.taskDeadlineSeconds * 1000,
    inspect: inspectFile,
    screenUrl: (url) => screenUrl(url, { policy, ports }),
    fetch: fetcher.open,
  });
  // Measuring has a child of its own: it must not wait behind a long render.
  const [render, measure] = [Math.max(1, config.renderWorkers), 1].map((size) =>
    openPool({
      entry: sibling("../animatic/child"),
      size,
      deadlineMs: config.taskDeadlineSeconds * 1000,
      maxRssBytes: config.renderMemoryMb * MIB,
      env: childEnvironment(config),
      log,
    }),
  ) as [Pool, Pool];
  return { config, log, clock, store, files, links, inputs, render, measure };
}

function openPolicy({ egressAllow }: Config): AddressPolicy {
  try {
    return openAddressPolicy({ allow: egressAllow });
  } catch (error) {
    throw new ConfigError([`REELAY_EGRESS_ALLOW: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

async function openTasks(base: Base, accepting: () => boolean): Promise<GatewayParts> {
  const { config, log, clock, store } = base;
  const catalog = await loadCatalog();
  const animatic = await openAnimatic({
    renderer: base.render,
    scratch: join(config.dataDir, "scratch"),
    workers: config.renderWorkers,
  });
  const providers: ReadonlyMap<string, Provider> = new Map([[animatic.id, animatic]]);
  const live = new LiveProgress();
  const engine = new Engine({
    store,
    // Twice what the providers work on at once: the next task's inputs are fetched while this one renders.
    slots: 2 * [...providers.values()].reduce((sum, one) => sum + one.concurrency, 0),
    newIntent: () => newId("att", clock.now()),
    onLost: (id, error) => log("error", "run-lost", { task: id, error }),
    workflow: makeVideo({
      ...base,
      catalog,
      providers,
      live,
      measure: async (path) => (await base.measure.run("measure", { path })) as Measured,
      deadlineMs: config.taskDeadlineSeconds * 1000,
      log: (event, fields) => log("error", event, fields),
    }),
  });
  return {
    ...base,
    catalog,
    providers,
    inspect: inspectFile,
    engine,
    live,
    accepting,
    admission: openAdmission(() => engine.open, config.maxOpenTasks),
    uploadTurns: openTurns(),
    limits: {
      uploadMaxBytes: config.uploadMaxBytes,
      uploadStorageBytes: config.uploadStorageBytes,
      uploadMs: config.uploadHours * HOUR_MS,
      linkMs: config.linkHours * HOUR_MS,
    },
  };
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  await app.listen({ host, port });
  const address = app.server.address() as AddressInfo;
  // 0.0.0.0 is where we listen, not where anybody can be reached.
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${address.port}`;
}

function startSweeper({ store, files, clock, log }: Base): NodeJS.Timeout {
  const sweep = (): void => {
    sweepFiles(store, files, clock).then(
      (removed) => removed > 0 && log("info", "files-swept", { removed }),
      (error: unknown) => log("error", "sweep-failed", { error }),
    );
  };
  return setInterval(sweep, SWEEP_EVERY_MS).unref();
}

/** A module of ours by its path without an ending: `.ts` where we run unbuilt, `.js` where built. */
function sibling(path: string): URL {
  return new URL(path + import.meta.url.slice(import.meta.url.lastIndexOf(".")), import.meta.url);
}

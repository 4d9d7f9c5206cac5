/** What everything stands on: the store, the bytes, the network guard, the children that touch media. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Config, ConfigError, childEnvironment } from "../config/config.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import type { FileStore } from "../core/file-store.ts";
import { type Log, openLog } from "../core/log.ts";
import type { Store } from "../core/store.ts";
import { openDisk } from "../files/disk.ts";
import { type Links, openLinks } from "../files/links.ts";
import { readSecret } from "../files/secret.ts";
import { inspectFile } from "../media/inspect.ts";
import { openPool, type Pool } from "../media/pool.ts";
import { type AddressPolicy, openAddressPolicy } from "../net/address-policy.ts";
import { type Fetcher, openFetcher } from "../net/fetch-file.ts";
import { screenUrl, type UrlRules } from "../net/url-policy.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { type InputKeeper, openInputs } from "../tasks/inputs.ts";

export interface Base {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly store: Store;
  readonly files: FileStore;
  readonly links: Links;
  readonly inputs: InputKeeper;
  readonly fetchFile: Fetcher["open"];
  readonly urlRules: UrlRules;
  /** Signs what we hand out. */
  readonly secret: Uint8Array;
  /** Base of our links, as far as it is known. */
  readonly publicUrl: () => string;
  readonly render: Pool;
  readonly measure: Pool;
  /** Makes what comes with a result. */
  readonly previews: Pool;
}

const MIB = 1024 * 1024;
const MEASURERS = 2;

export async function openBase(config: Config, publicUrl: () => string): Promise<Base> {
  const log = openLog(config.logLevel, (line) => process.stderr.write(line));
  const clock = systemClock;
  const urlRules = { policy: openPolicy(config), ports: config.egressPorts };
  await mkdir(config.dataDir, { recursive: true });
  const store = await openSqliteStore({ path: join(config.dataDir, "reelay.db") });
  const files = await openDisk(join(config.dataDir, "files"));
  const secret = await readSecret(config.dataDir);
  const links = openLinks({ publicUrl, secret, now: clock.now });
  const fetchFile = openFetcher(urlRules).open;
  const inputs = openInputs({
    store,
    files,
    links,
    clock,
    keepMs: config.taskDeadlineSeconds * 1000,
    inspect: inspectFile,
    screenUrl: (url) => screenUrl(url, urlRules),
    fetch: fetchFile,
  });
  // Measuring has children of its own: it must not wait behind a long render.
  const render = openChildren(config, log, {
    entry: "../../animatic/child",
    size: Math.max(1, config.renderWorkers),
  });
  const measure = openChildren(config, log, { entry: "../media/measure-child", size: MEASURERS });
  const previews = openChildren(config, log, { entry: "../media/extras-child", size: 1 });
  const media = { render, measure, previews };
  return {
    config,
    log,
    clock,
    store,
    files,
    links,
    inputs,
    fetchFile,
    urlRules,
    secret,
    publicUrl,
    ...media,
  };
}

function openChildren(config: Config, log: Log, { entry, size }: { entry: string; size: number }): Pool {
  return openPool({
    entry: sibling(entry),
    size,
    deadlineMs: config.taskDeadlineSeconds * 1000,
    maxRssBytes: config.renderMemoryMb * MIB,
    env: childEnvironment(config),
    log,
  });
}

function openPolicy({ egressAllow }: Config): AddressPolicy {
  try {
    return openAddressPolicy({ allow: egressAllow });
  } catch (error) {
    throw new ConfigError([`REELAY_EGRESS_ALLOW: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/** A module of ours by its path without an ending: `.ts` where we run unbuilt, `.js` where built. */
function sibling(path: string): URL {
  return new URL(path + import.meta.url.slice(import.meta.url.lastIndexOf(".")), import.meta.url);
}

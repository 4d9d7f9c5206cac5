/** `reelay keys`: through the running server where there is one, else on the database itself. */

import { mkdir } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { type Config, readConfig } from "../config.ts";
import { systemClock } from "../core/clock.ts";
import { type Keys, openKeys } from "../core/keys.ts";
import { doorPath } from "../http/operator.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { UsageError } from "./usage-error.ts";

export async function run([verb, argument, ...more]: readonly string[]): Promise<number> {
  if (more.length > 0)
    throw new UsageError(`Too many words after "${argument}". A name with spaces goes in quotes.`);
  switch (verb) {
    case "create":
      return withKeys((keys) => create(keys, argument ?? "unnamed"));
    case "list":
      return withKeys(list);
    case "revoke":
      if (argument === undefined)
        throw new UsageError("Which key? reelay keys revoke ID; reelay keys list shows the ids.");
      return withKeys((keys) => revoke(keys, argument));
    default:
      throw new UsageError("Usage: reelay keys create [NAME] | list | revoke ID");
  }
}

async function create(keys: Keys, name: string): Promise<number> {
  const { key, record } = await keys.create(name);
  process.stderr.write(`Key ${record.id} (${record.name}), shown this once:\n`);
  process.stdout.write(`${key}\n`);
  return 0;
}

async function list(keys: Keys): Promise<number> {
  for (const key of await keys.list()) {
    const state = key.revokedAt === null ? "live" : `revoked ${new Date(key.revokedAt).toISOString()}`;
    const created = new Date(key.createdAt).toISOString();
    process.stdout.write(`${key.id}  ${key.hint}  ${created}  ${state}  ${key.name}\n`);
  }
  return 0;
}

async function revoke(keys: Keys, id: string): Promise<number> {
  if (await keys.revoke(id)) {
    process.stdout.write(`Key ${id} is revoked.\n`);
    return 0;
  }
  process.stderr.write(`There is no live key ${id}; reelay keys list shows them.\n`);
  return 1;
}

async function withKeys(act: (keys: Keys) => Promise<number>): Promise<number> {
  const config = readConfig();
  const remote = keysOfServer(doorPath(config.dataDir));
  try {
    return await act(remote);
  } catch (error) {
    // No socket, or nobody behind it: no server runs on this data folder.
    if (!["ENOENT", "ECONNREFUSED"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
  return onDatabase(config, act);
}

async function onDatabase(config: Config, act: (keys: Keys) => Promise<number>): Promise<number> {
  await mkdir(config.dataDir, { recursive: true });
  const store = await openSqliteStore({ path: join(config.dataDir, "reelay.db") });
  try {
    return await act(openKeys(store, systemClock));
  } finally {
    await store.close();
  }
}

function keysOfServer(socketPath: string): Keys {
  const ask = <T>(method: string, path: string, body?: object): Promise<T> =>
    new Promise((resolve, reject) => {
      const headers = body ? { "content-type": "application/json" } : {};
      const asked = request({ socketPath, method, path, headers }, (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => {
          text += chunk;
        });
        answer.on("end", () => {
          if (answer.statusCode === 200) resolve(JSON.parse(text) as T);
          else reject(new Error(`the server answered ${answer.statusCode}: ${text}`));
        });
      });
      asked.on("error", reject);
      asked.end(body && JSON.stringify(body));
    });
  return {
    create: (name) => ask("POST", "/keys", { name }),
    list: () => ask("GET", "/keys"),
    revoke: async (id) =>
      (await ask<{ revoked: boolean }>("POST", `/keys/${encodeURIComponent(id)}/revoke`)).revoked,
  };
}

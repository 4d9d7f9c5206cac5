/** What an operator's commands act through: the running server where there is one, else the database itself. */
import { mkdir } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { type Config, readConfig } from "../config/config.ts";
import { type Books, openBooks } from "../core/books.ts";
import { systemClock } from "../core/clock.ts";
import { type Keys, openKeys } from "../core/keys.ts";
import type { Balance } from "../core/money.ts";
import { doorPath } from "../http/operator.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { type DeliveryDesk, openDeliveryDesk } from "../tasks/delivery-desk.ts";
import type { HealthView } from "../tasks/health.ts";
import { openTaskDesk, type TaskDesk } from "../tasks/task-desk.ts";

export interface Operator {
  readonly keys: Keys;
  readonly deliveries: DeliveryDesk;
  readonly books: Books;
  readonly tasks: TaskDesk;
  /** How providers have been doing, by id. */
  readonly health: () => Promise<Readonly<Record<string, Partial<HealthView>>>>;
}

/** Resolves with what `act` does. It may be called a second time where its first question found no server. */
export async function asOperator(act: (operator: Operator) => Promise<number>): Promise<number> {
  const config = readConfig();
  try {
    return await act(throughServer(doorPath(config.dataDir)));
  } catch (error) {
    // No socket, or nobody behind it: no server runs on this data folder.
    if (!["ENOENT", "ECONNREFUSED"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
  return onDatabase(config, act);
}

async function onDatabase(config: Config, act: (operator: Operator) => Promise<number>): Promise<number> {
  await mkdir(config.dataDir, { recursive: true });
  const store = await openSqliteStore({ path: join(config.dataDir, "reelay.db") });
  try {
    const clock = systemClock;
    return await act({
      keys: openKeys(store, clock),
      deliveries: openDeliveryDesk({ store, clock }),
      books: openBooks(store, clock),
      tasks: openTaskDesk({ store }),
      health: async () => Object.fromEntries(await store.listHealth()) as Record<string, Partial<HealthView>>,
    });
  } finally {
    await store.close();
  }
}

function throughServer(socketPath: string): Operator {
  const get = <T>(path: string): Promise<T> => ask<T>(socketPath, { method: "GET", path });
  const post = <T>(path: string, body?: object): Promise<T> =>
    ask<T>(socketPath, { method: "POST", path, body });
  const key = (id: string): string => `/keys/${encodeURIComponent(id)}`;
  const balanceOf = (owner: string): string => `/credits/${encodeURIComponent(owner)}`;
  return {
    keys: {
      create: (options) => post("/keys", options),
      list: () => get("/keys"),
      revoke: async (id) => (await post<{ revoked: boolean }>(`${key(id)}/revoke`)).revoked,
    },
    books: {
      grant: async (owner, credits) => (await post<Told>(balanceOf(owner), { credits })).balance,
      balance: async (owner) => (await get<Told>(balanceOf(owner))).balance,
      check: () => get("/ledger/faults"),
    },
    tasks: {
      show: async (id) =>
        (await get<{ file?: Awaited<ReturnType<TaskDesk["show"]>> }>(`/tasks/${encodeURIComponent(id)}`))
          .file,
    },
    health: () => get("/health"),
    deliveries: {
      list: (state) => get(`/deliveries${state === undefined ? "" : `?state=${state}`}`),
      resend: async (id) =>
        (await post<{ found: boolean }>(`/deliveries/${encodeURIComponent(id)}/resend`)).found,
      secrets: async (id) =>
        (await get<{ secrets: Awaited<ReturnType<DeliveryDesk["secrets"]>> }>(`${key(id)}/secrets`)).secrets,
      rotate: async (id, overlapMs) => {
        const path = `${key(id)}/secrets/rotate`;
        return (await post<{ secret: Awaited<ReturnType<DeliveryDesk["rotate"]>> }>(path, { overlapMs }))
          .secret;
      },
    },
  };
}

interface Told {
  readonly balance?: Balance;
}

interface Question {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: object | undefined;
}

function ask<T>(socketPath: string, { method, path, body }: Question): Promise<T> {
  return new Promise((resolve, reject) => {
    const headers = body ? { "content-type": "application/json" } : {};
    const asked = request({ socketPath, method, path, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("error", reject);
      answer.on("end", () => {
        if (answer.statusCode === 200) resolve(JSON.parse(text) as T);
        else reject(new Error(`the server answered ${answer.statusCode}: ${text}`));
      });
    });
    asked.on("error", reject);
    asked.end(body && JSON.stringify(body));
  });
}

/** The clients of a chaos run: they create, send again, read, list, cancel and download, whether the server is up or not. */
import { setTimeout as delay } from "node:timers/promises";
import type { Client, WireTask } from "./client.ts";
import type { Random } from "./random.ts";
import { IN_VAIN, QUICK, SLOW } from "./scripts.ts";

export interface ClientKey {
  readonly id: string;
  readonly key: string;
  /** Its tasks are of the kind that costs nothing in the end, so that a small grant lasts. */
  readonly inVain: boolean;
}

export interface LoadOptions {
  readonly client: Client;
  readonly keys: readonly ClientKey[];
  readonly random: Random;
  /** To which the marker is added. */
  readonly hookBase: string;
  /** Also scripts that take a minute to their end. */
  readonly slow: boolean;
}

export interface Load {
  readonly acknowledged: ReadonlyMap<string, { readonly callback: boolean }>;
  /** Acknowledged and not yet seen to have ended. */
  readonly open: ReadonlySet<string>;
  /** Ends the clients. */
  stop(): Promise<void>;
  /** Sends every create whose answer was lost again, until it is answered or `ms` have passed. */
  settle(ms: number): Promise<void>;
  /** Reads every task that is open; true once none is, also of those whose create was never answered. */
  look(): Promise<boolean>;
}

interface Create {
  readonly marker: string;
  readonly owner: ClientKey;
  readonly idempotencyKey: string | null;
  readonly body: {
    readonly prompt: string;
    readonly callback_url: string | null;
    readonly [more: string]: unknown;
  };
}

const CLIENTS = 6;
/** More open ones are not asked for: a run is about kills, not about length of queues. */
const MOST_OPEN = 48;
const REST_MS = 12;
/** Nobody listens: a start takes half a second. */
const DOWN_MS = 40;
/** Ended tasks that are read again and again, and creates that are sent again. */
const REMEMBERED = 200;

export function startLoad({ client, keys, random, hookBase, slow }: LoadOptions): Load {
  const acknowledged = new Map<string, { readonly callback: boolean; readonly owner: ClientKey }>();
  const open = new Set<string>();
  const ended: WireTask[] = [];
  const sent: Create[] = [];
  /** Sent under a key of their own, and not answered. */
  const unsure: Create[] = [];
  const scripts = slow ? [...QUICK, ...QUICK, ...SLOW] : QUICK;
  let made = 0;
  let running = true;

  const draw = (): Create => {
    const owner = random.pick(keys);
    const marker = `c${++made}`;
    const script = random.pick(owner.inVain ? IN_VAIN : scripts);
    const words = script === "" ? "" : ` script: ${script}`;
    return {
      marker,
      owner,
      idempotencyKey: random.next() < 0.8 ? `key-${marker}` : null,
      body: {
        model: "pixverse-v6-text-to-video",
        prompt: `Waves. op=${marker}${words}`,
        resolution: "360p",
        duration: 1,
        callback_url: random.next() < 0.6 ? hookBase + marker : null,
      },
    };
  };

  const learn = (tasks: readonly WireTask[]): void => {
    for (const task of tasks) {
      if (task.status !== "completed" && task.status !== "failed") continue;
      if (open.delete(task.id)) remember(ended, task);
    }
  };

  const create = async (one: Create): Promise<boolean> => {
    const { marker, owner, idempotencyKey, body } = one;
    const callback = body.callback_url !== null;
    const answer = await client.call({
      method: "POST",
      path: "/v1/videos/generations",
      key: owner.key,
      body,
      idempotencyKey,
      event: { act: "create", marker, idempotencyKey, keyId: owner.id, callback },
    });
    for (const { id } of answer.tasks) {
      if (!acknowledged.has(id)) open.add(id);
      acknowledged.set(id, { callback, owner });
    }
    learn(answer.tasks);
    if (idempotencyKey !== null && answer.status === null) remember(unsure, one);
    if (idempotencyKey !== null && answer.type === "ok") remember(sent, one);
    return answer.status !== null;
  };

  const about = async (id: string, act: "read" | "cancel"): Promise<boolean> => {
    const key = acknowledged.get(id)?.owner.key ?? "";
    const path = `/v1/tasks/${id}`;
    const answer =
      act === "read"
        ? await client.call({ method: "GET", path, key, event: { act, taskId: id } })
        : await client.call({ method: "POST", path: `${path}/cancel`, key, event: { act, taskId: id } });
    learn(answer.tasks);
    return answer.status !== null;
  };

  const list = async (): Promise<boolean> => {
    const { key } = random.pick(keys);
    const answer = await client.call({
      method: "GET",
      path: "/v1/tasks?limit=20",
      key,
      event: { act: "list" },
    });
    learn(answer.tasks);
    return answer.status !== null;
  };

  /** False where nobody answered. */
  const doOne = async (): Promise<boolean> => {
    const what = random.next();
    const lost = what < 0.2 ? unsure.shift() : undefined;
    if (lost) return create(lost);
    if (what < 0.42 && open.size < MOST_OPEN) return create(draw());
    if (what < 0.52 && sent.length > 0) return create(random.pick(sent));
    if (what < 0.6 && open.size > 0) return about(random.pick([...open]), "cancel");
    if (what < 0.64) return list();
    if (what < 0.7 && ended.length > 0) return client.download(random.pick(ended));
    if (what < 0.8 && ended.length > 0) return about(random.pick(ended).id, "read");
    return open.size === 0 || about(random.pick([...open]), "read");
  };

  const clients = Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (running) {
        const answered = await doOne();
        await delay(answered ? random.whole(1, 2 * REST_MS) : DOWN_MS);
      }
    }),
  );

  return {
    acknowledged,
    open,
    async stop() {
      running = false;
      await clients;
    },
    async settle(ms) {
      const end = performance.now() + ms;
      for (let one = unsure.shift(); one && performance.now() < end; one = unsure.shift()) {
        await create(one);
        await delay(REST_MS);
      }
    },
    async look() {
      for (const id of [...open]) await about(id, "read");
      if (open.size > 0) return false;
      for (const { key } of keys) {
        for (const status of ["pending", "processing"]) {
          const path = `/v1/tasks?status=${status}&limit=1`;
          const { type, tasks } = await client.call({ method: "GET", path, key, event: { act: "list" } });
          if (type !== "ok" || tasks.length > 0) return false;
        }
      }
      return true;
    },
  };
}

function remember<T>(items: T[], item: T): void {
  items.push(item);
  if (items.length > REMEMBERED) items.splice(0, REMEMBERED / 4);
}

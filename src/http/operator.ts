/**
 * The operator's door: a Unix socket in the data folder, open to whoever may write there. The running server
 * holds the database alone, so `reelay keys` asks it here, and a revoked key is dead at once.
 */
import { chmod, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import Fastify, { type FastifyInstance } from "fastify";
import type { Books } from "../core/books.ts";
import type { DeliveryState } from "../core/delivery.ts";
import type { Keys, NewKey } from "../core/keys.ts";
import type { Deliverer } from "../tasks/deliver.ts";
import { type DeliveryDesk, type DeliveryDeskParts, openDeliveryDesk } from "../tasks/delivery-desk.ts";
import type { Health } from "../tasks/health.ts";
import { openTaskDesk, type TaskDesk, type TaskDeskParts } from "../tasks/task-desk.ts";

export interface DoorParts extends Pick<DeliveryDeskParts, "clock"> {
  readonly store: DeliveryDeskParts["store"] & TaskDeskParts["store"];
  readonly keys: Keys;
  readonly books: Books;
  readonly deliverer: Pick<Deliverer, "wake">;
  readonly health: Pick<Health, "view">;
}

interface ById {
  readonly Params: { readonly id: string };
}

/** Relative where that is shorter: a socket's path may have about 100 characters, a data folder's more. */
export function doorPath(dataDir: string): string {
  const absolute = join(dataDir, "operator.sock");
  const near = relative(process.cwd(), absolute);
  return near.length < absolute.length ? near : absolute;
}

/** It trusts what it is asked: who reaches it could write the database. `cli/door.ts` is the other side. */
export async function openOperatorDoor(dataDir: string, parts: DoorParts): Promise<FastifyInstance> {
  const path = doorPath(dataDir);
  const door = Fastify({ logger: false });
  addKeys(door, parts.keys);
  addBooks(door, parts.books);
  addTasks(door, openTaskDesk(parts));
  door.get("/health", async () => Object.fromEntries(parts.health.view()));
  addDeliveries(door, openDeliveryDesk({ ...parts, wake: parts.deliverer.wake }));
  // A killed server leaves its socket behind; we hold the data folder's lock, so it is nobody's.
  await rm(path, { force: true });
  await door.listen({ path });
  await chmod(path, 0o600);
  return door;
}

function addKeys(door: FastifyInstance, keys: Keys): void {
  door.get("/keys", async () => keys.list());
  door.post<{ Body: NewKey }>("/keys", async ({ body }) => keys.create(body));
  door.post<ById>("/keys/:id/revoke", async ({ params }) => ({ revoked: await keys.revoke(params.id) }));
}

function addTasks(door: FastifyInstance, desk: TaskDesk): void {
  door.get<ById>("/tasks/:id", async ({ params }) => ({ file: await desk.show(params.id) }));
}

function addBooks(door: FastifyInstance, books: Books): void {
  // The id of a key, or account:NAME.
  door.get<ById>("/credits/:id", async ({ params }) => ({ balance: await books.balance(params.id) }));
  door.post<ById & { Body: { readonly credits: number } }>("/credits/:id", async ({ params, body }) => ({
    balance: await books.grant(params.id, body.credits),
  }));
  door.get("/ledger/faults", async () => books.check());
}

function addDeliveries(door: FastifyInstance, desk: DeliveryDesk): void {
  door.get<{ Querystring: { readonly state?: DeliveryState } }>("/deliveries", async ({ query }) =>
    desk.list(query.state),
  );
  door.post<ById>("/deliveries/:id/resend", async ({ params }) => ({ found: await desk.resend(params.id) }));
  door.get<ById>("/keys/:id/secrets", async ({ params }) => ({ secrets: await desk.secrets(params.id) }));
  door.post<ById & { Body: { readonly overlapMs: number } }>(
    "/keys/:id/secrets/rotate",
    async ({ params, body }) => ({ secret: await desk.rotate(params.id, body.overlapMs) }),
  );
}

/**
 * The operator's door: a Unix socket in the data folder, open to whoever may write there. The running server
 * holds the database alone, so `reelay keys` asks it here, and a revoked key is dead at once.
 */
import { chmod, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import Fastify, { type FastifyInstance } from "fastify";
import type { Keys } from "../core/keys.ts";

/** Relative where that is shorter: a socket's path may have about 100 characters, a data folder's more. */
export function doorPath(dataDir: string): string {
  const absolute = join(dataDir, "operator.sock");
  const near = relative(process.cwd(), absolute);
  return near.length < absolute.length ? near : absolute;
}

export async function openOperatorDoor(dataDir: string, keys: Keys): Promise<FastifyInstance> {
  const path = doorPath(dataDir);
  const door = Fastify({ logger: false });
  door.get("/keys", async () => keys.list());
  door.post("/keys", async (request) =>
    keys.create(String((request.body as { name?: unknown })?.name ?? "unnamed")),
  );
  door.post("/keys/:id/revoke", async (request) => ({
    revoked: await keys.revoke((request.params as { id: string }).id),
  }));
  // A killed server leaves its socket behind; we hold the data folder's lock, so it is nobody's.
  await rm(path, { force: true });
  await door.listen({ path });
  await chmod(path, 0o600);
  return door;
}

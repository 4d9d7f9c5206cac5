/**
 * Proves at start-up that the socket's own fence holds in this process. A runtime that does not know the
 * `blockList` option (Node 20; TLS sockets of Node 24) ignores it silently and connects, and nothing else would ever tell.
 */
import { createServer, type Server } from "node:net";
import { openAddressPolicy } from "./address-policy.ts";
import { openGuardedClient } from "./guarded-client.ts";

const ORIGINS = ["http://127.0.0.1", "http://localhost", "https://127.0.0.1", "https://localhost"];

/**
 * Tries to reach a listener of its own on 127.0.0.1, by address and by name, plain and with TLS. Rejects with an Error, and the
 * server must not start, where that is not refused as it should be. `policy` is the default one (nothing
 * private allowed) also where the operator allows loopback: what is proven is the mechanism.
 */
export async function assertEgressGuard(policy = openAddressPolicy({ allow: [] })): Promise<void> {
  let connections = 0;
  const listener = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  const port = await listen(listener);
  try {
    for (const origin of ORIGINS) {
      const client = openGuardedClient(`${origin}:${port}`, {
        addresses: [{ address: "127.0.0.1", family: 4 }],
        policy,
        connectMs: 2_000,
        signal: AbortSignal.timeout(2_000),
      });
      const code = await client.request({ path: "/", method: "GET" }).then(() => "an answer", errorCode);
      await client.destroy();
      if (code !== "ERR_IP_BLOCKED" || connections > 0) {
        throw new Error(
          `The guard against requests into private networks does not work: a connection to ${origin} gave ${code} ` +
            `instead of ERR_IP_BLOCKED, and the listener saw ${connections} connections. Node ${process.version} may be too old.`,
        );
      }
    }
  } finally {
    listener.close();
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/**
 * A refusal can come while its request is still on its way. Where the connection is to end with it, the end would throw
 * the answer away together with what was not read yet, and the client would see a broken connection; after a POST that
 * costs money it could not know what became of it. So the rest is read first, for a while.
 */
import type { FastifyInstance } from "fastify";

const MOST_MS = 2_000;

/** For all routes of `app` that are added later. */
export function lingerBeforeClosing(app: FastifyInstance): void {
  app.addHook("onSend", async ({ raw }) => {
    // A connection that goes on is read to the end of the request by itself.
    if (raw.complete || raw.destroyed || raw.headers.connection?.toLowerCase() !== "close") return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, MOST_MS);
    raw.once("end", resolve).once("close", resolve).resume();
    await promise;
    clearTimeout(timer);
  });
}

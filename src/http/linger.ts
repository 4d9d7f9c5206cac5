/**
 * A refusal can come while its request is still on its way. Where the connection is to end with it, because the client said
 * so or the body is too large, the end would throw the answer away together with what was not read yet: the client would
 * see a broken connection, and after a POST that costs money not know what became of it. So the rest is read first, for
 * a while.
 */
import type { FastifyInstance } from "fastify";

const MOST_MS = 2_000;

/** For all routes of `app` that are added later. */
export function lingerBeforeClosing(app: FastifyInstance): void {
  app.addHook("onSend", async ({ raw }, reply) => {
    // A connection that goes on is read to the end of the request by itself.
    const closes = [raw.headers.connection, reply.getHeader("connection")].some(
      (said) => String(said).toLowerCase() === "close",
    );
    if (raw.complete || raw.destroyed || !closes) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, MOST_MS);
    raw.once("end", resolve).once("close", resolve).resume();
    await promise;
    clearTimeout(timer);
  });
}

/**
 * A refusal can come while its request is still on its way. Where the connection is to end with it, because the client said
 * so or the body is too large, the end would throw the answer away together with what was not read yet: the client would
 * see a broken connection, and after a POST that costs money not know what became of it. So the rest is read first, for
 * a while.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

const MOST_MS = 2_000;

/** For all routes of `app` that are added later. */
export function lingerBeforeClosing(app: FastifyInstance): void {
  // With a callback: every read comes by here, and has nothing to wait for.
  app.addHook("onSend", (request, reply, payload, done) => {
    if (!isCutOff(request, reply)) return done(null, payload);
    const { raw } = request;
    const goOn = (): void => {
      clearTimeout(timer);
      raw.off("end", goOn).off("close", goOn);
      done(null, payload);
    };
    const timer = setTimeout(goOn, MOST_MS);
    raw.once("end", goOn).once("close", goOn).resume();
  });
}

/** A connection that goes on is read to the end of the request by itself. */
function isCutOff({ raw }: FastifyRequest, reply: FastifyReply): boolean {
  if (raw.complete || raw.destroyed) return false;
  return [raw.headers.connection, reply.getHeader("connection")].some(
    (said) => String(said).toLowerCase() === "close",
  );
}

/** The HTTP server without its routes: limits, request ids, and what happens to errors nobody else renders. */
import { randomBytes } from "node:crypto";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Log } from "../core/log.ts";

const JSON_LIMIT = 1024 * 1024;

/** Answers a request that no dialect's error handler gets to see. */
export type Refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

export function createServer(log: Log, refuse: Refuse): FastifyInstance {
  const nextId = openRequestIds();
  const app = Fastify({
    logger: false,
    bodyLimit: JSON_LIMIT,
    // A client's own id is taken over only where it cannot break a header or a log line.
    genReqId: (request) => {
      const given = request.headers["x-request-id"];
      return typeof given === "string" && /^[\w.-]{1,64}$/.test(given) ? given : nextId();
    },
    // Slow senders cannot hold a connection: 10 s for headers, 5 min for the slowest honest upload.
    http: { headersTimeout: 10_000, requestTimeout: 300_000, maxHeaderSize: 16_384 },
    keepAliveTimeout: 65_000,
    return503OnClosing: true,
    // As long as headers may be: an id of any length is an unknown task, not a framework's error.
    routerOptions: { maxParamLength: 16_384 },
    // A path that cannot be decoded; it comes before any hook.
    frameworkErrors: (error, request, reply) => {
      refuse(error, request, reply.header("x-request-id", request.id));
    },
  });
  // Text is no request of ours; without a parser it is refused like any other foreign type.
  app.removeContentTypeParser("text/plain");
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  // Not even asked for where nobody reads it: the route's name alone costs a fifth of a read.
  if (log.writes("debug"))
    app.addHook("onResponse", async (request, reply) => {
      log("debug", "request-answered", {
        request: request.id,
        method: request.method,
        route: request.routeOptions.url ?? "none",
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      });
    });
  return app;
}

/** Random once and counted from there: random bytes for each request cost a twentieth of a read. */
function openRequestIds(): () => string {
  const process = randomBytes(6).toString("hex");
  let count = 0;
  return () => `req_${process}${(++count).toString(36).padStart(5, "0")}`;
}

/** Answers that are held open for long: each ends with its client, and all of them before the server closes. */
import type { FastifyInstance, FastifyReply } from "fastify";

export interface HeldRequests {
  /** Aborts once the answer is sent, its client is gone, or the server closes. */
  hold(reply: FastifyReply): AbortSignal;
}

export function openHeldRequests(app: FastifyInstance): HeldRequests {
  const held = new Set<AbortController>();
  let closing = false;
  // Before the listener closes, which waits for every answer that is still owed.
  app.addHook("preClose", async () => {
    closing = true;
    for (const one of held) one.abort();
  });
  return {
    hold(reply) {
      const controller = new AbortController();
      if (closing || reply.raw.closed) {
        controller.abort();
        return controller.signal;
      }
      held.add(controller);
      reply.raw.once("close", () => {
        held.delete(controller);
        controller.abort();
      });
      return controller.signal;
    },
  };
}

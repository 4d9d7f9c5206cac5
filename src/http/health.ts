/** `/healthz`: the process answers. `/readyz`: it takes new work; 503 once it is draining. */
import type { FastifyInstance } from "fastify";

export function mountHealth(app: FastifyInstance, ready: () => boolean): void {
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    if (ready()) return { status: "ready" };
    return reply.code(503).send({ status: "draining" });
  });
}

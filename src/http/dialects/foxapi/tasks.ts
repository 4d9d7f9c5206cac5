/** Contract 1.3, 1.4 and 1.9: making, reading, watching, listing and cancelling tasks. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Gateway, TaskView } from "../../../tasks/gateway.ts";
import type { Callers } from "../../dialect.ts";
import { openHeldRequests } from "../../held-requests.ts";
import { readWait } from "../../prefer.ts";
import { readCreate, readList } from "./request.ts";
import { watchTask } from "./watch.ts";
import { DIALECT, newTaskId, toWirePage, toWireQuote, toWireTask } from "./wire.ts";

export function mountTasks(app: FastifyInstance, gateway: Gateway, { keyOf, admit }: Callers): void {
  const requests = openHeldRequests(app);

  /** The task once it has ended, or as it is after the time that the client prefers to wait. */
  const waited = async (request: FastifyRequest, reply: FastifyReply, view: TaskView): Promise<TaskView> => {
    const seconds = readWait(request.headers.prefer);
    if (seconds === undefined) return view;
    reply.header("preference-applied", `wait=${seconds}`);
    const signal = requests.hold(reply);
    try {
      return await gateway.wait(view, seconds * 1000, signal);
    } catch (error) {
      if (signal.aborted) return view;
      throw error;
    }
  };

  app.post("/v1/videos/generations", { onRequest: admit }, async (request, reply) => {
    const key = keyOf(request);
    const { dryRun, idempotency, ...asked } = readCreate(request);
    if (dryRun) return toWireQuote(await gateway.quote({ key, dialect: DIALECT, ...asked }));
    const made = await gateway.submit({ key, ...asked, idempotency, dialect: DIALECT, newId: newTaskId });
    if (made.replayed) reply.header("idempotent-replayed", "true");
    return toWireTask(await waited(request, reply, made.view));
  });

  app.get("/v1/tasks", async (request) =>
    toWirePage(await gateway.list({ ...readList(request), keyId: keyOf(request).id, dialect: DIALECT })),
  );

  app.get("/v1/tasks/:id", async (request, reply) => {
    const look = isTrue((request.query as Record<string, unknown>).sync_upstream);
    const view = await gateway.read(keyOf(request), DIALECT, idOf(request), look);
    return toWireTask(await waited(request, reply, view));
  });

  // No HEAD: it would be answered with a stream that nobody may read.
  app.get("/v1/tasks/:id/events", { exposeHeadRoute: false }, (request, reply) =>
    watchTask({
      request,
      reply,
      signal: requests.hold(reply),
      read: () => gateway.read(keyOf(request), DIALECT, idOf(request)),
      follow: gateway.follow,
    }),
  );

  app.post("/v1/tasks/:id/cancel", async (request) =>
    toWireTask(await gateway.cancel(keyOf(request), DIALECT, idOf(request))),
  );
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id;
}

function isTrue(value: unknown): boolean {
  return value === "true" || value === "1" || value === true;
}

/**
 * `GET /v1/tasks/{id}/events`: `state` events carry the whole task and its version as their id, `progress` events in
 * between a few numbers. The first state comes at once; the stream ends with the last one.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { isTerminal } from "../../../core/task.ts";
import type { Gateway, TaskView } from "../../../tasks/gateway.ts";
import { type EventStream, openEventStream } from "../../event-stream.ts";
import { toWireProgress, toWireTask } from "./wire.ts";

interface Watching {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly signal: AbortSignal;
  /** Throws where there is no such task for this client. */
  readonly read: () => Promise<TaskView>;
  readonly follow: Gateway["follow"];
}

export async function watchTask({ request, reply, signal, read, follow }: Watching): Promise<FastifyReply> {
  const seen = String(request.headers["last-event-id"] ?? "");
  const first = await read();
  // 204 tells an EventSource, which comes back whenever a stream ends, that there is nothing more to come.
  if (isTerminal(first.task.state) && seen === String(first.task.version)) return reply.code(204).send();

  reply.hijack();
  const stream = openEventStream(reply.raw, { headers: reply.getHeaders(), signal });
  const tell = teller(stream, seen);
  tell(first);
  if (isTerminal(first.task.state)) return reply;
  follow(first, tell, signal);
  // It may have changed between the look and the follow, and perhaps for the last time.
  await read().then(tell, stream.end);
  return reply;
}

/** Tells each change once, and nothing that is older than what was told before. */
function teller(stream: EventStream, seen: string): (view: TaskView) => void {
  let told = { version: 0, progress: -1, place: null as number | null };
  return (view) => {
    const { version, state } = view.task;
    if (version < told.version) return;
    if (version > told.version) {
      if (String(version) !== seen) {
        stream.send({ name: "state", id: String(version), data: toWireTask(view) });
      }
    } else if (view.progress !== told.progress || view.queuePosition !== told.place) {
      stream.offer({ name: "progress", data: toWireProgress(view) });
    }
    told = { version, progress: view.progress, place: view.queuePosition };
    if (isTerminal(state)) stream.end();
  };
}

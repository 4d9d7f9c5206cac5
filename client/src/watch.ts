/** Following a task to its end: by a stream of events where the network lets one through, by asking where it does not. */
import { ReelayApiError, TaskFailed } from "./errors.ts";
import { pause } from "./pause.ts";
import { readEvents, type ServerEvent } from "./sse.ts";
import type { Answer, RequestOptions, Transport } from "./transport.ts";
import type { CompletedTask, EndedTask, Task } from "./types.ts";

export interface Progress {
  readonly id: string;
  readonly status: Task["status"];
  /** 0 to 100. */
  readonly progress: number;
  /** 1 is next; only while it waits. */
  readonly queue_position?: number;
}

/** `state`: the whole task, first as it is and then whenever its status changes. `progress`: what changes in between. */
export type TaskEvent =
  | { readonly kind: "state"; readonly task: Task }
  | { readonly kind: "progress"; readonly progress: Progress };

/** Milliseconds: the server tells the first state at once, and beats every 15 seconds after that. */
const FIRST_WORD_MS = 10_000;
const SILENCE_MS = 45_000;
/** So many streams in a row that told nothing, and something on the way does not let streams through. */
const MOST_BARREN = 2;
/** A server that is being restarted is waited for: about a minute. */
const PATIENCE = 10;
const POLL_MS = { first: 1_000, longest: 5_000 };

export function hasEnded(task: Task): task is EndedTask {
  return task.status === "completed" || task.status === "failed";
}

/** Ends with the task. Rejects where it may not be read, or the server is gone for longer than a restart takes. */
export async function* watchTask(
  transport: Transport,
  id: string,
  options: RequestOptions = {},
): AsyncGenerator<TaskEvent, void, undefined> {
  const told = openTold();
  const look = (): Promise<Task> => readTask(transport, id, { retries: PATIENCE, ...options });
  for (let barren = 0; barren < MOST_BARREN; ) {
    barren++;
    try {
      for await (const event of streamOf(transport, id, told.lastEventId(), options)) {
        barren = 0;
        yield* told.hear(event);
        if (told.ended()) return;
      }
    } catch (error) {
      if (options.signal?.aborted || (error instanceof ReelayApiError && !error.retryable)) throw error;
    }
    // The stream is gone and the task has not ended. One look, which also waits for a server that is coming back.
    yield* told.see(await look());
    if (told.ended()) return;
    await pause(jittered(POLL_MS.first), options.signal);
  }
  for (let ms = POLL_MS.first; !told.ended(); ms = Math.min(ms * 1.5, POLL_MS.longest)) {
    await pause(jittered(ms), options.signal);
    yield* told.see(await look());
  }
}

/** Resolves with the completed task; rejects with TaskFailed where it failed or was cancelled. */
export async function waitForTask(
  transport: Transport,
  id: string,
  options: RequestOptions = {},
): Promise<CompletedTask> {
  for await (const event of watchTask(transport, id, options)) {
    if (event.kind !== "state" || !hasEnded(event.task)) continue;
    if (event.task.status === "completed") return event.task;
    throw new TaskFailed(event.task);
  }
  throw new Error(`The server stopped telling about ${id} before it had ended.`);
}

export async function readTask(
  transport: Transport,
  id: string,
  options: RequestOptions & { readonly query?: string } = {},
): Promise<Task> {
  const path = `${pathOf(id)}${options.query ?? ""}`;
  const { body }: Answer<Task> = await transport.ask({ ...options, path });
  return body;
}

export function pathOf(id: string): string {
  return `/v1/tasks/${encodeURIComponent(id)}`;
}

/** Every event of one stream; none where the answer is no stream, or there is nothing more to come (204). */
async function* streamOf(
  transport: Transport,
  id: string,
  lastEventId: string | undefined,
  { timeoutMs, ...options }: RequestOptions,
): AsyncGenerator<ServerEvent, void, undefined> {
  const first = Math.min(timeoutMs ?? FIRST_WORD_MS, FIRST_WORD_MS);
  const headers = { ...options.headers, accept: "text/event-stream", "last-event-id": lastEventId };
  const path = `${pathOf(id)}/events`;
  // A proxy that waits for the whole answer holds back even its head.
  const response = await transport.open({ ...options, path, headers, timeoutMs: first });
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
  if (!response.body || !isStream) return void (await response.body?.cancel());
  const resumed = lastEventId !== undefined;
  yield* readEvents(response.body, {
    silence: (chunks) => (chunks > 0 || resumed ? SILENCE_MS : first),
  });
}

interface Told {
  hear(event: ServerEvent): Iterable<TaskEvent>;
  /** What a look at the task shows that was not told yet. */
  see(task: Task): Iterable<TaskEvent>;
  lastEventId(): string | undefined;
  ended(): boolean;
}

/** What the watcher has been told, so that it is told each thing once, by whichever way it came. */
function openTold(): Told {
  let lastId: string | undefined;
  let last: Progress | undefined;
  let ended = false;

  function* tell(now: Progress, task?: Task): Generator<TaskEvent> {
    const before = last;
    last = now;
    if (task && now.status !== before?.status) {
      ended = hasEnded(task);
      yield { kind: "state", task };
    } else if (now.progress !== before?.progress || now.queue_position !== before.queue_position) {
      yield { kind: "progress", progress: now };
    }
  }

  const see = (task: Task): Iterable<TaskEvent> => tell(progressOf(task), task);
  return {
    see,
    hear({ name, id, data }) {
      if (name === "progress") return tell(JSON.parse(data) as Progress);
      if (name !== "state") return [];
      lastId = id;
      return see(JSON.parse(data) as Task);
    },
    lastEventId: () => lastId,
    ended: () => ended,
  };
}

function progressOf({ id, status, progress, task_info }: Task): Progress {
  const place = task_info.queue_position;
  return { id, status, progress, ...(place === undefined ? {} : { queue_position: place }) };
}

function jittered(ms: number): number {
  return ms * (0.75 + Math.random() / 2);
}

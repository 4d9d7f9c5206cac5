/** Making, reading, following, listing and cancelling tasks. */
import { ReelayApiError } from "./errors.ts";
import type { CreateRequest } from "./requests.ts";
import type { Answer, RequestOptions, Transport } from "./transport.ts";
import type { CompletedTask, Quote, Task } from "./types.ts";
import { pathOf, readTask, type TaskEvent, waitForTask, watchTask } from "./watch.ts";

export interface CreateOptions extends RequestOptions {
  /**
   * Your own name for this request, such as an order's number: as often as it is sent within a week, one task is made.
   * Without one the client makes one up for each call, so that its own tries are one task.
   */
  readonly idempotencyKey?: string | undefined;
  /** Seconds, at most 60, that the server may hold its answer back for the end of the task. */
  readonly wait?: number | undefined;
}

export interface ReadOptions extends RequestOptions {
  /** Seconds, at most 60, that the server may hold its answer back for the end of the task. */
  readonly wait?: number | undefined;
  /** Has the server look at the provider first. */
  readonly syncUpstream?: boolean | undefined;
}

export interface ListOptions extends RequestOptions {
  readonly status?: Task["status"] | undefined;
  readonly model?: string | undefined;
  /** How many are fetched at a time, 1 to 100. All are listed in any case. */
  readonly pageSize?: number | undefined;
  /** The id of the task to go on after. */
  readonly after?: string | undefined;
}

export interface Tasks {
  /** Resolves with the task as it is at once, usually `pending`. Refused with a ReelayApiError before anything is billed. */
  create(request: CreateRequest, options?: CreateOptions): Promise<Task>;
  /** Creates and waits. Aborting stops the waiting and not the task: cancel it where it is not wanted any more. */
  run(request: CreateRequest, options?: Omit<CreateOptions, "wait">): Promise<CompletedTask>;
  /** What it would become and cost. Makes nothing. */
  quote(request: CreateRequest, options?: RequestOptions): Promise<Quote>;
  read(id: string, options?: ReadOptions): Promise<Task>;
  /** Resolves with the completed task; rejects with TaskFailed where it failed or was cancelled. */
  wait(id: string, options?: RequestOptions): Promise<CompletedTask>;
  /** Its states and progress, until it ends. */
  watch(id: string, options?: RequestOptions): AsyncGenerator<TaskEvent, void, undefined>;
  /** All tasks of this key, newest first; pages are fetched as they are needed. */
  list(options?: ListOptions): AsyncGenerator<Task, void, undefined>;
  /** Resolves with the task; rejects with `task_not_cancellable` where it has ended otherwise. */
  cancel(id: string, options?: RequestOptions): Promise<Task>;
}

interface Page {
  readonly data: readonly Task[];
  readonly next: string | null;
}

export function openTasks(transport: Transport): Tasks {
  const create = async (request: CreateRequest, options?: CreateOptions): Promise<Task> =>
    (await createTask(transport, request, options)).body;
  return {
    create,
    async run(request, options = {}) {
      const { id } = await create(request, options);
      const { idempotencyKey: _made, ...rest } = options;
      return waitForTask(transport, id, rest);
    },
    async quote(json, options) {
      const path = "/v1/videos/generations?dry_run=true";
      return (await transport.ask<Quote>({ ...options, method: "POST", path, json })).body;
    },
    read(id, options = {}) {
      const query = options.syncUpstream ? "?sync_upstream=true" : "";
      return readTask(transport, id, { ...waiting(options), query });
    },
    wait: (id, options) => waitForTask(transport, id, options),
    watch: (id, options) => watchTask(transport, id, options),
    list: (options) => listTasks(transport, options),
    async cancel(id, options) {
      const path = `${pathOf(id)}/cancel`;
      return (await transport.ask<Task>({ ...options, method: "POST", path })).body;
    },
  };
}

/** With the answer's headers. The key is made here, outside of the loop that tries again: see transport.ts. */
export async function createTask(
  transport: Transport,
  json: CreateRequest,
  options: CreateOptions = {},
): Promise<Answer<Task>> {
  const { idempotencyKey = newIdempotencyKey(), ...rest } = options;
  const asked = waiting(rest);
  const headers = { ...asked.headers, "idempotency-key": idempotencyKey };
  // Of all tries: what a later one is told, such as to come back in an hour, says nothing about the first.
  let billed: ReelayApiError["billed"] = false;
  try {
    return await transport.ask<Task>({
      ...asked,
      headers,
      method: "POST",
      path: "/v1/videos/generations",
      json,
      onFailure: (error) => {
        if (mayHaveMade(error)) billed = "unknown";
      },
    });
  } catch (error) {
    if (error instanceof ReelayApiError) Object.assign(error, { idempotencyKey, billed });
    throw error;
  }
}

/** No answer, or one that a proxy made: the server's own errors have a code and say that nothing was billed. */
function mayHaveMade({ status, code }: ReelayApiError): boolean {
  return status === 0 || code === "not_reelay" || (status >= 500 && code === `http_${status}`);
}

/** `crypto.randomUUID` is missing where a page came over plain http from another machine; this is not. */
function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The server holds its answer back: the clock of the call has to allow for it. */
function waiting<T extends RequestOptions & { readonly wait?: number | undefined }>(
  options: T,
): RequestOptions {
  const { wait, ...rest } = options;
  if (wait === undefined) return rest;
  return {
    ...rest,
    timeoutMs: rest.timeoutMs ?? (wait + 60) * 1000,
    headers: { ...rest.headers, prefer: `wait=${Math.ceil(wait)}` },
  };
}

async function* listTasks(
  transport: Transport,
  options: ListOptions = {},
): AsyncGenerator<Task, void, undefined> {
  const { status, model, pageSize, after, ...rest } = options;
  let next: string | null | undefined = after;
  do {
    const wanted = { status, model, limit: pageSize, after: next };
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(wanted))
      if (value !== undefined) query.set(name, String(value));
    const { body }: Answer<Page> = await transport.ask({ ...rest, path: `/v1/tasks?${query}` });
    yield* body.data;
    next = body.next;
  } while (next !== null);
}

/** What a dialect may do. It gets this one object, so it cannot reach a store or a provider. */
import { type Catalog, findModel } from "../catalog/catalog.ts";
import { findPage, type Paged, pagesIn } from "../catalog/page.ts";
import { accountOwner } from "../core/account.ts";
import type { Clock } from "../core/clock.ts";
import { ReelayError } from "../core/errors.ts";
import type { FileStore } from "../core/file-store.ts";
import type { JsonObject } from "../core/json.ts";
import type { MediaFacts } from "../core/media.ts";
import type { CatalogModel, Page } from "../core/model.ts";
import type { Balance, Micros } from "../core/money.ts";
import type { Provider } from "../core/provider.ts";
import type { KeyRecord, Store, TaskFilter } from "../core/store.ts";
import { type ExtraName, type FileRecord, isTerminal, type ResultFile, type Task } from "../core/task.ts";
import type { Engine } from "../engine/engine.ts";
import type { Queue } from "../engine/queue.ts";
import type { Links } from "../files/links.ts";
import type { Fetcher } from "../net/fetch-file.ts";
import type { Admission } from "./admission.ts";
import { cancelTask } from "./cancel.ts";
import type { TaskEvents } from "./events.ts";
import type { InputKeeper } from "./inputs.ts";
import type { LiveProgress } from "./live.ts";
import { removeFile, removeTask } from "./remove.ts";
import type { Router } from "./route.ts";
import { type Asked, quoteTask, type SubmitRequest, submitTask } from "./submit.ts";
import type { Turns } from "./turns.ts";
import {
  findUpload,
  type InlineUpload,
  takeInline,
  takeUpload,
  type UploadRequest,
  viewUpload,
} from "./uploads.ts";
import { viewTask } from "./view.ts";
import type { Seen, Watch } from "./watch.ts";

/** A task as its owner may see it. */
export interface TaskView {
  /** What it says of parameters, it says in the names of its dialect. */
  readonly task: Task;
  /** How its dialect presents the model; null where it has the model's own names, or the model is gone. */
  readonly page: Page | null;
  /** When it was looked at. */
  readonly at: number;
  /** Percent: 0 while pending, 1 to 99 while processing, 100 when completed. */
  readonly progress: number;
  /** Seconds of video asked for. */
  readonly seconds: number;
  readonly canCancel: boolean;
  readonly results: readonly ResultView[];
  /** 1 is next; null where it does not wait. */
  readonly queuePosition: number | null;
  /** Until when it is kept, with its results; null while it runs. */
  readonly keptUntil: number | null;
}

/** What a request would become, at no cost. */
export interface Quote {
  readonly model: CatalogModel;
  readonly input: JsonObject;
  readonly provider: string;
  /** What would be held, and charged if all of it is delivered. */
  readonly amount: Micros;
  /** Seconds from creation to the end. */
  readonly estimate: number;
}

/** What a task must fit into: both. */
export interface Balances {
  readonly key: Balance;
  readonly account: Balance;
}

export interface TaskPage {
  readonly views: readonly TaskView[];
  /** The `after` of the next page; null where this is the last. */
  readonly next: string | null;
}

export interface ResultView {
  readonly file: ResultFile;
  readonly url: string;
  /** What came with it; whatever could not be made is missing. */
  readonly extras: Readonly<Partial<Record<ExtraName, ExtraView>>>;
  /** A link that lives for so many milliseconds from now. */
  readonly linkFor: (ms: number) => string;
}

interface ExtraView {
  readonly file: FileRecord;
  readonly url: string;
}

export interface UploadView {
  readonly file: FileRecord;
  readonly url: string;
}

export interface Gateway {
  readonly catalog: Catalog;
  /** The models that a dialect with pages of its own has. */
  pages(dialect: string): readonly Paged[];
  /** The one that a request means, by its path and the body as it came. */
  findPage(asked: Parameters<typeof findPage>[1]): Paged | undefined;
  /** Whether anybody who is open here could do work of the model for this key. */
  isServed(key: KeyRecord, model: CatalogModel): boolean;
  /** `replayed`: the task is one that the same idempotency key made before. */
  submit(request: SubmitRequest): Promise<{ readonly view: TaskView; readonly replayed: boolean }>;
  /** Every check of a submit, nothing written. */
  quote(request: Asked & Pick<SubmitRequest, "model">): Promise<Quote>;
  /** `look` asks the provider first. Throws `task_not_found`, also for another key's task. */
  read(key: KeyRecord, dialect: string, id: string, look?: boolean): Promise<TaskView>;
  cancel(key: KeyRecord, dialect: string, id: string): Promise<TaskView>;
  /** Removes a task with its results for good, and cancels it first where it has not ended. What it cost stays in the books. */
  remove(key: KeyRecord, dialect: string, id: string): Promise<void>;
  /** `after` is the id that the last page ended with. */
  list(filter: TaskFilter): Promise<TaskPage>;
  /** Resolves when the task has ended, or after `ms`, with the task as it is then. */
  wait(view: TaskView, ms: number, signal: AbortSignal): Promise<TaskView>;
  /** Calls `changed` after every change of state or progress, with the task as it is then; ends with `signal`. */
  follow(view: TaskView, changed: (view: TaskView) => void, signal: AbortSignal): void;
  balance(key: KeyRecord): Promise<Balances>;
  upload(request: UploadRequest): Promise<UploadView>;
  uploadInline(file: InlineUpload): Promise<UploadView>;
  /** An upload of this key. Throws `not_found`, also for another key's. */
  readUpload(key: KeyRecord, id: string): Promise<UploadView>;
  /** Takes an upload back that nobody has been told of and no task needs. */
  dropUpload(upload: UploadView): Promise<void>;
}

export interface GatewayParts {
  readonly catalog: Catalog;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly store: Store;
  readonly files: FileStore;
  readonly links: Links;
  readonly inputs: InputKeeper;
  readonly inspect: (path: string) => Promise<MediaFacts>;
  /** Throws `invalid_parameters` for a URL that we would never call back, by the name of its parameter. */
  readonly screenCallback: (url: string, field?: string) => void;
  /** Fetches a file from a URL that a client gave. */
  readonly fetchFile: Fetcher["open"];
  readonly router: Router;
  readonly engine: Engine<Watch, Seen>;
  readonly queue: Queue;
  readonly live: LiveProgress;
  readonly events: TaskEvents;
  readonly clock: Clock;
  readonly logError: (event: string, fields: Record<string, unknown>) => void;
  /** False once the server drains: running tasks go on, new ones are refused. */
  readonly accepting: () => boolean;
  readonly admission: Admission;
  readonly uploadTurns: Turns;
  /** Told once a task has ended, after it is durable. */
  readonly onEnd: (taskId: string) => void;
  readonly limits: {
    readonly uploadMaxBytes: number;
    readonly uploadStorageBytes: number;
    readonly uploadMs: number;
    readonly linkMs: number;
    readonly keepTasksMs: number;
  };
}

/** Longest that reading a task with `look` waits for the provider's answer. */
const LOOK_MS = 5_000;

export function openGateway(parts: GatewayParts): Gateway {
  const { store, events } = parts;
  const owned = async (key: KeyRecord, dialect: string, id: string): Promise<Task> => {
    const task = await store.readTask(id);
    if (!task || task.keyId !== key.id || task.dialect !== dialect) {
      throw new ReelayError("task_not_found", `There is no task ${id} for this key.`);
    }
    return task;
  };
  const view = (task: Task): Promise<TaskView> => viewTask(parts, task);
  const reread = async ({ task }: TaskView): Promise<TaskView> =>
    view((await store.readTask(task.id)) ?? task);
  const follow = (first: TaskView, changed: (view: TaskView) => void, signal: AbortSignal): void => {
    if (signal.aborted) return;
    // One read at a time, and one more if something happened meanwhile: a burst of progress is one event.
    const again = coalesce(async () => {
      const current = await reread(first);
      if (!signal.aborted) changed(current);
    });
    signal.addEventListener("abort", events.subscribe(first.task.id, again), { once: true });
  };

  return {
    catalog: parts.catalog,
    pages: (dialect) => pagesIn(parts.catalog.models.values(), dialect),
    findPage: (asked) => findPage(parts.catalog.models.values(), asked),
    isServed: (key, model) => parts.router.isServed(model, key.test),
    submit: async (request) => {
      const { id, replayed } = await submitTask(parts, findModel(parts.catalog, request.model), request);
      return { view: await view(await owned(request.key, request.dialect, id)), replayed };
    },
    quote: (request) => quoteTask(parts, findModel(parts.catalog, request.model), request),
    read: async (key, dialect, id, look = false) => {
      const task = await owned(key, dialect, id);
      if (!look || isTerminal(task.state)) return view(task);
      await Promise.race([
        parts.engine.look(id),
        new Promise((resolve) => setTimeout(resolve, LOOK_MS).unref()),
      ]);
      return view(await owned(key, dialect, id));
    },
    cancel: async (key, dialect, id) => {
      await cancelTask(parts, await owned(key, dialect, id));
      return view(await owned(key, dialect, id));
    },
    remove: async (key, dialect, id) => {
      const task = await owned(key, dialect, id);
      if (!isTerminal(task.state)) await cancelTask(parts, task).catch(unlessEnded);
      await removeTask(parts, id);
    },
    list: async (filter) => {
      // One more than asked tells whether there is a next page.
      const tasks = await store.listTasks({ ...filter, limit: filter.limit + 1 });
      const page = tasks.slice(0, filter.limit);
      return {
        views: await Promise.all(page.map(view)),
        next: tasks.length > filter.limit ? (page.at(-1)?.id ?? null) : null,
      };
    },
    wait: async (first, ms, signal) => {
      const enough = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
      const ended = Promise.withResolvers<void>();
      enough.addEventListener("abort", () => ended.resolve(), { once: true });
      const stop = new AbortController();
      follow(
        first,
        ({ task }) => isTerminal(task.state) && ended.resolve(),
        AbortSignal.any([enough, stop.signal]),
      );
      // It may have ended between the read that gave `first` and our listening.
      const current = await reread(first);
      if (!isTerminal(current.task.state) && !enough.aborted) await ended.promise;
      stop.abort();
      return reread(first);
    },
    follow,
    balance: async (key) => ({
      key: await store.readBalance(key.id),
      account: await store.readBalance(accountOwner(key.account)),
    }),
    upload: async (request) => viewUpload(parts, await takeUpload(parts, request)),
    uploadInline: async (file) => viewUpload(parts, await takeInline(parts, file)),
    readUpload: async (key, id) => viewUpload(parts, await findUpload(parts, key, id)),
    dropUpload: ({ file }) => removeFile(parts, file),
  };
}

/** It may end while it is being cancelled: to whoever removes it that is all the same. */
function unlessEnded(error: unknown): void {
  if (!(error instanceof ReelayError) || error.code !== "task_not_cancellable") throw error;
}

function coalesce(work: () => Promise<void>): () => void {
  let running = false;
  let wanted = false;
  const run = async (): Promise<void> => {
    running = true;
    do {
      wanted = false;
      // A read that fails costs one event; the next one reads again.
      await work().catch(() => undefined);
    } while (wanted);
    running = false;
  };
  return () => {
    if (running) wanted = true;
    else void run();
  };
}

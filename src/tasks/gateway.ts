/** What a dialect may do. It gets this one object, so it cannot reach a store, a file or a provider. */
import { type Catalog, findModel } from "../catalog/catalog.ts";

import type { Clock } from "../core/clock.ts";
import { ReelayError } from "../core/errors.ts";
import type { FileStore } from "../core/file-store.ts";
import type { MediaFacts } from "../core/media.ts";
import type { Provider } from "../core/provider.ts";
import type { KeyRecord, Store } from "../core/store.ts";
import { type FileRecord, isTerminal, type ResultFile, type Task } from "../core/task.ts";
import type { Engine } from "../engine/engine.ts";
import type { Links } from "../files/links.ts";
import type { Admission } from "./admission.ts";
import { cancelTask } from "./cancel.ts";
import type { InputKeeper } from "./inputs.ts";
import type { LiveProgress } from "./live.ts";
import { type SubmitRequest, submitTask } from "./submit.ts";
import type { Turns } from "./turns.ts";
import { takeUpload, type UploadRequest } from "./uploads.ts";

/** A task as its owner may see it. */
export interface TaskView {
  readonly task: Task;
  /** Percent: 0 while pending, 1 to 99 while processing, 100 when completed. */
  readonly progress: number;
  /** Seconds of video asked for. */
  readonly seconds: number;
  readonly canCancel: boolean;
  readonly results: readonly ResultView[];
}

export interface ResultView {
  readonly file: ResultFile;
  readonly url: string;
}

export interface UploadView {
  readonly file: FileRecord;
  readonly url: string;
}

export interface Gateway {
  readonly catalog: Catalog;
  submit(request: SubmitRequest): Promise<TaskView>;
  /** `look` asks the provider first. Throws `task_not_found`, also for another key's task. */
  read(key: KeyRecord, dialect: string, id: string, look?: boolean): Promise<TaskView>;
  cancel(key: KeyRecord, dialect: string, id: string): Promise<TaskView>;
  upload(request: UploadRequest): Promise<UploadView>;
}

export interface GatewayParts {
  readonly catalog: Catalog;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly store: Store;
  readonly files: FileStore;
  readonly links: Links;
  readonly inputs: InputKeeper;
  readonly inspect: (path: string) => Promise<MediaFacts>;
  readonly engine: Engine;
  readonly live: LiveProgress;
  readonly clock: Clock;
  /** False once the server drains: running tasks go on, new ones are refused. */
  readonly accepting: () => boolean;
  readonly admission: Admission;
  readonly uploadTurns: Turns;
  readonly limits: {
    readonly uploadMaxBytes: number;
    readonly uploadStorageBytes: number;
    readonly uploadMs: number;
    readonly linkMs: number;
  };
}

/** Longest that reading a task with `look` waits for the provider's answer. */
const LOOK_MS = 5_000;

export function openGateway(parts: GatewayParts): Gateway {
  const owned = async (key: KeyRecord, dialect: string, id: string): Promise<Task> => {
    const task = await parts.store.readTask(id);
    if (!task || task.keyId !== key.id || task.dialect !== dialect) {
      throw new ReelayError("task_not_found", `There is no task ${id} for this key.`);
    }
    return task;
  };

  const view = async (task: Task): Promise<TaskView> => {
    const files = task.state === "completed" ? await parts.store.listResults(task.id) : [];
    return {
      task,
      progress: parts.live.percent(task),
      seconds: secondsAsked(parts.catalog, task),
      canCancel: !isTerminal(task.state),
      results: files.map((file) => ({ file, url: parts.links.sign(file, linkEnd(file)) })),
    };
  };

  /** The same link until it expires, so that a client can cache it; after that a fresh one on every read. */
  const linkEnd = (file: FileRecord): number => {
    const first = file.createdAt + parts.limits.linkMs;
    return first > parts.clock.now() ? first : parts.clock.now() + parts.limits.linkMs;
  };

  return {
    catalog: parts.catalog,
    submit: async (request) =>
      view(await submitTask(parts, findModel(parts.catalog, request.model), request)),
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
    upload: async (request) => {
      const file = await takeUpload(parts, request);
      return { file, url: parts.links.sign(file, file.createdAt + parts.limits.uploadMs) };
    },
  };
}

/** NaN where the model has left the catalogue since the task was made. */
function secondsAsked(catalog: Catalog, task: Task): number {
  const field = catalog.models.get(task.model)?.output.duration;
  return Number(field === undefined ? Number.NaN : task.input[field]);
}

/** A task as it might be, for the examples of answers: each dialect renders it with the same code as a real one. */
import type { CatalogModel } from "../../core/model.ts";
import type { ResultFile, Task, TaskError } from "../../core/task.ts";
import type { TaskView } from "../../tasks/gateway.ts";
import { exampleBody } from "./model-schema.ts";

const MADE_AT = 1_795_000_000_000;
const SECONDS = 5;
const PRICE = 225_000;

export interface Samples {
  readonly pending: TaskView;
  readonly completed: TaskView;
  readonly failed: TaskView;
}

/** `id`: one of the dialect's form; `memo`: what the dialect keeps with its tasks. */
export function sampleViews(
  model: CatalogModel,
  { dialect, id, memo = null }: Pick<Task, "dialect" | "id"> & { readonly memo?: Task["memo"] },
): Samples {
  const task: Task = {
    id,
    dialect,
    keyId: "key_sample",
    model: model.id,
    provider: "sample",
    state: "pending",
    input: exampleBody(model),
    asked: Object.keys(model.example),
    createdAt: MADE_AT,
    startedAt: null,
    finishedAt: null,
    progress: 0,
    estimate: 45,
    error: null,
    notes: [],
    billing: { state: "held", amount: PRICE },
    callbackUrl: null,
    test: null,
    memo,
    version: 1,
  };
  const ended = { ...task, startedAt: MADE_AT + 400, finishedAt: MADE_AT + 41_000, version: 4 };
  const error: TaskError = {
    code: "content_refused",
    message: "The provider's policy does not allow the content.",
  };
  return {
    pending: view(task, { queuePosition: 1 }),
    completed: view(
      { ...ended, state: "completed", progress: 100, billing: { state: "charged", amount: PRICE } },
      { progress: 100, results: [result(task)] },
    ),
    failed: view(
      { ...ended, state: "failed", progress: 60, error, billing: { state: "released", amount: 0 } },
      { progress: 60 },
    ),
  };
}

function view(task: Task, more: Partial<TaskView>): TaskView {
  const ended = task.finishedAt !== null;
  return {
    task,
    page: null,
    at: task.finishedAt ?? MADE_AT,
    progress: 0,
    seconds: SECONDS,
    canCancel: !ended,
    results: [],
    queuePosition: null,
    keptUntil: ended ? MADE_AT + 30 * 86_400_000 : null,
    ...more,
  };
}

function result(task: Task): TaskView["results"][number] {
  const bytes = 3_145_728;
  const file: ResultFile = {
    id: "out_sample",
    role: "result",
    keyId: task.keyId,
    taskId: task.id,
    name: "video.mp4",
    contentType: "video/mp4",
    bytes,
    sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    facts: {
      kind: "clip",
      type: "mp4",
      width: 1280,
      height: 720,
      seconds: SECONDS,
      fps: 24,
      sound: true,
      bytes,
    },
    meta: {},
    createdAt: MADE_AT + 41_000,
    expiresAt: null,
  };
  const url = "https://media.example/files/out_sample/video.mp4?expires=1795086441&signature=sample";
  return { file, url, extras: {}, linkFor: () => url };
}

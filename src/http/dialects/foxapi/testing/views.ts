/** A task as a test needs it. */
import type { Task } from "../../../../core/task.ts";
import type { TaskView } from "../../../../tasks/gateway.ts";

export const CREATED = 1_757_165_031_742;

export const TASK: Task = {
  id: "task-unified-1757165031-km000000",
  dialect: "foxapi",
  keyId: "key_1",
  model: "some-model",
  provider: "some-provider",
  state: "pending",
  input: { prompt: "not to be shown" },
  asked: ["prompt"],
  createdAt: CREATED,
  startedAt: null,
  finishedAt: null,
  progress: 0,
  estimate: 45,
  error: null,
  notes: [],
  billing: { state: "free", amount: 0 },
  callbackUrl: null,
  test: null,
  memo: null,
  version: 1,
};

export function view(task: Partial<Task>, more: Partial<TaskView> = {}): TaskView {
  return {
    task: { ...TASK, ...task },
    page: null,
    at: CREATED,
    progress: 0,
    seconds: 5,
    canCancel: true,
    results: [],
    queuePosition: null,
    keptUntil: null,
    ...more,
  };
}

/** A task as its operator may see it: with every attempt, whoever was asked. No prompt, and no ticket. */
import type { ErrorCode } from "../core/errors.ts";
import type { Store } from "../core/store.ts";
import type { Task } from "../core/task.ts";
import { type Attempt, attemptsOf } from "./history.ts";

export interface TaskFile {
  readonly task: Pick<
    Task,
    "id" | "keyId" | "model" | "provider" | "state" | "createdAt" | "finishedAt" | "error" | "billing"
  >;
  readonly attempts: readonly AttemptLine[];
}

export interface AttemptLine {
  readonly number: number;
  readonly provider: string;
  readonly endpoint: string;
  /** When its submit could leave; null where that is not known. */
  readonly at: number | null;
  readonly state: Attempt["state"];
  readonly code: ErrorCode | null;
  readonly message: string | null;
}

export interface TaskDesk {
  /** undefined where there is no such task. */
  show(id: string): Promise<TaskFile | undefined>;
}

export interface TaskDeskParts {
  readonly store: Pick<Store, "readTask" | "readSteps">;
}

export function openTaskDesk({ store }: TaskDeskParts): TaskDesk {
  return {
    async show(id) {
      const task = await store.readTask(id);
      if (!task) return undefined;
      const { keyId, model, provider, state, createdAt, finishedAt, error, billing } = task;
      const attempts = attemptsOf(await store.readSteps(id)).map((one) => lineOf(task, one));
      return {
        task: { id, keyId, model, provider, state, createdAt, finishedAt, error, billing },
        attempts,
      };
    },
  };
}

function lineOf(task: Task, { number, placing, state, ending, refused }: Attempt): AttemptLine {
  const said = ending ?? refused?.refused;
  return {
    number,
    provider: placing?.provider ?? task.provider,
    endpoint: placing?.endpoint ?? "",
    at: placing?.at ?? null,
    state,
    code: said?.code ?? null,
    message: said?.message ?? null,
  };
}

/**
 * Where tasks, steps, files and keys are remembered. `store/sqlite` and `store/postgres` keep this contract
 * and pass the same suite (`test/contract/store-suite.ts`). A promise resolves when the write is durable
 * (fsync); writes of one event-loop turn may share one transaction, in the order they were called.
 */
import type { Json, JsonObject } from "./json.ts";
import type { FileRecord, FileRole, Note, ResultFile, Task, TaskError } from "./task.ts";

export interface NewTask {
  readonly id: string;
  readonly dialect: string;
  readonly keyId: string;
  readonly model: string;
  readonly input: JsonObject;
  readonly asked: readonly string[];
  readonly createdAt: number;
  readonly estimate: number;
}

/** How a task ends. Results and state are written together or not at all. */
export type Outcome =
  | {
      readonly state: "completed";
      readonly at: number;
      readonly results: readonly FileRecord[];
      readonly notes: readonly Note[];
      /** What the work took, to be learned from: `shape` names alike work, `seconds` its duration. */
      readonly timing?: { readonly shape: string; readonly seconds: number };
    }
  | {
      readonly state: "failed" | "cancelled";
      readonly at: number;
      readonly error: TaskError;
      /** Percent reached. */
      readonly progress: number;
    };

/** How long alike work took: a running mean over `count` finished tasks. */
export interface Timing {
  readonly count: number;
  readonly seconds: number;
}

/** A client's key as stored: the digest, never the key. */
export interface KeyRecord {
  readonly id: string;
  /** SHA-256 of the whole key, hex. */
  readonly digest: string;
  readonly name: string;
  /** What a person may see of it: `reelay_live_Ab3f…x9Qz`. */
  readonly hint: string;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

export interface Store {
  /** Rejects with a SQLite or PostgreSQL constraint error where the id is taken. */
  createTask(task: NewTask): Promise<void>;
  readTask(id: string): Promise<Task | undefined>;
  /** Ids of tasks not yet terminal, oldest first. */
  listOpenTasks(): Promise<readonly string[]>;
  /** pending -> processing. No effect on any other state. */
  startTask(id: string, at: number): Promise<void>;
  /** Resolves false, and changes nothing, where the task has already ended: a terminal state is final. */
  finishTask(id: string, outcome: Outcome): Promise<boolean>;
  readTiming(shape: string): Promise<Timing | undefined>;

  /** The finished steps of one task, by name. */
  readSteps(taskId: string): Promise<ReadonlyMap<string, Json>>;
  /** Writes a step; a step of that name already there is replaced. Ignored once the task is terminal. */
  saveStep(taskId: string, name: string, value: Json): Promise<void>;

  addFile(file: FileRecord): Promise<void>;
  readFile(id: string): Promise<FileRecord | undefined>;
  listResults(taskId: string): Promise<readonly ResultFile[]>;
  /** Files of one role that `keyId` owns, oldest first. */
  listFiles(keyId: string, role: FileRole): Promise<readonly FileRecord[]>;
  /** Files whose `expiresAt` is not after `now`, oldest first, at most `limit`. */
  listExpiredFiles(now: number, limit: number): Promise<readonly FileRecord[]>;
  removeFile(id: string): Promise<void>;

  addKey(key: KeyRecord): Promise<void>;
  findKey(digest: string): Promise<KeyRecord | undefined>;
  listKeys(): Promise<readonly KeyRecord[]>;
  /** Resolves false where there is no such live key. */
  revokeKey(id: string, at: number): Promise<boolean>;

  close(): Promise<void>;
}

/**
 * Where tasks, steps, files, keys, money and deliveries are remembered. `store/sqlite` and `store/postgres` keep this
 * contract and pass the same suite (`test/contract/store-suite.ts`). A promise resolves when the write is durable
 * (fsync); writes of one event-loop turn may share one transaction, in the order they were called.
 */
import type { DeliveryRecord, DeliveryState, DeliveryTry, WebhookSecret } from "./delivery.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Balance, LedgerEntry, Micros } from "./money.ts";
import type {
  ExtraFile,
  FileRecord,
  FileRole,
  Note,
  ResultFile,
  Task,
  TaskError,
  TaskState,
} from "./task.ts";
import type { TestPlan } from "./test-plan.ts";

export interface NewTask {
  readonly id: string;
  readonly dialect: string;
  readonly keyId: string;
  /** The account that the key belongs to. */
  readonly account: string;
  readonly model: string;
  readonly provider: string;
  readonly input: JsonObject;
  readonly asked: readonly string[];
  readonly createdAt: number;
  readonly estimate: number;
  readonly callbackUrl: string | null;
  /** Set aside for it from the key's and the account's balance, in the same transaction. 0: free, and no entry is written. */
  readonly hold: Micros;
  readonly idempotency?: Idempotency;
  /** Left out: a live one. */
  readonly test?: TestPlan;
  readonly memo?: JsonObject;
}

/** A client's own name for a create, so that it may send it twice and get one task. */
export interface Idempotency {
  /** The header's value, without quotes. */
  readonly key: string;
  /** SHA-256 of what was asked, hex. */
  readonly fingerprint: string;
}

/** `replayed` is the id of the task that the same key and fingerprint made before; nothing was written then. */
export type Created = { readonly created: true } | { readonly replayed: string };

/** How a task ends. State, results, ledger entries and delivery are written together or not at all. */
export type Outcome =
  | {
      readonly state: "completed";
      readonly at: number;
      readonly results: readonly FileRecord[];
      readonly notes: readonly Note[];
      /** Taken for what was delivered; the rest of the hold is released. At most the hold. */
      readonly charge: Micros;
      /** What the work took, to be learned from: `shape` names alike work, `seconds` its duration. */
      readonly timing?: { readonly shape: string; readonly seconds: number };
      readonly deliveryId: string;
    }
  | {
      readonly state: "failed" | "cancelled";
      readonly at: number;
      readonly error: TaskError;
      /** Percent reached. */
      readonly progress: number;
      /** The hold is released either way; `unknown` says that the provider may have charged us. */
      readonly billing: "released" | "unknown";
      readonly deliveryId: string;
      /** Where the work may still end well: until when its ticket is worth a look. */
      readonly lateUntil?: number;
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
  /** What it spends counts against this one too. */
  readonly account: string;
  readonly createdAt: number;
  readonly revokedAt: number | null;
  /** Tasks of a higher number start before all of a lower one. */
  readonly priority: number;
  /** Tasks of this key that may be worked on at once; null: no limit but the provider's. */
  readonly concurrency: number | null;
  /** Its tasks are free and never reach a provider that is paid. */
  readonly test: boolean;
}

/** What the queue needs to know of a task that has not ended. */
export interface OpenTask {
  readonly id: string;
  readonly keyId: string;
  readonly provider: string;
  /** Some of its steps are done: it was under way. */
  readonly begun: boolean;
}

export type LateTask = Omit<OpenTask, "begun">;

export interface TaskFilter {
  readonly keyId: string;
  readonly dialect: string;
  readonly states?: readonly TaskState[];
  readonly model?: string;
  /** Left out: newest first. */
  readonly order?: "newest" | "oldest";
  /**
   * Only tasks behind this one in that order. It must be of the same key; of one that is gone the id's own time counts, where it
   * has one: whoever removes what he lists would else miss the rest.
   */
  readonly after?: string;
  readonly limit: number;
}

export interface DeliveryFilter {
  readonly state?: DeliveryState;
  readonly taskId?: string;
  readonly limit: number;
}

export interface Store {
  /**
   * Rejects with `insufficient_credits` where the hold is more than the key or its account may spend, with
   * `idempotency_mismatch` where the same idempotency key came with another fingerprint, and with a constraint
   * error where the id is taken. Checks and writes are one transaction: of a hundred at once, no more succeed
   * than both balances allow.
   */
  createTask(task: NewTask): Promise<Created>;
  /** The task that this idempotency key made before; rejects with `idempotency_mismatch` as `createTask` does. */
  findReplay(keyId: string, asked: Idempotency): Promise<string | undefined>;
  readTask(id: string): Promise<Task | undefined>;
  listTasks(filter: TaskFilter): Promise<readonly Task[]>;
  /** Tasks not yet terminal, oldest first. */
  listOpenTasks(): Promise<readonly OpenTask[]>;
  /** What a key's tasks that are not yet terminal were asked with, each as JSON. */
  listOpenInputs(keyId: string): Promise<readonly string[]>;
  /** Another provider has it from now on. No effect on a task that has ended. */
  moveTask(id: string, provider: string): Promise<void>;
  /** pending -> processing. No effect on any other state. */
  startTask(id: string, at: number): Promise<void>;
  /** Resolves false, and changes nothing, where the task has already ended: a terminal state is final. */
  finishTask(id: string, outcome: Outcome): Promise<boolean>;
  readTiming(shape: string): Promise<Timing | undefined>;

  /** Failed tasks whose `lateUntil` is after `now`: their ticket is worth a look. */
  listLateTasks(now: number): Promise<readonly LateTask[]>;
  /** Adds the results of a task that had failed before they came; state and money stay. Resolves false the second time. */
  addLateResults(id: string, results: readonly FileRecord[]): Promise<boolean>;
  /** Nothing more will come. */
  endLate(id: string): Promise<void>;

  /** The finished steps of one task, by name. */
  readSteps(taskId: string): Promise<ReadonlyMap<string, Json>>;
  /** Writes a step; a step of that name already there is replaced. Ignored once the task is terminal. */
  saveStep(taskId: string, name: string, value: Json): Promise<void>;

  addFile(file: FileRecord): Promise<void>;
  readFile(id: string): Promise<FileRecord | undefined>;
  /** What a task made, without the extras of it. */
  listResults(taskId: string): Promise<readonly ResultFile[]>;
  /** The small files that came with a task's results: those with `meta.extra`. */
  listExtras(taskId: string): Promise<readonly ExtraFile[]>;
  /** What was fetched for a task. */
  listInputs(taskId: string): Promise<readonly FileRecord[]>;
  /** Files of one role that `keyId` owns, oldest first. */
  listFiles(keyId: string, role: FileRole): Promise<readonly FileRecord[]>;
  /** How many bytes those are together. */
  sumFiles(keyId: string, role: FileRole): Promise<number>;
  /** Files whose `expiresAt` is not after `now`, oldest first, at most `limit`. */
  listExpiredFiles(now: number, limit: number): Promise<readonly FileRecord[]>;
  removeFile(id: string): Promise<void>;

  addKey(key: KeyRecord): Promise<void>;
  findKey(digest: string): Promise<KeyRecord | undefined>;
  readKey(id: string): Promise<KeyRecord | undefined>;
  listKeys(): Promise<readonly KeyRecord[]>;
  /** Resolves false where there is no such live key. */
  revokeKey(id: string, at: number): Promise<boolean>;

  /**
   * Adds to what the owner may spend (a negative amount takes away); the first grant makes it limited. An owner is
   * a key's id, or an account's `accountOwner`.
   */
  grant(owner: string, amount: Micros, at: number): Promise<void>;
  readBalance(owner: string): Promise<Balance>;
  /** The entries of one task, or of one key, oldest first. */
  listLedger(of: { readonly taskId: string } | { readonly keyId: string }): Promise<readonly LedgerEntry[]>;
  /**
   * Holds the books against themselves: balances against the sum of their entries, every ended task against what
   * was delivered, every open one against its hold. One sentence for each fault; empty where they balance.
   */
  checkLedger(): Promise<readonly string[]>;

  readDelivery(id: string): Promise<DeliveryRecord | undefined>;
  /** Waiting ones, soonest due first. */
  listDueDeliveries(now: number, limit: number): Promise<readonly DeliveryRecord[]>;
  /** Newest first. */
  listDeliveries(filter: DeliveryFilter): Promise<readonly DeliveryRecord[]>;
  listTries(deliveryId: string): Promise<readonly DeliveryTry[]>;
  /** Logs a try and says how it goes on: `dueAt` null ends it in `state`. */
  addTry(
    deliveryId: string,
    tried: DeliveryTry,
    next: { readonly state: DeliveryState; readonly dueAt: number | null },
  ): Promise<void>;
  /** Due again at once, whatever became of it. Resolves false where there is none. */
  resendDelivery(id: string, now: number): Promise<boolean>;
  addSecret(secret: WebhookSecret): Promise<void>;
  /** Live ones of a key, newest first. */
  listSecrets(keyId: string, now: number): Promise<readonly WebhookSecret[]>;
  /** Every live secret of the key expires at `expiresAt` at the latest. */
  expireSecrets(keyId: string, expiresAt: number): Promise<void>;

  /** What is known of a provider's health, for the next start; replaces what was there. */
  saveHealth(provider: string, value: Json): Promise<void>;
  /** By the provider's id. */
  listHealth(): Promise<ReadonlyMap<string, Json>>;

  /** Ids of tasks that ended before `before`, oldest first, at most `limit`. */
  listEndedTasks(before: number, limit: number): Promise<readonly string[]>;
  /**
   * The task with its steps, deliveries and idempotency row; its ledger entries stay. Resolves false, and removes nothing,
   * where files of it are left. Rejects where it is open.
   */
  removeTask(id: string): Promise<boolean>;
  /** Idempotency rows made before `before`. */
  forgetIdempotency(before: number): Promise<void>;

  close(): Promise<void>;
}

/**
 * The nine words. Outside a dialect's folder nothing else is called by other names.
 *
 *   model     what the client names: parameters, rules, routes; pure data
 *   provider  who can do the work: an upstream service, a self-hosted server, or our animatic renderer
 *   route     how one model reaches one provider: endpoint and mapping of parameters
 *   dialect   one family of HTTP shapes that we serve; translates, decides nothing
 *   task      one request of one client, from `pending` to `completed`, `failed` or `cancelled`
 *   attempt   one try of a task on one route; the intent is durable before the first byte leaves
 *   ticket    the provider's own handle of an attempt: opaque JSON, stored, survives a restart
 *   result    a file that we hold: bytes, hash, measured facts
 *   delivery  one webhook to be delivered, with its tries
 */
import type { ErrorCode } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import type { ClipFacts, MediaFacts } from "./media.ts";
import type { Micros } from "./money.ts";
import type { TestPlan } from "./test-plan.ts";

export const TERMINAL = ["completed", "failed", "cancelled"] as const;
export type TerminalState = (typeof TERMINAL)[number];
export type TaskState = "pending" | "processing" | TerminalState;

export function isTerminal(state: TaskState): state is TerminalState {
  return (TERMINAL as readonly string[]).includes(state);
}

/** Something the client asked for that the result does not show, said instead of hidden. */
export interface Note {
  readonly field: string;
  readonly message: string;
}

export interface TaskError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly field?: string;
}

/**
 * What a task has cost. `free`: nothing is or was held. `unknown`: nothing was charged to the client, and the
 * provider may have charged us (the outcome of a submit was lost).
 */
export interface Billing {
  readonly state: "free" | "held" | "charged" | "released" | "unknown";
  /** Held while `held`, delivered once `charged`, else 0. */
  readonly amount: Micros;
}

export interface Task {
  readonly id: string;
  readonly dialect: string;
  readonly keyId: string;
  readonly model: string;
  /** Who has it now, or had it last: chosen when it was made, and again for each attempt. The queue goes by it. */
  readonly provider: string;
  readonly state: TaskState;
  /** Every parameter of the model, defaults filled in; null where the client left it open. */
  readonly input: JsonObject;
  /** Names of the parameters the client gave itself; of those of its page that have no effect, the page's. */
  readonly asked: readonly string[];
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** Percent reached when it ended; while a task runs, its progress is in memory only. */
  readonly progress: number;
  /** Expected seconds from creation to the end, as told to the client at creation. */
  readonly estimate: number;
  readonly error: TaskError | null;
  readonly notes: readonly Note[];
  readonly billing: Billing;
  /** Where the end of the task is to be told; null: nowhere. */
  readonly callbackUrl: string | null;
  /** Of a test key's task: it is free and goes to our own renderer. null: a live one. */
  readonly test: TestPlan | null;
  /** What its dialect wants to find with it again; nobody else reads it. */
  readonly memo: JsonObject | null;
  /** 1 when made, and one more for each durable change since. */
  readonly version: number;
}

/** What a file is to us: given by a client, kept for a task, or made for a task. */
export type FileRole = "upload" | "input" | "result";

/** The record of a file that we hold; its bytes are in the FileStore under the same id. */
export interface FileRecord {
  readonly id: string;
  readonly role: FileRole;
  readonly keyId: string;
  readonly taskId: string | null;
  /** The name to offer for download. */
  readonly name: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly facts: MediaFacts | null;
  /** What the provider told about the file, for example the seed it used. */
  readonly meta: JsonObject;
  readonly createdAt: number;
  /** When it may be removed; null: kept until its task is removed. */
  readonly expiresAt: number | null;
}

export type ResultFile = FileRecord & { readonly role: "result"; readonly facts: ClipFacts };

/** Small files that come with a result, made of it by us; a dialect may call them so, too. */
export const EXTRAS = ["poster", "poster_webp", "contact_sheet", "preview"] as const;
export type ExtraName = (typeof EXTRAS)[number];

/** `meta.of` is the id of the result that it belongs to. */
export type ExtraFile = FileRecord & {
  readonly role: "result";
  readonly meta: { readonly extra: ExtraName; readonly of: string };
};

/**
 * What the client of a chaos run did and saw, one JSON object a line, written before an operation leaves and after its
 * end. `invoke` begins one; `ok`: it was answered with 2xx; `fail`: it surely had no effect; `info`: nobody can tell.
 */
import { openSync, readFileSync, writeSync } from "node:fs";

/** A task as one answer showed it. */
export interface Seen {
  readonly id: string;
  readonly status: string;
  /** Of its error; null where it has none. */
  readonly code: string | null;
  /** Hex, of each result. */
  readonly sha256: readonly string[];
  /** Reserved or charged, as the answer says. */
  readonly credits: number;
  readonly billing: string;
}

type Act = "create" | "read" | "cancel" | "list" | "download";

export interface HistoryEvent {
  readonly at: number;
  /** The same for the invocation and its end. */
  readonly op: number;
  readonly type: "invoke" | "ok" | "fail" | "info";
  readonly act: Act;
  /** Of a create: the name in its prompt, the same again when it is sent again. */
  readonly marker?: string;
  /** Of a create: the Idempotency-Key, or null. */
  readonly idempotencyKey?: string | null;
  readonly keyId?: string;
  readonly callback?: boolean;
  /** Of a read, a cancel or a download. */
  readonly taskId?: string;
  readonly tasks?: readonly Seen[];
  /** HTTP status of an answer; null where none came. */
  readonly status?: number | null;
  /** Of a download: the bytes' hash, and what the task said it would be. */
  readonly sha256?: string;
  readonly promised?: string;
}

export type Note = (event: Omit<HistoryEvent, "at">) => void;

export function openHistory(path: string): Note {
  const file = openSync(path, "a");
  return (event) => void writeSync(file, `${JSON.stringify({ at: Date.now(), ...event })}\n`);
}

/** A last line that was cut off by a crash is left out. */
export function readLines<T>(path: string): readonly T[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.slice(0, -1).map((line) => JSON.parse(line) as T);
}

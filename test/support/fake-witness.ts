/**
 * The fake upstream's own account of what happened, written before anything is answered: a checker reads it
 * beside the server's history and believes neither alone. Append-only; one JSON object a line.
 */
import { openSync, writeSync } from "node:fs";

export type Entry = { readonly at: number } & (
  | {
      readonly event: "request";
      readonly n: number;
      readonly method: string;
      readonly path: string;
      readonly body?: unknown;
    }
  | { readonly event: "accepted"; readonly n: number; readonly attempt: string; readonly job: string }
  /** `status` null: the socket was ended instead. */
  | { readonly event: "answer"; readonly n: number; readonly status: number | null; readonly body?: unknown }
  | { readonly event: "cancelled"; readonly attempt: string; readonly job: string }
  | {
      readonly event: "webhook";
      readonly attempt: string;
      readonly job: string;
      readonly said: string;
      readonly status: number | null;
    }
);

type WithoutTime<T> = T extends unknown ? Omit<T, "at"> : never;

export interface Witness {
  write(entry: WithoutTime<Entry>): void;
  /** Kept in memory only where there is no file. */
  readonly entries: readonly Entry[];
}

/** With a path, lines go to that file at once: the system has them even where this process is killed next. */
export function openWitness(path: string | undefined): Witness {
  const entries: Entry[] = [];
  const file = path === undefined ? undefined : openSync(path, "a");
  return {
    entries,
    write(entry) {
      const full = { at: Date.now(), ...entry } as Entry;
      if (file === undefined) entries.push(full);
      else writeSync(file, `${JSON.stringify(full)}\n`);
    },
  };
}

import type { Database } from "better-sqlite3";
import type { Timing } from "../../core/store.ts";

export interface Timings {
  read(shape: string): Timing | undefined;
  add(shape: string, seconds: number): void;
}

/** A mean over all time would stop following a provider that becomes faster or slower. */
const WINDOW = 20;

const READ = "SELECT count, seconds FROM timings WHERE shape = ?";

const ADD = `
INSERT INTO timings (shape, count, seconds) VALUES (?, 1, ?)
ON CONFLICT (shape) DO UPDATE SET
  count = min(count + 1, ${WINDOW}),
  seconds = seconds + (excluded.seconds - seconds) / min(count + 1, ${WINDOW})`;

export function openTimings(db: Database): Timings {
  const read = db.prepare<[string], Timing>(READ);
  const add = db.prepare<[string, number]>(ADD);
  return {
    read: (shape) => read.get(shape),
    add(shape, seconds) {
      add.run(shape, seconds);
    },
  };
}

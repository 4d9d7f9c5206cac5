/** What a run has seen. */
import type { Sent } from "./request.ts";
import type { Got } from "./send.ts";

export interface Failure {
  readonly at: number;
  readonly faults: readonly string[];
  readonly status: number | string;
  readonly curl: string;
}

export interface Summary {
  requests: number;
  /** Kind of request and class of status, with a tab between them. */
  readonly answers: Map<string, number>;
  readonly slowest: { ms: number; what: string };
  readonly failures: Failure[];
  seconds: number;
}

export function emptySummary(): Summary {
  return { requests: 0, answers: new Map(), slowest: { ms: 0, what: "" }, failures: [], seconds: 0 };
}

export function note(summary: Summary, { kind, method, path }: Sent, { status, ms }: Got): void {
  summary.requests++;
  const name = `${kind}\t${Math.floor(status / 100)}xx`;
  summary.answers.set(name, (summary.answers.get(name) ?? 0) + 1);
  if (ms > summary.slowest.ms) Object.assign(summary.slowest, { ms, what: `${method} ${path.slice(0, 60)}` });
}

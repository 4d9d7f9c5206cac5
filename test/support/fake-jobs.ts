/** The jobs of the fake upstream. How one stands follows from its script and the time alone; nothing ticks. */
import type { Script } from "./fake-script.ts";

export interface Job {
  readonly id: string;
  readonly attempt: string;
  readonly script: Script;
  /** Milliseconds since 1970, as all times here. */
  readonly acceptedAt: number;
  readonly webhook: string | null;
  cancelledAt: number | null;
  checks: number;
  fileReads: number;
}

export interface JobView {
  readonly job: string;
  readonly status: string;
  readonly progress: number;
  readonly retry_after?: number;
  readonly output?: { readonly url: string; readonly seed: number };
  readonly error?: { readonly code: string; readonly message: string };
}

const DURATION_MS = 200;
const STUCK_AT = 80;
const SAID: Readonly<Record<string, string>> = {
  content_policy: "The prompt is against our content policy.",
  capacity: "No machine was free.",
  internal: "Something broke on our side.",
};

export function workMs({ queued = 0, duration = DURATION_MS }: Script): number {
  return queued + duration;
}

function endsAt({ script, acceptedAt }: Job): number {
  return script.stuck ? Number.POSITIVE_INFINITY : acceptedAt + workMs(script);
}

export function hasEnded(job: Job, now: number): boolean {
  return job.cancelledAt !== null || now >= endsAt(job);
}

export function viewOf(job: Job, now: number, filesUrl: string): JobView {
  const { id, script } = job;
  if (job.cancelledAt !== null)
    return { job: id, status: "cancelled", progress: percent(job, job.cancelledAt) };
  if (now < endsAt(job)) {
    const status = script.word ?? (now < job.acceptedAt + (script.queued ?? 0) ? "queued" : "running");
    const wait = script["poll-after"];
    return {
      job: id,
      status,
      progress: percent(job, now),
      ...(wait === undefined ? {} : { retry_after: wait }),
    };
  }
  if (script.fail !== undefined) {
    const error = { code: script.fail, message: SAID[script.fail] ?? `It failed with ${script.fail}.` };
    return { job: id, status: "failed", progress: 100, error };
  }
  return { job: id, status: "succeeded", progress: 100, output: { url: `${filesUrl}/${id}.mp4`, seed: 42 } };
}

function percent({ script, acceptedAt }: Job, now: number): number {
  const { queued = 0, duration = DURATION_MS, steps = 100 } = script;
  const done = Math.min(1, Math.max(0, (now - acceptedAt - queued) / Math.max(1, duration)));
  return Math.min(script.stuck ? STUCK_AT : 99, Math.floor(done * steps) * (100 / steps));
}

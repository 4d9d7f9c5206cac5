/** Tells the end of a job to the webhook of its submit: once, twice, out of order, or before the submit is answered. */
import { type Job, viewOf, workMs } from "./fake-jobs.ts";
import type { Witness } from "./fake-witness.ts";

export interface Teller {
  /** At the end of the work, as the script has it. */
  schedule(job: Job): void;
  /** At once; resolves when it was answered or could not be. */
  tell(job: Job, said?: "running"): Promise<void>;
  close(): void;
}

const ANSWER_MS = 5_000;
/** Timers may fire a millisecond before the wall clock is there, and then the job was told to be running. */
const EARLY_MS = 2;
const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

export function openTeller(witness: Witness, filesUrl: string): Teller {
  const timers = new Set<NodeJS.Timeout>();

  const tell: Teller["tell"] = async (job, said) => {
    if (job.webhook === null || job.script.webhook === "never") return;
    const view = viewOf(job, Date.now(), filesUrl);
    const event = said ? { job: view.job, status: said, progress: 50 } : view;
    const status = await post(job.webhook, { ...event, attempt: job.attempt });
    witness.write({ event: "webhook", attempt: job.attempt, job: job.id, said: event.status, status });
  };

  const atEnd = async (job: Job): Promise<void> => {
    await tell(job);
    if (job.script.webhook === "twice") await tell(job);
    if (job.script.webhook === "out-of-order") await tell(job, "running");
  };

  return {
    schedule(job) {
      if (job.webhook === null || job.script.stuck) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        void atEnd(job);
      }, workMs(job.script) + EARLY_MS);
      timers.add(timer);
    },
    tell,
    close() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** The status of the answer; null where none came. */
async function post(url: string, body: unknown): Promise<number | null> {
  // A test upstream must not be talked into calling anybody else's machine.
  if (!LOOPBACK.includes(new URL(url).hostname)) return null;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  }
}

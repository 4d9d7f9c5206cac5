/**
 * A provider that does everything providers do: takes the work and loses the answer, loses the request, lets it arrive
 * after we stopped waiting, refuses, fails, says words without meaning, finishes late or never. It never
 * recognises an attempt that it has seen before: a submit that is sent twice is bought twice.
 */
import { ReelayError } from "../../src/core/errors.ts";
import type { Json } from "../../src/core/json.ts";
import type { Cancelled, Found, Progress, Provider, Submission, Submitted } from "../../src/core/provider.ts";
import type { Random } from "./random.ts";
import { sleep, type VirtualTime } from "./virtual-time.ts";

interface Job {
  readonly id: string;
  readonly attemptId: string;
  readonly taskId: string;
  readonly acceptedAt: number;
  readonly runsAt: number;
  /** null: never. */
  readonly endsAt: number | null;
  readonly ends: "done" | "failed";
  cancelled: boolean;
}

export interface Upstream {
  readonly provider: Provider;
  readonly jobs: readonly Job[];
  /** What it did, or will have done, and asks money for. */
  bills(taskId: string): readonly Job[];
}

const LONGEST_ARRIVAL_MS = 10_000;
/** Nothing of a request that is older can appear any more. */
const SETTLED_MS = 20_000;
const GIVE_UP_MS = 5_000;

export function openUpstream(time: VirtualTime, random: Random, deadlineMs: number): Upstream {
  const wheel = time.openWheel();
  const jobs: Job[] = [];
  const lastSent = new Map<string, number>();

  const accept = ({ attemptId, params }: Submission): Job => {
    const takes = random.chance(0.1)
      ? deadlineMs + random.between(0, deadlineMs)
      : random.between(500, deadlineMs / 2);
    const job: Job = {
      id: `job_${jobs.length}`,
      attemptId,
      taskId: String(params.prompt),
      acceptedAt: time.now(),
      runsAt: time.now() + random.between(0, 5_000),
      endsAt: random.chance(0.05) ? null : time.now() + takes,
      ends: random.chance(0.12) ? "failed" : "done",
      cancelled: false,
    };
    jobs.push(job);
    return job;
  };

  const submit = async (work: Submission, signal: AbortSignal): Promise<Submitted> => {
    if (random.chance(0.03)) throw new ReelayError("provider_failed", "No address was found for its name.");
    if (signal.aborted) throw signal.reason;
    lastSent.set(work.attemptId, time.now());
    const fate = random.next();
    const busy = {
      refused: new ReelayError("provider_busy", "later"),
      again: { afterMs: random.between(1, 20_000) },
    };
    const aborted = new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    const answer = async (ms: number, answered: () => Submitted): Promise<Submitted> =>
      Promise.race([sleep(wheel, ms).then(answered), aborted.then(() => ({ unknown: "aborted" }))]);
    if (fate < 0.15) return answer(random.between(10, 2_000), () => busy);
    if (fate < 0.2)
      return answer(10, () => ({ refused: new ReelayError("content_refused", "no"), again: false }));
    const arrives = fate > 0.3;
    const answers = fate > 0.5;
    const arrived =
      arrives &&
      sleep(wheel, random.between(10, answers ? 2_000 : LONGEST_ARRIVAL_MS)).then(() => accept(work));
    const lost = answer(GIVE_UP_MS, () => ({ unknown: "the answer did not come" }));
    if (!arrived || !answers) return lost;
    const told = arrived.then(async ({ id }) => {
      await sleep(wheel, random.between(10, 2_000));
      return { accepted: { job: id } };
    });
    return Promise.race([told, lost]);
  };

  const jobOf = (ticket: Json): Job => {
    const job = jobs.find(({ id }) => id === (ticket as { job: string }).job);
    if (!job) throw new Error("asked about a job that never was");
    return job;
  };

  const check = async (ticket: Json): Promise<Progress> => {
    await sleep(wheel, random.between(5, 500));
    if (random.chance(0.1)) throw new Error("502");
    const { cancelled, endsAt, ends, runsAt, id } = jobOf(ticket);
    if (cancelled) return { state: "failed", error: new ReelayError("provider_failed", "It was cancelled.") };
    if (endsAt !== null && time.now() >= endsAt) {
      if (ends === "failed")
        return { state: "failed", error: new ReelayError("provider_failed", "It failed.") };
      return { state: "done", output: { from: { url: `result of ${id}` }, meta: {}, ignored: {} } };
    }
    if (time.now() < runsAt || random.chance(0.1)) {
      return random.chance(0.2)
        ? { state: "pending", retryAfterMs: random.between(0, 60_000) }
        : { state: "pending" };
    }
    return { state: "processing", progress: random.between(1, 99) };
  };

  const find = async (attemptId: string): Promise<Found> => {
    await sleep(wheel, random.between(5, 500));
    if (random.chance(0.1)) throw new ReelayError("provider_failed", "The provider could not be asked.");
    const job = jobs.find((one) => one.attemptId === attemptId);
    if (job && (random.chance(0.7) || time.now() > job.acceptedAt + SETTLED_MS))
      return { accepted: { job: job.id } };
    const sentAt = lastSent.get(attemptId);
    return !job && (sentAt === undefined || time.now() > sentAt + SETTLED_MS) ? "absent" : "unknown";
  };

  const cancel = async (ticket: Json): Promise<Cancelled> => {
    await sleep(wheel, random.between(5, 500));
    if (random.chance(0.1)) throw new Error("502");
    const job = jobOf(ticket);
    if (job.endsAt !== null && time.now() >= job.endsAt) return "too-late";
    if (random.chance(0.2)) return "requested";
    job.cancelled = true;
    return "cancelled";
  };

  return {
    jobs,
    bills: (taskId) => jobs.filter((job) => job.taskId === taskId && !job.cancelled && job.ends === "done"),
    provider: {
      id: "upstream",
      kind: "upstream",
      free: false,
      concurrency: random.between(1, 3),
      pollEveryMs: random.pick([500, 2_000]),
      checksPerSecond: random.pick([2, 100]),
      reconcileMs: random.pick([3_000, 60_000]),
      prior: () => random.pick([1, 30]),
      submit,
      check,
      ...(random.chance(0.8) && { find }),
      ...(random.chance(0.6) && { cancel }),
    },
  };
}

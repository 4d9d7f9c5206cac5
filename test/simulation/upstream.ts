/**
 * A provider that does everything providers do: takes the work and loses the answer, loses the request, lets it arrive
 * after we stopped waiting, refuses, fails, says words without meaning, finishes late or never. It never
 * recognises an attempt that it has seen before: a submit that is sent twice is bought twice.
 */
import { type ErrorCode, ReelayError } from "../../src/core/errors.ts";
import type { Json } from "../../src/core/json.ts";
import type {
  Cancelled,
  Found,
  Progress,
  Provider,
  Submission,
  Submitted,
  Work,
} from "../../src/core/provider.ts";
import type { Random } from "./random.ts";
import { drawn, type Odds, type Temper } from "./temper.ts";
import { sleep, type VirtualTime } from "./virtual-time.ts";
import type { Ticket, Witness } from "./witness.ts";

interface Job {
  /** The next one of this provider: another's may have the same name. */
  readonly id: string;
  readonly attemptId: string;
  readonly taskId: string;
  readonly acceptedAt: number;
  readonly runsAt: number;
  /** null: never. */
  readonly endsAt: number | null;
  /** undefined: well. */
  readonly fails: ErrorCode | undefined;
  cancelled: boolean;
}

export interface Upstream {
  readonly provider: Provider;
  readonly jobs: readonly Job[];
  /** What it did, or will have done, and asks money for. */
  bills(taskId: string): readonly Job[];
  /** Whether a video was there to be fetched at that time. */
  finished(taskId: string, at: number): boolean;
}

export interface UpstreamOptions {
  readonly id: string;
  readonly kind: string;
  readonly temper: Temper;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly deadlineMs: number;
  readonly witness: Witness;
}

const LONGEST_ARRIVAL_MS = 10_000;
/** Nothing of a request that is older can appear any more. */
const SETTLED_MS = 20_000;
const GIVE_UP_MS = 5_000;
const ABOUT_THE_REQUEST: readonly ErrorCode[] = ["content_refused", "invalid_parameters", "provider_refused"];

export function openUpstream(options: UpstreamOptions): Upstream {
  const { id: by, temper, time, random, deadlineMs, witness } = options;
  const wheel = time.openWheel();
  const jobs: Job[] = [];
  const lastSent = new Map<string, number>();
  /** By task: of what it asks for it takes the same view each time. */
  const views = new Map<string, ErrorCode>();
  const ticketOf = ({ id }: Job): Json => ({ by, job: id });

  const refuses = ({ params }: Work, odds: Odds): ErrorCode | undefined => {
    const refusal = drawn(random, odds);
    const task = String(params.prompt);
    if (refusal && ABOUT_THE_REQUEST.includes(refusal) && !views.has(task)) views.set(task, refusal);
    return views.get(task) ?? refusal;
  };

  const accept = ({ attemptId, params }: Submission): Job => {
    const takes = random.chance(temper.late)
      ? deadlineMs + random.between(0, deadlineMs)
      : random.between(500, deadlineMs / 2);
    const job: Job = {
      id: `job_${jobs.length}`,
      attemptId,
      taskId: String(params.prompt),
      acceptedAt: time.now(),
      runsAt: time.now() + random.between(0, 5_000),
      endsAt: random.chance(temper.never) ? null : time.now() + takes,
      fails: drawn(random, temper.fails),
      cancelled: false,
    };
    jobs.push(job);
    const { id, taskId: task } = job;
    witness.write({ event: "accepted", provider: by, task, attempt: attemptId, job: id });
    return job;
  };

  const submit = async (work: Submission, signal: AbortSignal): Promise<Submitted> => {
    if (random.chance(temper.unreachable))
      throw new ReelayError("provider_failed", "No address was found for its name.");
    if (signal.aborted) throw signal.reason;
    lastSent.set(work.attemptId, time.now());
    const refusal = refuses(work, temper.refuses);
    const again = refusal === "provider_busy" && { afterMs: random.between(1, 20_000) };
    const aborted = new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    const answer = async (ms: number, answered: () => Submitted): Promise<Submitted> =>
      Promise.race([sleep(wheel, ms).then(answered), aborted.then(() => ({ unknown: "aborted" }))]);
    if (refusal) {
      const refused = new ReelayError(refusal, `It said ${refusal}.`);
      return answer(random.between(10, 2_000), () => ({ refused, again }));
    }
    const arrives = !random.chance(temper.losesRequests);
    const answers = arrives && !random.chance(temper.losesAnswers);
    const arrived =
      arrives &&
      sleep(wheel, random.between(10, answers ? 2_000 : LONGEST_ARRIVAL_MS)).then(() => accept(work));
    const lost = answer(GIVE_UP_MS, () => ({ unknown: "the answer did not come" }));
    if (!arrived || !answers) return lost;
    const told = arrived.then(async (job) => {
      await sleep(wheel, random.between(10, 2_000));
      return { accepted: ticketOf(job) };
    });
    return Promise.race([told, lost]);
  };

  const prepare = async (work: Work): Promise<Json> => {
    await sleep(wheel, random.between(5, 2_000));
    const refusal = refuses(work, temper.unprepared ?? {});
    if (refusal) throw new ReelayError(refusal, `It was not prepared: ${refusal}.`);
    return { by };
  };

  const jobOf = (ticket: Json): Job => {
    const job = jobs.find(({ id }) => id === (ticket as unknown as Ticket).job);
    if (!job) throw new Error("asked about a job that never was");
    return job;
  };

  const check = async (ticket: Json): Promise<Progress> => {
    await sleep(wheel, random.between(5, 500));
    if (random.chance(0.1)) throw new Error("502");
    const { cancelled, endsAt, fails, runsAt, id } = jobOf(ticket);
    if (cancelled) return { state: "failed", error: new ReelayError("provider_failed", "It was cancelled.") };
    if (endsAt !== null && time.now() >= endsAt) {
      if (fails) return { state: "failed", error: new ReelayError(fails, `It failed: ${fails}.`) };
      return { state: "done", output: { from: { url: `result of ${by}'s ${id}` }, meta: {}, ignored: {} } };
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
      return { accepted: ticketOf(job) };
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
    bills: (taskId) =>
      jobs.filter((job) => job.taskId === taskId && !job.cancelled && job.fails === undefined),
    finished: (taskId, at) =>
      jobs.some((job) => job.taskId === taskId && !job.fails && job.endsAt !== null && job.endsAt <= at),
    provider: {
      id: by,
      kind: options.kind,
      free: false,
      concurrency: random.between(1, 3),
      pollEveryMs: random.pick([500, 2_000]),
      checksPerSecond: random.pick([2, 100]),
      reconcileMs: random.pick([3_000, 60_000]),
      prior: () => random.pick([1, 30]),
      submit,
      check,
      ...(temper.unprepared && { prepare }),
      ...(random.chance(0.8) && { find }),
      ...(random.chance(0.6) && { cancel }),
      ...(random.chance(0.5) && { forget: async () => undefined }),
    },
  };
}

/**
 * What providers share that look for a lost attempt among jobs that look alike. One client often asks for the same video
 * four times, and many for "animate this picture": without this, another attempt's job would be taken for the lost one,
 * and somebody would get somebody else's video. Whatever is not the only possibility stays unknown.
 */
import { timeOf } from "../core/ids.ts";

export interface Lost {
  /** An attempt's submit is about to leave. Jobs of the same likeness cannot be told apart by anything but their time. */
  begin(attemptId: string, likeness: string): void;
  /** Its answer came, or it was found: with its job, or with none where it was refused. */
  end(attemptId: string, job?: string): void;
  /** Its ticket is in use, so it is not the one that was lost. */
  noteKnown(job: string): void;
  /**
   * When the submit of this attempt can have arrived; undefined where it is not to be looked for now. Not right after
   * the start: until the tickets of an earlier process have been asked about, nobody here knows whose jobs are whose.
   */
  look(attemptId: string, likeness: string): Span | undefined;
  /** Whether the job may be this attempt's, as far as other attempts are known. */
  mayBe(job: string, attemptId: string): boolean;
  /** Another attempt of its likeness and time has no job either: the one job that there is may be that one's. */
  hasTwin(attemptId: string): boolean;
}

/** Milliseconds since 1970, by our clock. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

interface LostOptions {
  readonly now: () => number;
  /** Between two looks for one attempt, and before the first after the start. */
  readonly everyMs: number;
  /** How long the upstream remembers what was asked of it. */
  readonly keptMs: number;
}

/** What the upstream's clock and ours may differ by. */
const SKEW_MS = 60_000;
/** From an attempt's beginning to the moment when the last byte of its submit can have arrived. */
const SUBMIT_MS = 60_000;
/** The oldest go first. */
const MOST_JOBS = 20_000;
const MOST_OPEN = 5_000;

interface Open {
  readonly likeness: string;
  /** undefined where nobody knows any more. */
  readonly at: number | undefined;
  readonly lookedAt: number;
}

export function openLost({ now, everyMs, keptMs }: LostOptions): Lost {
  const startedAt = now();
  const owners = new Map<string, string>();
  const open = new Map<string, Open>();
  const spanOf = ({ at }: Open): Span =>
    at === undefined
      ? { from: now() - keptMs, to: now() + SKEW_MS }
      : { from: at - SKEW_MS, to: at + SUBMIT_MS + SKEW_MS };

  return {
    begin: (attemptId, likeness) =>
      remember(open, attemptId, { likeness, at: now(), lookedAt: Number.NEGATIVE_INFINITY }, MOST_OPEN),
    end(attemptId, job) {
      open.delete(attemptId);
      if (job !== undefined) remember(owners, job, attemptId, MOST_JOBS);
    },
    noteKnown(job) {
      if (!owners.has(job)) remember(owners, job, "", MOST_JOBS);
    },
    look(attemptId, likeness) {
      const known = open.get(attemptId);
      const at = known === undefined ? timeOf(attemptId) : known.at;
      const lookedAt = known?.lookedAt ?? Number.NEGATIVE_INFINITY;
      const due = now() >= Math.max(startedAt, lookedAt) + everyMs;
      // Remembered before it is looked for, so that twins which another process left behind know of each other.
      const one: Open = { likeness: known?.likeness ?? likeness, at, lookedAt: due ? now() : lookedAt };
      remember(open, attemptId, one, MOST_OPEN);
      return due ? spanOf(one) : undefined;
    },
    mayBe(job, attemptId) {
      const owner = owners.get(job);
      return owner === undefined || owner === attemptId;
    },
    hasTwin(attemptId) {
      const one = open.get(attemptId);
      if (one === undefined) return false;
      const { from, to } = spanOf(one);
      return [...open].some(([id, other]) => {
        if (id === attemptId || other.likeness !== one.likeness) return false;
        const span = spanOf(other);
        return span.from <= to && from <= span.to;
      });
    },
  };
}

function remember<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}

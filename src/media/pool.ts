/**
 * Children that do the work on hostile bytes and native code, so that a fault there costs one job and never
 * the server. At most `size` at once. Small work overtakes large: a job is due when it came plus some times what it
 * takes, and whatever is due first starts first. So a picture of a second waits for the 4k video that is being drawn,
 * but not for those that wait with it; and as its own due moment comes, nothing overtakes the large one any more.
 */
import { ReelayError } from "../core/errors.ts";
import { networkFence } from "./fence.ts";
import { openWorker, type PoolLog, type Worker } from "./worker.ts";

export interface PoolOptions {
  /** The child's program, `.ts` or `.js`; it calls `serveOps`. */
  readonly entry: URL;
  readonly size: number;
  /** For each job, unless it brings its own; counted from when it starts, not from when it was asked for. */
  readonly deadlineMs: number;
  /** What a child and the tools it runs may hold in memory. */
  readonly maxRssBytes: number;
  /** After so many jobs a child is replaced: native memory creeps. */
  readonly jobsPerChild?: number;
  /** The children's whole environment: `PATH`, `LANG`, `TMPDIR`. Nothing else of ours reaches them. */
  readonly env?: Readonly<Record<string, string>>;
  readonly log: PoolLog;
  /** Milliseconds that only grow. */
  readonly now?: () => number;
}

/** No job waits for smaller ones that came later longer than so many times what it takes itself. */
const PATIENCE = 4;

interface RunOptions {
  readonly signal?: AbortSignal;
  /** The job left the queue. */
  readonly onStart?: () => void;
  /** 0 to 100. */
  readonly onProgress?: (percent: number) => void;
  readonly deadlineMs?: number;
  /** What it takes, about; by pixels times frames, for example. Left out: nothing to speak of. */
  readonly costMs?: number;
}

export interface Pool {
  /**
   * Rejects with the ReelayError that the op threw, `cancelled`, `deadline_exceeded`, or `provider_failed` where
   * the child died; once the pool is closed with `overloaded`.
   */
  run(op: string, args: unknown, options?: RunOptions): Promise<unknown>;
  /** Jobs that have not started. */
  waiting(): number;
  /** Stops every job and child. */
  close(): Promise<void>;
}

interface Waiting {
  readonly due: number;
  start(worker: Worker): Promise<void>;
  refuse(error: ReelayError): void;
}

export function openPool(options: PoolOptions): Pool {
  const {
    entry,
    size,
    maxRssBytes,
    jobsPerChild = 20,
    env = {},
    log,
    now = () => performance.now(),
  } = options;
  // Looked for now, at the start, and not while somebody waits.
  networkFence();
  const queue: Waiting[] = [];
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  let closed = false;

  function startWorker(): Worker {
    const worker = openWorker({ entry, maxRssBytes, env, log, onExit: () => forget(worker) });
    all.add(worker);
    return worker;
  }

  function forget(worker: Worker): void {
    all.delete(worker);
    const place = idle.indexOf(worker);
    if (place >= 0) idle.splice(place, 1);
    startJobs();
  }

  function startJobs(): void {
    while (!closed && queue.length > 0 && (idle.length > 0 || all.size < size)) {
      const worker = idle.pop() ?? startWorker();
      void queue
        .shift()
        ?.start(worker)
        .then(() => finish(worker));
    }
  }

  function finish(worker: Worker): void {
    if (!all.has(worker)) return;
    if (worker.jobs >= jobsPerChild || worker.rss > maxRssBytes) void worker.stop(stopping());
    else idle.push(worker);
    startJobs();
  }

  return {
    run(op, args, { signal, onStart, onProgress, deadlineMs = options.deadlineMs, costMs = 0 } = {}) {
      return new Promise((resolve, reject) => {
        if (closed) return reject(stopping());
        if (signal?.aborted) return reject(cancelled());
        const onAbort = () => {
          queue.splice(queue.indexOf(waiting), 1);
          reject(cancelled());
        };
        const waiting: Waiting = {
          due: now() + PATIENCE * costMs,
          async start(worker) {
            signal?.removeEventListener("abort", onAbort);
            try {
              onStart?.();
              resolve(await worker.run({ op, args, deadlineMs, signal, onProgress }));
            } catch (error) {
              reject(error);
            }
          },
          refuse(error) {
            signal?.removeEventListener("abort", onAbort);
            reject(error);
          },
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        const later = queue.findIndex(({ due }) => due > waiting.due);
        queue.splice(later < 0 ? queue.length : later, 0, waiting);
        startJobs();
      });
    },
    waiting: () => queue.length,
    async close() {
      closed = true;
      for (const waiting of queue.splice(0)) waiting.refuse(stopping());
      await Promise.all([...all].map((worker) => worker.stop(stopping())));
    },
  };
}

function cancelled(): ReelayError {
  return new ReelayError("cancelled", "The work was cancelled before it started.");
}

function stopping(): ReelayError {
  return new ReelayError("overloaded", "The server is stopping; the work will start again when it is back.");
}

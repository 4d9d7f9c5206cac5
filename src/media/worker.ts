import { type ChildProcess, fork } from "node:child_process";
import { ReelayError } from "../core/errors.ts";
import type { FromChild, ToChild } from "./child.ts";
import { networkFence } from "./fence.ts";
import { watchMemory } from "./memory.ts";

export type PoolLog = (
  level: "debug" | "info" | "warn" | "error",
  event: string,
  fields?: Record<string, unknown>,
) => void;

export interface WorkerOptions {
  /** The child's program, `.ts` or `.js`; it calls `serveOps`. */
  readonly entry: URL;
  readonly maxRssBytes: number;
  /** The child's whole environment: `PATH`, `LANG`, `TMPDIR`; never the server's own, which holds keys. */
  readonly env: Readonly<Record<string, string>>;
  readonly log: PoolLog;
  /** The child is gone, whatever the reason. */
  readonly onExit: () => void;
}

interface Job {
  readonly op: string;
  readonly args: unknown;
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((percent: number) => void) | undefined;
}

/** One child, one job at a time. */
export interface Worker {
  /** Rejects with a ReelayError and nothing else. */
  run(job: Job): Promise<unknown>;
  readonly jobs: number;
  /** Bytes, as the child said after its last job. */
  readonly rss: number;
  /** A job that is running rejects with `error`. Resolves once the child is gone. */
  stop(error: ReelayError): Promise<void>;
}

/** How long a child may take to stop by itself. */
const GRACE_MS = 500;
const MIB = 1024 * 1024;
/** With less V8 does not start (it ends itself with SIGTRAP). */
const MIN_HEAP_MIB = 64;

interface Current {
  readonly id: number;
  readonly onProgress: Job["onProgress"];
  resolve(value: unknown): void;
  reject(error: ReelayError): void;
}

export function openWorker({ entry, maxRssBytes, env, log, onExit }: WorkerOptions): Worker {
  // Pictures and sound live outside V8's heap; half of the allowance is plenty for what lives inside.
  const heap = `--max-old-space-size=${Math.max(MIN_HEAP_MIB, Math.ceil(maxRssBytes / 2 / MIB))}`;
  const [execPath = process.execPath, ...before] = [...(networkFence() ?? []), process.execPath];
  const child = fork(entry, [], {
    execPath,
    execArgv: [...before, heap],
    env: { ...env },
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // Head of its own group, so that whatever it starts dies with it.
    detached: process.platform !== "win32",
  });
  let current: Current | undefined;
  let jobs = 0;
  let rss = 0;
  let why: ReelayError | undefined;
  const gone = new Promise<void>((resolve) => {
    const end = (how: string) => {
      killGroup(child);
      current?.reject(why ?? new ReelayError("provider_failed", `The renderer stopped (${how}).`));
      resolve();
      onExit();
    };
    child.once("exit", (code, signal) => {
      const how = signal ?? `exit code ${code}`;
      if (!why) log("warn", "media-child-died", { pid: child.pid, how });
      end(how);
    });
    child.on("error", (error) => {
      log("error", "media-child-error", { pid: child.pid, error });
      if (child.pid === undefined) end("it could not be started");
    });
  });
  child.stderr?.on("data", (bytes: Buffer) => {
    log("warn", "media-child-said", { pid: child.pid, text: bytes.toString("utf8").slice(0, 4000) });
  });
  child.on("message", (message: FromChild) => {
    if (!current || message.job !== current.id) return;
    if (message.type === "progress") {
      current.onProgress?.(message.percent);
      return;
    }
    rss = message.rss;
    if (message.type === "done") current.resolve(message.value);
    else current.reject(new ReelayError(message.code, message.message));
  });

  const send = (message: ToChild) => child.send(message, () => {});
  const stop = (error: ReelayError) => {
    why ??= error;
    killGroup(child);
    return gone;
  };

  return {
    get jobs() {
      return jobs;
    },
    get rss() {
      return rss;
    },
    stop,
    async run(job) {
      const id = ++jobs;
      const fence = { pid: child.pid, maxRssBytes, stop, abort: () => send({ type: "abort", job: id }) };
      let unfence = () => {};
      try {
        const value = await new Promise((resolve, reject) => {
          current = { id, onProgress: job.onProgress, resolve, reject };
          send({ type: "run", job: id, op: job.op, args: job.args });
          unfence = putFence(job, fence);
        });
        if (job.signal?.aborted) throw cancelled();
        return value;
      } finally {
        current = undefined;
        unfence();
      }
    },
  };
}

interface Fence {
  readonly pid: number | undefined;
  readonly maxRssBytes: number;
  stop(error: ReelayError): Promise<void>;
  /** Asks the child to stop by itself. */
  abort(): void;
}

/** Holds one job to its deadline, its memory and its caller's wish. Returns how to take all of it away. */
function putFence({ deadlineMs, signal }: Job, { pid, maxRssBytes, stop, abort }: Fence): () => void {
  const unwatch = watchMemory(pid, maxRssBytes, () => void stop(tooBig(maxRssBytes)));
  const deadline = setTimeout(() => void stop(tooLate(deadlineMs)), deadlineMs);
  let grace: NodeJS.Timeout | undefined;
  const onAbort = () => {
    abort();
    grace = setTimeout(() => void stop(cancelled()), GRACE_MS);
  };
  if (signal?.aborted) onAbort();
  else signal?.addEventListener("abort", onAbort, { once: true });
  return () => {
    unwatch();
    clearTimeout(deadline);
    clearTimeout(grace);
    signal?.removeEventListener("abort", onAbort);
  };
}

function cancelled(): ReelayError {
  return new ReelayError("cancelled", "The work was stopped because it was cancelled.");
}

function tooLate(ms: number): ReelayError {
  return new ReelayError("deadline_exceeded", `The renderer was stopped after ${ms / 1000} s, its limit.`);
}

function tooBig(bytes: number): ReelayError {
  const limit = `${Math.round(bytes / MIB)} MiB`;
  return new ReelayError(
    "provider_failed",
    `The renderer was stopped: it took more than ${limit} of memory.`,
  );
}

/** Kills the child and all it started, also what is left of the group where the child is dead already. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // ESRCH: nothing is left of it.
  }
}

/**
 * The child's side of the pool: answers one job after another over the channel that `fork` opens. A child is
 * the fence around native code and hostile bytes, so it must never outlive the server that asked.
 */
import { ERRORS, type ErrorCode, ReelayError } from "../core/errors.ts";

export interface OpContext {
  /** 0 to 100. */
  progress(percent: number): void;
  readonly signal: AbortSignal;
}

export type Ops = Readonly<Record<string, (args: never, context: OpContext) => Promise<unknown>>>;

/** What the server sends. */
export type ToChild =
  | { readonly type: "run"; readonly job: number; readonly op: string; readonly args: unknown }
  | { readonly type: "abort"; readonly job: number };

/** What a child answers; `rss` in bytes. */
export type FromChild =
  | { readonly type: "progress"; readonly job: number; readonly percent: number }
  | { readonly type: "done"; readonly job: number; readonly value: unknown; readonly rss: number }
  | {
      readonly type: "failed";
      readonly job: number;
      readonly code: ErrorCode;
      readonly message: string;
      readonly rss: number;
    };

/** Serves `ops` until the parent goes away. Called once, by the entry of a child. */
export function serveOps(ops: Ops): void {
  const running = new Map<number, AbortController>();
  process.on("disconnect", endWithGroup);
  process.on("message", (message: ToChild) => {
    if (message.type === "abort") running.get(message.job)?.abort();
    else void run(message);
  });

  async function run({ job, op, args }: Extract<ToChild, { type: "run" }>): Promise<void> {
    const controller = new AbortController();
    running.set(job, controller);
    const progress = (percent: number) => send({ type: "progress", job, percent });
    try {
      const work = Object.hasOwn(ops, op) ? ops[op] : undefined;
      if (!work) throw new Error(`there is no op ${op}`);
      const value = await work(args as never, { progress, signal: controller.signal });
      send({ type: "done", job, value, rss: process.memoryUsage.rss() });
    } catch (error) {
      send({ type: "failed", job, ...describe(error, controller.signal), rss: process.memoryUsage.rss() });
    } finally {
      running.delete(job);
    }
  }
}

/**
 * Ends this process and all it started (the pool makes every child the head of its own group): a decoder that
 * spins on a hostile file would spin on for ever.
 */
function endWithGroup(): void {
  try {
    process.kill(-process.pid, "SIGKILL");
  } finally {
    process.exit(1);
  }
}

function send(message: FromChild): void {
  // The callback takes the error of a parent that is just going; "disconnect" ends us a moment later.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

function describe(error: unknown, signal: AbortSignal): { code: ErrorCode; message: string } {
  if (error instanceof ReelayError && error.code in ERRORS)
    return { code: error.code, message: error.message };
  if (signal.aborted) return { code: "cancelled", message: "The work was stopped because it was cancelled." };
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return { code: "provider_failed", message: "The renderer failed on this request." };
}

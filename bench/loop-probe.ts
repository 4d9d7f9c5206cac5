/**
 * Loaded into a process with `--import loop-probe.ts?file=...`: writes to that file, four times a second, how its
 * event loop fares, in milliseconds; forgets what was before whenever the file has been removed.
 */
import { existsSync, writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

export interface Loop {
  /** The most that the loop's thread computed between two turns: what it blocks by itself. */
  readonly work: number;
  /** How late a timer was: that, and the time the machine gave to others. */
  readonly late: number;
  readonly latest: number;
}

const path = new URL(import.meta.url).searchParams.get("file");
if (path) watch(path);

function watch(file: string): void {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let [used, work] = [threadMs(), 0];
  const turn = () => {
    const now = threadMs();
    work = Math.max(work, now - used);
    used = now;
  };
  setInterval(turn, 1).unref();
  const tell = () => {
    if (!existsSync(file)) {
      delay.reset();
      work = 0;
    }
    const loop: Loop = { work, late: delay.percentile(99) / 1e6, latest: delay.max / 1e6 };
    writeFileSync(file, JSON.stringify(loop));
    // What it took to tell is not the process's own.
    used = threadMs();
  };
  setInterval(tell, 250).unref();
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

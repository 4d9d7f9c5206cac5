import { readFile } from "node:fs/promises";

const EVERY_MS = 250;

/**
 * Looks at what a process and its direct children hold, and calls `onTooMuch` once. Returns the way to stop
 * looking. Linux only: elsewhere a child is measured between jobs, by itself.
 */
export function watchMemory(pid: number | undefined, maxBytes: number, onTooMuch: () => void): () => void {
  if (pid === undefined || process.platform !== "linux") return () => {};
  let looking = false;
  const timer = setInterval(async () => {
    if (looking) return;
    looking = true;
    const bytes = await residentBytes(pid);
    looking = false;
    if (bytes > maxBytes) {
      clearInterval(timer);
      onTooMuch();
    }
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** 0 for what is not there (any more). */
async function residentBytes(pid: number): Promise<number> {
  const children = await read(`/proc/${pid}/task/${pid}/children`);
  const pids = [String(pid), ...children.split(" ").filter((each) => each !== "")];
  let bytes = 0;
  for (const each of pids) {
    // `status` and not `statm`, which counts in pages of 4, 16 or 64 KiB.
    const kib = /^VmRSS:\s+(\d+) kB/m.exec(await read(`/proc/${each}/status`))?.[1];
    bytes += 1024 * Number(kib ?? 0);
  }
  return bytes;
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "latin1");
  } catch {
    return "";
  }
}

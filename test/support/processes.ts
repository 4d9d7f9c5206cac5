/** Which processes a server has started, as the system tells it (Linux: /proc). */
import { readdir, readFile } from "node:fs/promises";

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

async function look(pid: string): Promise<Process | undefined> {
  try {
    const [stat, command] = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile(`/proc/${pid}/cmdline`, "utf8"),
    ]);
    // The name in brackets may hold anything, so fields are counted from behind it.
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z") return undefined;
    return { pid: Number(pid), parent: Number(parent), command: command.replaceAll("\0", " ").trim() };
  } catch {
    // It ended while we looked.
    return undefined;
  }
}

async function all(): Promise<readonly Process[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  return (await Promise.all(pids.map(look))).filter((one) => one !== undefined);
}

/** Children, their children and so on, as they are at this moment. */
export async function descendants(pid: number): Promise<readonly Process[]> {
  const known = await all();
  const found: Process[] = [];
  for (let parents = [pid]; parents.length > 0; ) {
    const next = known.filter((one) => parents.includes(one.parent));
    found.push(...next);
    parents = next.map((one) => one.pid);
  }
  return found;
}

export async function isAlive(pid: number): Promise<boolean> {
  return (await look(String(pid))) !== undefined;
}

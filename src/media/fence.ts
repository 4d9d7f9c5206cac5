/**
 * How a child is started so that it reaches no network: in a network namespace of its own, which Linux gives to root,
 * and to others where user namespaces are open. Elsewhere (a container without rights, macOS) the decoders are still told
 * to open nothing but the one file, and the readers refuse every type that refers to others; this is the wall behind.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const TOOLS = ["/usr/bin/unshare", "/bin/unshare"];
/** The second needs no rights: a user namespace in which we are who we were. */
const WAYS = [["--net"], ["--map-current-user", "--net"]];
const PROBE_MS = 2_000;

let found: readonly string[] | null | undefined;

/** What to put in front of a command, or null where there is no such wall here. Looks once for the whole process. */
export function networkFence(): readonly string[] | null {
  if (found === undefined) found = process.platform === "linux" ? lookFor() : null;
  return found;
}

function lookFor(): readonly string[] | null {
  const tool = TOOLS.find((path) => existsSync(path));
  if (tool === undefined) return null;
  for (const way of WAYS) {
    const command = [tool, ...way, "--"];
    // Our own program, so that what is tried is what will be done.
    const { status } = spawnSync(tool, [...way, "--", process.execPath, "--version"], {
      env: {},
      stdio: "ignore",
      timeout: PROBE_MS,
    });
    if (status === 0) return command;
  }
  return null;
}

/** Our command line as a child process, seen from outside: what it prints and how it exits. */
import { spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const BIN = join(ROOT, "bin/reelay.js");

export type Environment = Readonly<Record<string, string>>;

/** This process's environment without settings of ours: a developer's own must not change a test. */
export function cleanEnvironment(more: Environment = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("REELAY_"));
  return { ...Object.fromEntries(kept), ...more };
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Environment;
  readonly node?: string;
  readonly cwd?: string;
}

/** `node bin/reelay.js <args>`, to its end. */
export function reelay(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { env = {}, node = process.execPath, cwd = ROOT } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(node, [BIN, ...args], {
      cwd,
      env: cleanEnvironment(env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const text = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (more: string) => {
      text.stdout += more;
    });
    child.stderr.setEncoding("utf8").on("data", (more: string) => {
      text.stderr += more;
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...text }));
  });
}

export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "reelay-test-"));
}

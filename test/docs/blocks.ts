/** The code blocks of a page, and a shell that runs them in order as a reader would. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { BIN, cleanEnvironment, type Environment, ROOT } from "../support/run.ts";

export interface Block {
  readonly info: string;
  readonly text: string;
  /** In the page, for messages. */
  readonly line: number;
}

export function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { ticks: string; info: string; line: number; lines: string[] } | undefined;
  for (const [place, line] of markdown.split("\n").entries()) {
    const [, ticks = "", info = ""] = /^(`{3,})(.*)$/.exec(line) ?? [];
    if (!open && ticks !== "") open = { ticks, info: info.trim(), line: place + 1, lines: [] };
    else if (open && ticks === open.ticks && info === "") {
      blocks.push({ info: open.info, text: open.lines.join("\n"), line: open.line });
      open = undefined;
    } else open?.lines.push(line);
  }
  if (open) throw new Error(`the block of line ${open.line} has no end`);
  return blocks;
}

/** What a block of this language needs on the machine. */
export const TOOLS: Readonly<Record<string, readonly string[]>> = {
  bash: ["bash", "curl", "jq", "openssl", "sha256sum", "od", "base64"],
  ts: ["bash"],
  python: ["bash", "python3"],
};

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Shell {
  /** Runs a block of bash, ts or python; what it exports is there for the next ones. */
  run(block: Block): Promise<Ran>;
  close(): Promise<void>;
}

const END = "__the block has ended__";

/** In an empty folder, with `reelay` and the node of this process on the PATH. */
export async function openShell(env: Environment): Promise<Shell> {
  const folder = await mkdtemp(join(tmpdir(), "reelay-docs-"));
  await writeFile(join(folder, ".reelay"), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`, {
    mode: 0o755,
  });
  // What a reader would install.
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const path = `${dirname(process.execPath)}:${process.env.PATH}`;
  const shell = spawn("bash", ["--noprofile", "--norc"], {
    cwd: folder,
    env: { ...cleanEnvironment(env), PATH: path },
  });
  const work = await mkdtemp(join(folder, "work-"));
  shell.stdin.write(`set -euo pipefail\ncd "${work}"\nreelay() { "${folder}/.reelay" "$@"; }\n`);
  let count = 0;
  return {
    async run({ info, text }) {
      const file = join(work, `block-${++count}.${info === "ts" ? "mts" : info}`);
      await writeFile(file, text);
      if (info === "bash") return hear(shell, `source "${file}"`);
      return hear(shell, `${info === "ts" ? "node" : "python3"} "${file}"`);
    },
    async close() {
      shell.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A block that fails ends the shell (set -e): its code is then the shell's. */
function hear(shell: ChildProcessWithoutNullStreams, command: string): Promise<Ran> {
  return new Promise((resolve) => {
    const said = { stdout: "", stderr: "" };
    const end = (code: number): void => {
      shell.stdout.off("data", out);
      shell.stderr.off("data", err);
      shell.off("close", ended);
      resolve({ code, stdout: said.stdout.replace(`${END}\n`, ""), stderr: said.stderr });
    };
    const out = (more: Buffer): void => {
      said.stdout += more.toString("utf8");
      if (said.stdout.endsWith(`${END}\n`)) end(0);
    };
    const err = (more: Buffer): void => {
      said.stderr += more.toString("utf8");
    };
    const ended = (code: number | null): void => end(code ?? -1);
    shell.stdout.on("data", out);
    shell.stderr.on("data", err);
    shell.once("close", ended);
    shell.stdin.write(`${command}\necho "${END}"\n`);
  });
}

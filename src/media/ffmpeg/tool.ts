import { type ChildProcess, execFile, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { promisify } from "node:util";

/** Where the command line tools are, and what this release of them calls its options. */
export interface Tools {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  readonly release: Release;
}

/** [5, 1] for "5.1.9". */
export type Release = readonly [major: number, minor: number];

export function atLeast([major, minor]: Release, [thisMajor, thisMinor]: Release): boolean {
  return major > thisMajor || (major === thisMajor && minor >= thisMinor);
}

/** Before every input. Only our kinds of file, and nothing that they refer to elsewhere. */
export const CLOSED_INPUT = ["-protocol_whitelist", "file,pipe"];
export const OUR_FORMATS = ["-format_whitelist", "mov,mp4,m4a,3gp,3g2,mj2,mp3,wav"];

const QUIET = ["-hide_banner", "-loglevel", "error"];
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const KEPT_OF_STDERR = 2000;

const run = promisify(execFile);

/** Runs a tool to its end and resolves with what it printed. Rejects where it fails or prints too much. */
export async function readTool(path: string, args: readonly string[]): Promise<string> {
  const options = { maxBuffer: MAX_OUTPUT_BYTES, windowsHide: true };
  const { stdout } = await run(path, ["-hide_banner", ...args], options);
  return stdout;
}

export interface Running {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves when it ended well; rejects with what it wrote to stderr. Never unhandled. */
  readonly ended: Promise<void>;
  /** Resolves once it is gone. */
  kill(): Promise<void>;
}

export function startFfmpeg(path: string, args: readonly string[]): Running {
  const child = spawn(path, [...QUIET, "-nostdin", ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    windowsHide: true,
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-KEPT_OF_STDERR);
  });
  // A tool that dies while we write gives EPIPE here; `ended` tells why it died.
  child.stdin.on("error", () => {});
  const ended = endOf(child, () => said);
  ended.catch(() => {});
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    ended,
    async kill() {
      child.kill("SIGKILL");
      await ended.catch(() => {});
    },
  };
}

function endOf(child: ChildProcess, said: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`ffmpeg ended with ${signal ?? `exit code ${code}`}: ${said()}`));
    });
  });
}

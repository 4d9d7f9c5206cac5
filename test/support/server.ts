/** A real server in a child process, as an operator would start it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { BIN, cleanEnvironment, type Environment, ROOT, reelay, temporaryFolder } from "./run.ts";

export interface Server {
  readonly url: string;
  /** The first key that the server printed. */
  readonly key: string;
  readonly dataDir: string;
  readonly child: ChildProcess;
  /** Everything printed so far, stdout and stderr together. */
  output(): string;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, which nobody can prepare for. */
  kill(): Promise<void>;
  /** Kills what still runs and starts again on the same folder, with the same settings unless others are given. */
  restart(env?: Environment): Promise<Server>;
  /** A further key, made while the server runs. */
  newKey(name: string): Promise<string>;
  /** Kills the server and removes its folder. */
  discard(): Promise<void>;
}

/** Loopback is where our samples are; everything else stays refused. */
const DEFAULTS: Environment = { REELAY_PORT: "0", REELAY_EGRESS_ALLOW: "127.0.0.0/8" };

/** Nothing renders: tasks are created, checked and stay pending. */
export const NO_RENDER: Environment = { REELAY_RENDER_WORKERS: "0" };

export async function startServer(env: Environment = {}): Promise<Server> {
  return start(await temporaryFolder(), env);
}

async function start(dataDir: string, env: Environment, knownKey?: string): Promise<Server> {
  const settings = { ...DEFAULTS, ...env, REELAY_DATA_DIR: dataDir };
  const child = spawn(process.execPath, [BIN, "serve"], {
    cwd: ROOT,
    env: cleanEnvironment(settings),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  const { url, key, output } = await greeting(child, knownKey);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await exited;
  };
  return {
    url,
    key,
    dataDir,
    child,
    output,
    kill,
    async stop() {
      child.kill("SIGTERM");
      await exited;
      return child.exitCode;
    },
    async restart(other) {
      await kill();
      return start(dataDir, other ?? env, key);
    },
    async newKey(name) {
      const made = await reelay(["keys", "create", name], { env: { REELAY_DATA_DIR: dataDir } });
      if (made.code !== 0) throw new Error(`keys create failed: ${made.stderr}`);
      return made.stdout.trim();
    },
    async discard() {
      await kill();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** What the server says once it listens. A server that dies before is an error with all that it said. */
async function greeting(
  child: ChildProcess,
  knownKey: string | undefined,
): Promise<{ url: string; key: string; output: () => string }> {
  let said = "";
  return new Promise((resolve, reject) => {
    const hear = (more: Buffer): void => {
      said += more.toString("utf8");
      const url = /Reelay listens on (http:\/\/\S+)/.exec(said)?.[1];
      const key = knownKey ?? /^\s*(reelay_\S+)\s*$/m.exec(said)?.[1];
      if (url && key && said.includes("Then read it")) resolve({ url, key, output: () => said });
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      reject(new Error(`the server ended (${signal ?? code}) before it listened:\n${said}`)),
    );
  });
}

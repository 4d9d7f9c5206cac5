/** The real server and the fake upstream as processes of their own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { BIN, cleanEnvironment, type Environment, ROOT } from "../support/run.ts";
import { until } from "../support/until.ts";
import { type Point, VARIABLE } from "./points.ts";

const FAILPOINTS = fileURLToPath(new URL("failpoints.ts", import.meta.url));
const UPSTREAM = fileURLToPath(new URL("upstream-process.ts", import.meta.url));

export interface Life {
  readonly pid: number;
  /** Resolves when the process has ended, with its exit code or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Resolves with true once it listens and has taken up its work, false where it ended before. */
  readonly ready: Promise<boolean>;
  kill(signal: "SIGKILL" | "SIGTERM"): void;
}

export interface LifeOptions {
  readonly env: Environment;
  readonly point: Point | undefined;
  /** Descriptor of the file that what it prints is added to. */
  readonly log: number;
}

export function startLife({ env, point, log }: LifeOptions): Life {
  const settings = { ...env, ...(point ? { [VARIABLE]: JSON.stringify(point) } : {}) };
  // With the flag that it would else begin again for: what is preloaded takes its variable the first time.
  const args = ["--max-semi-space-size=16", "--import", FAILPOINTS, BIN, "serve"];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: cleanEnvironment(settings),
    stdio: ["ignore", "pipe", log],
  });
  const ended = once(child, "exit").then(([code, signal]) => code ?? signal);
  const listens = new Promise<boolean>((resolve) => {
    child.stdout?.on("data", () => resolve(true));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    ready: Promise.race([listens, ended.then(() => false)]),
    kill: (signal) => void child.kill(signal),
  };
}

export interface Upstream {
  readonly url: string;
  stop(): void;
}

export interface UpstreamOptions {
  readonly log: string;
  readonly key: string;
  readonly script: string;
}

export async function startUpstream({ log, key, script }: UpstreamOptions): Promise<Upstream> {
  const child: ChildProcess = spawn(process.execPath, [UPSTREAM], {
    env: cleanEnvironment({ FAKE_LOG: log, FAKE_API_KEY: key, FAKE_SCRIPT: script }),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (said: Buffer) => resolve(said.toString("utf8")));
    child.once("exit", (code) => reject(new Error(`the fake upstream ended with ${code}`)));
  });
  const url = /http:\/\/\S+/.exec(line)?.[0];
  if (url === undefined) throw new Error(`the fake upstream said "${line}"`);
  return { url, stop: () => void child.kill("SIGKILL") };
}

/** Below the ports that the system gives out by itself, so that nobody takes it while the server is down. */
export async function freePort(draw: () => number): Promise<number> {
  return until(
    async () => {
      const port = draw();
      const server = createServer();
      const free = await new Promise<boolean>((resolve) => {
        server.once("error", () => resolve(false));
        server.listen(port, "127.0.0.1", () => resolve(true));
      });
      await new Promise((resolve) => server.close(resolve));
      return free && port;
    },
    { ms: 5_000, what: "a free port" },
  );
}

export function tailOf(log: string): string {
  return readFileSync(log, "utf8").split("\n").slice(-20).join("\n");
}

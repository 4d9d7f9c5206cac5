/** A child whose ops go wrong in the ways that the pool has to survive. */
import { spawn } from "node:child_process";
import { connect } from "node:net";
import { env, kill, pid } from "node:process";
import { ReelayError } from "../../core/errors.ts";
import { type OpContext, serveOps } from "../child.ts";

const held: Buffer[] = [];

serveOps({
  /** What becomes of a connection to a port of this machine. */
  connect: (port: number) =>
    new Promise((resolve) => {
      const socket = connect({ host: "127.0.0.1", port });
      socket.once("connect", () => resolve("connected"));
      socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    }),
  echo: async (args: unknown) => args,
  pid: async () => pid,
  environment: async () => Object.keys(env),
  crash: () => never(() => kill(pid, "SIGSEGV")),
  exit: async (code: number) => process.exit(code),
  refuse: async () => {
    throw new ReelayError("input_unreadable", "The file is no video.");
  },
  fail: async () => {
    throw new Error("secret detail");
  },
  hang: () => never(() => {}),
  /** Deaf: the event loop never turns again. */
  spin: async () => {
    for (;;);
  },
  waitForAbort: (_args: unknown, { signal, progress }: OpContext) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Error("stopped")));
      progress(1);
    }),
  count: async (to: number, { progress }: OpContext) => {
    for (let percent = 1; percent <= to; percent++) progress(percent);
  },
  swell: async () => void held.push(Buffer.alloc(300_000_000, 1)),
  eatMemory: () => never(() => void setInterval(() => held.push(Buffer.alloc(20_000_000, 1)), 5)),
  /** Starts a process that outlasts everything, tells its pid as progress, and hangs. */
  startTool: (_args: unknown, { progress }: OpContext) =>
    never(() => progress(spawn("sleep", ["600"], { stdio: "ignore" }).pid ?? 0)),
});

function never(start: () => void): Promise<void> {
  start();
  return new Promise(() => {});
}

/** `reelay <command>`: which there are, and what a mistake is answered with. Exit codes: 0 done, 1 failed, 2 misused. */
import { ConfigError } from "../config/config.ts";
import { nearest } from "../core/nearest.ts";
import { UsageError } from "./usage-error.ts";

interface Command {
  readonly about: string;
  readonly load: () => Promise<{ run(args: readonly string[]): Promise<number> }>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  serve: { about: "Start the server", load: () => import("./serve.ts") },
  demo: { about: "Make two videos here and now: no key, no network", load: () => import("./demo.ts") },
  plan: {
    about: "PROMPT [--shots ...]: print what our own renderer would make of it",
    load: () => import("./plan.ts"),
  },
  keys: {
    about: "create [NAME] | list | revoke ID: the keys that clients use",
    load: () => import("./keys.ts"),
  },
  providers: {
    about: "list | add ID [--kind KIND] | remove ID: who does the work, and their stored keys",
    load: () => import("./providers.ts"),
  },
  task: { about: "show ID: one task and every attempt at it", load: () => import("./task.ts") },
  deliveries: {
    about: "list [--state STATE] | resend ID: the webhooks that were sent, or are to be",
    load: () => import("./deliveries.ts"),
  },
  secrets: {
    about: "show KEY_ID | rotate KEY_ID [--overlap-hours N]: what a key's webhooks are signed with",
    load: () => import("./secrets.ts"),
  },
  credits: {
    about: "grant ID CREDITS | show ID: what a key may spend, or account:NAME",
    load: () => import("./credits.ts"),
  },
  ledger: { about: "check: whether the books balance", load: () => import("./ledger.ts") },
  doctor: {
    about: "Print every setting, and what is missing on this machine",
    load: () => import("./doctor.ts"),
  },
};

export async function run([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    process.stdout.write(usage());
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    const close = nearest(name, Object.keys(COMMANDS));
    process.stderr.write(
      `There is no command "${name}".${close ? ` Did you mean "${close}"?` : ""}\n\n${usage()}`,
    );
    return 2;
  }
  try {
    return await (await command.load()).run(args);
  } catch (error) {
    const misused = error instanceof UsageError;
    const plain = misused || error instanceof ConfigError || (error as { plain?: boolean }).plain === true;
    process.stderr.write(`${plain ? (error as Error).message : explain(error)}\n`);
    return misused ? 2 : 1;
  }
}

function usage(): string {
  const lines = Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(12)}${about}`);
  return `Usage: reelay COMMAND\n\n${lines.join("\n")}\n\nSettings are REELAY_ environment variables; "reelay doctor" prints them all.\n`;
}

/** Errors with a code (a port in use, a folder that may not be written) are the operator's; others show where they arose. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error ? error.message : (error.stack ?? error.message);
}

#!/usr/bin/env node
// Plain JavaScript, so that a Node that is too old can still run it and say so.
import { existsSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 12)) {
  console.error(`Reelay needs Node 24.12 or newer; this is Node ${process.versions.node}.`);
  process.exit(1);
}

// Of a server, the young part of V8's heap may else grow to a hundred MiB, in which buffers of uploads wait to be
// collected. It is read once, when a process begins; so this one begins again, as itself. Windows cannot do that.
const young = "--max-semi-space-size=16";
const given = [...process.execArgv, process.env.NODE_OPTIONS].some((flag) =>
  flag?.includes("semi-space-size"),
);
if (process.argv[2] === "serve" && !given && process.platform !== "win32") {
  const args = [process.execPath, young, ...process.execArgv, ...process.argv.slice(1)];
  process.execve?.(process.execPath, args, process.env);
}

// A checkout runs its sources as they are; the published package has only what was built from them.
const source = new URL("../src/cli/reelay.ts", import.meta.url);
const built = new URL("../dist/src/cli/reelay.js", import.meta.url);
// The stripped sources are kept: from the second start on, the stripper's 20 MiB stay out of memory.
if (existsSync(source))
  module.enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/reelay", import.meta.url)));
const { run } = await import(existsSync(source) ? source.href : built.href);
process.exitCode = await run(process.argv.slice(2));

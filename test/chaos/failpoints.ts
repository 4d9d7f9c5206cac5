/**
 * Preloaded into the real server (`node --import`): it dies with SIGKILL at one chosen point. The product has no line
 * for this: every await of a task's path is a commit, seen through the database library, or a request, which undici
 * tells on its diagnostics channels. Without its variable this does nothing.
 */
import { subscribe } from "node:diagnostics_channel";
import Sqlite from "better-sqlite3";
import { type Point, VARIABLE } from "./points.ts";

type Statement = Record<"run" | "get", (...args: unknown[]) => unknown>;

/** SIGKILL to oneself is carried out before this call returns: nothing runs after it. */
function die(): void {
  process.kill(process.pid, "SIGKILL");
}

function dieAtCommit({ what, when, n }: Extract<Point, { at: "commit" }>): void {
  const written = new Set<string>();
  let left = n;
  const prototype = Sqlite.prototype as unknown as { prepare(sql: string): Statement };
  const prepare = prototype.prepare;
  prototype.prepare = function (this: unknown, sql: string) {
    const statement = prepare.call(this as never, sql);
    const [run, get] = [statement.run.bind(statement), statement.get.bind(statement)];
    if (sql === "BEGIN IMMEDIATE") {
      statement.run = () => {
        written.clear();
        return run();
      };
    } else if (sql === "COMMIT") {
      statement.run = () => {
        const now = written.has(what) && --left === 0;
        if (now && when === "before") die();
        const done = run();
        if (now) die();
        return done;
      };
    } else if (labelOf(sql, []) !== undefined) {
      statement.run = (...args) => {
        written.add(labelOf(sql, args) ?? "");
        return run(...args);
      };
      statement.get = (...args) => {
        written.add(labelOf(sql, args) ?? "");
        return get(...args);
      };
    }
    return statement;
  };
}

/** What a statement writes, by its text; of a step whether it is an attempt's, and which part of it. */
function labelOf(sql: string, [name, value]: readonly unknown[]): string | undefined {
  if (/^\s*INSERT INTO tasks\b/.test(sql)) return "create";
  if (/^\s*UPDATE tasks SET state = @state/.test(sql)) return "finish";
  if (/^\s*UPDATE tasks SET provider\b/.test(sql)) return "move";
  if (/^\s*INSERT INTO tries\b/.test(sql)) return "try";
  if (!/^\s*INSERT INTO steps\b/.test(sql)) return undefined;
  const [, what] = /^(attempt|route|ended)-\d+$/.exec(String(name)) ?? [];
  if (what !== "attempt") return what ?? "step";
  return String(value).includes('"done"') ? "ticket" : "intent";
}

function dieAtRequest({ what, when, n }: Extract<Point, { at: "request" }>): void {
  let left = n;
  subscribe(CHANNELS[when], (message) => {
    const { method, path } = (message as { request: { method: string; path: string } }).request;
    if (requestOf(method, path) === what && --left === 0) die();
  });
}

const CHANNELS = {
  before: "undici:request:create",
  sent: "undici:request:bodySent",
  answered: "undici:request:headers",
  read: "undici:request:trailers",
} as const;

function requestOf(method: string, path: string): string | undefined {
  if (path.startsWith("/hook/")) return "deliver";
  if (path.startsWith("/files/")) return "file";
  if (path.startsWith("/jobs?attempt=")) return "find";
  if (path.endsWith("/cancel")) return "cancel";
  if (path.startsWith("/jobs/") || path.startsWith("/jobs?ids=")) return "check";
  return method === "POST" && path === "/jobs" ? "submit" : undefined;
}

const chosen = process.env[VARIABLE];
// Children of the server are not to die for it.
delete process.env[VARIABLE];
if (chosen !== undefined) {
  const point = JSON.parse(chosen) as Point;
  if (point.at === "commit") dieAtCommit(point);
  else dieAtRequest(point);
}

/**
 * One JSON object a line on standard error. Events are named noun-verb. Fields are ids, codes, counts and
 * durations: never a key, a prompt, or a URL's query.
 */
const LEVELS = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 } as const;

export type LogLevel = keyof typeof LEVELS;
type Level = Exclude<LogLevel, "silent">;

export interface Log {
  (level: Level, event: string, fields?: Record<string, unknown>): void;
  /** Whether a line of this level goes anywhere. */
  writes(level: Level): boolean;
}

export function openLog(least: LogLevel, write: (line: string) => void): Log {
  const writes = (level: Level): boolean => LEVELS[level] >= LEVELS[least];
  const log = (level: Level, event: string, fields: Record<string, unknown> = {}): void => {
    if (!writes(level)) return;
    write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...plain(fields) })}\n`);
  };
  return Object.assign(log, { writes });
}

/** An Error has no enumerable fields of its own: JSON would print {}. */
function plain(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? stackOf(value) : value]),
  );
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : "";
  return (error.stack ?? error.message) + cause;
}
